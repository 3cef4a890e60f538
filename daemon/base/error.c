/* Filling in struct error. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The message may be sent as text, so it must not end within a character. */
static void drop_cut_character(struct error *error)
{
    error->message[text_drop_cut_character(text_from(error->message)).length] = '\0';
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
    drop_cut_character(error);
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
    drop_cut_character(error);
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
    drop_cut_character(error);
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
