/* The one table of sendad's options: the file, the flags, --help, --print-config and the tests read it. */
#ifndef SENDA_CONFIG_OPTIONS_H
#define SENDA_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * X(name, type, default, lowest, highest, argument, visibility, help)
 *
 *   name        in the file; with dashes it is the flag
 *   type        PATH, TEXT, LEVEL, ADDRESS, ADDRESSES, NUMBER, BYTES or MODE; see enum option_type
 *   default     as one would write it behind the flag; empty: none
 *   lowest…     of NUMBER and BYTES, both included; 0 and 0 elsewhere
 *   argument    what --help shows behind the flag
 *   visibility  OPEN or SECRET: a secret is masked wherever it would be shown and has no flag, because
 * command lines are seen by everyone on the machine help        one line; names the unit
 */
#define OPTIONS(X)                                                                                           \
    X(site, PATH, "", 0, 0, "DIR", OPEN, "folder of the site to serve")                                      \
    X(state, PATH, "", 0, 0, "DIR", OPEN,                                                                    \
      "folder for what has to outlive the daemon; made if missing, held by one daemon at a time")            \
    X(listen, ADDRESSES, "tcp:127.0.0.1:7420", 0, 0, "ADDRESS", OPEN,                                        \
      "where websites ask: unix:PATH, tcp:HOST:PORT or tls:HOST:PORT; several are fine")                     \
    X(socket_mode, MODE, "0660", 0, 0777, "MODE", OPEN, "file mode of Unix sockets, octal")                  \
    X(backlog, NUMBER, "1024", 1, 65535, "COUNT", OPEN, "connections that may wait to be accepted")          \
    X(connections, NUMBER, "10000", 1, 1000000, "COUNT", OPEN,                                               \
      "connections that may be open at each address, all workers together")                                  \
    X(control, ADDRESS, "", 0, 0, "ADDRESS", OPEN, "where operators ask: unix:PATH; none without it")        \
    X(control_mode, MODE, "0600", 0, 0777, "MODE", OPEN, "file mode of the control socket, octal")           \
    X(token, TEXT, "", 0, 0, "TOKEN", SECRET,                                                                \
      "what clients on TCP must show first, scope admin; listening beyond this machine needs a token")       \
    X(token_file, PATH, "", 0, 0, "FILE", OPEN, "file with the token on its only line")                      \
    X(tokens_file, PATH, "", 0, 0, "FILE", OPEN,                                                             \
      "file with more tokens, a line for each: its scope (site or admin), its name, the token")              \
    X(token_wait_ms, NUMBER, "100", 0, 60000, "MS", OPEN,                                                    \
      "milliseconds that a token waits at the most to be looked at after wrong ones; 0: none does")          \
    X(token_failures, NUMBER, "20", 1, 1000000, "COUNT", OPEN,                                               \
      "wrong tokens after which a connection is closed")                                                     \
    X(admit_seconds, NUMBER, "30", 1, 86400, "SECONDS", OPEN,                                                \
      "seconds that a client may take to agree on TLS and to show its token, where these are needed")        \
    X(tls_certificate, PATH, "", 0, 0, "FILE", OPEN,                                                         \
      "file with the certificate for tls: listeners and those between it and its root, PEM")                 \
    X(tls_key, PATH, "", 0, 0, "FILE", OPEN, "file with the certificate's private key, PEM")                 \
    X(workers, NUMBER, "0", 0, 256, "COUNT", OPEN, "processes that answer; 0: one for each core")            \
    X(deadline_ms, NUMBER, "20", 1, 10000, "MS", OPEN,                                                       \
      "milliseconds that scripts may take for one decision")                                                 \
    X(kill_after_ms, NUMBER, "1000", 50, 600000, "MS", OPEN,                                                 \
      "milliseconds in one script after which its worker is replaced")                                       \
    X(script_memory, BYTES, "8 MiB", 1048576, 17179869184, "BYTES", OPEN,                                    \
      "bytes that a worker's scripts may hold beyond the loaded site")                                       \
    X(load_memory, BYTES, "256 MiB", 1048576, 68719476736, "BYTES", OPEN,                                    \
      "bytes that loading the site may take in a worker: for its Lua, and as many for what is kept of it")   \
    X(memo_memory, BYTES, "16 MiB", 0, 4294967296, "BYTES", OPEN,                                            \
      "bytes of remembered results of scripts in a worker; 0: every decision runs its scripts")              \
    X(answer_memory, BYTES, "32 MiB", 0, 4294967296, "BYTES", OPEN,                                          \
      "bytes of remembered answers to requests that come again in a worker; 0: each is decided anew")        \
    X(message_bytes, BYTES, "256 KiB", 1024, 67108864, "BYTES", OPEN, "bytes of the largest message")        \
    X(message_depth, NUMBER, "16", 4, 31, "LEVELS", OPEN, "levels of nesting in a message")                  \
    X(message_items, NUMBER, "4096", 16, 1048576, "COUNT", OPEN, "values in a message, all levels together") \
    X(output_bytes, BYTES, "1 MiB", 4096, 1073741824, "BYTES", OPEN,                                         \
      "bytes of unread answers beyond which a client is not read from")                                      \
    X(reader_seconds, NUMBER, "10", 1, 3600, "SECONDS", OPEN,                                                \
      "seconds without progress after which a client that does not read its answers is dropped")             \
    X(frame_seconds, NUMBER, "10", 1, 3600, "SECONDS", OPEN,                                                 \
      "seconds that a message may take from its first byte to its last")                                     \
    X(queue_ms, NUMBER, "5", 0, 1000, "MS", OPEN,                                                            \
      "milliseconds that requests may stand before a worker refuses some; 0: none is ever refused")          \
    X(queue_most_ms, NUMBER, "100", 1, 60000, "MS", OPEN,                                                    \
      "milliseconds after which a request that still stands is refused")                                     \
    X(linger_ms, NUMBER, "2000", 0, 600000, "MS", OPEN,                                                      \
      "milliseconds that a connection that is being closed waits for the client's end")                      \
    X(batch_events, NUMBER, "64", 1, 8192, "COUNT", OPEN, "events that wait to be written down together")    \
    X(batch_ms, NUMBER, "2", 0, 1000, "MS", OPEN, "milliseconds that an event waits for others at the most") \
    X(reserve_seconds, NUMBER, "300", 1, 86400, "SECONDS", OPEN,                                             \
      "seconds that a decision holds limits and stock while its impression does not come")                   \
    X(history_days, NUMBER, "400", 1, 3650, "DAYS", OPEN,                                                    \
      "days that the moments of a history are kept, or as long as the site's rules need; totals stay")       \
    X(log_bytes, BYTES, "1 GiB", 0, 1099511627776, "BYTES", OPEN,                                            \
      "bytes of the log of decisions, 1 MiB or more, the oldest go first; 0: none is kept")                  \
    X(log_days, NUMBER, "30", 1, 3650, "DAYS", OPEN, "days that decisions are kept in the log")              \
    X(drain_seconds, NUMBER, "10", 0, 3600, "SECONDS", OPEN,                                                 \
      "seconds that open requests have to finish when the daemon stops")                                     \
    X(confine, NUMBER, "1", 0, 1, "0|1", OPEN,                                                               \
      "1: workers reach no file and make no system call but those they need; 0: for debuggers")              \
    X(log_level, LEVEL, "info", 0, 0, "LEVEL", OPEN, "error, warning, notice, info or debug")

/* Where the type alone doesn't say it: how the value lies in struct config. */
enum option_type {
    OPTION_PATH,      /* char *, never NULL; empty: none */
    OPTION_TEXT,      /* the same */
    OPTION_LEVEL,     /* the same; a name that log_level_parse knows */
    OPTION_ADDRESS,   /* the same; address_parse takes it */
    OPTION_ADDRESSES, /* struct config_list of such addresses; at least one */
    OPTION_NUMBER,    /* uint64_t */
    OPTION_BYTES,     /* uint64_t; written plain or with KiB, MiB or GiB */
    OPTION_MODE,      /* uint64_t; written as octal digits in quotes */
};

enum option_id {
#define X(name, ...) OPTION_ID_##name,
    OPTIONS(X)
#undef X
        OPTION_COUNT
};

struct option_description {
    const char *name;         /* in the file: "deadline_ms" */
    enum option_type type;    /* how it is written and kept */
    const char *fallback;     /* the default, as text; empty: none */
    uint64_t lowest, highest; /* limits of a number; 0, 0: none */
    const char *argument;     /* placeholder in --help */
    bool secret;              /* masked, and no flag */
    const char *help;         /* one line */
    unsigned long offset;     /* of the value in struct config */
};

/* The table's row. */
const struct option_description *option_describe(enum option_id id);

#endif
