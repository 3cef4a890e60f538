/*
 * The site as one immutable snapshot: what marketers declared, resolved to numbers, with the candidate index.
 *
 * Filled in by the loader (one writer), then finished once; from then on nobody changes it. All memory is the
 * snapshot's arena. Numbers of things (stages, kinds, offers …) are positions in the arrays below, in the
 * order in which they were declared.
 */
#ifndef SENDA_CATALOGUE_SNAPSHOT_H
#define SENDA_CATALOGUE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "catalogue/problems.h"
#include "catalogue/symbols.h"

enum { SNAPSHOT_NONE = UINT32_MAX }; /* "no such thing" where a number is due */

/* A list of numbers; `restricts` false means that the author left the field out: everything fits. */
struct number_list {
    const uint32_t *numbers; /* count of them, borrowed from the arena */
    uint32_t count;
    bool restricts;
};

/* One text in several languages: site's locale number → text, no bytes where it is missing. */
struct localized {
    const struct text *by_locale; /* snapshot.locale_count of them; NULL: no text at all */
};

/* What a limit counts of one customer. */
enum limit_counts { LIMIT_DECISIONS, LIMIT_IMPRESSIONS, LIMIT_CLICKS, LIMIT_DISMISSALS, LIMIT_CONVERSIONS };

/* How often one customer may get one offer, or all offers of a policy together. */
struct limit {
    struct text name; /* the policy's, or the offer's id */
    bool policy;      /* it is a policy's */
    enum limit_counts counts;
    uint32_t times;
    double within;             /* seconds of the trailing window; INFINITY: for ever */
    double rest;               /* seconds of rest after it was reached; 0: none */
    uint64_t hash;             /* of its name: the same in every process */
    struct number_list offers; /* numbers of those that it is about; made by finishing.h */
};

/* One condition of a rule: the event says `key`, with just this value. */
struct rule_where {
    struct text key;
    struct text value; /* one MessagePack value: text, number or bool */
};

/* An event that brings customers into a stage. */
struct enter_rule {
    struct text event;
    const struct rule_where *where;
    uint32_t where_count;
    uint32_t times; /* how often it must happen, 1 or more */
    double within;  /* seconds in which it must happen that often; INFINITY: no matter when */
    uint64_t hash;  /* of journey, stage and what the rule says: the same as long as it says the same */
};

struct kind {
    struct text name;
    double weight; /* lever in percent */
};

struct stage {
    struct text name;
    uint32_t journey;           /* number */
    uint32_t position;          /* 0 is the journey's first */
    const struct text *aliases; /* other names that it answers to */
    uint32_t alias_count;
    struct number_list kinds;       /* kinds that fit */
    bool wants_no_offer;            /* the answer is empty, with the reason below */
    struct localized no_offer;      /* that reason; may be NULL */
    const struct enter_rule *enter; /* any one of them brings a customer here */
    uint32_t enter_count;
    bool re_enters;     /* customers may come back here */
    double cool_down;   /* seconds after leaving, before they may */
    double leave_after; /* seconds of silence that count as dropped; 0: never */
    struct text map;    /* the journey map's rows, as one MessagePack map */
};

struct journey {
    struct text name;
    uint32_t first_stage, stage_count; /* stages[first_stage …] */
    uint32_t locale;                   /* number of the locale that texts fall back to */
    double weight;                     /* lever in percent */
    struct text map;                   /* the journey map's rows, as one MessagePack map */
};

struct persona {
    struct text name;
    struct text map; /* what is known of it, as one MessagePack map */
    bool matches;    /* has a match function */
    struct text file;
    uint32_t line;
};

struct placement {
    struct text name;
    uint32_t count; /* slots */
    struct number_list kinds;
    struct number_list fallback; /* offers, best first */
};

struct offer {
    struct text id;
    uint32_t kind;
    struct localized titles, urls;
    struct number_list stages, personas, placements;
    struct number_list locales; /* numbers of locales */
    struct number_list tags;
    const struct text *answers; /* frictions that it answers */
    uint32_t answer_count;
    double value, weight;   /* worth of one conversion; lever in percent */
    double starts, ends;    /* seconds since the epoch, [starts, ends); -INFINITY and INFINITY if open */
    uint32_t consent;       /* number of the consent that it needs, or SNAPSHOT_NONE */
    bool stocked;           /* there is an end of it */
    uint64_t stock;         /* how many there are in all, where stocked */
    const uint32_t *limits; /* numbers of the limits that it is under, its own and policies' */
    uint32_t limit_count;
    struct text data;         /* free fields as one MessagePack map */
    const struct text *items; /* by locale: the part of a reply that never changes, see item.h */
};

enum explore { EXPLORE_NONE, EXPLORE_THOMPSON, EXPLORE_LINEAR };

struct strategy {
    struct text name;
    struct number_list stages, placements;
    bool has_when, has_eligible, has_score;
    enum explore explore;
    struct localized because; /* the author's reason; may be NULL */
    struct text file;         /* where it is declared */
    uint32_t line;
};

/* A marketer's test: a request, and what its answer should be. Read by `sendactl test` alone. */
struct site_test {
    struct text name;
    struct text placement;
    struct text given;   /* arguments of recommend, as one MessagePack map */
    struct text history; /* what was done and seen, and how many seconds ago, as one MessagePack map */
    struct text expect;  /* what the author wrote, as one MessagePack map */
    double now;          /* seconds since the epoch; NAN: the time of the run */
    uint32_t count;      /* slots; 0: the placement's */
    struct text file;    /* where it is declared */
    uint32_t line;
};

struct cell;

struct snapshot {
    struct arena arena;
    char version[40]; /* of the whole site's content, hex, NUL-terminated */
    struct text name;
    uint32_t default_journey;
    struct text *locales;
    uint32_t locale_count;
    struct text *consents;
    uint32_t consent_count;
    struct text *tags;
    uint32_t tag_count;
    struct kind *kinds;
    uint32_t kind_count;
    struct journey *journeys;
    uint32_t journey_count;
    struct stage *stages;
    uint32_t stage_count;
    struct persona *personas;
    uint32_t persona_count;
    struct placement *placements;
    uint32_t placement_count;
    struct limit *limits; /* of policies first, then of offers, as declared */
    uint32_t limit_count;
    struct text time_zone; /* name such as "Europe/Madrid": where a day begins */
    struct offer *offers;
    uint32_t offer_count;
    struct strategy *strategies;
    uint32_t strategy_count;
    struct site_test *tests;
    uint32_t test_count;
    /* Made by finishing.h. */
    bool indexed; /* its index is being built, or is */
    struct symbols journey_names, persona_names, placement_names, offer_names;
    struct symbols *stage_names; /* one for each journey, aliases included */
    struct cell *cells;          /* placement × stage_count + stage */
};

/* Empty, with its arena; NULL when memory is out. */
struct snapshot *snapshot_new(void);
void snapshot_free(struct snapshot *snapshot);

/* Bytes that all of it may take; to be said while it is empty. Otherwise it may take what there is. */
void snapshot_limit_memory(struct snapshot *snapshot, size_t bytes);

/* Adds the problem because of which it can't be made: that it is larger than it may be, if so, else
 * `message`.
 */
void snapshot_refuse(const struct snapshot *snapshot, const char *message, struct problems *problems);

/* The site's locale for a language tag, in whatever case: exactly, or by its language ("es-MX" → "es");
 * SNAPSHOT_NONE. */
uint32_t snapshot_find_locale(const struct snapshot *snapshot, struct text tag);

/* The text in `locale`, else in `otherwise`; no bytes where there is none. */
struct text localized_get(struct localized localized, uint32_t locale, uint32_t otherwise);

/* False where the list restricts and `number` is not in it. */
bool number_list_takes(const struct number_list *list, uint32_t number);

#endif
