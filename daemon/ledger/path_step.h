/* The single steps that moving customers is made of: entering, leaving, passing over. Part of path. */
#ifndef SENDA_LEDGER_PATH_STEP_H
#define SENDA_LEDGER_PATH_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/path.h"

/* Where a customer stands on one journey of the site. */
struct path_standing {
    uint32_t journey;  /* number */
    uint32_t row;      /* position in customer.journeys; UINT32_MAX: not on it */
    uint32_t stage;    /* number; SNAPSHOT_NONE: not on it, or the site no longer has that stage */
    int64_t position;  /* of the stage in its journey; -1 without one */
    int64_t floor_ms;  /* events before that say nothing against this place; INT64_MIN: all do */
    int64_t signed_ms; /* last sign of life here; of no meaning where not on it */
    int64_t silent_ms; /* when silence ends the stay; INT64_MAX: never */
};

/* Seconds, also INFINITY, as milliseconds. */
int64_t path_milliseconds(double seconds);

struct path_standing path_stand(const struct snapshot *site, const struct customer *customer,
                                uint32_t journey);

/* False for stages that cannot be entered any more: their rules are not counted. */
bool path_is_in_reach(const struct path_standing *standing, const struct stage *stage);

/* The number of the stage on a journey; SNAPSHOT_NONE where the site has no such name. */
uint32_t path_find_stage(const struct snapshot *site, uint32_t journey, struct text name);

/* When the customer last left a stage, or passed it over; INT64_MIN: they never did. */
int64_t path_left_ms(const struct snapshot *site, const struct customer *customer, uint32_t stage);

/*
 * Gives up the place on another journey that is oldest where a customer can have no more of them: it counts
 * as dropped. Positions in customer.journeys change.
 */
void path_make_room(const struct path *path, struct customer *customer);

/* Enters a stage, counted on the day of that moment. Leaving the one before is the caller's. */
MUST_CHECK bool path_enter(const struct path *path, struct customer *customer,
                           const struct path_standing *standing, uint32_t stage, int64_t at_ms);

/* Enters the stage where the place is already, also one that the site no longer has. */
void path_enter_again(const struct path *path, struct customer_journey *place, int64_t at_ms);

/* Leaves where they stand, if anywhere, for `stage`, noting what they passed over, and enters that. */
MUST_CHECK bool path_move(const struct path *path, struct customer *customer,
                          const struct path_standing *standing, uint32_t stage, enum funnel_move leaving,
                          int64_t at_ms);

/* Counts a place as dropped, or takes that back. */
void path_drop(const struct path *path, struct customer_journey *place);
void path_undrop(const struct path *path, struct customer_journey *place);

/* Notes that a stage was left; an earlier moment than one known changes nothing. */
MUST_CHECK bool path_note_left(struct customer *customer, struct text journey, struct text stage,
                               int64_t left_ms);

#endif
