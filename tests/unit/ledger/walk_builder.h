/*
 * Customers on the journeys of a small site, with a funnel that counts them: what tests of path begin from.
 *
 *     walk (default)  start   silent after 30 days
 *                     look    on view, on peek of section "shop"; comes back after 10 days; silent after 20
 *                     choose  on cart, on price twice within 7 days; comes back after 5 days; silent after 10
 *                     buy     on purchase
 *                     stay    on purchase twice within 100 days, on review with rating 5; silent after 40;
 *                             also called "quedarse"
 *     club            join    on sign_up; silent after 50 days
 *                     member  on pay
 */
#ifndef SENDA_TESTS_LEDGER_WALK_BUILDER_H
#define SENDA_TESTS_LEDGER_WALK_BUILDER_H

#include "ledger/path.h"

enum { WALK_HOUR = 60 * 60 * 1000, WALK_DAY = 24 * WALK_HOUR };

/* Midnight in UTC that many days after the first of January 2026, in milliseconds. */
int64_t walk_day(double days);

/* That day's name: yyyymmdd. */
uint32_t walk_name(int days);

struct snapshot *walk_site(void);

/*
 * The same site later on: choose is gone, stay is called "remain" and answers to its old name as well, and
 * there is no club. Hashes of rules that stay are the same.
 */
struct snapshot *walk_site_later(void);

struct walk {
    struct snapshot *site;         /* owned */
    struct day_calendar *calendar; /* owned */
    struct funnel funnel;          /* one batch that never ends */
    struct path path;              /* of the above */
    struct arena arena;            /* of the customer */
    struct customer customer;      /* not on any journey yet */
};

/* Test fixture: *state is a struct walk. */
int walk_setup(void **state);
int walk_teardown(void **state);

/* The customer does something, that many days after the first of January. */
struct path_outcome walk_event(struct walk *walk, const char *name, double days);

/* The same with a MessagePack map of properties. */
struct path_outcome walk_event_with(struct walk *walk, const char *name, double days, struct text properties);

/* The stage on the journey, with "-" behind it where dropped; "(none)" nowhere. Lives until the next call. */
const char *walk_stage(const struct walk *walk, const struct customer *customer, const char *journey);

/* "entered/advanced/dropped" of a stage on all days, or on one (0: all). Lives until the next call. */
const char *walk_moves(struct walk *walk, const char *journey, const char *stage, uint32_t day);

/* Every row that the funnel holds. */
typedef void (*walk_row_cb)(void *context, const struct funnel_row *row);
void walk_rows(struct funnel *funnel, walk_row_cb row, void *context);

#endif
