/*
 * A site made of texts, loaded into an engine, with what it is asked and what it decided. Files that are not
 * given are those of a small site of the builder's own, see served_base.
 */
#ifndef SENDA_TESTS_SCRIPT_SERVED_BUILDER_H
#define SENDA_TESTS_SCRIPT_SERVED_BUILDER_H

#include <msgpack/zone.h>

#include "catalogue/bundle.h"
#include "catalogue/problems.h"
#include "flow/engine.h"
#include "script/site.h"

struct served_file {
    const char *path, *text; /* a NULL text leaves the base's file of this path out */
};

/*
 * What a site has unless a test gives files of the same path: the journeys "road" (stages first, second,
 * third) and "other" (first), two locales (en, es), the placements "hero" (2 slots) and "side" (4), the
 * personas "buyer" and "dreamer" without functions, the offers "a" … "h" and "house", the fallback; no
 * strategy. See the definition for what the offers have.
 */
extern const struct served_file served_base[];

/* The site's files, the base's included; the caller unmaps it. */
struct bundle *site_of_texts(const struct served_file *files, size_t count);

/* Deadline of this process, roomy limits, a slot of metrics, nothing remembered. */
struct engine_options served_options(void);

struct served {
    struct bundle *bundle;      /* owned */
    struct engine *engine;      /* owned; NULL: refused */
    struct problems problems;   /* why, or warnings */
    struct error error;         /* of loading */
    struct metrics_slot *slot;  /* borrowed */
    msgpack_zone *zone;         /* owned; where maps live */
    struct situation situation; /* hero, road, first, en; 2 slots; nothing else known */
    struct decision decision;   /* the last one */
};

/* Loads; the test fails where the site is refused. */
void served_begin(struct served *served, const struct engine_options *options,
                  const struct served_file *files, size_t count);

/* Loads what must be refused: served->engine is NULL and served->problems say why. */
void served_begin_refused(struct served *served, const struct engine_options *options,
                          const struct served_file *files, size_t count);

/* One file strategies/s.lua over the base, default options. */
void served_begin_strategy(struct served *served, const char *strategy);
void served_end(struct served *served);

const struct decision *served_decide(struct served *served);

/* The ids of what was chosen, in order, separated by spaces. Lives until the next call. */
const char *served_items(const struct served *served);

/* Why the first item was chosen: NUL-terminated, "(none)" where it says nothing. Until the next call. */
const char *served_reason(const struct served *served);

/* What went wrong in the last decision, as "name: message | name: message"; "" where nothing did. Until the
 * next call. */
const char *served_failure(const struct served *served);

/* The table that a Lua expression gives, as a map of a request; lives as long as served. */
const msgpack_object *served_map(struct served *served, const char *expression);

/* Bytes that scripts and what is remembered of them hold after the last decision. */
size_t served_memory(const struct served *served);

/* All problems as text; the caller frees. */
char *served_problems(const struct served *served);

#endif
