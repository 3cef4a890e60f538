/*
 * libsenda: asks a senda daemon what a customer should see next, and tells it what the customer did.
 *
 * One client is one connection to one daemon. It connects by itself when the first request is sent, connects
 * again (with growing pauses) when the connection breaks, and pipelines: any number of requests may be on
 * their way, and their answers are given to whom they belong in whatever order they come.
 *
 * Two ways to use it:
 *  - blocking: create the client without an event base and use senda_client_call();
 *  - driven by libevent: create it with your event_base and use senda_client_send() with a callback.
 *
 * Conventions. Strings are UTF-8 and, where no length goes with them, end with a NUL. Times are milliseconds.
 * Nothing here is safe to use from two threads at once; different clients may live in different threads.
 * A request that was on its way when the connection broke is never sent again, since nobody knows whether it
 * was carried out: it fails with SENDA_DISCONNECTED. (`track` with an `id` may be repeated without harm.)
 */
#ifndef SENDA_CLIENT_H
#define SENDA_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SENDA_API __attribute__((visibility("default")))
#else
#define SENDA_API
#endif

struct event_base; /* libevent's */

typedef struct senda_client senda_client;   /* a connection and what is on its way over it */
typedef struct senda_request senda_request; /* the arguments of a request, under construction */
typedef struct senda_reply senda_reply;     /* one answer, or why there is none; counted references */
typedef struct senda_value senda_value; /* a value within a reply; read only, lives as long as the reply */

/* How a request ended. */
enum senda_status {
    SENDA_OK = 0,           /* answered: senda_reply_result() has the answer */
    SENDA_REFUSED = 1,      /* the daemon answered with an error: senda_reply_code(), senda_reply_message() */
    SENDA_UNREACHABLE = 2,  /* no connection could be made */
    SENDA_DISCONNECTED = 3, /* the connection broke while the request was on its way */
    SENDA_TIMEOUT = 4,      /* no answer within the request's time */
    SENDA_PROTOCOL = 5,     /* what came back is not MessagePack-RPC, or larger than this client takes */
    SENDA_CANCELLED = 6,    /* cancelled, or the client was freed */
    SENDA_BUSY = 7,         /* more bytes are waiting to be sent than senda_client_set_limits() allows */
    SENDA_MISUSE = 8,       /* a parameter or an unfinished request; nothing was sent */
    SENDA_NO_MEMORY = 9     /* memory is out */
};

/* The status in a few English words; static. */
SENDA_API const char *senda_status_text(enum senda_status status);

/* ---- Client ------------------------------------------------------------------------------------------- */

/*
 * Makes a client for the daemon at `address`: "unix:/path/to/socket", "tcp:host:port" ("tcp:[::1]:7711" for
 * an IPv6 address), or "tls:host:port" for TLS over TCP. Host names are resolved by getaddrinfo() at each
 * connect, which may block; addresses in figures never do. Does not connect yet.
 *
 * `base`: the loop that is to drive the client; borrowed, must outlive it. NULL: the client makes its own,
 * and only then the blocking functions may be used.
 *
 * Returns SENDA_OK and the client in `*client`, to be given back with senda_client_free(). Else `*client` is
 * NULL: SENDA_MISUSE for an address that is none, SENDA_NO_MEMORY.
 */
SENDA_API enum senda_status senda_client_new(senda_client **client, const char *address,
                                             struct event_base *base);

/*
 * Closes the connection and frees the client. What was on its way ends with SENDA_CANCELLED, callbacks being
 * called from within. May be called from a callback of this client. NULL is fine.
 */
SENDA_API void senda_client_free(senda_client *client);

/*
 * Sends `auth {token}` first after each connect, and nothing else before the daemon has taken it. A token
 * that is refused fails all waiting requests with SENDA_REFUSED. Copied; NULL: no token (the default).
 * Returns SENDA_OK or SENDA_NO_MEMORY.
 */
SENDA_API enum senda_status senda_client_set_token(senda_client *client, const char *token);

/*
 * Whom to believe at "tls:" addresses: a file with root certificates, PEM. Copied; NULL: the system's roots
 * (the default). The daemon's certificate has to lead to one of them, and to be for the host of the address;
 * else requests fail with SENDA_UNREACHABLE. Counts from the next connect on. Returns SENDA_OK or
 * SENDA_NO_MEMORY.
 */
SENDA_API enum senda_status senda_client_set_ca(senda_client *client, const char *file);

/* How long a request may take from sending to answer, connecting included; 0: for ever. Default 5000 ms.
 * Counts for requests sent from now on. */
SENDA_API void senda_client_set_timeout(senda_client *client, unsigned milliseconds);

/*
 * How connections are made. `attempts`: so many failures in a row, and the requests that wait for a
 * connection fail with SENDA_UNREACHABLE; 0: never, they wait for their own timeout. Default 3. `first_pause`
 * and `longest_pause`: milliseconds between attempts, doubling from the first to the longest, each varied by
 * a quarter at random so that many clients do not come back at once. Defaults 50 and 5000. A connection that
 * is not made within `connect_timeout` milliseconds (default 3000) counts as failed.
 */
SENDA_API void senda_client_set_connecting(senda_client *client, unsigned attempts, unsigned first_pause,
                                           unsigned longest_pause, unsigned connect_timeout);

/* The largest reply taken (default 16 MiB) and how many bytes may wait to be sent (default 64 MiB), in bytes.
 */
SENDA_API void senda_client_set_limits(senda_client *client, size_t reply_bytes, size_t waiting_bytes);

/*
 * True: connects now and keeps connecting, also when nothing is to be sent (for who waits for notifications).
 * False, the default: connects when there is something to send.
 */
SENDA_API void senda_client_keep_connected(senda_client *client, bool keep);

/* True while the connection stands and, where there is a token, the daemon has taken it. */
SENDA_API bool senda_client_is_connected(const senda_client *client);

/* Why the last connection could not be made or broke; "" where there is nothing to tell. Valid until the
 * next call for this client. */
SENDA_API const char *senda_client_last_problem(const senda_client *client);

/* Requests sent or waiting that have not ended. */
SENDA_API size_t senda_client_pending(const senda_client *client);

/* ---- Requests ----------------------------------------------------------------------------------------- */

/*
 * Called once for each request, when it ends. `reply` is borrowed: take senda_reply_ref() to keep it.
 * May send further requests, cancel others, and free the client.
 */
typedef void (*senda_reply_cb)(senda_client *client, senda_reply *reply, void *context);

/*
 * Sends a request and returns at once; `reply_cb` is told how it ends, from the loop and never from within
 * this call. `method`: such as "recommend". `request`: its arguments; NULL: none; stays yours and may be sent
 * again. `id`: where the number of the request is put, for senda_client_cancel(); may be NULL. Requests of
 * one turn of the loop go out in one write. Returns SENDA_OK, or SENDA_MISUSE, SENDA_BUSY, SENDA_NO_MEMORY;
 * the callback is then not called.
 */
SENDA_API enum senda_status senda_client_send(senda_client *client, const char *method,
                                              const senda_request *request, senda_reply_cb reply_cb,
                                              void *context, uint32_t *id);

/*
 * Sends a notification: carried out by the daemon like a request, but never answered. It is lost without
 * notice where the connection breaks. Returns as senda_client_send().
 */
SENDA_API enum senda_status senda_client_notify(senda_client *client, const char *method,
                                                const senda_request *request);

/* Ends a request with SENDA_CANCELLED (its callback is called from within). The daemon may still carry it
 * out. False: no such request. */
SENDA_API bool senda_client_cancel(senda_client *client, uint32_t id);

/*
 * Blocking: sends a request and waits for its end. Always puts a reply into `*reply`, to be given back with
 * senda_reply_unref(), except where memory is out (NULL). Returns the reply's status.
 * SENDA_MISUSE where the client was made with a base, and within callbacks.
 * Other requests of this client that end meanwhile have their callbacks called.
 */
SENDA_API enum senda_status senda_client_call(senda_client *client, const char *method,
                                              const senda_request *request, senda_reply **reply);

/*
 * Blocking: waits until nothing is pending and all is written, or `milliseconds` have passed (0: without
 * limit). Use it after several senda_client_send() to pipeline without a loop of your own.
 * Returns SENDA_OK, SENDA_TIMEOUT, SENDA_UNREACHABLE (notifications are left and cannot be sent), or
 * SENDA_MISUSE as senda_client_call().
 */
SENDA_API enum senda_status senda_client_wait(senda_client *client, unsigned milliseconds);

/* Called for each notification from the daemon. `method` ends with a NUL; `params` is what came with it. Both
 * are borrowed. */
typedef void (*senda_notification_cb)(senda_client *client, const char *method, const senda_value *params,
                                      void *context);
SENDA_API void senda_client_on_notification(senda_client *client, senda_notification_cb notification_cb,
                                            void *context);

/* Called when the connection stands (`connected`) and when it is lost or could not be made; `problem` then
 * says why, else it is "". */
typedef void (*senda_state_cb)(senda_client *client, bool connected, const char *problem, void *context);
SENDA_API void senda_client_on_state(senda_client *client, senda_state_cb state_cb, void *context);

/* ---- Building a request ------------------------------------------------------------------------------- */

/*
 * A request is one map of named arguments:
 *
 *     senda_request *request = senda_request_new();
 *     senda_request_string(request, "placement", "hero");
 *     senda_request_open_map(request, "traits");
 *     senda_request_boolean(request, "vegetarian", true);
 *     senda_request_close(request);
 *
 * Within a map `key` is the name; within a list it must be NULL. What goes wrong (a key where there may be
 * none, one close too many, no memory) is remembered, and sending then returns SENDA_MISUSE or
 * SENDA_NO_MEMORY; so the calls need no check. Keys and values are copied.
 */
SENDA_API senda_request *senda_request_new(void); /* a map; NULL: no memory */

/*
 * A list instead of a map: several events for `track`, each opened with senda_request_open_map(request, NULL)
 * and closed again. The result is a list of results in the same order; an event that was refused has
 * `accepted` false and an `error`.
 */
SENDA_API senda_request *senda_request_new_list(void);

/* Arguments that are MessagePack already: exactly one value in `length` bytes; else NULL. Copied. */
SENDA_API senda_request *senda_request_new_raw(const void *bytes, size_t length);

/* NULL is fine. */
SENDA_API void senda_request_free(senda_request *request);

/* Makes it empty again, as senda_request_new() or senda_request_new_list() left it. */
SENDA_API void senda_request_clear(senda_request *request);

/* What can be put into it. `value` NULL for a string is nil. */
SENDA_API void senda_request_string(senda_request *request, const char *key, const char *value);
SENDA_API void senda_request_string_of(senda_request *request, const char *key, const char *bytes,
                                       size_t length);
SENDA_API void senda_request_integer(senda_request *request, const char *key, int64_t value);
SENDA_API void senda_request_number(senda_request *request, const char *key, double value);
SENDA_API void senda_request_boolean(senda_request *request, const char *key, bool value);
SENDA_API void senda_request_nil(senda_request *request, const char *key);

/* A value that is MessagePack already: exactly one in `length` bytes. */
SENDA_API void senda_request_raw(senda_request *request, const char *key, const void *bytes, size_t length);

/* A map or list within; close it with senda_request_close(). At most 16 deep. */
SENDA_API void senda_request_open_map(senda_request *request, const char *key);
SENDA_API void senda_request_open_list(senda_request *request, const char *key);
SENDA_API void senda_request_close(senda_request *request);

/* SENDA_OK where the request could be sent as it is. */
SENDA_API enum senda_status senda_request_check(const senda_request *request);

/* The encoded arguments and their length in bytes; borrowed, valid until the request changes. NULL where
 * senda_request_check() is not SENDA_OK. */
SENDA_API const void *senda_request_bytes(const senda_request *request, size_t *length);

/* ---- Reading a reply ---------------------------------------------------------------------------------- */

SENDA_API senda_reply *senda_reply_ref(senda_reply *reply);
SENDA_API void senda_reply_unref(senda_reply *reply); /* NULL is fine */

SENDA_API enum senda_status senda_reply_status(const senda_reply *reply);

/* The answer; NULL unless the status is SENDA_OK. */
SENDA_API const senda_value *senda_reply_result(const senda_reply *reply);

/* The daemon's code: "INVALID", "NOT_FOUND", … as its documentation lists them; "" unless SENDA_REFUSED. */
SENDA_API const char *senda_reply_code(const senda_reply *reply);

/* What went wrong, for people: the daemon's words behind the code, or this library's. "" where SENDA_OK. */
SENDA_API const char *senda_reply_message(const senda_reply *reply);

enum senda_type {
    SENDA_TYPE_NIL = 0,
    SENDA_TYPE_BOOLEAN = 1,
    SENDA_TYPE_INTEGER = 2,
    SENDA_TYPE_NUMBER = 3, /* with a fraction, or too large for an integer */
    SENDA_TYPE_STRING = 4,
    SENDA_TYPE_LIST = 5,
    SENDA_TYPE_MAP = 6,
    SENDA_TYPE_OTHER = 7 /* a MessagePack extension */
};

/*
 * All of these take NULL for a value as nil, so that they can be nested:
 * senda_value_string(senda_value_get(senda_value_at(senda_value_get(result, "items"), 0), "offer"), NULL).
 */
SENDA_API enum senda_type senda_value_type(const senda_value *value);

/* The value under `key`; NULL where there is none, or `map` is no map. */
SENDA_API const senda_value *senda_value_get(const senda_value *map, const char *key);

/* Entries of a map, items of a list; 0 for anything else. */
SENDA_API size_t senda_value_count(const senda_value *value);

/* Item `index` of a list, or the value of entry `index` of a map, from 0; NULL beyond the end. */
SENDA_API const senda_value *senda_value_at(const senda_value *value, size_t index);

/* The key of entry `index` of a map; NULL beyond the end. */
SENDA_API const senda_value *senda_value_key_at(const senda_value *map, size_t index);

/* The bytes of a string, with a NUL behind them; their count in `*length`, which may be NULL. NULL where the
 * value is no string. */
SENDA_API const char *senda_value_string(const senda_value *value, size_t *length);

/* The value, or `otherwise` where it is of another kind. Integers and numbers are taken for each other where
 * nothing is lost but a fraction, which senda_value_integer() does not take. */
SENDA_API int64_t senda_value_integer(const senda_value *value, int64_t otherwise);
SENDA_API double senda_value_number(const senda_value *value, double otherwise);
SENDA_API bool senda_value_boolean(const senda_value *value, bool otherwise);

/*
 * The value as JSON: `indent` blanks a level, 0 for one line. Bytes that are not UTF-8 become U+FFFD; what
 * JSON does not have (extensions, infinities) becomes null. Free it with free(); NULL: no memory.
 */
SENDA_API char *senda_value_to_json(const senda_value *value, unsigned indent);

#ifdef __cplusplus
}
#endif

#endif
