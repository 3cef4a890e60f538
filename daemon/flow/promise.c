/* Looking, looking again, claiming. */
#include "flow/promise.h"

/* What was seen at each place that is to be claimed; places are few. */
struct looking {
    uint32_t places[RECORD_CLAIMS_MOST];
    claims_word words[RECORD_CLAIMS_MOST];
    uint32_t count;
};

static claims_word *word_of(struct looking *looking, const struct claims *claims, uint32_t place)
{
    for (uint32_t i = 0; i < looking->count; i++)
        if (looking->places[i] == place)
            return &looking->words[i];
    looking->places[looking->count] = place;
    looking->words[looking->count] = claims_look(claims, place);
    return &looking->words[looking->count++];
}

static void hold(struct promise_held *held, const struct situation_held *lost)
{
    for (uint32_t i = 0; i < held->count; i++)
        if (held->offers[i].offer == lost->offer)
            return;
    if (held->count < sizeof held->offers / sizeof *held->offers)
        held->offers[held->count++] = *lost;
}

/* Others have all that there is of it. */
static void hold_lost(const struct decision *decision, const struct promise *promise,
                      struct promise_held *held)
{
    bool stock = promise->limit == SNAPSHOT_NONE;
    hold(held, &(struct situation_held){.offer = decision->items[promise->item].offer,
                                        .loss = stock ? SITUATION_LOST_STOCK : SITUATION_LOST_LIMIT,
                                        .limit = promise->limit});
}

void promise_withdraw(struct recall *recall, struct promise_claims *claims)
{
    for (uint32_t i = 0; i < claims->count; i++)
        claims_settle(recall->link.shared->claims, claims->places[i]);
    claims->count = 0;
}

/* Who only looks counts it for the next item at the same place, and leaves the place as it is. */
static bool claim(struct claims *table, uint32_t place, claims_word *word, struct promise_claims *claims)
{
    if (claims == NULL)
        ++*word;
    else if (claims_try(table, place, word))
        claims->places[claims->count++] = place;
    else
        return false;
    return true;
}

/* Claims all that there is room for; notes what there is none for. */
static enum promise_outcome claim_all(struct claims *table, struct looking *looking,
                                      const struct decision *decision, const struct promise *promises,
                                      uint32_t count, struct promise_claims *claims,
                                      struct promise_held *held)
{
    enum promise_outcome outcome = PROMISE_MADE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = claims_place(promises[i].hash);
        claims_word *word = word_of(looking, table, place);
        if (claims_open(*word) >= promises[i].room) {
            hold_lost(decision, &promises[i], held);
            outcome = PROMISE_LOST;
        } else if (!claim(table, place, word, claims)) {
            return PROMISE_CHANGED;
        }
    }
    return outcome;
}

/* Only the stock of what was chosen: of all the others that might have been, the store may say what it likes.
 */
static bool is_stock_unchanged(struct recall *recall, const struct snapshot *snapshot,
                               const struct decision *decision, const struct promise *promises,
                               uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct offer *offer = &snapshot->offers[decision->items[promises[i].item].offer];
        uint64_t given;
        if (promises[i].limit != SNAPSHOT_NONE)
            continue;
        if (!recall_stock_given(recall, offer->id, &given) ||
            promises[i].room != (given < offer->stock ? offer->stock - given : 0))
            return false;
    }
    return true;
}

enum promise_outcome promise_claim(struct recall *recall, const struct snapshot *snapshot,
                                   const struct decision *decision, const struct promise *promises,
                                   uint32_t count, struct promise_claims *claims, struct promise_held *held)
{
    struct claims *table = recall->link.shared->claims;
    struct looking looking = {.count = 0};
    if (claims != NULL)
        claims->count = 0;
    if (count > RECORD_CLAIMS_MOST)
        return PROMISE_LOST;
    for (uint32_t i = 0; i < count; i++)
        word_of(&looking, table, claims_place(promises[i].hash));
    if (!recall_is_unchanged(recall) || !is_stock_unchanged(recall, snapshot, decision, promises, count))
        return PROMISE_CHANGED;
    enum promise_outcome outcome = claim_all(table, &looking, decision, promises, count, claims, held);
    if (outcome != PROMISE_MADE && claims != NULL)
        promise_withdraw(recall, claims);
    return outcome;
}
