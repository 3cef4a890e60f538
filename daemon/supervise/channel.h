/*
 * Messages between the supervisor and one worker: whole packets on a pair of sockets, a file descriptor along
 * with one where needed. Sending never waits.
 */
#ifndef SENDA_SUPERVISE_CHANNEL_H
#define SENDA_SUPERVISE_CHANNEL_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum {
    CHANNEL_MOST_TEXT = 64 * 1024, /* bytes; longer texts are cut at the end of a line, and say so */
};

enum channel_type {
    /* supervisor to worker */
    CHANNEL_ACCESS =
        1,        /* tokens and certificate that come along count together with `generation`, which follows */
    CHANNEL_LOAD, /* load the bundle that comes along as `generation` */
    CHANNEL_SWAP, /* serve `generation`, which was loaded */
    CHANNEL_DISCARD,  /* forget `generation` */
    CHANNEL_DRAIN,    /* finish what is open, then end */
    CHANNEL_RELOADED, /* answer to CHANNEL_RELOAD `ticket`…; the text is the new version */
    CHANNEL_KEPT,     /* answer to CHANNEL_RELOAD `ticket`…: the old site stays; the text says why */

    /* worker to supervisor */
    CHANNEL_LOADED,  /* `generation` is ready to be served; the text holds warnings */
    CHANNEL_REFUSED, /* `generation` can't be served; the text holds every problem */
    CHANNEL_SERVING, /* `generation` is served from now on */
    CHANNEL_RELOAD,  /* somebody asks for a reload; answered with the same `ticket` */
};

struct channel_message {
    enum channel_type type; /* what it means */
    uint32_t generation;    /* of the site, counted from 1; 0: none */
    uint64_t ticket;        /* chosen by who asks, echoed in the answer */
    uint64_t tickets;       /* of an answer: to so many, counted up from `ticket` */
    struct text text;       /* see the types; borrowed: of a received one from the channel_inbox */
    int fd;                 /* comes along; -1: none. A received one belongs to the receiver */
};

struct channel_inbox {
    char bytes[CHANNEL_MOST_TEXT + 64]; /* the last packet */
};

/* What channel_receive found. */
enum channel_receipt {
    CHANNEL_MESSAGE, /* a message */
    CHANNEL_EMPTY,   /* nothing yet */
    CHANNEL_CLOSED,  /* the other end is gone, or sends what is no message */
};

/* Both ends, neither waiting nor surviving exec. */
bool channel_pair(int ends[2], struct error *error) MUST_CHECK;

/* False where the other end is gone or has not read for long: the message is lost then, and errno says why.
 */
bool channel_send(int channel, const struct channel_message *message, struct error *error) MUST_CHECK;

enum channel_receipt channel_receive(int channel, struct channel_inbox *inbox,
                                     struct channel_message *message) MUST_CHECK;

#endif
