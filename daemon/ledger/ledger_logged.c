/*
 * Which decisions are in the log already, though not in the store: those of a ledger that died between
 * writing the log and committing the batch. They are still in the rings, and are told apart by looking into
 * the log.
 */
#include "decisionlog/log_reader.h"
#include "ledger/ledger_internal.h"

#include <stdlib.h>

/* A decision that waits in a ring. */
struct waiting_decision {
    struct record_key key;
    size_t worker;     /* whose ring */
    uint64_t position; /* behind it */
};

struct waiting_decisions {
    struct waiting_decision *list; /* owned; by key once sorted */
    size_t count, room;
};

static bool add(struct waiting_decisions *waiting, struct waiting_decision decision)
{
    if (waiting->count == waiting->room) {
        size_t room = waiting->room == 0 ? 256 : 2 * waiting->room;
        struct waiting_decision *list = realloc(waiting->list, room * sizeof *list);
        if (list == NULL)
            return false;
        waiting->list = list;
        waiting->room = room;
    }
    waiting->list[waiting->count++] = decision;
    return true;
}

static bool add_ring(const struct ledger *ledger, size_t worker, struct waiting_decisions *waiting)
{
    const struct ring *ring = ledger->shared->lanes[worker].decisions;
    uint64_t position = ledger->lanes[worker].decisions, end = ring_end(ring);
    struct waiting_decision decision = {.worker = worker};
    struct text bytes;
    while (ring_read(ring, &position, end, &bytes)) {
        decision.position = position;
        if (record_read_key(bytes, &decision.key) && !add(waiting, decision))
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct record_key *left = &((const struct waiting_decision *)a)->key;
    const struct record_key *right = &((const struct waiting_decision *)b)->key;
    int order = (left->clock_us > right->clock_us) - (left->clock_us < right->clock_us);
    return order != 0 ? order : (left->seed > right->seed) - (left->seed < right->seed);
}

/* A ring is logged from its beginning on, so whatever lies before one that is there has been dealt with. */
static void note_logged(struct ledger *ledger, const struct waiting_decisions *waiting, struct text record)
{
    struct waiting_decision wanted = {.worker = 0};
    if (!record_read_key(record, &wanted.key))
        return;
    const struct waiting_decision *found =
        bsearch(&wanted, waiting->list, waiting->count, sizeof *waiting->list, compare);
    if (found != NULL && ledger->lanes[found->worker].logged < found->position)
        ledger->lanes[found->worker].logged = found->position;
}

static bool look_into_log(struct ledger *ledger, const struct waiting_decisions *waiting, struct error *error)
{
    struct log_query query = LOG_QUERY_ALL;
    struct log_reader reader;
    struct text record;
    query.from_us = waiting->list[0].key.clock_us;
    if (!log_reader_create(&reader, ledger->options.log_directory, &query, NULL, NULL, error))
        return false;
    while (log_reader_next(&reader, &record))
        note_logged(ledger, waiting, record);
    log_reader_destroy(&reader);
    return true;
}

bool ledger_find_logged(struct ledger *ledger, struct error *error)
{
    struct waiting_decisions waiting = {NULL, 0, 0};
    bool good = true;
    if (ledger->log == NULL)
        return true;
    for (size_t i = 0; good && i < ledger->shared->workers; i++)
        good = add_ring(ledger, i, &waiting);
    if (!good)
        error_set(error, ERROR_INTERNAL, "out of memory");
    if (good && waiting.count > 0) {
        qsort(waiting.list, waiting.count, sizeof *waiting.list, compare);
        good = look_into_log(ledger, &waiting, error);
    }
    free(waiting.list);
    return good;
}
