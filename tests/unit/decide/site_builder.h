/*
 * Sites made by hand, as the loader would fill them in. Things are numbered in the order of their being
 * added; locales come first, because every text has one place for each.
 */
#ifndef SENDA_TESTS_DECIDE_SITE_BUILDER_H
#define SENDA_TESTS_DECIDE_SITE_BUILDER_H

#include "catalogue/snapshot.h"

enum { SITE_MOST_OFFERS = 400, SITE_MOST = 64 }; /* things of one sort */

/* Empty, with room for everything; freed with snapshot_free. */
struct snapshot *site_new(void);

/* One locale (es), kind (guide), journey (walk), stage (start) and placement (hero, two slots). */
struct snapshot *site_new_small(void);

uint32_t site_add_locale(struct snapshot *site, const char *name);
uint32_t site_add_consent(struct snapshot *site, const char *name);
uint32_t site_add_kind(struct snapshot *site, const char *name, double weight);
uint32_t site_add_persona(struct snapshot *site, const char *name);

/* Stages added behind it are its own. Its texts fall back to the first locale. */
struct journey *site_add_journey(struct snapshot *site, const char *name);
struct stage *site_add_stage(struct snapshot *site, const char *name);
struct placement *site_add_placement(struct snapshot *site, const char *name, uint32_t count);

/* Of the first kind, worth `value`, with a title in every locale and no restriction. */
struct offer *site_add_offer(struct snapshot *site, const char *id, double value);

/* A policy's limit, of `times` in `within` seconds, without rest; of no offer yet. */
struct limit *site_add_limit(struct snapshot *site, const char *name, enum limit_counts counts,
                             uint32_t times, double within);

/* Puts the offer under the limit. */
void site_limit(struct snapshot *site, struct offer *offer, const struct limit *limit);

/* For every stage and placement, without functions. */
struct strategy *site_add_strategy(struct snapshot *site, const char *name);

/* The number of something that an add function returned. */
#define site_number(site, array, thing) ((uint32_t)((thing) - (site)->array))

/* A list that restricts to these numbers. */
struct number_list site_list(struct snapshot *site, uint32_t count, ...);

/* One text for each locale of the site; NULL: none there. */
struct localized site_texts(struct snapshot *site, ...);
struct text site_text(struct snapshot *site, const char *text);

/* All of finishing.h, piece by piece, which has to succeed. */
void site_finish(struct snapshot *site);

#endif
