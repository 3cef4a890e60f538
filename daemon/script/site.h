/*
 * A site's Lua: loading it into a snapshot, and asking its strategies and personas while deciding.
 *
 * Everything that touches the Lua state is behind this header; no call can raise.
 */
#ifndef SENDA_SCRIPT_SITE_H
#define SENDA_SCRIPT_SITE_H

#include "base/metrics.h"
#include "catalogue/bundle.h"
#include "catalogue/problems.h"
#include "decide/hooks.h"
#include "decide/situation.h"
#include "script/trail.h"

struct script_site;   /* Lua state with the functions that a loaded site left behind */
struct script_loader; /* loading in steps */

struct deadline; /* script/deadline.h: one for each process that runs scripts */

struct script_options {
    struct deadline *deadline; /* of this process; borrowed */
    uint32_t deadline_ms;      /* for all functions called in one decision */
    size_t script_memory;      /* bytes beyond what the loaded site holds */
    size_t load_memory;        /* bytes for Lua while it loads */
    size_t memo_memory;        /* bytes of remembered results of scripts; 0: none are remembered */
    uint32_t file_ms;          /* that one file may run while it loads; 0: the default, which is the most */
    struct metrics_slot *metrics; /* of this process; borrowed */
};

enum script_step { SCRIPT_MORE, SCRIPT_LOADED, SCRIPT_REFUSED };

/* Borrows bundle, directory name, problems and snapshot until freed; fills the latter two. */
struct script_loader *script_loader_new(const struct bundle *bundle, const char *directory,
                                        const struct script_options *options, struct snapshot *snapshot,
                                        struct problems *problems, struct error *error);
enum script_step script_loader_step(struct script_loader *loader);

/* The site's functions, owned by the caller; the loader is freed. Only after SCRIPT_LOADED. */
struct script_site *script_loader_finish(struct script_loader *loader);
void script_loader_free(struct script_loader *loader);

void script_site_free(struct script_site *site);

/* One decision: everything between begin and end sees this situation and shares one deadline. */
void script_site_begin(struct script_site *site, const struct situation *situation);
void script_site_end(struct script_site *site);

/* The first persona whose match function says yes, or SNAPSHOT_NONE. */
uint32_t script_site_match_persona(struct script_site *site);

/* The strategies' functions for decider_create. */
struct hooks script_site_hooks(struct script_site *site);

/*
 * One bounded step of collecting what decisions left behind; true while there is more to do. For the time
 * between decisions.
 */
bool script_site_collect(struct script_site *site);

/* What the last decision asked; until the next one. */
const struct script_trail *script_site_trail(const struct script_site *site);

/* Counts what is said again without asking as answers of those who said it. */
void script_site_add_answers(struct script_site *site, const struct script_trail *trail);

/* What went wrong in the last decision; its texts live until the next one. */
struct script_failure {
    const char *strategy;  /* name of the strategy or persona */
    const char *message;   /* file, line and reason; may quote what was told of a customer */
    const char *in_public; /* the same without that, as in the log */
    uint32_t times;        /* that its function failed since the load */
    uint32_t ms;           /* that the decision spent in scripts */
    size_t bytes;          /* that they took at most */
    bool set_aside;        /* it failed once too often and is left alone until the next load */
};

/* Functions that failed in it, and each of them in order, from 0. */
uint32_t script_site_failure_count(const struct script_site *site);
struct script_failure script_site_failure(const struct script_site *site, uint32_t number);

/* Functions that failed too often (see strikes.h) and are left alone until the next load. The number of one
 * is its strategy's; those of personas come behind. */
uint32_t script_site_set_aside_count(const struct script_site *site);
bool script_site_is_set_aside(const struct script_site *site, uint32_t function);

/* File, line and reason, without what customers told, of the failure that was once too often; "" where it is
 * not set aside. */
const char *script_site_why_set_aside(const struct script_site *site, uint32_t function);

#endif
