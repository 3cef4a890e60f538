/* Common options; see options.h. */
#include "ctl/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_ADDRESS "unix:/run/senda/senda.sock"

enum {
    DEFAULT_TIMEOUT = 5000,
    LONGEST_TOKEN = 4096,
    KEY_TIMEOUT = 0x1000, /* above the characters: options without a letter */
    KEY_TOKEN_FILE,
    KEY_CA,
    KEY_JSON,
};

static const struct argp_option option_table[] = {
    {"connect", 'c', "ADDRESS", 0,
     "The daemon: unix:/path, tcp:host:port or tls:host:port (default: $SENDA_ADDRESS, then " DEFAULT_ADDRESS
     ")",
     90},
    {"ca", KEY_CA, "FILE", 0,
     "Believe the certificates that lead to a root in FILE (default: $SENDA_CA, then the system's roots)",
     90},
    {"token-file", KEY_TOKEN_FILE, "FILE", 0,
     "Authenticate with the token in FILE (default: the token in $SENDA_TOKEN, if any)", 90},
    {"timeout", KEY_TIMEOUT, "MS", 0, "Milliseconds to wait for an answer (default: 5000)", 90},
    {"json", KEY_JSON, NULL, 0, "Print JSON", 90},
    {0},
};

/* The first line of a file. */
static char *read_token(const struct argp_state *state, const char *path)
{
    char line[LONGEST_TOKEN];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        argp_failure(state, argp_err_exit_status, errno, "%s", path);
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0')
        argp_failure(state, argp_err_exit_status, 0, "%s: no token on its first line", path);
    return strdup(line);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct ctl_options *options = state->input;
    switch (key) {
    case 'c':
        options->address = argument;
        return 0;
    case KEY_TOKEN_FILE:
        free(options->token);
        options->token = read_token(state, argument);
        return 0;
    case KEY_CA:
        options->ca = argument;
        return 0;
    case KEY_TIMEOUT:
        options->timeout = (unsigned)ctl_option_integer(state, "--timeout", argument, 1, 86400000);
        return 0;
    case KEY_JSON:
        options->json = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp ctl_options_argp = {option_table, parse, NULL, NULL, NULL, NULL, NULL};
const struct argp_child ctl_options_children[] = {{&ctl_options_argp, 0, NULL, 0}, {0}};

void ctl_options_create(struct ctl_options *options)
{
    const char *address = getenv("SENDA_ADDRESS"), *token = getenv("SENDA_TOKEN"), *ca = getenv("SENDA_CA");
    *options = (struct ctl_options){.address = DEFAULT_ADDRESS, .timeout = DEFAULT_TIMEOUT};
    if (address != NULL && address[0] != '\0')
        options->address = address;
    if (ca != NULL && ca[0] != '\0')
        options->ca = ca;
    if (token != NULL && token[0] != '\0')
        options->token = strdup(token);
}

void ctl_options_destroy(struct ctl_options *options)
{
    free(options->token);
    options->token = NULL;
}

double ctl_option_number(const struct argp_state *state, const char *option, const char *text, double least,
                         double most)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number >= least && number <= most))
        argp_error(state, "%s takes a number from %g to %g, not '%s'", option, least, most, text);
    return number;
}

long ctl_option_integer(const struct argp_state *state, const char *option, const char *text, long least,
                        long most)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < least || number > most)
        argp_error(state, "%s takes a whole number from %ld to %ld, not '%s'", option, least, most, text);
    return number;
}
