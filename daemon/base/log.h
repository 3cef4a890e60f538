/*
 * One logfmt line an event on standard error, with the "<N>" prefix by which journald knows the level.
 * Values are quoted and escaped where they need it. Nothing of a customer goes into a line above debug level.
 */
#ifndef SENDA_BASE_LOG_H
#define SENDA_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers are syslog's. */
enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

struct log_field {
    const char *key;  /* logfmt key; NULL ends the list */
    const char *text; /* the value, borrowed; NULL: `number` is the value */
    int64_t number;   /* the value where there is no text */
};

#define LOG_TEXT(key, value) ((struct log_field){(key), (value) != NULL ? (value) : "-", 0})
#define LOG_NUMBER(key, value) ((struct log_field){(key), NULL, (int64_t)(value)})

/* Says who writes: a `process=` field in every line of this process ("supervisor", "worker-1"), and the
 * level. */
void log_configure(const char *process, enum log_level level);

/* "error", "warning", "notice", "info" or "debug". */
const char *log_level_name(enum log_level level);

/* False where no level has that name. */
bool log_level_parse(const char *name, enum log_level *level);
bool log_enabled(enum log_level level);

/* Use the macros below. One write(2) a line; lines longer than 4 KiB are cut. After log_output_open() lines
 * that nobody reads are dropped, and their number is logged once somebody does. */
void log_write(enum log_level level, const char *message, const struct log_field *fields);

#define log_error(message, ...)                                                                              \
    log_write(LOG_LEVEL_ERROR, message, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_warning(message, ...)                                                                            \
    log_write(LOG_LEVEL_WARNING, message, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_notice(message, ...)                                                                             \
    log_write(LOG_LEVEL_NOTICE, message, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_info(message, ...)                                                                               \
    log_write(LOG_LEVEL_INFO, message, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_debug(message, ...)                                                                              \
    log_write(LOG_LEVEL_DEBUG, message, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})

#endif
