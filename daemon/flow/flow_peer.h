/* What a flow remembers of one connection. */
#ifndef SENDA_FLOW_FLOW_PEER_H
#define SENDA_FLOW_FLOW_PEER_H

#include <stdbool.h>

#include "wire/reply.h"

/* What one connection is allowed and wants. */
struct flow_peer {
    enum reply_errors errors; /* form of errors */
    bool control;             /* came in by the control socket */
    bool authorized;          /* needs no token, or has shown it */
};

#endif
