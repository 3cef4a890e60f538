/* Filling in struct error. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The message may be sent as text, so it must be some: it may end within a character, or quote what is none.
 */
static void make_text(struct error *error)
{
    char raw[sizeof error->message];
    error->message[text_drop_cut_character(text_from(error->message)).length] = '\0';
    if (text_is_utf8(text_from(error->message)))
        return;
    memcpy(raw, error->message, sizeof raw);
    text_escape(text_from(raw), error->message, sizeof error->message);
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    make_text(error);
    return false;
}

bool error_set_errno(struct error *error, const char *format, ...)
{
    int number = errno;
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    error->code = ERROR_INTERNAL;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof error->message - length, ": %s", strerror(number));
    make_text(error);
    return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    char before[sizeof error->message];
    memcpy(before, error->message, sizeof before);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    strncat(error->message, before, sizeof error->message - strlen(error->message) - 1);
    make_text(error);
    return false;
}

const char *error_code_name(enum error_code code)
{
    switch (code) {
    case ERROR_NONE:
        return "NONE";
    case ERROR_INVALID:
        return "INVALID";
    case ERROR_UNKNOWN_METHOD:
        return "UNKNOWN_METHOD";
    case ERROR_NOT_FOUND:
        return "NOT_FOUND";
    case ERROR_TOO_LARGE:
        return "TOO_LARGE";
    case ERROR_UNAUTHORIZED:
        return "UNAUTHORIZED";
    case ERROR_OVERLOADED:
        return "OVERLOADED";
    case ERROR_UNAVAILABLE:
        return "UNAVAILABLE";
    case ERROR_INTERNAL:
        return "INTERNAL";
    }
    return "INTERNAL";
}
