/*
 * A loaded site, ready to answer: snapshot, strategies' functions and the memory that decisions work in.
 *
 * Loading goes in steps of a few milliseconds, so that a worker can serve from the old engine meanwhile.
 */
#ifndef SENDA_FLOW_ENGINE_H
#define SENDA_FLOW_ENGINE_H

#include "base/error.h"
#include "base/metrics.h"
#include "catalogue/bundle.h"
#include "catalogue/problems.h"
#include "decide/promises.h"
#include "flow/repeats.h"

struct engine;
struct engine_loading;
struct script_site;

struct deadline; /* script/deadline.h */

struct engine_options {
    struct deadline *deadline; /* of this process, one for all engines; borrowed */
    uint32_t deadline_ms;      /* for the strategies of one decision */
    size_t script_memory;      /* bytes that scripts may take beyond the loaded site */
    size_t load_memory;   /* bytes that Lua may take while the site loads, and as many for its snapshot */
    size_t memo_memory;   /* bytes of remembered results of scripts; 0: none are remembered */
    size_t answer_memory; /* bytes of remembered answers; likewise */
    uint32_t file_ms;     /* that one file may run while it loads; 0: the default, which is the most */
    struct metrics_slot *metrics; /* of this process; borrowed */
};

enum engine_step {
    ENGINE_MORE,    /* call again */
    ENGINE_LOADED,  /* engine_loading_finish has an engine */
    ENGINE_REFUSED, /* the problems say why */
};

/* Borrows bundle and directory name until it is finished or freed; copies the options. */
struct engine_loading *engine_loading_new(const struct bundle *bundle, const char *directory,
                                          const struct engine_options *options, struct error *error);
enum engine_step engine_loading_step(struct engine_loading *loading);

/* Errors and warnings found so far; owned by the loading. */
const struct problems *engine_loading_problems(const struct engine_loading *loading);

/* The engine, owned by the caller; frees the loading. Only after ENGINE_LOADED. */
struct engine *engine_loading_finish(struct engine_loading *loading);
void engine_loading_free(struct engine_loading *loading);

/* Loads in one go; NULL with the problems printed to `problems` (which the caller destroys) on refusal. */
struct engine *engine_load(const struct bundle *bundle, const char *directory,
                           const struct engine_options *options, struct problems *problems,
                           struct error *error);

void engine_free(struct engine *engine);
const char *engine_version(const struct engine *engine);
const struct snapshot *engine_snapshot(const struct engine *engine);
struct script_site *engine_scripts(struct engine *engine);

/*
 * Takes the decision for a situation; finds the persona first where it is unknown and the site can tell. The
 * decision's texts live until the next call.
 */
void engine_decide(struct engine *engine, struct situation *situation, struct decision *out);

/* Answers that were given before; the engine's. */
struct repeats *engine_repeats(struct engine *engine);

/*
 * Whether the decision taken last came of the site and of what the situation says of who asks, not of clock
 * or chance; if so, from when until when it is the same, in seconds since the epoch, [from, until).
 */
bool engine_is_steady(const struct engine *engine, const struct situation *situation,
                      const struct decision *decision, double *from, double *until);

/* See promises_list, for the decision taken last. */
MUST_CHECK bool engine_promises(struct engine *engine, const struct decision *decision,
                                const struct promise **promises, uint32_t *count, struct error *error);

/*
 * One bounded step of cleaning up behind decisions; true while there is more. For the end of each turn of the
 * loop.
 */
bool engine_collect(struct engine *engine);

#endif
