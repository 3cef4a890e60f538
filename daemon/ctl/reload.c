/* sendactl reload: the daemon loads its site again, all of it or none. */
#include "base/text.h"
#include "ctl/control.h"
#include "ctl/options.h"
#include "ctl/print.h"
#include "ctl/session.h"

#include <string.h>

struct reload {
    struct ctl_options options; /* common ones; the address is the control socket's */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct reload *reload = state->input;
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &reload->options;
    return 0;
}

static const struct argp parser = {NULL,
                                   parse,
                                   NULL,
                                   "Loads the site's scripts again. The daemon checks the whole site first "
                                   "and takes it only where nothing is "
                                   "wrong; else every problem is printed, the exit code is 1, and the site "
                                   "that served before goes on serving. The daemon's configuration is not "
                                   "read again: that takes a restart."
                                   "\v" CTL_EXIT_HELP,
                                   control_children,
                                   NULL,
                                   NULL};

/* {file, line, message}, or just words. */
static void print_problem(const struct print *print, const senda_value *problem)
{
    char file[512], line[32], message[2048];
    const senda_value *text = senda_value_get(problem, "message");
    if (text == NULL) {
        fprintf(print->file, "  %s\n", print_words(problem, message, sizeof message));
        return;
    }
    fputs("  ", print->file);
    if (senda_value_get(problem, "file") != NULL)
        fprintf(print->file, "%s:", print_words(senda_value_get(problem, "file"), file, sizeof file));
    if (senda_value_get(problem, "line") != NULL)
        fprintf(print->file, "%s:", print_words(senda_value_get(problem, "line"), line, sizeof line));
    fprintf(print->file, " %s\n", print_words(text, message, sizeof message));
}

static enum ctl_exit say_refused(const struct print *print)
{
    print_styled(print, PRINT_BAD, "the site was not taken; the one before goes on serving");
    putc('\n', print->file);
    return CTL_EXIT_NO;
}

/* A site is refused by an answer that lists problems, or by an error whose message has one a line. */
static enum ctl_exit print_answer(const struct print *print, const senda_value *result)
{
    char version[256];
    const senda_value *problems = senda_value_get(result, "problems");
    size_t count = senda_value_count(problems);
    for (size_t i = 0; i < count; i++)
        print_problem(print, senda_value_at(problems, i));
    if (count > 0)
        return say_refused(print);
    print_words(senda_value_get(result, "version"), version, sizeof version);
    fputs("the site serves now, version ", print->file);
    print_styled(print, PRINT_BOLD, version);
    putc('\n', print->file);
    return CTL_EXIT_OK;
}

static void print_error_lines(const struct print *print, const char *message)
{
    while (*message != '\0') {
        char words[2048];
        size_t length = strcspn(message, "\n");
        text_escape((struct text){message, length}, words, sizeof words);
        fprintf(print->file, "  %s\n", words);
        message += length + (message[length] == '\n');
    }
}

static enum ctl_exit answer(const struct reload *reload, const senda_reply *reply)
{
    struct print print = print_to(stdout);
    const senda_value *result = senda_reply_result(reply);
    if (!reload->options.json)
        return print_answer(&print, result);
    ctl_session_print_json(result);
    return senda_value_count(senda_value_get(result, "problems")) > 0 ? CTL_EXIT_NO : CTL_EXIT_OK;
}

/* What an error means: INVALID refuses the site, anything else the request. */
static enum ctl_exit answer_error(const struct reload *reload, const senda_reply *reply)
{
    struct print print = print_to(stdout);
    bool site_refused = strcmp(senda_reply_code(reply), "INVALID") == 0;
    if (!site_refused || reload->options.json) {
        ctl_session_say_problem(&reload->options, reply);
        return site_refused ? CTL_EXIT_NO : ctl_session_exit(senda_reply_status(reply));
    }
    print_error_lines(&print, senda_reply_message(reply));
    return say_refused(&print);
}

static enum ctl_exit ask(const struct reload *reload)
{
    senda_reply *reply = NULL;
    senda_client *client = ctl_session_open(&reload->options);
    if (client == NULL)
        return CTL_EXIT_USAGE;
    enum senda_status status = senda_client_call(client, "reload", NULL, &reply);
    enum ctl_exit code = status == SENDA_OK ? answer(reload, reply) : answer_error(reload, reply);
    senda_reply_unref(reply);
    senda_client_free(client);
    return code;
}

enum ctl_exit ctl_reload(int argc, char **argv)
{
    struct reload reload;
    control_options_create(&reload.options);
    ctl_options_parse(&parser, argc, argv, 0, &reload);
    enum ctl_exit code = ask(&reload);
    ctl_options_destroy(&reload.options);
    return code;
}
