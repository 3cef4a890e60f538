/*
 * The methods: one table with name, arguments, types and help, behind every way in (MessagePack, the command
 * line, JSON later). What is checked here needs no site and no customer.
 */
#ifndef SENDA_WIRE_METHOD_H
#define SENDA_WIRE_METHOD_H

#include <msgpack/object.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum { METHOD_ARGUMENTS_MAX = 24 };

enum argument_type {
    ARGUMENT_TEXT,    /* str or bin, well-formed UTF-8, not empty */
    ARGUMENT_INTEGER, /* whole number, also as a float */
    ARGUMENT_NUMBER,  /* any finite number, or a timestamp as seconds */
    ARGUMENT_BOOL,
    ARGUMENT_MAP,   /* text keys, any values */
    ARGUMENT_TEXTS, /* list of texts */
};

/* argument, type, required, least, most (bytes of a text, value of a number, items of a map or list), help */
#define METHOD_RECOMMEND_ARGUMENTS(X)                                                                        \
    X(placement, TEXT, true, 1, 64, "where it is shown: a placement of the site")                            \
    X(customer, TEXT, false, 1, 128, "the customer's id; left out: anonymous, nothing remembered")           \
    X(journey, TEXT, false, 1, 64, "the journey to walk, for this decision alone")                           \
    X(stage, TEXT, false, 1, 128, "the stage, in any of its names, for this decision alone")                 \
    X(persona, TEXT, false, 1, 64, "the persona, for this decision alone")                                   \
    X(locale, TEXT, false, 1, 35, "the language to answer in, such as es or en-GB")                          \
    X(touchpoint, TEXT, false, 1, 64, "the medium: site, email, phone …")                                    \
    X(traits, MAP, false, 0, 4096, "what is known of the customer, laid over what is stored")                \
    X(consents, MAP, false, 0, 4096, "what the customer agreed to, laid over what is stored")                \
    X(count, INTEGER, false, 1, 50, "how many items at the most; default: the placement's")                  \
    X(context, MAP, false, 0, 4096, "anything else that strategies read")                                    \
    X(exclude, TEXTS, false, 0, 4096, "offers not to show")                                                  \
    X(explain, BOOL, false, 0, 0, "say for each offer what stopped it")                                      \
    X(dry_run, BOOL, false, 0, 0, "the same answer, with nothing counted or reserved")                       \
    X(at, NUMBER, false, 0, 253402300799.0, "with dry_run: the time to assume, seconds since the epoch")     \
    X(seed, INTEGER, false, 0, 9007199254740992.0, "with dry_run: the seed of random numbers")
#define METHOD_HELLO_ARGUMENTS(X)                                                                            \
    X(client, TEXT, false, 1, 128, "the client library's name")                                              \
    X(version, TEXT, false, 1, 64, "its version")                                                            \
    X(errors, TEXT, false, 1, 16, "text (\"CODE: message\") or pair ([code, message])")
#define METHOD_AUTH_ARGUMENTS(X) X(token, TEXT, true, 1, 1024, "the token that the operator configured")
#define METHOD_NO_ARGUMENTS(X)

/* id, name, its list of arguments, flags, help */
#define METHOD_TABLE(X)                                                                                      \
    X(RECOMMEND, "recommend", METHOD_RECOMMEND_ARGUMENTS, 0, "what should this customer see here, now?")     \
    X(STATS, "stats", METHOD_NO_ARGUMENTS, 0, "what the daemon counted since it started")                    \
    X(PING, "ping", METHOD_NO_ARGUMENTS, METHOD_TAKES_ANYTHING, "answers; arguments are ignored")            \
    X(HELLO, "hello", METHOD_HELLO_ARGUMENTS, 0, "introduces a client, chooses the form of errors")          \
    X(AUTH, "auth", METHOD_AUTH_ARGUMENTS, METHOD_BEFORE_AUTH, "shows the token, where one is needed")       \
    X(RELOAD, "reload", METHOD_NO_ARGUMENTS, METHOD_CONTROL_ONLY,                                            \
      "loads the site anew: its version, or every problem")

enum method_flag {
    METHOD_CONTROL_ONLY = 1,   /* refused elsewhere than on the control socket */
    METHOD_BEFORE_AUTH = 2,    /* answered before the token was shown */
    METHOD_TAKES_ANYTHING = 4, /* its arguments are not looked at */
};

enum method_id {
#define X(id, name, arguments, flags, help) METHOD_##id,
    METHOD_TABLE(X)
#undef X
        METHOD_COUNT
};

/* The place of each argument in struct arguments. */
#define X(name, type, required, least, most, help) RECOMMEND_##name,
enum recommend_argument { METHOD_RECOMMEND_ARGUMENTS(X) RECOMMEND_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) HELLO_##name,
enum hello_argument { METHOD_HELLO_ARGUMENTS(X) HELLO_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) AUTH_##name,
enum auth_argument { METHOD_AUTH_ARGUMENTS(X) AUTH_ARGUMENT_COUNT };
#undef X

struct argument {
    const char *name;
    size_t name_length; /* bytes */
    enum argument_type type;
    bool required;
    double least, most; /* bytes of a text, value of a number, items of a map or list */
    const char *help;   /* half a sentence */
};

struct method {
    const char *name;
    size_t name_length;               /* bytes */
    const struct argument *arguments; /* NULL: none */
    size_t argument_count;
    unsigned flags;   /* enum method_flag */
    const char *help; /* one line */
};

/* As many as the method has, in the order of its table; NULL where not given. Borrowed from the decoded
 * message. */
struct arguments {
    const msgpack_object *values[METHOD_ARGUMENTS_MAX];
};

const struct method *method_get(enum method_id id);

/* NOT found: ERROR_UNKNOWN_METHOD with the nearest name. */
MUST_CHECK bool method_find(struct text name, enum method_id *id, struct error *error);

/* Checks names, types and ranges of `params`, which may be [map], map or []. */
MUST_CHECK bool method_read_arguments(enum method_id id, const msgpack_object *params, struct arguments *out,
                                      struct error *error);

#endif
