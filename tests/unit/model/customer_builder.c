/* Making customers for tests; see customer_builder.h. */
#include "../cmocka_all.h"

#include "customer_builder.h"

#include <stdio.h>
#include <stdlib.h>

struct text builder_name(struct arena *arena, const char *name, unsigned number)
{
    char text[300];
    int length = snprintf(text, sizeof text, "%s-%u", name, number);
    const char *copy = arena_copy(arena, text, (size_t)length);
    assert_non_null(copy);
    return (struct text){copy, (size_t)length};
}

static void add_journey(struct customer *customer, struct text name, struct text stage, int64_t since_ms)
{
    struct customer_journey *journey = customer_new_journey(customer, name);
    assert_non_null(journey);
    journey->stage = stage;
    journey->since_ms = since_ms;
    journey->active_ms = BUILDER_NOW - 5;
    journey->entered_day = 20260901;
    journey->fixed = true;
    struct customer_visit *visit = customer_new_visit(customer, name, TEXT("attraction"));
    assert_non_null(visit);
    visit->left_ms = since_ms;
}

static void add_history(struct customer *customer, struct arena *arena)
{
    static const char *const events[] = {"impression", "click", "page_view", "purchase", "download"};
    for (unsigned i = 0; i < 40; i++)
        assert_true(customer_add_event(customer, text_from(events[i % 5]), BUILDER_NOW - i * BUILDER_DAY / 4,
                                       i % 5 == 3 ? 19.5 : 0));
    for (unsigned i = 0; i < 60; i++)
        assert_true(customer_add_touch(customer, builder_name(arena, "spring-offer", i % 20),
                                       i % 2 ? TEXT("lead_magnet") : TEXT("webinar"),
                                       (enum touch_kind)(i % 7 % TOUCH_KINDS),
                                       BUILDER_NOW - i * BUILDER_DAY / 3));
    assert_true(customer_add_reservation(customer, 0xDEC1510, TEXT("spring-offer-3"), TEXT("lead_magnet"),
                                         BUILDER_NOW - 1000));
}

void builder_typical(struct customer *customer, struct arena *arena)
{
    customer_create(customer, arena, TEXT("maria"), BUILDER_NOW - 100 * BUILDER_DAY);
    customer->revision = 17;
    customer->persona = TEXT("rider");
    customer->locale = TEXT("es-MX");
    customer->traits = TEXT("\x81\xa4size\xa1M");
    add_journey(customer, TEXT("seven-stages"), TEXT("consideration"), BUILDER_NOW - 9 * BUILDER_DAY);
    add_journey(customer, TEXT("software"), TEXT("evaluation"), BUILDER_NOW - 3 * BUILDER_DAY);
    add_history(customer, arena);
    assert_true(customer_set_consent(customer, TEXT("marketing"), true, BUILDER_NOW - 7));
    assert_true(customer_set_consent(customer, TEXT("profiling"), false, BUILDER_NOW - 6));
    assert_true(customer_add_progress(customer, 0xABCDEF, BUILDER_NOW - 5000, 3));
    assert_true(customer_add_progress(customer, 0xABCDEF, BUILDER_NOW - 9000, 3));
    assert_true(customer_add_alias(customer, TEXT("anonymous-1")));
    builder_assert_sound(customer);
}

struct text builder_record(const struct customer *customer)
{
    struct buffer buffer;
    buffer_create(&buffer);
    customer_encode(customer, &buffer);
    assert_false(buffer.failed);
    char *bytes = malloc(buffer.length);
    assert_non_null(bytes);
    memcpy(bytes, buffer.bytes, buffer.length);
    struct text record = {bytes, buffer.length};
    buffer_destroy(&buffer);
    return record;
}

void builder_assert_texts(struct text actual, struct text expected, const char *file, int line)
{
    char left[600], right[600];
    if (text_equal(actual, expected))
        return;
    print_error("%s != %s\n", text_escape(actual, left, sizeof left),
                text_escape(expected, right, sizeof right));
    _fail(file, line);
}

int builder_set_up(void **state)
{
    struct builder_fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    arena_create(&fixture->arena, 16384);
    customer_create(&fixture->customer, &fixture->arena, TEXT("maria"), BUILDER_NOW);
    customer_create(&fixture->other, &fixture->arena, TEXT("anonymous"), BUILDER_NOW);
    *state = fixture;
    return 0;
}

int builder_tear_down(void **state)
{
    struct builder_fixture *fixture = *state;
    arena_destroy(&fixture->arena);
    free(fixture);
    return 0;
}

static void assert_moments(const customer_moment *moments, uint32_t count, uint32_t positions, unsigned kinds)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_true(i == 0 || moments[i - 1] <= moments[i]);
        assert_true(customer_moment_position(moments[i]) < positions);
        assert_true(customer_moment_kind(moments[i]) < kinds);
    }
}

static void assert_names(const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->offer_count; i++)
        assert_int_equal(customer_find_offer(customer, customer->offers[i].offer), i);
    for (uint32_t i = 0; i < customer->event_count; i++)
        assert_int_equal(customer_find_event(customer, customer->events[i].name), i);
    for (uint32_t i = 0; i < customer->consent_count; i++)
        assert_int_equal(customer_find_consent(customer, customer->consents[i].name), i);
    for (uint32_t i = 0; i < customer->journey_count; i++)
        assert_int_equal(customer_find_journey(customer, customer->journeys[i].journey), i);
}

static void assert_progress(const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->progress_count; i++)
        for (uint32_t j = 1; j < customer->progress[i].count; j++)
            assert_true(customer->progress[i].times_ms[j - 1] <= customer->progress[i].times_ms[j]);
}

void builder_assert_sound(const struct customer *customer)
{
    assert_true(customer->touch_count <= CUSTOMER_TOUCHES_MOST);
    assert_true(customer->offer_count <= CUSTOMER_OFFERS_MOST);
    assert_true(customer->event_count <= CUSTOMER_EVENTS_MOST);
    assert_true(customer->moment_count <= CUSTOMER_EVENTS_MOST * CUSTOMER_MOMENTS_MOST);
    assert_true(customer->alias_count <= CUSTOMER_ALIASES_MOST);
    assert_true(customer->consent_count <= CUSTOMER_CONSENTS_MOST);
    assert_true(customer->journey_count <= CUSTOMER_JOURNEYS_MOST);
    assert_true(customer->visit_count <= CUSTOMER_VISITS_MOST);
    assert_true(customer->progress_count <= CUSTOMER_PROGRESS_MOST);
    assert_true(customer->reservation_count <= CUSTOMER_RESERVATIONS_MOST);
    assert_moments(customer->touches, customer->touch_count, customer->offer_count, TOUCH_KINDS);
    assert_moments(customer->moments, customer->moment_count, customer->event_count, 1);
    assert_names(customer);
    assert_progress(customer);
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        assert_true(customer->reservations[i].offer < customer->offer_count);
        assert_true(i == 0 || customer->reservations[i - 1].at_ms <= customer->reservations[i].at_ms);
    }
}
