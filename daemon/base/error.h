/* What went wrong, where, and what would have been right: the last parameter of everything that can fail. */
#ifndef SENDA_BASE_ERROR_H
#define SENDA_BASE_ERROR_H

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

/* The codes of the wire contract; ERROR_NONE is never sent. */
enum error_code {
    ERROR_NONE,
    ERROR_INVALID,
    ERROR_UNKNOWN_METHOD,
    ERROR_NOT_FOUND,
    ERROR_TOO_LARGE,
    ERROR_UNAUTHORIZED,
    ERROR_OVERLOADED,
    ERROR_UNAVAILABLE,
    ERROR_INTERNAL,
};

struct error {
    enum error_code code; /* kind of failure */
    char message[512];    /* one line, no code in front; NUL-terminated, cut where it would not fit */
};

/* Sets code and message; returns false so that a caller can `return error_set(…)`. `error` may be NULL. */
bool error_set(struct error *error, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* As error_set, with strerror(errno) behind the message. */
bool error_set_errno(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts text in front of the message that is already there. */
bool error_prefix(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* The code's name on the wire: "INVALID". */
const char *error_code_name(enum error_code code);

#endif
