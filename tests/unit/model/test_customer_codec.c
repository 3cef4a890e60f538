/* customer_encode and customer_decode: round trips, the same bytes again, and records that are damaged. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/random.h"
#include "bounded_times.h"
#include "customer_builder.h"

enum { DAMAGES = 4000 };

static int set_up(void **state)
{
    builder_set_up(state);
    struct builder_fixture *fixture = *state;
    builder_typical(&fixture->customer, &fixture->arena);
    return 0;
}

/* Encodes what was decoded: nothing is lost, and one customer has one record. */
static void assert_same_again(struct builder_fixture *fixture, struct text record)
{
    struct text again = builder_record(&fixture->other);
    assert_int_equal(again.length, record.length);
    assert_memory_equal(again.bytes, record.bytes, record.length);
    free((void *)again.bytes);
}

static void test_customer_codec_of_a_new_customer(void **state)
{
    struct builder_fixture *fixture = *state;
    customer_create(&fixture->customer, &fixture->arena, TEXT("a\0b"), 12);
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    builder_assert_text(fixture->other.id, TEXT("a\0b"));
    assert_int_equal(fixture->other.created_ms, 12);
    assert_int_equal(fixture->other.last_ms, 0);
    assert_null(fixture->other.persona.bytes);
    assert_null(fixture->other.locale.bytes);
    assert_null(fixture->other.traits.bytes);
    assert_int_equal(fixture->other.offer_count, 0);
    assert_same_again(fixture, record);
    free((void *)record.bytes);
}

static void assert_names_read(const struct customer *read)
{
    builder_assert_text(read->id, TEXT("maria"));
    builder_assert_text(read->persona, TEXT("rider"));
    builder_assert_text(read->locale, TEXT("es-MX"));
    builder_assert_text(read->traits, TEXT("\x81\xa4size\xa1M"));
    builder_assert_text(read->aliases[0], TEXT("anonymous-1"));
    builder_assert_text(read->journeys[1].journey, TEXT("software"));
    builder_assert_text(read->journeys[1].stage, TEXT("evaluation"));
    builder_assert_text(read->visits[0].journey, TEXT("seven-stages"));
    builder_assert_text(read->visits[0].stage, TEXT("attraction"));
    builder_assert_text(read->consents[1].name, TEXT("profiling"));
    builder_assert_text(read->events[3].name, TEXT("purchase"));
    builder_assert_text(read->offers[19].offer, TEXT("spring-offer-19"));
    builder_assert_text(read->offers[19].kind, TEXT("lead_magnet"));
}

static void assert_numbers_read(const struct customer *read, const struct customer *written)
{
    assert_int_equal(read->revision, 17);
    assert_int_equal(read->created_ms, written->created_ms);
    assert_int_equal(read->last_ms, BUILDER_NOW);
    assert_false(read->restricted);
    assert_int_equal(read->journeys[0].since_ms, BUILDER_NOW - 9 * BUILDER_DAY);
    assert_int_equal(read->journeys[0].active_ms, BUILDER_NOW - 5);
    assert_int_equal(read->journeys[0].entered_day, 20260901);
    assert_true(read->journeys[0].fixed && !read->journeys[0].dropped);
    assert_int_equal(read->visits[1].left_ms, BUILDER_NOW - 3 * BUILDER_DAY);
    assert_true(read->consents[0].granted && !read->consents[1].granted);
    assert_int_equal(read->consents[0].first_ms, BUILDER_NOW - 7);
    assert_int_equal(read->consents[1].first_ms, 0);
    assert_int_equal(read->progress[0].rule, 0xABCDEF);
    assert_int_equal(read->progress[0].count, 2);
    assert_int_equal(read->progress[0].times_ms[0], BUILDER_NOW - 9000);
    assert_int_equal(read->reservations[0].decision, 0xDEC1510);
    assert_int_equal(read->reservations[0].offer, 3);
    assert_int_equal(read->reservations[0].at_ms, BUILDER_NOW - 1000);
    assert_true(read->events[3].value == 8 * 19.5);
    assert_memory_equal(read->offers[7].counts, written->offers[7].counts, sizeof written->offers[7].counts);
    assert_memory_equal(read->touches, written->touches, 60 * sizeof(customer_moment));
    assert_memory_equal(read->moments, written->moments, 40 * sizeof(customer_moment));
}

static void test_customer_codec_of_a_typical_customer(void **state)
{
    struct builder_fixture *fixture = *state;
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    assert_names_read(&fixture->other);
    assert_numbers_read(&fixture->other, &fixture->customer);
    assert_int_equal(fixture->other.touch_count, 60);
    assert_int_equal(fixture->other.moment_count, 40);
    builder_assert_sound(&fixture->other);
    assert_same_again(fixture, record);
    assert_null(customer_record_alias(record).bytes);
    free((void *)record.bytes);
}

/* Bytes lie anywhere in the store. */
static void test_customer_codec_reads_at_any_address(void **state)
{
    struct builder_fixture *fixture = *state;
    struct text record = builder_record(&fixture->customer);
    for (size_t offset = 0; offset < 8; offset++) {
        char *moved = malloc(record.length + offset);
        memcpy(moved + offset, record.bytes, record.length);
        assert_true(customer_decode(&fixture->other, &fixture->arena,
                                    (struct text){moved + offset, record.length}, &fixture->error));
        assert_same_again(fixture, record);
        free(moved);
    }
    free((void *)record.bytes);
}

static void test_customer_codec_of_every_flag(void **state)
{
    struct builder_fixture *fixture = *state;
    fixture->customer.restricted = true;
    fixture->customer.journeys[0].dropped = true;
    fixture->customer.journeys[1].fixed = false;
    fixture->customer.created_ms = customer_bound_time(INT64_MAX);
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    assert_true(fixture->other.restricted);
    assert_true(fixture->other.journeys[0].dropped && fixture->other.journeys[0].fixed);
    assert_false(fixture->other.journeys[1].dropped || fixture->other.journeys[1].fixed);
    assert_int_equal(fixture->other.created_ms, customer_bound_time(INT64_MAX));
    assert_same_again(fixture, record);
    free((void *)record.bytes);
}

static void test_customer_encode_leaves_out_progress_without_times(void **state)
{
    struct builder_fixture *fixture = *state;
    assert_non_null(customer_progress_of(&fixture->customer, 1));
    assert_true(customer_add_progress(&fixture->customer, 2, 77, 5));
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    assert_int_equal(fixture->other.progress_count, 2);
    assert_int_equal(fixture->other.progress[1].rule, 2);
    assert_int_equal(fixture->other.progress[1].times_ms[0], 77);
    free((void *)record.bytes);
}

/* Names that were put in place by hand are cut like all others, at the beginning of a character. */
static void test_customer_encode_cuts_long_names(void **state)
{
    struct builder_fixture *fixture = *state;
    char stage[400];
    memset(stage, 'x', sizeof stage);
    memcpy(stage + CUSTOMER_NAME_MOST - 1, "\xc3\xb1", 2);
    fixture->customer.journeys[0].stage = (struct text){stage, sizeof stage};
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    assert_int_equal(fixture->other.journeys[0].stage.length, CUSTOMER_NAME_MOST - 1);
    assert_names_read(&fixture->other);
    free((void *)record.bytes);
}

/* What is added to a customer that was read does no harm to what it was read from. */
static void test_customer_decode_leaves_the_record_alone(void **state)
{
    struct builder_fixture *fixture = *state;
    struct text record = builder_record(&fixture->customer), kept = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    fixture->other.journeys[0].since_ms++;
    assert_true(customer_add_touch(&fixture->other, TEXT("spring-offer-1"), TEXT("x"), TOUCH_CLICK, 5));
    assert_true(customer_add_event(&fixture->other, TEXT("new"), 5, 0));
    assert_true(customer_add_progress(&fixture->other, 0xABCDEF, 5, 3));
    assert_true(customer_add_alias(&fixture->other, TEXT("new")));
    builder_assert_sound(&fixture->other);
    assert_int_equal(fixture->other.touch_count, 61);
    assert_int_equal(fixture->other.progress[0].count, 3);
    assert_memory_equal(record.bytes, kept.bytes, kept.length);
    free((void *)record.bytes);
    free((void *)kept.bytes);
}

static void assert_refused(struct builder_fixture *fixture, struct text record, const char *why)
{
    fixture->error = (struct error){.code = ERROR_NONE};
    assert_false(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    assert_int_equal(fixture->error.code, ERROR_INTERNAL);
    assert_non_null(strstr(fixture->error.message, why));
}

static void test_customer_decode_refuses_every_cut(void **state)
{
    struct builder_fixture *fixture = *state;
    struct text record = builder_record(&fixture->customer);
    for (size_t length = 0; length < record.length; length++) {
        char *cut = malloc(length);
        memcpy(cut, record.bytes, length);
        assert_refused(fixture, (struct text){cut, length}, "damaged");
        free(cut);
    }
    assert_refused(fixture, (struct text){NULL, 0}, "damaged");
    free((void *)record.bytes);
}

static void test_customer_decode_refuses_what_follows(void **state)
{
    struct builder_fixture *fixture = *state;
    struct buffer buffer;
    buffer_create(&buffer);
    customer_encode(&fixture->customer, &buffer);
    buffer_append(&buffer, "", 1);
    assert_refused(fixture, (struct text){buffer.bytes, buffer.length}, "damaged");
    buffer_destroy(&buffer);
}

static void test_customer_decode_refuses_other_formats(void **state)
{
    struct builder_fixture *fixture = *state;
    struct text record = builder_record(&fixture->customer);
    char *bytes = (char *)record.bytes;
    bytes[0] = 2;
    assert_refused(fixture, record, "alias");
    bytes[0] = 3;
    assert_refused(fixture, record, "newer");
    bytes[0] = 0;
    assert_refused(fixture, record, "damaged");
    free(bytes);
}

/* A change that no writer makes: a touch out of order, of no kind, of no offer. */
static void test_customer_decode_refuses_impossible_touches(void **state)
{
    struct builder_fixture *fixture = *state;
    const customer_moment impossible[] = {
        fixture->customer.touches[0] - (UINT64_C(1) << 20),
        customer_moment_make(BUILDER_NOW + 1, TOUCH_KINDS, 0),
        customer_moment_make(BUILDER_NOW + 1, 0, 20),
    };
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
        customer_moment kept = fixture->customer.touches[59];
        fixture->customer.touches[59] = impossible[i];
        struct text record = builder_record(&fixture->customer);
        assert_refused(fixture, record, "damaged");
        free((void *)record.bytes);
        fixture->customer.touches[59] = kept;
    }
}

static void test_customer_decode_refuses_impossible_reservations(void **state)
{
    struct builder_fixture *fixture = *state;
    fixture->customer.reservations[0].offer = 20;
    struct text record = builder_record(&fixture->customer);
    assert_refused(fixture, record, "damaged");
    free((void *)record.bytes);
    fixture->customer.reservations[0].offer = 19;
    assert_true(
        customer_add_reservation(&fixture->customer, 1, TEXT("spring-offer-0"), TEXT(""), BUILDER_NOW));
    fixture->customer.reservations[0].at_ms = BUILDER_NOW + 1;
    record = builder_record(&fixture->customer);
    assert_refused(fixture, record, "damaged");
    free((void *)record.bytes);
}

/* The same, but for times that cannot be. */
static void assert_bounded_again(struct builder_fixture *fixture, struct text record)
{
    struct text again = builder_record(&fixture->other);
    assert_true(bounded_times_apart_is_same(record, again));
    free((void *)again.bytes);
}

static void put_absurd_times(struct customer *customer, int64_t at_ms)
{
    customer->created_ms = customer->last_ms = at_ms;
    customer->reservations[customer->reservation_count - 1].at_ms = at_ms;
    struct customer_progress *progress = &customer->progress[0];
    progress->times_ms[at_ms < 0 ? 0 : progress->count - 1] = at_ms;
    customer->offers[0].last_ms = customer->events[0].last_ms = at_ms;
    customer->journeys[0].since_ms = customer->journeys[0].active_ms = at_ms;
    customer->visits[0].left_ms = at_ms;
    customer->consents[0].at_ms = customer->consents[0].first_ms = at_ms;
}

static void assert_absurd_times_read(const struct customer *read, int64_t at_ms)
{
    const struct customer_progress *progress = &read->progress[0];
    assert_int_equal(read->created_ms, at_ms);
    assert_int_equal(read->last_ms, at_ms);
    assert_int_equal(read->reservations[read->reservation_count - 1].at_ms, at_ms);
    assert_int_equal(progress->times_ms[at_ms == 0 ? 0 : progress->count - 1], at_ms);
    assert_int_equal(read->offers[0].last_ms, at_ms);
    assert_int_equal(read->events[0].last_ms, at_ms);
    assert_int_equal(read->journeys[0].since_ms, at_ms);
    assert_int_equal(read->journeys[0].active_ms, at_ms);
    assert_int_equal(read->visits[0].left_ms, at_ms);
    assert_int_equal(read->consents[0].at_ms, at_ms);
    assert_int_equal(read->consents[0].first_ms, at_ms);
}

/* Nobody has to ask of a customer's times whether they can be reckoned with. */
static void test_customer_decode_bounds_times(void **state)
{
    struct builder_fixture *fixture = *state;
    static const int64_t times[] = {INT64_MIN, -1, INT64_MAX, INT64_C(1) << CUSTOMER_MOMENT_BITS};
    fixture->customer.reservation_count = 1;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        put_absurd_times(&fixture->customer, times[i]);
        struct text record = builder_record(&fixture->customer);
        assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
        assert_absurd_times_read(&fixture->other, customer_bound_time(times[i]));
        assert_bounded_again(fixture, record);
        free((void *)record.bytes);
    }
}

/* Whatever a damaged record says, nothing is read outside of it; what is taken for whole is whole. */
static void test_customer_decode_survives_damage(void **state)
{
    struct builder_fixture *fixture = *state;
    struct random_state random = {4};
    struct text record = builder_record(&fixture->customer);
    unsigned refused = 0;
    for (unsigned i = 0; i < DAMAGES; i++) {
        char *copy = malloc(record.length);
        memcpy(copy, record.bytes, record.length);
        /* The header is where damage does most. */
        size_t reach = i % 2 == 0 ? 60 : record.length;
        copy[random_next(&random) % reach] = (char)random_next(&random);
        struct text damaged = {copy, record.length};
        if (customer_decode(&fixture->other, &fixture->arena, damaged, &fixture->error))
            assert_bounded_again(fixture, damaged);
        else
            refused++;
        free(copy);
    }
    assert_true(refused > DAMAGES / 10 && refused < DAMAGES);
    free((void *)record.bytes);
}

static void test_customer_record_alias_names_the_other(void **state)
{
    struct builder_fixture *fixture = *state;
    struct buffer buffer;
    buffer_create(&buffer);
    customer_encode_alias(TEXT("mar\0ia"), &buffer);
    struct text record = {buffer.bytes, buffer.length};
    builder_assert_text(customer_record_alias(record), TEXT("mar\0ia"));
    assert_refused(fixture, record, "alias");
    assert_null(customer_record_alias((struct text){record.bytes, 1}).bytes);
    assert_null(customer_record_alias((struct text){NULL, 0}).bytes);
    buffer_destroy(&buffer);
}

static void test_customer_record_alias_of_the_longest_id(void **state)
{
    (void)state;
    char id[CUSTOMER_ID_MOST + 1];
    struct buffer buffer;
    memset(id, 'x', sizeof id);
    buffer_create(&buffer);
    customer_encode_alias((struct text){id, CUSTOMER_ID_MOST}, &buffer);
    assert_int_equal(customer_record_alias((struct text){buffer.bytes, buffer.length}).length,
                     CUSTOMER_ID_MOST);
    buffer_append(&buffer, "x", 1);
    assert_null(customer_record_alias((struct text){buffer.bytes, buffer.length}).bytes);
    buffer_destroy(&buffer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, builder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_customer_codec_of_a_new_customer),
        TEST(test_customer_codec_of_a_typical_customer),
        TEST(test_customer_codec_reads_at_any_address),
        TEST(test_customer_codec_of_every_flag),
        TEST(test_customer_encode_leaves_out_progress_without_times),
        TEST(test_customer_encode_cuts_long_names),
        TEST(test_customer_decode_leaves_the_record_alone),
        TEST(test_customer_decode_refuses_every_cut),
        TEST(test_customer_decode_refuses_what_follows),
        TEST(test_customer_decode_refuses_other_formats),
        TEST(test_customer_decode_refuses_impossible_touches),
        TEST(test_customer_decode_refuses_impossible_reservations),
        TEST(test_customer_decode_bounds_times),
        TEST(test_customer_decode_survives_damage),
        TEST(test_customer_record_alias_names_the_other),
        TEST(test_customer_record_alias_of_the_longest_id),
    };
    return cmocka_run_group_tests_name("model/customer_codec", tests, NULL, NULL);
}
