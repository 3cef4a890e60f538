/* Who may call what: tokens that are shown, and the scopes that they give. */
#ifndef SENDA_FLOW_RIGHTS_H
#define SENDA_FLOW_RIGHTS_H

#include "flow/flow.h"
#include "wire/method.h"

/* Whether the client may call the method; `method` NULL: one that there isn't. */
MUST_CHECK bool rights_check(struct flow *flow, struct flow_peer *peer, const struct method *method,
                             struct error *error);

/* Whether the token that the client shows has to wait for peer->token_due_ms, because of wrong ones before.
 */
bool rights_must_wait(struct flow *flow, struct flow_peer *peer);

/* Lets the client in; false where the token is none of ours. What the socket gives is never taken away. */
MUST_CHECK bool rights_show(struct flow *flow, struct flow_peer *peer, struct text token,
                            struct error *error);

/* Whether it has shown so many wrong tokens that it has to go. */
bool rights_are_lost(const struct flow *flow, const struct flow_peer *peer);

#endif
