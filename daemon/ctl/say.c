/* One line for people, one object for programs; see say.h. */
#include "ctl/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/json.h"
#include "ctl/print.h"

/* NULL: no memory. */
__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list arguments)
{
    char *text = NULL;
    return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

static void say_line(const char *text)
{
    const struct print plain = {stderr, false};
    fputs("sendactl: ", stderr);
    print_styled(&plain, PRINT_PLAIN, text != NULL ? text : "no memory");
    putc('\n', stderr);
}

void say_problem(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = format_text(format, arguments);
    va_end(arguments);
    say_line(text);
    free(text);
}

void say_json(const char *code, const char *message)
{
    fputs("{\"error\": {\"code\": ", stdout);
    client_json_write_string(stdout, code, strlen(code));
    fputs(", \"message\": ", stdout);
    client_json_write_string(stdout, message, strlen(message));
    fputs("}}\n", stdout);
}

void say_failure(bool json, const char *code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = format_text(format, arguments);
    va_end(arguments);
    if (json)
        say_json(code, text != NULL ? text : "no memory");
    say_line(text);
    free(text);
}
