/* Writing down what became of a command: the results of the methods that change something. */
#ifndef SENDA_FLOW_OUTCOME_REPLY_H
#define SENDA_FLOW_OUTCOME_REPLY_H

#include "base/buffer.h"
#include "model/command.h"
#include "wire/reply.h"

/*
 * The result of a track that was carried out or that a restriction stopped: {accepted, duplicate, journey,
 * stage, moved}, and `because` where it was not accepted.
 */
void outcome_reply_track(const struct outcome *outcome, struct buffer *out);

/* In a batch, whose result is a list of these: the same, with an `error` in the client's form where it was
 * not accepted. */
void outcome_reply_element(enum reply_errors form, const struct outcome *outcome, struct buffer *out);

/* In a batch: the event that was refused, with the error in the client's form. */
void outcome_reply_refused(enum reply_errors form, enum error_code code, struct text message,
                           struct buffer *out);

/* {customer, merged, journey, stage}; `customer` is the id that was asked for. A duplicate was joined before.
 */
void outcome_reply_identify(const struct outcome *outcome, struct text customer, struct buffer *out);

/* {customer, erased, removed}: the payload is the ledger's receipt of what was removed, nil where there is
 * none. */
void outcome_reply_erase(const struct outcome *outcome, struct text customer, struct buffer *out);

#endif
