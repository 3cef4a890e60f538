/*
 * The daemon's command line, arguments with a NUL between them: refused with a reason, or taken; and what is
 * printed of the configuration is read as the same from a file. Flags that name files to be read are left
 * out.
 */
#include "config/command_line.h"
#include "config_text.h"
#include "fuzz.h"
#include "input.h"

enum { ARGUMENTS_MOST = 32 };

struct words {
    char *bytes;                    /* owned; what `argv` points into */
    char *argv[ARGUMENTS_MOST + 2]; /* the program's name first, NULL behind the last */
    int argc;
};

static void split(struct words *words, struct text input)
{
    static char program[] = "sendad";
    words->bytes = input_string(input);
    words->argv[0] = program;
    words->argc = 1;
    for (size_t at = 0; at < input.length && words->argc <= ARGUMENTS_MOST;) {
        words->argv[words->argc++] = words->bytes + at;
        at += strlen(words->bytes + at) + 1;
    }
    words->argv[words->argc] = NULL;
}

/* --help and their like end the program. */
static bool ends_program(const char *word)
{
    static const char *const built_in[] = {"-?", "--help", "--usage", "-V", "--version"};
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (strcmp(word, built_in[i]) == 0)
            return true;
    return false;
}

static bool is_wanted(const struct words *words)
{
    for (int i = 1; i < words->argc; i++)
        if (ends_program(words->argv[i]))
            return false;
    return true;
}

static void check_taken(struct command_line *line)
{
    struct config config;
    struct faults faults;
    if (line->file != NULL || line->counts[OPTION_ID_token_file] > 0)
        return;
    faults_create(&faults);
    REQUIRE(config_create(&config, NULL));
    if (command_line_configure(line, &config, &faults))
        config_text_check(&config);
    else
        REQUIRE(faults.count > 0 && text_is_utf8(text_from(faults_text(&faults))));
    config_destroy(&config);
    faults_destroy(&faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct words words;
    struct command_line line;
    struct error error = {0};
    unsetenv("CREDENTIALS_DIRECTORY");
    split(&words, (struct text){(const char *)bytes, length});
    if (is_wanted(&words)) {
        if (command_line_parse(&line, words.argc, words.argv, &error)) {
            check_taken(&line);
            command_line_destroy(&line);
        } else {
            REQUIRE(error.code == ERROR_INVALID && text_is_utf8(text_from(error.message)));
        }
    }
    free(words.bytes);
    return 0;
}
