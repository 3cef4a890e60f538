/* Asking the daemon; see session.h. */
#include "ctl/session.h"
#include "ctl/say.h"

#include "client/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

senda_client *ctl_session_open(const struct ctl_options *options)
{
    senda_client *client;
    enum senda_status status = senda_client_new(&client, options->address, NULL);
    if (status == SENDA_OK)
        status = senda_client_set_token(client, options->token);
    if (status == SENDA_OK)
        status = senda_client_set_ca(client, options->ca);
    if (status != SENDA_OK) {
        if (status == SENDA_NO_MEMORY)
            say_failure(options->json, CTL_UNREACHABLE, "%s", senda_status_text(status));
        else
            say_failure(options->json, error_code_name(ERROR_INVALID),
                        "'%s' is no address: unix:/path, tcp:host:port or tls:host:port", options->address);
        senda_client_free(client);
        return NULL;
    }
    senda_client_set_timeout(client, options->timeout);
    senda_client_set_connecting(client, 1, 0, 0, options->timeout);
    return client;
}

enum ctl_exit ctl_session_exit(enum senda_status status)
{
    switch (status) {
    case SENDA_OK:
        return CTL_EXIT_OK;
    case SENDA_REFUSED:
        return CTL_EXIT_REFUSED;
    case SENDA_UNREACHABLE:
    case SENDA_DISCONNECTED:
    case SENDA_TIMEOUT:
    case SENDA_PROTOCOL:
    case SENDA_NO_MEMORY:
        return CTL_EXIT_UNREACHABLE;
    case SENDA_CANCELLED:
    case SENDA_BUSY:
    case SENDA_MISUSE:
        return CTL_EXIT_USAGE;
    }
    return CTL_EXIT_USAGE;
}

static const char where_to_look[] =
    "Is sendad running there? Without options it listens at tcp:127.0.0.1:7420; --connect ADDRESS asks\n"
    "elsewhere, and for reload --control ADDRESS.\n";

void ctl_session_say_problem(const struct ctl_options *options, const senda_reply *reply)
{
    const char *code = senda_reply_code(reply), *message = senda_reply_message(reply);
    enum senda_status status = senda_reply_status(reply);
    if (options->json)
        say_json(code[0] != '\0' ? code : CTL_UNREACHABLE, message);
    if (status == SENDA_REFUSED)
        say_problem("the daemon refused: %s%s%s", code, code[0] != '\0' ? ": " : "", message);
    else if (status == SENDA_UNREACHABLE || status == SENDA_DISCONNECTED)
        say_problem("%s: %s", senda_status_text(status), message);
    else
        say_problem("%s", message);
    if (status == SENDA_UNREACHABLE)
        fputs(where_to_look, stderr);
}

enum ctl_exit ctl_session_ask(const struct ctl_options *options, const char *method,
                              const senda_request *request, senda_reply **reply)
{
    *reply = NULL;
    senda_client *client = ctl_session_open(options);
    if (client == NULL)
        return CTL_EXIT_USAGE;
    enum senda_status status = senda_client_call(client, method, request, reply);
    if (status != SENDA_OK && *reply != NULL) {
        ctl_session_say_problem(options, *reply);
        senda_reply_unref(*reply);
        *reply = NULL;
    } else if (status != SENDA_OK) {
        say_failure(options->json, CTL_UNREACHABLE, "%s", senda_status_text(status));
    }
    senda_client_free(client);
    return ctl_session_exit(status);
}

senda_request *ctl_session_texts(const char *name, ...)
{
    senda_request *request = senda_request_new();
    va_list rest;
    va_start(rest, name);
    for (; request != NULL && name != NULL; name = va_arg(rest, const char *))
        senda_request_string(request, name, va_arg(rest, const char *));
    va_end(rest);
    return request;
}

enum ctl_exit ctl_session_show(const struct ctl_options *options, const char *method, senda_request *request,
                               ctl_session_view_cb view_cb, const void *context)
{
    struct print print = print_to(stdout);
    senda_reply *reply = NULL;
    enum ctl_exit code = ctl_session_exit(SENDA_NO_MEMORY);
    if (request == NULL)
        say_failure(options->json, CTL_UNREACHABLE, "%s", senda_status_text(SENDA_NO_MEMORY));
    else
        code = ctl_session_ask(options, method, request, &reply);
    if (code == CTL_EXIT_OK && options->json)
        ctl_session_print_json(senda_reply_result(reply));
    else if (code == CTL_EXIT_OK)
        view_cb(&print, senda_reply_result(reply), context);
    senda_reply_unref(reply);
    senda_request_free(request);
    return code;
}

void ctl_session_print_json(const senda_value *value)
{
    char *text = senda_value_to_json(value, 2);
    puts(text != NULL ? text : "null");
    free(text);
}
