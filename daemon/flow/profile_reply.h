/* Writing down a customer: what profile.get tells of them, and all that profile.export hands over. */
#ifndef SENDA_FLOW_PROFILE_REPLY_H
#define SENDA_FLOW_PROFILE_REPLY_H

#include "base/buffer.h"
#include "catalogue/snapshot.h"
#include "model/customer.h"

/*
 * The result of profile.get, and of what changes a profile. The journey at the top level is the site's
 * default one where the customer walks it, else the one on which they were active last; `snapshot` may be
 * NULL while no site is loaded. Times are seconds since the epoch.
 */
void profile_reply_get(const struct customer *customer, const struct snapshot *snapshot, struct buffer *out);

/* Everything that the store holds of the customer, as profile.export answers it; `more` pairs follow. */
void profile_reply_export(const struct customer *customer, size_t more, struct buffer *out);

#endif
