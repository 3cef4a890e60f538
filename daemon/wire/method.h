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
#include "base/scope.h"
#include "base/text.h"

enum { METHOD_ARGUMENTS_MAX = 24 };

enum argument_type {
    ARGUMENT_TEXT,    /* str or bin, well-formed UTF-8, not empty */
    ARGUMENT_INTEGER, /* whole number, also as a float */
    ARGUMENT_NUMBER,  /* any finite number, or a timestamp as seconds */
    ARGUMENT_DAY,     /* a number as above: seconds since the epoch; or text: a date such as 2026-11-01 */
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
#define METHOD_TRACK_ARGUMENTS(X)                                                                            \
    X(event, TEXT, true, 1, 64, "what happened: impression, click, purchase … or a name of your own")        \
    X(customer, TEXT, false, 1, 128, "the customer's id; left out: counted for nobody")                      \
    X(id, TEXT, false, 1, 128, "the event's own id: sent again, it counts once")                             \
    X(decision, TEXT, false, 1, 160, "the decision that it answers to")                                      \
    X(offer, TEXT, false, 1, 64, "the offer that it is about")                                               \
    X(placement, TEXT, false, 1, 64, "where it happened: a placement of the site")                           \
    X(touchpoint, TEXT, false, 1, 64, "the medium: site, email, phone …")                                    \
    X(value, NUMBER, false, 0, 9007199254740992.0, "what it is worth, in the site's currency")               \
    X(at, NUMBER, false, 0, 253402300799.0, "when it happened, seconds since the epoch; default: now")       \
    X(properties, MAP, false, 0, 256, "anything else that rules look at")
#define METHOD_IDENTIFY_ARGUMENTS(X)                                                                         \
    X(anonymous, TEXT, true, 1, 128, "the id under which the visitor was known so far")                      \
    X(customer, TEXT, true, 1, 128, "the id of the person that it turned out to be")
#define METHOD_PROFILE_ARGUMENTS(X) X(customer, TEXT, true, 1, 128, "the customer's id")
#define METHOD_PROFILE_SET_ARGUMENTS(X)                                                                      \
    X(customer, TEXT, true, 1, 128, "the customer's id")                                                     \
    X(traits, MAP, false, 0, 4096, "laid over those that are stored; nil removes one")                       \
    X(consents, MAP, false, 0, 256, "what the customer agreed to or revoked: name → true or false")          \
    X(persona, TEXT, false, 1, 64, "the persona, from now on")                                               \
    X(stage, TEXT, false, 1, 128, "the stage, in any of its names, from now on")                             \
    X(journey, TEXT, false, 1, 64, "with stage: the journey that it is of; default: the site's")             \
    X(locale, TEXT, false, 1, 35, "the language to answer in, such as es or en-GB")
#define METHOD_PROFILE_RESTRICT_ARGUMENTS(X)                                                                 \
    X(customer, TEXT, true, 1, 128, "the customer's id")                                                     \
    X(restricted, BOOL, true, 0, 0, "true: nothing personal is used or kept any more; false: again")
#define METHOD_EXPLAIN_ARGUMENTS(X) X(decision, TEXT, true, 1, 160, "the id that recommend gave to it")
#define METHOD_JOURNEY_MAP_ARGUMENTS(X)                                                                      \
    X(journey, TEXT, false, 1, 64, "the journey; default: the site's")                                       \
    X(from, DAY, false, 0, 253402300799.0, "the first day: a date, or seconds since the epoch within it")    \
    X(to, DAY, false, 0, 253402300799.0, "the last day, likewise; default: today")
#define METHOD_HELLO_ARGUMENTS(X)                                                                            \
    X(client, TEXT, false, 1, 128, "the client library's name")                                              \
    X(version, TEXT, false, 1, 64, "its version")                                                            \
    X(errors, TEXT, false, 1, 16, "text (\"CODE: message\") or pair ([code, message])")
#define METHOD_AUTH_ARGUMENTS(X) X(token, TEXT, true, 1, 1024, "the token that the operator configured")
#define METHOD_NO_ARGUMENTS(X)

/* id, name, its list of arguments, the scope that it needs, flags, help */
#define METHOD_TABLE(X)                                                                                      \
    X(RECOMMEND, "recommend", METHOD_RECOMMEND_ARGUMENTS, SITE, 0,                                           \
      "what should this customer see here, now?")                                                            \
    X(TRACK, "track", METHOD_TRACK_ARGUMENTS, SITE, METHOD_TAKES_BATCHES, "what the customer did")           \
    X(IDENTIFY, "identify", METHOD_IDENTIFY_ARGUMENTS, SITE, 0, "from now on two ids are one person")        \
    X(PROFILE_GET, "profile.get", METHOD_PROFILE_ARGUMENTS, ADMIN, METHOD_ONLY_READS,                        \
      "what is known of the customer")                                                                       \
    X(PROFILE_SET, "profile.set", METHOD_PROFILE_SET_ARGUMENTS, ADMIN, 0, "corrects what is known")          \
    X(PROFILE_RESTRICT, "profile.restrict", METHOD_PROFILE_RESTRICT_ARGUMENTS, ADMIN, 0,                     \
      "stops or resumes using and keeping anything of the customer's")                                       \
    X(PROFILE_ERASE, "profile.erase", METHOD_PROFILE_ARGUMENTS, ADMIN, 0,                                    \
      "forgets the customer, with a receipt")                                                                \
    X(PROFILE_EXPORT, "profile.export", METHOD_PROFILE_ARGUMENTS, ADMIN, METHOD_ONLY_READS,                  \
      "everything held of the customer")                                                                     \
    X(EXPLAIN, "explain", METHOD_EXPLAIN_ARGUMENTS, ADMIN, METHOD_ONLY_READS,                                \
      "a decision as it was taken, with its trace")                                                          \
    X(JOURNEY_MAP, "journey.map", METHOD_JOURNEY_MAP_ARGUMENTS, ADMIN, METHOD_ONLY_READS,                    \
      "the stages of a journey, and how customers went through them")                                        \
    X(STATS, "stats", METHOD_NO_ARGUMENTS, ADMIN, METHOD_WHEN_OVERLOADED,                                    \
      "what the daemon counted since it started")                                                            \
    X(PING, "ping", METHOD_NO_ARGUMENTS, SITE, METHOD_TAKES_ANYTHING | METHOD_WHEN_OVERLOADED,               \
      "answers; arguments are ignored")                                                                      \
    X(HELLO, "hello", METHOD_HELLO_ARGUMENTS, SITE, METHOD_WHEN_OVERLOADED,                                  \
      "introduces a client, chooses the form of errors")                                                     \
    X(AUTH, "auth", METHOD_AUTH_ARGUMENTS, NONE, METHOD_WHEN_OVERLOADED,                                     \
      "shows the token, where one is needed")                                                                \
    X(RELOAD, "reload", METHOD_NO_ARGUMENTS, CONTROL, 0, "loads the site anew: its version, or every problem")

enum method_flag {
    METHOD_TAKES_ANYTHING = 1,  /* its arguments are not looked at */
    METHOD_TAKES_BATCHES = 2,   /* a list of maps is as good as a map: see method_find_batch */
    METHOD_WHEN_OVERLOADED = 4, /* answered also while others are refused */
    METHOD_ONLY_READS = 8,      /* what is remembered, and leaves it as it is */
};

enum method_id {
#define X(id, name, arguments, scope, flags, help) METHOD_##id,
    METHOD_TABLE(X)
#undef X
        METHOD_COUNT
};

/* The place of each argument in struct arguments. */
#define X(name, type, required, least, most, help) RECOMMEND_##name,
enum recommend_argument { METHOD_RECOMMEND_ARGUMENTS(X) RECOMMEND_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) TRACK_##name,
enum track_argument { METHOD_TRACK_ARGUMENTS(X) TRACK_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) IDENTIFY_##name,
enum identify_argument { METHOD_IDENTIFY_ARGUMENTS(X) IDENTIFY_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) PROFILE_##name,
enum profile_argument { METHOD_PROFILE_ARGUMENTS(X) PROFILE_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) PROFILE_SET_##name,
enum profile_set_argument { METHOD_PROFILE_SET_ARGUMENTS(X) PROFILE_SET_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) PROFILE_RESTRICT_##name,
enum profile_restrict_argument { METHOD_PROFILE_RESTRICT_ARGUMENTS(X) PROFILE_RESTRICT_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) EXPLAIN_##name,
enum explain_argument { METHOD_EXPLAIN_ARGUMENTS(X) EXPLAIN_ARGUMENT_COUNT };
#undef X
#define X(name, type, required, least, most, help) JOURNEY_MAP_##name,
enum journey_map_argument { METHOD_JOURNEY_MAP_ARGUMENTS(X) JOURNEY_MAP_ARGUMENT_COUNT };
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
    enum scope scope; /* what a client needs to call it */
    unsigned flags;   /* enum method_flag */
    const char *help; /* one line */
};

/* As many as the method has, in the order of its table; NULL where not given. Borrowed from the decoded
 * message. */
struct arguments {
    const msgpack_object *values[METHOD_ARGUMENTS_MAX];
};

const struct method *method_get(enum method_id id);

/* False where there is no method of that name. */
bool method_find_exactly(struct text name, enum method_id *id);

/* NOT found: ERROR_UNKNOWN_METHOD with the nearest name. */
MUST_CHECK bool method_find(struct text name, enum method_id *id, struct error *error);

/* Checks names, types and ranges of `params`, which may be [map], map or []. */
MUST_CHECK bool method_read_arguments(enum method_id id, const msgpack_object *params, struct arguments *out,
                                      struct error *error);

/*
 * The list where `params` is [[map, map…]] and the method takes batches; else NULL, and all of `params` is to
 * be read by method_read_arguments. The list is not empty; nothing else is known of its elements.
 */
const msgpack_object_array *method_find_batch(enum method_id id, const msgpack_object *params);

/* The same checks for one element of a batch, which has to be a map. */
MUST_CHECK bool method_read_element(enum method_id id, const msgpack_object *element, struct arguments *out,
                                    struct error *error);

#endif
