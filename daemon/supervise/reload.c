/* The transitions between a reload's phases. */
#include "supervise/reload.h"

#include <stdlib.h>

bool reload_create(struct reload *reload, size_t workers, struct error *error)
{
    *reload = (struct reload){.phase = RELOAD_IDLE, .workers = workers};
    reload->awaited = calloc(workers, sizeof *reload->awaited);
    return reload->awaited != NULL ||
           error_set(error, ERROR_INTERNAL, "out of memory for %zu workers", workers);
}

void reload_destroy(struct reload *reload)
{
    free(reload->awaited);
    reload->awaited = NULL;
}

static void await_all(struct reload *reload)
{
    for (size_t i = 0; i < reload->workers; i++)
        reload->awaited[i] = true;
}

static bool all_answered(const struct reload *reload)
{
    for (size_t i = 0; i < reload->workers; i++)
        if (reload->awaited[i])
            return false;
    return true;
}

uint32_t reload_begin(struct reload *reload)
{
    reload->phase = reload->committed > 0 ? RELOAD_TRYING : RELOAD_LOADING;
    await_all(reload);
    return ++reload->candidate;
}

enum reload_step reload_take_trial(struct reload *reload, enum reload_answer answer)
{
    if (reload->phase != RELOAD_TRYING)
        return RELOAD_WAIT;
    reload->phase = answer == RELOAD_LOADED ? RELOAD_LOADING : RELOAD_IDLE;
    return answer == RELOAD_LOADED ? RELOAD_LOAD : RELOAD_KEEP;
}

static enum reload_step take_loading(struct reload *reload, size_t worker, enum reload_answer answer)
{
    if (answer == RELOAD_REFUSED || answer == RELOAD_DIED) {
        reload->phase = RELOAD_IDLE;
        return RELOAD_DISCARD;
    }
    if (answer == RELOAD_LOADED)
        reload->awaited[worker] = false;
    if (!all_answered(reload))
        return RELOAD_WAIT;
    reload->phase = RELOAD_SWAPPING;
    reload->committed = reload->candidate;
    await_all(reload);
    return RELOAD_SWAP;
}

/* One that dies now comes back with the new site, so nobody waits for it. */
static enum reload_step take_swapping(struct reload *reload, size_t worker, enum reload_answer answer)
{
    if (answer == RELOAD_SERVING || answer == RELOAD_DIED)
        reload->awaited[worker] = false;
    if (!all_answered(reload))
        return RELOAD_WAIT;
    reload->phase = RELOAD_IDLE;
    return RELOAD_FINISHED;
}

enum reload_step reload_take(struct reload *reload, size_t worker, enum reload_answer answer,
                             uint32_t generation)
{
    if (answer != RELOAD_DIED && generation != reload->candidate)
        return RELOAD_WAIT;
    switch (reload->phase) {
    case RELOAD_IDLE:
    case RELOAD_TRYING:
        return RELOAD_WAIT;
    case RELOAD_LOADING:
        return take_loading(reload, worker, answer);
    case RELOAD_SWAPPING:
        return take_swapping(reload, worker, answer);
    }
    return RELOAD_WAIT;
}

void reload_give_up(struct reload *reload)
{
    reload->phase = RELOAD_IDLE;
}
