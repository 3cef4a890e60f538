/*
 * What a worker asks the ledger to do, and what the ledger answers: plain structs, and their bytes on the way
 * through shared memory. Both processes are of the same program, but a record is checked as if it were not.
 */
#ifndef SENDA_MODEL_COMMAND_H
#define SENDA_MODEL_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum command_type {
    COMMAND_TRACK,
    COMMAND_IDENTIFY,
    COMMAND_SET,      /* profile.set */
    COMMAND_RESTRICT, /* profile.restrict */
    COMMAND_ERASE,    /* profile.erase */
    COMMAND_FLUSH,    /* answers when everything before it is committed */
    COMMAND_TYPES
};

struct command {
    enum command_type type;
    bool has_value;       /* `value` was given */
    bool restricted;      /* of COMMAND_RESTRICT */
    int64_t at_ms;        /* of the event, or when the command was given */
    int64_t received_ms;  /* when the worker read it */
    double value;         /* of the event */
    struct text name;     /* of the event */
    struct text customer; /* id as given; no bytes: nobody */
    struct text id;       /* idempotency key; no bytes: none. For COMMAND_IDENTIFY the anonymous id */
    struct text decision, offer, placement, touchpoint;
    struct text journey, stage, persona, locale; /* of COMMAND_SET; no bytes: not given */
    struct text properties; /* of the event, or traits of COMMAND_SET: a MessagePack map */
    struct text consents;   /* of COMMAND_SET: a MessagePack map name → bool */
};

/* Bytes that command_encode writes. */
size_t command_size(const struct command *command);
void command_encode(const struct command *command, void *out);

/* Texts point into `bytes`. */
MUST_CHECK bool command_decode(struct command *command, struct text bytes, struct error *error);

struct outcome {
    uint64_t ticket;      /* the command's, as the worker gave it out */
    enum error_code code; /* ERROR_NONE: done and durable */
    bool duplicate, moved, accepted;
    struct text journey, stage; /* where the customer stands now; no bytes: nowhere */
    struct text payload; /* a MessagePack value for the reply, or the error's message; no bytes: none */
};

size_t outcome_size(const struct outcome *outcome);
void outcome_encode(const struct outcome *outcome, void *out);
MUST_CHECK bool outcome_decode(struct outcome *outcome, struct text bytes, struct error *error);

#endif
