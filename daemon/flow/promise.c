/* Looking, looking again, claiming. */
#include "flow/promise.h"

/* What was seen, first at each place that is to be claimed, then in the store; promises are few. */
struct looking {
    uint32_t places[RECORD_CLAIMS_MOST];
    claims_word words[RECORD_CLAIMS_MOST]; /* as this process left them; of places, as the next one is */
    uint32_t open[RECORD_CLAIMS_MOST];     /* claims of others */
    uint32_t count;
    uint32_t at[RECORD_CLAIMS_MOST];    /* of each promise: which of the places is its own */
    uint64_t rooms[RECORD_CLAIMS_MOST]; /* likewise: so many claims may be open, this one among them */
};

static uint32_t look_at(struct looking *looking, const struct claims *claims, uint32_t place)
{
    uint32_t i = 0;
    while (i < looking->count && looking->places[i] != place)
        i++;
    if (i < looking->count)
        return i;
    looking->places[i] = place;
    looking->words[i] = claims_look(claims, place);
    looking->open[i] = claims_open(looking->words[i]);
    looking->count++;
    return i;
}

uint32_t promise_open(const struct recall *recall, uint64_t hash)
{
    uint32_t open = claims_open(claims_look(recall->link.shared->claims, claims_place(hash)));
    return open < CLAIMS_OPEN_MOST ? open : UINT32_MAX;
}

void promise_withdraw(struct recall *recall, struct promise_claims *claims)
{
    for (uint32_t i = 0; i < claims->count; i++)
        claims_settle(recall->link.shared->claims, claims->places[i]);
    claims->count = 0;
}

/* Stock as the store has it now: it may be given away all the time, and what others were given is no matter
 * as long as there is some left. False where that cannot be told. */
static bool read_rooms(struct recall *recall, const struct snapshot *snapshot,
                       const struct decision *decision, const struct promise *promises, uint32_t count,
                       uint64_t *rooms)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct offer *offer = &snapshot->offers[decision->items[promises[i].item].offer];
        uint64_t given;
        rooms[i] = promises[i].room;
        if (promises[i].limit != SNAPSHOT_NONE)
            continue;
        if (!recall_stock_given(recall, offer->id, &given))
            return false;
        rooms[i] = given < offer->stock ? offer->stock - given : 0;
    }
    return true;
}

/* Beside what others claim, and what the same decision claims of the same thing; whatever else it claims at
 * the same place takes no room. */
static bool has_room(const struct looking *looking, const struct promise *promises, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t open = looking->open[looking->at[i]];
        for (uint32_t j = 0; j < i; j++)
            open += promises[j].hash == promises[i].hash;
        if (open >= looking->rooms[i])
            return false;
    }
    return true;
}

/* False where somebody else changed one of the places meanwhile. */
static bool claim_all(struct looking *looking, struct claims *table, uint32_t count,
                      struct promise_claims *claims)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = looking->places[looking->at[i]];
        if (!claims_try(table, place, &looking->words[looking->at[i]]))
            return false;
        claims->places[claims->count++] = place;
    }
    return true;
}

enum promise_outcome promise_claim(struct recall *recall, const struct snapshot *snapshot,
                                   const struct decision *decision, const struct promise *promises,
                                   uint32_t count, struct promise_claims *claims)
{
    struct claims *table = recall->link.shared->claims;
    struct looking looking;
    looking.count = 0;
    if (claims != NULL)
        claims->count = 0;
    if (count > RECORD_CLAIMS_MOST)
        return PROMISE_LOST;
    for (uint32_t i = 0; i < count; i++)
        looking.at[i] = look_at(&looking, table, claims_place(promises[i].hash));
    if (!recall_is_unchanged(recall) ||
        !read_rooms(recall, snapshot, decision, promises, count, looking.rooms))
        return PROMISE_CHANGED;
    if (!has_room(&looking, promises, count))
        return PROMISE_LOST;
    if (claims == NULL || claim_all(&looking, table, count, claims))
        return PROMISE_MADE;
    promise_withdraw(recall, claims);
    return PROMISE_CHANGED;
}
