/* limits: what counts, when a limit is reached, how long it rests, and when it lets pass again. */
#include "decide/limits.h"

#include <math.h>

#include "../cmocka_all.h"
#include "history_builder.h"
#include "random_builder.h"
#include "site_builder.h"

enum { RESERVED_MS = 300, CUSTOMERS = 1000, MOMENTS = 12, SHORTLY_MS = 15, LATEST_MS = 250 };

/* A site with one policy over the offers "a" and "b", an offer "c" without limit, and a customer. */
struct limiting {
    struct snapshot *site;
    struct limits limits;
    struct history history;
    int64_t reserved_ms; /* how long a reservation counts */
};

static void limiting_begin(struct limiting *limiting, enum limit_counts counts, uint32_t times, double within,
                           double rest)
{
    struct error error;
    struct snapshot *site = site_new_small();
    struct limit *limit = site_add_limit(site, "p", counts, times, within);
    limit->rest = rest;
    site_limit(site, site_add_offer(site, "a", 1), limit);
    site_limit(site, site_add_offer(site, "b", 1), limit);
    site_add_offer(site, "c", 1);
    site_finish(site);
    limiting->site = site;
    limiting->reserved_ms = RESERVED_MS;
    assert_true(limits_create(&limiting->limits, site, &error));
    history_create(&limiting->history);
}

static void limiting_end(struct limiting *limiting)
{
    limits_destroy(&limiting->limits);
    snapshot_free(limiting->site);
}

static void touch(struct limiting *limiting, uint32_t offer, enum touch_kind kind, int64_t at_ms)
{
    history_touch(&limiting->history, &limiting->site->offers[offer], kind, at_ms);
}

static void reserve(struct limiting *limiting, uint32_t offer, int64_t at_ms)
{
    history_reserve(&limiting->history, &limiting->site->offers[offer], at_ms);
}

static const struct limits_standing *stand(struct limiting *limiting, int64_t now_ms)
{
    limits_begin(&limiting->limits, &limiting->history.customer, now_ms, limiting->reserved_ms);
    return limits_standing(&limiting->limits, 0);
}

static void assert_passes(struct limiting *limiting, int64_t now_ms, uint32_t room)
{
    assert_int_equal(stand(limiting, now_ms)->gate, DECISION_GATE_CHOSEN);
    assert_int_equal(limits_room(&limiting->limits, 0), room);
    assert_true(limits_free_ms(&limiting->limits, 0, false) == now_ms);
}

static void assert_stops(struct limiting *limiting, int64_t now_ms, enum decision_gate gate, int64_t free_ms)
{
    assert_int_equal(stand(limiting, now_ms)->gate, gate);
    assert_int_equal(limits_room(&limiting->limits, 0), 0);
    assert_true(limits_free_ms(&limiting->limits, 0, false) == free_ms);
}

static void test_limits_pass_who_is_new(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 3, 1, 10);
    assert_passes(&limiting, 5000, 3);
    limits_begin(&limiting.limits, NULL, 5000, RESERVED_MS);
    assert_int_equal(limits_room(&limiting.limits, 0), 3);
    assert_true(limits_free_ms(&limiting.limits, 0, false) == 5000);
    limiting_end(&limiting);
}

static void test_limits_count_in_a_trailing_window(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 3, 1, 0);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    touch(&limiting, 1, TOUCH_IMPRESSION, 1500);
    assert_passes(&limiting, 1600, 1);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1700);
    assert_stops(&limiting, 1700, DECISION_GATE_LIMIT, 2000);
    assert_stops(&limiting, 1999, DECISION_GATE_LIMIT, 2000);
    assert_passes(&limiting, 2000, 1);
    assert_passes(&limiting, 2500, 2);
    assert_passes(&limiting, 2700, 3);
    assert_stops(&limiting, 1600, DECISION_GATE_LIMIT, 2000); /* the third counts as now */
    limiting_end(&limiting);
}

static void test_limits_count_one_sort_of_touch_of_their_own_offers(void **state)
{
    (void)state;
    static const enum touch_kind kinds[] = {[LIMIT_DECISIONS] = TOUCH_DECISION,
                                            [LIMIT_IMPRESSIONS] = TOUCH_IMPRESSION,
                                            [LIMIT_CLICKS] = TOUCH_CLICK,
                                            [LIMIT_DISMISSALS] = TOUCH_DISMISSAL,
                                            [LIMIT_CONVERSIONS] = TOUCH_CONVERSION};
    for (int counts = LIMIT_DECISIONS; counts <= LIMIT_CONVERSIONS; counts++)
        for (int kind = 0; kind < TOUCH_KINDS; kind++) {
            struct limiting limiting;
            limiting_begin(&limiting, (enum limit_counts)counts, 2, 1, 0);
            touch(&limiting, 0, (enum touch_kind)kind, 1000);
            touch(&limiting, 2, (enum touch_kind)kind, 1000); /* without limit */
            history_touch(&limiting.history, &(struct offer){.id = TEXT("gone")}, (enum touch_kind)kind,
                          1000);
            assert_passes(&limiting, 1100, (enum touch_kind)kind == kinds[counts] ? 1 : 2);
            limiting_end(&limiting);
        }
}

static void test_limits_count_impressions_on_their_way(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 0);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    reserve(&limiting, 1, 1200);
    reserve(&limiting, 2, 1200);
    assert_stops(&limiting, 1200, DECISION_GATE_LIMIT, 1500);
    assert_int_equal(stand(&limiting, 1499)->promised, 1);
    assert_passes(&limiting, 1500, 1); /* it is too old */
    reserve(&limiting, 0, 1900);
    reserve(&limiting, 1, 1950);
    assert_stops(&limiting, 1960, DECISION_GATE_LIMIT, 2200); /* at 2000 two are left */
    limiting_end(&limiting);
}

static void test_limits_of_anything_else_need_no_promises(void **state)
{
    (void)state;
    static const enum limit_counts counts[] = {LIMIT_DECISIONS, LIMIT_CLICKS, LIMIT_DISMISSALS};
    for (size_t i = 0; i < 3; i++) {
        struct limiting limiting;
        limiting_begin(&limiting, counts[i], 1, 1, 0);
        reserve(&limiting, 0, 1000);
        assert_passes(&limiting, 1100, 1);
        limiting_end(&limiting);
    }
}

static void test_limits_rest_from_the_touch_that_reached_them(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 3);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    assert_passes(&limiting, 1000, 1);
    touch(&limiting, 1, TOUCH_IMPRESSION, 1400);
    assert_stops(&limiting, 1400, DECISION_GATE_LIMIT, 4400);
    assert_stops(&limiting, 2000, DECISION_GATE_RESTED, 4400);
    assert_stops(&limiting, 4399, DECISION_GATE_RESTED, 4400);
    assert_passes(&limiting, 4400, 2);
    limiting_end(&limiting);
}

static void test_limits_rest_shorter_than_their_window(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_CLICKS, 2, 10, 1);
    touch(&limiting, 0, TOUCH_CLICK, 1000);
    touch(&limiting, 0, TOUCH_CLICK, 3000);
    assert_stops(&limiting, 3500, DECISION_GATE_LIMIT, 11000);
    assert_stops(&limiting, 9000, DECISION_GATE_LIMIT, 11000);
    assert_passes(&limiting, 11000, 1);
    touch(&limiting, 0, TOUCH_CLICK, 12900); /* reached again, with the one of 3000 */
    assert_stops(&limiting, 12900, DECISION_GATE_LIMIT, 13900);
    assert_stops(&limiting, 13000, DECISION_GATE_RESTED, 13900);
    limiting_end(&limiting);
}

/* A window that was full when the late one came is not filled by it. */
static void test_limits_take_no_second_rest_for_a_late_touch(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 3);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    touch(&limiting, 1, TOUCH_IMPRESSION, 1400);
    touch(&limiting, 1, TOUCH_IMPRESSION, 1800);
    assert_stops(&limiting, 2500, DECISION_GATE_RESTED, 4400);
    touch(&limiting, 1, TOUCH_IMPRESSION, 2900); /* alone in its window */
    assert_stops(&limiting, 3000, DECISION_GATE_RESTED, 4400);
    touch(&limiting, 1, TOUCH_IMPRESSION, 3500); /* the second in its window */
    assert_stops(&limiting, 3500, DECISION_GATE_LIMIT, 6500);
    assert_stops(&limiting, 4450, DECISION_GATE_RESTED, 6500);
    limiting_end(&limiting);
}

static void test_limits_do_not_mind_the_order_of_being_told(void **state)
{
    (void)state;
    static const int64_t moments[] = {3500, 1400, 2900, 1000, 1800};
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 3);
    for (size_t i = 0; i < 5; i++)
        touch(&limiting, i % 2, TOUCH_IMPRESSION, moments[i]);
    assert_stops(&limiting, 3600, DECISION_GATE_LIMIT, 6500);
    assert_stops(&limiting, 4450, DECISION_GATE_RESTED, 6500);
    limiting_end(&limiting);
}

static void test_limits_of_one_moment_count_each(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 3);
    for (int i = 0; i < 5; i++)
        touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    assert_int_equal(stand(&limiting, 1000)->used, 5);
    assert_stops(&limiting, 2000, DECISION_GATE_RESTED, 4000);
    limiting_end(&limiting);
}

static void test_limits_without_a_window_never_let_go(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_DISMISSALS, 2, INFINITY, 0);
    touch(&limiting, 0, TOUCH_DISMISSAL, 1000);
    assert_passes(&limiting, 1000, 1);
    touch(&limiting, 1, TOUCH_DISMISSAL, 2000);
    assert_stops(&limiting, INT64_C(1) << 42, DECISION_GATE_LIMIT, INT64_MAX);
    limiting_end(&limiting);
}

static void test_limits_without_a_window_count_anew_behind_a_rest(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_DISMISSALS, 2, INFINITY, 3);
    touch(&limiting, 0, TOUCH_DISMISSAL, 1000);
    assert_passes(&limiting, INT64_C(1) << 42, 1);
    touch(&limiting, 1, TOUCH_DISMISSAL, 50000);
    assert_stops(&limiting, 50000, DECISION_GATE_RESTED, 53000);
    touch(&limiting, 1, TOUCH_DISMISSAL, 52999); /* late: the rest neither begins anew nor counts it */
    assert_stops(&limiting, 52999, DECISION_GATE_RESTED, 53000);
    assert_passes(&limiting, 53000, 2);
    touch(&limiting, 1, TOUCH_DISMISSAL, 53000);
    assert_passes(&limiting, 53000, 1);
    touch(&limiting, 0, TOUCH_DISMISSAL, 54000);
    assert_stops(&limiting, 54000, DECISION_GATE_RESTED, 57000);
    assert_passes(&limiting, 57000, 2);
    limiting_end(&limiting);
}

static void test_limits_without_a_window_rest_behind_what_is_promised(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, INFINITY, 3);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    reserve(&limiting, 0, 2000);
    assert_stops(&limiting, 2000, DECISION_GATE_LIMIT, 2000 + RESERVED_MS);
    assert_passes(&limiting, 2000 + RESERVED_MS, 1);
    limiting_end(&limiting);
}

/* What has no moment left was counted from rest to rest. */
static void test_limits_count_anew_behind_what_has_no_moment_left(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_DISMISSALS, 3, INFINITY, 3);
    touch(&limiting, 0, TOUCH_DISMISSAL, 90000);
    limiting.history.offers[0].counts[TOUCH_DISMISSAL] = 8; /* 3, 3, 1 and the one known */
    assert_passes(&limiting, 90000, 1);
    touch(&limiting, 0, TOUCH_DISMISSAL, 91000);
    assert_stops(&limiting, 91000, DECISION_GATE_RESTED, 94000);
    assert_passes(&limiting, 94000, 3);
    limiting_end(&limiting);
}

/* As if others had at this moment all that is left: promised, or decided. */
static void test_limits_say_when_what_others_take_is_free_again(void **state)
{
    (void)state;
    static const struct {
        enum limit_counts counts;
        double within, rest;
        int64_t free_ms; /* with one touch at 1000, at 1400 */
    } takings[] = {{LIMIT_IMPRESSIONS, 1, 0, 1400 + RESERVED_MS},
                   {LIMIT_IMPRESSIONS, 0.5, 9, 1500},
                   {LIMIT_IMPRESSIONS, INFINITY, 0, 1400 + RESERVED_MS},
                   {LIMIT_DECISIONS, 1, 0, 2000},
                   {LIMIT_DECISIONS, 0.1, 0, 1500},
                   {LIMIT_DECISIONS, 1, 9, 10400},
                   {LIMIT_DECISIONS, INFINITY, 0, INT64_MAX},
                   {LIMIT_DECISIONS, INFINITY, 9, 10400}};
    for (size_t i = 0; i < sizeof takings / sizeof *takings; i++) {
        struct limiting limiting;
        limiting_begin(&limiting, takings[i].counts, 3, takings[i].within, takings[i].rest);
        touch(&limiting, 0, takings[i].counts == LIMIT_DECISIONS ? TOUCH_DECISION : TOUCH_IMPRESSION, 1000);
        stand(&limiting, 1400);
        assert_int_equal(limits_open(&limiting.limits, 0), takings[i].within < 0.4 ? 3 : 2);
        assert_true(limits_free_ms(&limiting.limits, 0, true) == takings[i].free_ms);
        assert_true(limits_free_ms(&limiting.limits, 0, false) == 1400);
        limiting_end(&limiting);
    }
}

/* Moments are forgotten in time, how many there were is not. */
static void test_limits_without_a_window_count_what_has_no_moment_left(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_DISMISSALS, 5, INFINITY, 0);
    touch(&limiting, 0, TOUCH_DISMISSAL, 3000);
    limiting.history.offers[0].counts[TOUCH_DISMISSAL] = 4;
    assert_passes(&limiting, 3000, 1);
    limiting.history.offers[0].counts[TOUCH_DISMISSAL] = 5;
    assert_stops(&limiting, 3000, DECISION_GATE_LIMIT, INT64_MAX);
    limiting_end(&limiting);
}

static void test_limits_take_within_a_decision(void **state)
{
    (void)state;
    struct limiting limiting;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 3, 1, 0);
    touch(&limiting, 0, TOUCH_IMPRESSION, 1000);
    stand(&limiting, 1100);
    limits_standing(&limiting.limits, 0)->taken = 1;
    assert_int_equal(limits_room(&limiting.limits, 0), 1);
    limits_standing(&limiting.limits, 0)->taken = 2;
    assert_int_equal(limits_room(&limiting.limits, 0), 0);
    assert_passes(&limiting, 1100, 2); /* forgotten by the next one */
    limiting_end(&limiting);
}

/* As the store has it: told out of order, written and read again. */
static void test_limits_read_what_was_kept(void **state)
{
    (void)state;
    static const int64_t moments[] = {1400, 3500, 1000};
    struct limiting limiting;
    struct customer customer, kept;
    struct arena arena;
    struct buffer record;
    struct error error;
    limiting_begin(&limiting, LIMIT_IMPRESSIONS, 2, 1, 3);
    arena_create(&arena, 4096);
    buffer_create(&record);
    customer_create(&customer, &arena, TEXT("ana"), 1000);
    for (size_t i = 0; i < 3; i++)
        assert_true(customer_add_touch(&customer, i == 0 ? TEXT("b") : TEXT("a"), TEXT("guide"),
                                       TOUCH_IMPRESSION, moments[i]));
    assert_true(customer_add_reservation(&customer, 7, TEXT("b"), TEXT("guide"), 4390));
    customer_encode(&customer, &record);
    assert_true(customer_decode(&kept, &arena, (struct text){record.bytes, record.length}, &error));
    limits_begin(&limiting.limits, &kept, 4390, RESERVED_MS);
    assert_int_equal(limits_standing(&limiting.limits, 0)->gate, DECISION_GATE_LIMIT);
    assert_int_equal(limits_standing(&limiting.limits, 0)->used, 1);
    assert_true(limits_free_ms(&limiting.limits, 0, false) == 4500);
    assert_true(customer_take_reservation(&kept, 7, TEXT("b")));
    limits_begin(&limiting.limits, &kept, 4390, RESERVED_MS);
    assert_int_equal(limits_standing(&limiting.limits, 0)->gate, DECISION_GATE_RESTED);
    assert_true(limits_free_ms(&limiting.limits, 0, false) == 4400);
    buffer_destroy(&record);
    arena_destroy(&arena);
    limiting_end(&limiting);
}

/* ---- Against a plain reading of the rules ---- */

struct plain {
    int64_t touches[HISTORY_MOST]; /* in the order of their being told */
    int64_t reservations[HISTORY_MOST];
    uint32_t touch_count, reservation_count;
};

/* Without a window: since the last rest, which ends at `rests_until`. */
static uint32_t plain_anew(const struct plain *plain, const struct limit *limit, int64_t at_ms,
                           int64_t *rests_until)
{
    uint32_t count = 0;
    *rests_until = 0;
    for (int64_t now = 0; now <= at_ms; now++)
        for (uint32_t i = 0; i < plain->touch_count; i++) {
            if (plain->touches[i] != now || now < *rests_until || ++count < limit->times)
                continue;
            *rests_until = now + llround(limit->rest * 1000);
            count = 0;
        }
    return count;
}

static bool is_anew(const struct limit *limit)
{
    return isinf(limit->within) && limit->rest > 0;
}

static uint32_t plain_count(const struct plain *plain, const struct limit *limit, int64_t at_ms)
{
    uint32_t count = 0;
    int64_t rests_until;
    if (is_anew(limit))
        return plain_anew(plain, limit, at_ms, &rests_until);
    for (uint32_t i = 0; i < plain->touch_count; i++)
        count += plain->touches[i] <= at_ms &&
                 (isinf(limit->within) || at_ms - plain->touches[i] < llround(limit->within * 1000));
    return count;
}

static uint32_t plain_promised(const struct plain *plain, int64_t at_ms)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plain->reservation_count; i++)
        count += plain->reservations[i] <= at_ms && at_ms < plain->reservations[i] + SHORTLY_MS;
    return count;
}

/*
 * Walks through every millisecond up to `at_ms`. Was there room before what happened at that moment, and none
 * afterwards, then the limit was reached.
 */
static int64_t plain_rest_end(const struct plain *plain, const struct limit *limit, int64_t at_ms)
{
    int64_t rests_until = 0;
    if (is_anew(limit)) {
        plain_anew(plain, limit, at_ms, &rests_until);
        return rests_until;
    }
    for (int64_t now = 0; now <= at_ms; now++) {
        uint32_t here = 0;
        for (uint32_t i = 0; i < plain->touch_count; i++)
            here += plain->touches[i] == now;
        uint32_t after = here > 0 ? plain_count(plain, limit, now) : 0;
        if (here > 0 && after - here < limit->times && after >= limit->times)
            rests_until = now + llround(limit->rest * 1000);
    }
    return rests_until;
}

/* The history of `now_ms`, when what came later counts as of that moment, as it stands at `at_ms`. */
static enum decision_gate plain_gate(const struct plain *plain, const struct limit *limit, int64_t now_ms,
                                     int64_t at_ms)
{
    struct plain past = *plain;
    for (uint32_t i = 0; i < plain->touch_count; i++)
        past.touches[i] = plain->touches[i] < now_ms ? plain->touches[i] : now_ms;
    for (uint32_t i = 0; i < plain->reservation_count; i++)
        past.reservations[i] = plain->reservations[i] < now_ms ? plain->reservations[i] : now_ms;
    if (plain_count(&past, limit, at_ms) + plain_promised(&past, at_ms) >= limit->times)
        return DECISION_GATE_LIMIT;
    return at_ms < plain_rest_end(&past, limit, now_ms) ? DECISION_GATE_RESTED : DECISION_GATE_CHOSEN;
}

static int64_t plain_free(const struct plain *plain, const struct limit *limit, int64_t now_ms)
{
    int64_t at_ms = now_ms;
    while (at_ms <= LATEST_MS && plain_gate(plain, limit, now_ms, at_ms) != DECISION_GATE_CHOSEN)
        at_ms++;
    return at_ms <= LATEST_MS ? at_ms : INT64_MAX;
}

static void live_at_random(struct limiting *limiting, struct plain *plain, struct random_state *random)
{
    uint32_t touches = random_pick(random, 25), reservations = random_pick(random, 4);
    plain->touch_count = plain->reservation_count = 0;
    for (uint32_t i = 0; i < touches; i++) {
        int64_t at_ms = random_pick(random, 80);
        touch(limiting, random_pick(random, 2), TOUCH_IMPRESSION, at_ms);
        touch(limiting, 2, TOUCH_IMPRESSION, random_pick(random, 80));
        plain->touches[plain->touch_count++] = at_ms;
    }
    for (uint32_t i = 0; i < reservations; i++) {
        int64_t at_ms = random_pick(random, 80);
        reserve(limiting, random_pick(random, 2), at_ms);
        plain->reservations[plain->reservation_count++] = at_ms;
    }
}

static void test_limits_agree_with_a_plain_reading(void **state)
{
    (void)state;
    struct random_state random = {49};
    uint32_t stopped[DECISION_GATE_EXCLUDED] = {0};
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        struct limiting limiting;
        struct plain plain;
        limiting_begin(&limiting, LIMIT_IMPRESSIONS, 1 + random_pick(&random, 4),
                       i % 10 == 0 ? INFINITY : 0.001 * (1 + random_pick(&random, 30)),
                       0.001 * random_pick(&random, 100));
        const struct limit *limit = &limiting.site->limits[0];
        limiting.reserved_ms = SHORTLY_MS;
        live_at_random(&limiting, &plain, &random);
        for (uint32_t j = 0; j < MOMENTS; j++) {
            int64_t now_ms = 40 + random_pick(&random, 80);
            const struct limits_standing *standing = stand(&limiting, now_ms);
            assert_int_equal(standing->gate, plain_gate(&plain, limit, now_ms, now_ms));
            assert_true(limits_free_ms(&limiting.limits, 0, false) == plain_free(&plain, limit, now_ms));
            stopped[standing->gate]++;
        }
        limiting_end(&limiting);
    }
    assert_true(stopped[DECISION_GATE_CHOSEN] > 1000 && stopped[DECISION_GATE_LIMIT] > 1000 &&
                stopped[DECISION_GATE_RESTED] > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_pass_who_is_new),
        cmocka_unit_test(test_limits_count_in_a_trailing_window),
        cmocka_unit_test(test_limits_count_one_sort_of_touch_of_their_own_offers),
        cmocka_unit_test(test_limits_count_impressions_on_their_way),
        cmocka_unit_test(test_limits_of_anything_else_need_no_promises),
        cmocka_unit_test(test_limits_rest_from_the_touch_that_reached_them),
        cmocka_unit_test(test_limits_rest_shorter_than_their_window),
        cmocka_unit_test(test_limits_take_no_second_rest_for_a_late_touch),
        cmocka_unit_test(test_limits_do_not_mind_the_order_of_being_told),
        cmocka_unit_test(test_limits_of_one_moment_count_each),
        cmocka_unit_test(test_limits_without_a_window_never_let_go),
        cmocka_unit_test(test_limits_without_a_window_count_anew_behind_a_rest),
        cmocka_unit_test(test_limits_without_a_window_rest_behind_what_is_promised),
        cmocka_unit_test(test_limits_count_anew_behind_what_has_no_moment_left),
        cmocka_unit_test(test_limits_say_when_what_others_take_is_free_again),
        cmocka_unit_test(test_limits_without_a_window_count_what_has_no_moment_left),
        cmocka_unit_test(test_limits_take_within_a_decision),
        cmocka_unit_test(test_limits_read_what_was_kept),
        cmocka_unit_test(test_limits_agree_with_a_plain_reading),
    };
    return cmocka_run_group_tests_name("decide/limits", tests, NULL, NULL);
}
