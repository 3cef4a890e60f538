/* What the replies of profile.get and profile.export have in common. */
#ifndef SENDA_FLOW_PROFILE_REPLY_PARTS_H
#define SENDA_FLOW_PROFILE_REPLY_PARTS_H

#include "base/buffer.h"
#include "model/customer.h"
#include "wire/reply.h"

enum {
    PROFILE_TRAIT_FIELDS = 4,              /* pairs that profile_put_traits writes */
    PROFILE_OFFER_FIELDS = TOUCH_KINDS + 1 /* pairs that profile_put_offer writes */
};

/* Milliseconds as seconds; nil for 0, which stands for "never". */
void profile_put_time(struct buffer *out, int64_t at_ms);

/* persona, locale, traits and restricted. */
void profile_put_traits(struct buffer *out, const struct customer *customer);

/* How often each kind of thing happened to the offer, and `last`. */
void profile_put_offer(struct buffer *out, const struct customer_offer *offer);

#endif
