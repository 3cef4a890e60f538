/*
 * Prints the tables behind --help of both programs as one Lua table, which the manual pages and the
 * completion of the shell are made from while senda is built. The commands are run up to the point where they
 * parse their arguments: what they hand to argp_parse(), which is this program's own, is what --help would
 * print.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "config/command_line.h"
#include "ctl/command.h"
#include "ctl/options.h"

/* ---- Lua ---- */

/* A Lua string with the same bytes. */
static void print_string(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text < 0x20 || *text == 0x7F)
            printf("\\%03d", (unsigned char)*text);
        else
            putchar(*text);
    }
    putchar('"');
}

/* NULL is left out, as nil is. */
static void print_field(const char *name, const char *text)
{
    if (text == NULL)
        return;
    printf("%s = ", name);
    print_string(text);
    printf(", ");
}

/* ---- What argp is given ---- */

static void print_option(const struct argp_option *option, bool common)
{
    printf("    { ");
    print_field("name", option->name);
    if (option->key > ' ' && option->key < 0x7F)
        print_field("letter", (char[]){(char)option->key, '\0'});
    print_field("argument", option->arg);
    print_field("help", option->doc);
    printf("common = %s },\n", common ? "true" : "false");
}

/* Those of the parser, then those of its children. */
static void print_options(const struct argp *argp)
{
    bool common = argp == &ctl_options_argp;
    for (const struct argp_option *option = argp->options; option != NULL && option->name != NULL; option++)
        if ((option->flags & OPTION_HIDDEN) == 0)
            print_option(option, common);
    for (const struct argp_child *child = argp->children; child != NULL && child->argp != NULL; child++)
        print_options(child->argp);
}

/* The text of --help is in two parts, which a vertical tab separates: before the options, and behind them. */
static void print_texts(const char *doc)
{
    const char *behind = strchr(doc, '\v');
    char *before = strndup(doc, behind != NULL ? (size_t)(behind - doc) : strlen(doc));
    print_field("about", before);
    print_field("more", behind != NULL ? behind + 1 : NULL);
    free(before);
}

/* Of the parser, or else of the first of its children that has some. */
static const char *find_arguments(const struct argp *argp)
{
    const char *arguments = argp->args_doc;
    for (const struct argp_child *child = argp->children;
         arguments == NULL && child != NULL && child->argp != NULL; child++)
        arguments = find_arguments(child->argp);
    return arguments;
}

static void print_parser(const struct argp *argp)
{
    print_field("arguments", find_arguments(argp));
    print_texts(argp->doc);
    printf("options = {\n");
    print_options(argp);
    printf("  }, ");
}

/* Instead of the C library's: prints, and ends the process that print_by() made for it. */
error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, int *end, void *input)
{
    (void)argc, (void)argv, (void)flags, (void)end, (void)input;
    print_parser(argp);
    fflush(stdout);
    _exit(EXIT_SUCCESS);
}

/* ---- Both programs ---- */

/* Calls what ends the process once it parses its arguments, in a process for that. */
static void print_by(void (*parse)(const void *context), const void *context)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        parse(context);
        _exit(EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        fputs("tables: a command did not parse its arguments\n", stderr);
        exit(EXIT_FAILURE);
    }
}

static void parse_sendad(const void *context)
{
    struct command_line line;
    struct error error;
    char name[] = "sendad";
    (void)context;
    if (!command_line_parse(&line, 1, (char *[]){name, NULL}, &error))
        fprintf(stderr, "tables: %s\n", error.message);
}

static void parse_command(const void *context)
{
    const struct ctl_command *command = context;
    char name[] = "sendactl";
    command->run(1, (char *[]){name, NULL});
}

static void print_commands(const struct ctl_command *table)
{
    printf("commands = {\n");
    for (const struct ctl_command *command = table; command->name != NULL; command++) {
        printf("  { ");
        print_field("name", command->name);
        print_field("summary", command->summary);
        if (command->below != NULL)
            print_commands(command->below);
        else
            print_by(parse_command, command);
        printf("},\n");
    }
    printf("}, ");
}

/* ---- The configuration ---- */

static const char *type_name(enum option_type type)
{
    switch (type) {
    case OPTION_PATH:
        return "path";
    case OPTION_TEXT:
        return "text";
    case OPTION_LEVEL:
        return "level";
    case OPTION_ADDRESS:
        return "address";
    case OPTION_ADDRESSES:
        return "addresses";
    case OPTION_NUMBER:
        return "number";
    case OPTION_BYTES:
        return "bytes";
    case OPTION_MODE:
        return "mode";
    }
    return NULL;
}

static void print_setting(const struct option_description *option)
{
    printf("  { ");
    print_field("name", option->name);
    print_field("type", type_name(option->type));
    print_field("fallback", option->fallback);
    print_field("argument", option->argument);
    print_field("help", option->help);
    printf("lowest = %" PRIu64 ", highest = %" PRIu64 ", ", option->lowest, option->highest);
    printf("secret = %s },\n", option->secret ? "true" : "false");
}

static void print_configuration(void)
{
    printf("settings = {\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        print_setting(option_describe((enum option_id)i));
    printf("}, levels = { ");
    for (enum log_level level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++)
        printf("\"%s\", ", log_level_name(level));
    printf("}, ");
}

int main(int argc, char **argv)
{
    if (argc != 2 || freopen(argv[1], "w", stdout) == NULL) {
        fputs("usage: senda_tables FILE\n", stderr);
        return EXIT_FAILURE;
    }
    printf("return { version = \"%s\", ", SENDA_VERSION);
    print_field("exits", CTL_EXIT_HELP);
    printf("sendad = { ");
    print_by(parse_sendad, NULL);
    printf("}, sendactl = { ");
    print_commands(ctl_commands);
    printf("},\n");
    print_configuration();
    printf("}\n");
    return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
