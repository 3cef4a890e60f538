/* What a flow remembers of one connection. */
#ifndef SENDA_FLOW_FLOW_PEER_H
#define SENDA_FLOW_FLOW_PEER_H

#include <stdint.h>

#include "base/scope.h"
#include "wire/reply.h"

/* What one connection is allowed and wants. */
struct flow_peer {
    enum reply_errors errors; /* form of errors */
    enum scope given;         /* what its socket lets it do; SCOPE_NONE: only what a token allows */
    enum scope scope;         /* what it may do now */
    uint64_t token;           /* number of the token that gave it `scope`; 0: its socket did */
    uint64_t address;         /* where it comes from, as a key of struct attempts */
    uint32_t tokens_seen;     /* flow->token_changes when `token` was last looked for */
    uint64_t token_due_ms;    /* coarse monotonic; when the token that waits is looked at; 0: none waits */
    uint32_t failures;        /* wrong tokens that it has shown */
};

#endif
