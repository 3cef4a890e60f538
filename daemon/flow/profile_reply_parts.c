/* Pieces of a customer in replies; see profile_reply_parts.h. */
#include "flow/profile_reply_parts.h"

void profile_put_time(struct buffer *out, int64_t at_ms)
{
    if (at_ms == 0)
        reply_nil(out);
    else
        reply_number(out, (double)at_ms / 1e3);
}

static struct text text_or_none(struct text text)
{
    return text.length > 0 ? text : (struct text){NULL, 0};
}

void profile_put_traits(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "persona");
    reply_text_or_nil(out, text_or_none(customer->persona));
    reply_word(out, "locale");
    reply_text_or_nil(out, text_or_none(customer->locale));
    reply_word(out, "restricted");
    reply_bool(out, customer->restricted);
    reply_word(out, "traits");
    if (customer->traits.length > 0)
        buffer_append(out, customer->traits.bytes, customer->traits.length);
    else
        reply_map(out, 0);
}

void profile_put_offer(struct buffer *out, const struct customer_offer *offer)
{
    static const struct text names[TOUCH_KINDS] = {
        [TOUCH_DECISION] = TEXT("decisions"),     [TOUCH_IMPRESSION] = TEXT("impressions"),
        [TOUCH_CLICK] = TEXT("clicks"),           [TOUCH_DISMISSAL] = TEXT("dismissals"),
        [TOUCH_CONVERSION] = TEXT("conversions"),
    };
    for (int kind = 0; kind < TOUCH_KINDS; kind++) {
        reply_text(out, names[kind]);
        reply_number(out, offer->counts[kind]);
    }
    reply_word(out, "last");
    profile_put_time(out, offer->last_ms);
}
