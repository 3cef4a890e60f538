/*
 * Whose turn it is: connections that have something to be read or answered, in one list, each with one short
 * turn at a time. Between the turns the loop looks for what else has come, so that nobody waits for more
 * than one turn of each of the others.
 *
 * How long somebody has stood in it is what overload is told by; see serve/admission.h.
 */
#ifndef SENDA_SERVE_TURNS_H
#define SENDA_SERVE_TURNS_H

#include <event2/event.h>
#include <stdbool.h>

#include "serve/admission.h"
#include "serve/list.h"

struct connection;
struct server;

struct turns {
    struct server *server;       /* borrowed */
    struct list_node waiting;    /* struct connection by `turn`; the next one is in front */
    size_t count;                /* of these */
    struct list_node greeting;   /* likewise, those that have yet to agree on TLS */
    size_t pass_left;            /* of these, who were there when this pass began */
    struct event *next;          /* owned; what goes on with the list */
    bool looked;                 /* since the list was last worked on, the loop has looked what there is */
    uint64_t looked_ns;          /* when that was; monotonic */
    uint64_t left_ns;            /* when this process last stopped working; monotonic */
    uint64_t served_ns;          /* all turns took together; the clock of `standing` */
    uint64_t served_then_ns;     /* that, when the loop last looked */
    uint64_t since_ns;           /* that, before anything came that was found then */
    uint64_t ends_ns;            /* when the turn at hand has taken long enough; monotonic */
    uint32_t messages;           /* answered in it */
    bool refused;                /* the last one was refused instead */
    struct admission admission;  /* what is refused */
    struct admission_turn grant; /* of the turn at hand */
};

/* False: out of memory. */
bool turns_create(struct turns *turns, struct server *server);
void turns_destroy(struct turns *turns);

/* To be called first by everything that the loop calls. */
void turns_look(struct turns *turns);

/* The connection's turn will come; nothing where it waits already. Those of the control socket go first. */
void turns_add(struct turns *turns, struct connection *connection);
void turns_remove(struct turns *turns, struct connection *connection);

/* True where enough was answered in the turn at hand. Refusals never are. */
bool turns_is_over(const struct turns *turns);

/* Whether one more request of the connection whose turn it is may be taken now. */
bool turns_admit(struct turns *turns, const struct connection *connection);

/* The request that may not be taken is answered all the same. */
void turns_make_exception(struct turns *turns);

#endif
