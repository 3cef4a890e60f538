/* Parsing with argp, after a look at the names: argp alone would neither name the nearest nor refuse
 * prefixes. */
#include "config/command_line.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    KEY_OPTIONS =
        0x1000, /* KEY_OPTIONS + option_id; beyond every character, so that there are no short flags */
    KEY_CONFIG = 0x2000,
    KEY_CHECK,
    KEY_PRINT_CONFIG,
    PROGRAM_FLAGS = 3,
    FLAG_SIZE = 32,
};

struct flags {
    char names[OPTION_COUNT][FLAG_SIZE];                       /* of the options, with dashes */
    struct argp_option rows[PROGRAM_FLAGS + OPTION_COUNT + 1]; /* ended by zeroes */
    size_t count;                                              /* rows used */
};

static void name_flag(const char *option, char flag[FLAG_SIZE])
{
    snprintf(flag, FLAG_SIZE, "%s", option);
    for (; *flag != '\0'; flag++)
        if (*flag == '_')
            *flag = '-';
}

static void flags_create(struct flags *flags)
{
    static const struct argp_option program[PROGRAM_FLAGS] = {
        {"config", KEY_CONFIG, "FILE", 0, "read this configuration first; flags go over it", 1},
        {"check", KEY_CHECK, NULL, 0,
         "look for all that would keep it from starting, print a verdict and every problem, and end", 1},
        {"print-config", KEY_PRINT_CONFIG, NULL, 0, "show every option and where its value came from", 1},
    };
    memset(flags, 0, sizeof *flags);
    memcpy(flags->rows, program, sizeof program);
    flags->count = PROGRAM_FLAGS;
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_description *option = option_describe((enum option_id)i);
        if (option->secret)
            continue;
        name_flag(option->name, flags->names[i]);
        flags->rows[flags->count++] = (struct argp_option){.name = flags->names[i],
                                                           .key = KEY_OPTIONS + (int)i,
                                                           .arg = option->argument,
                                                           .doc = option->help,
                                                           .group = 2};
    }
}

static const struct argp_option *find_flag(const struct flags *flags, struct text name)
{
    for (size_t i = 0; i < flags->count; i++)
        if (text_equal(text_from(flags->rows[i].name), name))
            return &flags->rows[i];
    return NULL;
}

/* What argp itself knows; the names with dashes are offered where somebody misspells them. */
static const char *const built_in[] = {"--help", "--usage", "--version", "-?", "-V"};

enum { NAMED_BUILT_IN = 3 };

static bool is_built_in(const char *argument)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (strcmp(built_in[i], argument) == 0)
            return true;
    return false;
}

static bool refuse_flag(const struct flags *flags, struct text name, struct error *error)
{
    struct text names[PROGRAM_FLAGS + OPTION_COUNT + NAMED_BUILT_IN];
    char shown[64];
    size_t count = 0;
    for (; count < flags->count; count++)
        names[count] = text_from(flags->rows[count].name);
    for (size_t i = 0; i < NAMED_BUILT_IN; i++)
        names[count++] = text_from(built_in[i] + 2);
    struct text nearest = text_nearest_of(name, names, count);
    text_escape(name, shown, sizeof shown);
    if (nearest.length > 0)
        return error_set(error, ERROR_INVALID, "no flag '--%s'; did you mean '--%s'?", shown, nearest.bytes);
    return error_set(error, ERROR_INVALID, "no flag '--%s'; sendad --help lists them", shown);
}

static bool refuse_argument(const char *argument, struct error *error)
{
    char shown[128];
    text_escape(text_from(argument), shown, sizeof shown);
    return error_set(error, ERROR_INVALID, "expected flags only, such as --site DIR, got '%s'", shown);
}

/* Every flag is known and whole, and has its argument where it takes one. */
static bool check_names(const struct flags *flags, int argc, char **argv, struct error *error)
{
    for (int i = 1; i < argc; i++) {
        if (is_built_in(argv[i]))
            continue;
        if (strncmp(argv[i], "--", 2) != 0 || argv[i][2] == '\0')
            return refuse_argument(argv[i], error);
        struct text name = {argv[i] + 2, strcspn(argv[i] + 2, "=")};
        const struct argp_option *flag = find_flag(flags, name);
        bool given = name.bytes[name.length] == '=';
        if (flag == NULL)
            return refuse_flag(flags, name, error);
        if (flag->arg == NULL && given)
            return error_set(error, ERROR_INVALID, "--%s takes no value", flag->name);
        if (flag->arg != NULL && !given && ++i == argc)
            return error_set(error, ERROR_INVALID, "--%s: expected %s behind it", flag->name, flag->arg);
    }
    return true;
}

static error_t add_value(struct command_line *line, enum option_id id, const char *value)
{
    const char **values = realloc(line->values[id], (line->counts[id] + 1) * sizeof *values);
    if (values == NULL)
        return ENOMEM;
    line->values[id] = values;
    values[line->counts[id]++] = value;
    return 0;
}

static error_t take_flag(int key, char *argument, struct argp_state *state)
{
    struct command_line *line = state->input;
    if (key >= KEY_OPTIONS && key < KEY_OPTIONS + OPTION_COUNT)
        return add_value(line, (enum option_id)(key - KEY_OPTIONS), argument);
    if (key == KEY_CONFIG)
        line->file = argument;
    else if (key == KEY_CHECK)
        line->task = TASK_CHECK;
    else if (key == KEY_PRINT_CONFIG)
        line->task = TASK_PRINT_CONFIG;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static void print_version(FILE *out, struct argp_state *state)
{
    (void)state;
    fprintf(out, "sendad %s\n", SENDA_VERSION);
}

/* Of a flag that takes one value, the last counts. */
static bool apply_flags(const struct command_line *line, struct config *config, struct error *error)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        bool list = option_describe((enum option_id)i)->type == OPTION_ADDRESSES;
        size_t skipped = list || line->counts[i] == 0 ? 0 : line->counts[i] - 1;
        if (line->counts[i] > 0 &&
            !config_set(config, (enum option_id)i, line->values[i] + skipped, line->counts[i] - skipped,
                        (struct config_origin){CONFIG_FLAG, 0}, error))
            return error_prefix(error, "command line: ");
    }
    return true;
}

/* A wrong one is as little understood as a wrong name. */
static bool check_values(const struct command_line *line, struct error *error)
{
    struct config tried;
    if (!config_create(&tried, error))
        return false;
    bool right = apply_flags(line, &tried, error);
    config_destroy(&tried);
    return right;
}

bool command_line_parse(struct command_line *line, int argc, char **argv, struct error *error)
{
    struct flags flags;
    struct argp argp = {
        .options = flags.rows,
        .parser = take_flag,
        .doc = "Answers what each customer should see next.\v"
               "Defaults: sendad --print-config shows them.\n"
               "Signals: HUP loads the site again, TERM and INT finish what is open and end.\n"
               "Exit codes: 0 stopped as told, or the site is good; 1 could not start, the "
               "site is refused, or not everything could be printed; 2 the command line is not understood."};
    memset(line, 0, sizeof *line);
    flags_create(&flags);
    if (!check_names(&flags, argc, argv, error))
        return false;
    argp_program_version_hook = print_version;
    error_t failed = argp_parse(&argp, argc, argv, 0, NULL, line);
    if (failed != 0)
        error_set(error, ERROR_INTERNAL, "can't read the command line: %s", strerror(failed));
    if (failed == 0 && check_values(line, error))
        return true;
    command_line_destroy(line);
    return false;
}

void command_line_destroy(struct command_line *line)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        free(line->values[i]);
    memset(line, 0, sizeof *line);
}

bool command_line_configure(const struct command_line *line, struct config *config, struct faults *faults)
{
    size_t before = faults->count;
    struct error error;
    bool read = line->file == NULL || config_read_file(config, line->file, faults);
    if (!apply_flags(line, config, &error))
        faults_add(faults, &error);
    if (line->task != TASK_PRINT_CONFIG && !config_require_site(config, &error))
        faults_add(faults, &error);
    return config_finish(config, faults) && read && faults->count == before;
}
