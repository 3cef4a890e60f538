/* Encoding outcomes; see outcome_reply.h. */
#include "flow/outcome_reply.h"

static void put_place(const struct outcome *outcome, struct buffer *out)
{
    reply_word(out, "journey");
    reply_filled_text(out, outcome->journey);
    reply_word(out, "stage");
    reply_filled_text(out, outcome->stage);
}

static void put_track(const struct outcome *outcome, uint32_t fields, struct buffer *out)
{
    reply_map(out, fields);
    reply_word(out, "accepted");
    reply_bool(out, outcome->accepted);
    reply_word(out, "duplicate");
    reply_bool(out, outcome->duplicate);
    put_place(outcome, out);
    reply_word(out, "moved");
    reply_bool(out, outcome->moved);
    if (outcome->accepted)
        return;
    reply_word(out, "because");
    reply_word(out, "the customer is restricted");
}

void outcome_reply_track(const struct outcome *outcome, struct buffer *out)
{
    put_track(outcome, outcome->accepted ? 5 : 6, out);
}

void outcome_reply_element(enum reply_errors form, const struct outcome *outcome, struct buffer *out)
{
    put_track(outcome, outcome->accepted ? 5 : 7, out);
    if (outcome->accepted)
        return;
    reply_word(out, "error");
    reply_put_failure(out, form, ERROR_INVALID, TEXT("customer: restricted, nothing of theirs is kept"));
}

void outcome_reply_refused(enum reply_errors form, enum error_code code, struct text message,
                           struct buffer *out)
{
    reply_map(out, 2);
    reply_word(out, "accepted");
    reply_bool(out, false);
    reply_word(out, "error");
    reply_put_failure(out, form, code, message);
}

void outcome_reply_identify(const struct outcome *outcome, struct text customer, struct buffer *out)
{
    reply_map(out, 4);
    reply_word(out, "customer");
    reply_text(out, customer);
    reply_word(out, "merged");
    reply_bool(out, !outcome->duplicate);
    put_place(outcome, out);
}

void outcome_reply_erase(const struct outcome *outcome, struct text customer, struct buffer *out)
{
    reply_map(out, 3);
    reply_word(out, "customer");
    reply_text(out, customer);
    reply_word(out, "erased");
    reply_bool(out, true);
    reply_word(out, "removed");
    if (outcome->payload.length > 0)
        buffer_append(out, outcome->payload.bytes, outcome->payload.length);
    else
        reply_nil(out);
}
