/*
 * The daemon's command line, arguments with a NUL between them: refused with a reason, or taken; and what is
 * printed of the configuration is read as the same from a file. Flags that name files to be read are left
 * out.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "config/command_line.h"
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

static char *print(const struct config *config)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    REQUIRE(out != NULL);
    config_print(config, out);
    REQUIRE(fclose(out) == 0);
    return text;
}

/* Cuts what says where each value is from. */
static void cut_origins(char *text)
{
    char *out = text, *next;
    for (char *line = text; *line != '\0'; line = next) {
        next = strchr(line, '\n');
        REQUIRE(next != NULL);
        *next++ = '\0';
        char *origin = NULL;
        for (char *at = line; (at = strstr(at, " -- ")) != NULL; at++)
            origin = at;
        REQUIRE(origin != NULL);
        memmove(out, line, (size_t)(origin - line));
        out += origin - line;
        *out++ = '\n';
    }
    *out = '\0';
}

static void check_file(const struct config *config)
{
    char path[64], *printed = print(config), *again;
    struct config read;
    struct error error;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && write(fd, printed, strlen(printed)) == (ssize_t)strlen(printed));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    REQUIRE(config_create(&read, &error) && config_read_file(&read, path, &error));
    again = print(&read);
    cut_origins(printed);
    cut_origins(again);
    REQUIRE(strcmp(printed, again) == 0);
    config_destroy(&read);
    close(fd);
    free(printed);
    free(again);
}

static void check_taken(struct command_line *line)
{
    struct config config;
    struct error error = {0};
    if (line->file != NULL || line->counts[OPTION_ID_token_file] > 0)
        return;
    if (command_line_configure(line, &config, &error)) {
        check_file(&config);
        config_destroy(&config);
    } else {
        REQUIRE(error.message[0] != '\0' && text_is_utf8(text_from(error.message)));
    }
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
