/* method: names, and the check of arguments against the table, each type right and wrong. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "decoded.h"
#include "message_builder.h"
#include "wire/method.h"
#include "wire/reply.h"

static void assert_read(enum method_id method, const msgpack_object *params, struct arguments *out)
{
    struct error error = {ERROR_NONE, ""};
    if (!method_read_arguments(method, params, out, &error))
        fail_msg("refused: %s", error.message);
}

static void assert_refused(enum method_id method, const msgpack_object *params, const char *message)
{
    struct arguments arguments;
    struct error error = {ERROR_NONE, ""};
    assert_false(method_read_arguments(method, params, &arguments, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

static void test_method_find_knows_every_name(void **state)
{
    (void)state;
    for (int i = 0; i < METHOD_COUNT; i++) {
        enum method_id found;
        struct error error;
        const struct method *method = method_get((enum method_id)i);
        assert_true(method_find(text_from(method->name), &found, &error));
        assert_int_equal(found, i);
        assert_true(strlen(method->help) > 0);
        assert_true(method->argument_count <= METHOD_ARGUMENTS_MAX);
        for (size_t j = 0; j < method->argument_count; j++) {
            assert_true(strlen(method->arguments[j].help) > 0);
            assert_true(method->arguments[j].least <= method->arguments[j].most);
        }
    }
}

static void assert_unknown(struct text name, const char *message)
{
    enum method_id found;
    struct error error;
    assert_false(method_find(name, &found, &error));
    assert_int_equal(error.code, ERROR_UNKNOWN_METHOD);
    assert_string_equal(error.message, message);
}

static void test_method_find_offers_the_nearest(void **state)
{
    (void)state;
    assert_unknown(TEXT("recomend"), "no method 'recomend'; did you mean 'recommend'?");
    assert_unknown(TEXT("pin"), "no method 'pin'; did you mean 'ping'?");
    assert_unknown(TEXT("PING"), "no method 'PING'; did you mean 'ping'?");
    assert_unknown(TEXT("profile"), "no method 'profile'; did you mean 'profile.get'?");
    assert_unknown(TEXT("prof"), "no method 'prof'");
    assert_unknown(TEXT("wonderful"), "no method 'wonderful'");
    assert_unknown(TEXT(""), "no method ''");
    assert_unknown(TEXT("pi\0g"), "no method 'pi\\x00g'; did you mean 'ping'?");
    assert_unknown(TEXT("stats\n"), "no method 'stats\\x0A'; did you mean 'stats'?");
}

/* {placement: "hero"} in all wrappings. */
static void test_method_read_arguments_takes_maps_and_lists_of_one(void **state)
{
    struct arguments arguments;
    assert_read(METHOD_RECOMMEND, DECODED("\x81\xa9placement\xa4hero"), &arguments);
    assert_non_null(arguments.values[RECOMMEND_placement]);
    assert_read(METHOD_RECOMMEND, DECODED("\x91\x81\xa9placement\xa4hero"), &arguments);
    assert_non_null(arguments.values[RECOMMEND_placement]);
    assert_null(arguments.values[RECOMMEND_count]);
    assert_read(METHOD_RECOMMEND, DECODED("\x91\x81\xc4\x09placement\xc4\x04hero"), &arguments);
    assert_non_null(arguments.values[RECOMMEND_placement]);
}

static void test_method_read_arguments_takes_nothing_in_many_ways(void **state)
{
    struct arguments arguments;
    assert_read(METHOD_STATS, DECODED("\x90"), &arguments);
    assert_read(METHOD_STATS, DECODED("\x80"), &arguments);
    assert_read(METHOD_STATS, DECODED("\x91\x80"), &arguments);
    assert_read(METHOD_STATS, DECODED("\x91\x90"), &arguments); /* PHP's empty map */
    assert_read(METHOD_HELLO, DECODED("\x91\x90"), &arguments);
    assert_null(arguments.values[HELLO_client]);
    const char *missing = "placement: missing; where it is shown: a placement of the site";
    assert_refused(METHOD_RECOMMEND, DECODED("\x90"), missing);
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x80"), missing);
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x90"), missing);
    assert_refused(METHOD_RECOMMEND, DECODED("\x81\xa5\x63ount\x01"), missing);
}

static void test_method_read_arguments_refuses_other_params(void **state)
{
    assert_refused(METHOD_STATS, DECODED("\x92\x80\x80"),
                   "params: expected one map of arguments, got 2 values");
    assert_refused(METHOD_STATS, DECODED("\x92\x90\x90"),
                   "params: expected one map of arguments, got 2 values");
    assert_refused(METHOD_STATS, DECODED("\xc0"), "params: expected a map of arguments, got nil");
    assert_refused(METHOD_STATS, DECODED("\x91\xc0"), "params: expected a map of arguments, got nil");
    assert_refused(METHOD_STATS, DECODED("\x91\xa4hero"), "params: expected a map of arguments, got text");
    assert_refused(METHOD_STATS, DECODED("\x91\x91\x80"), "params: expected a map of arguments, got a list");
    assert_refused(METHOD_STATS, DECODED("\x05"), "params: expected a map of arguments, got a number");
}

static void test_method_read_arguments_refuses_unknown_names(void **state)
{
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\xa8placment\xa4hero"),
                   "placment: unknown argument of recommend; did you mean 'placement'?");
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\xa5\x66oooo\x01"),
                   "foooo: unknown argument of recommend");
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\xa0\x01"), ": unknown argument of recommend");
    assert_refused(METHOD_STATS, DECODED("\x91\x81\xa5\x63ount\x01"), "count: unknown argument of stats");
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\xa6\x63ount\xff\x01"),
                   "count\\xFF: unknown argument of recommend; did you mean 'count'?");
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\x01\x01"),
                   "params: expected names as keys, got a number");
    assert_refused(METHOD_RECOMMEND, DECODED("\x91\x81\xc0\x01"), "params: expected names as keys, got nil");
}

static void test_method_read_arguments_refuses_duplicates(void **state)
{
    assert_refused(METHOD_RECOMMEND, DECODED("\x83\xa9placement\xa4hero\xa5\x63ount\x01\xa5\x63ount\x01"),
                   "count: given twice");
    assert_refused(METHOD_RECOMMEND, DECODED("\x82\xa9placement\xa4hero\xc4\x09placement\xa4hero"),
                   "placement: given twice");
}

static void test_method_read_arguments_takes_nil_as_not_given(void **state)
{
    struct arguments arguments;
    assert_read(METHOD_RECOMMEND, DECODED("\x82\xa9placement\xa4hero\xa5\x63ount\xc0"), &arguments);
    assert_null(arguments.values[RECOMMEND_count]);
    assert_refused(METHOD_RECOMMEND, DECODED("\x81\xa9placement\xc0"),
                   "placement: missing; where it is shown: a placement of the site");
}

static void test_method_read_arguments_leaves_ping_alone(void **state)
{
    struct arguments arguments;
    assert_read(METHOD_PING, DECODED("\xa1\xff"), &arguments);
    assert_read(METHOD_PING, DECODED("\x93\x01\xc7\x01\x05x\x81\x01\x02"), &arguments);
}

/* A value that any range takes. */
static void put_right_value(struct buffer *out, enum argument_type type)
{
    if (type == ARGUMENT_TEXT)
        reply_word(out, "text");
    else if (type == ARGUMENT_BOOL)
        reply_bool(out, true);
    else
        fail_msg("no value for a required argument of type %d", type);
}

/* {name: value}, in [ ], with whatever else the method requires. */
static const msgpack_object *one_argument(void **state, enum method_id id, const char *name,
                                          struct text value)
{
    const struct method *method = method_get(id);
    struct buffer bytes, others;
    size_t count = 1;
    buffer_create(&bytes);
    buffer_create(&others);
    for (size_t i = 0; i < method->argument_count; i++)
        if (method->arguments[i].required && strcmp(method->arguments[i].name, name) != 0) {
            reply_text(&others, text_from(method->arguments[i].name));
            put_right_value(&others, method->arguments[i].type);
            count++;
        }
    reply_array(&bytes, 1);
    reply_map(&bytes, count);
    buffer_append(&bytes, others.bytes, others.length);
    reply_text(&bytes, text_from(name));
    buffer_append(&bytes, value.bytes, value.length);
    char *kept = msgpack_zone_malloc(*state, bytes.length);
    assert_non_null(kept);
    memcpy(kept, bytes.bytes, bytes.length);
    struct text params = {kept, bytes.length};
    buffer_destroy(&bytes);
    buffer_destroy(&others);
    return decoded(state, params);
}

/* A value, and by which types it is taken; all are within every range. */
struct sample {
    struct text bytes;
    const char *name; /* as errors call it */
    bool taken[ARGUMENT_TEXTS + 1];
};

static const struct sample samples[] = {
    {TEXT("\xc3"), "true or false", {[ARGUMENT_BOOL] = true}},
    {TEXT("\xc2"), "true or false", {[ARGUMENT_BOOL] = true}},
    {TEXT("\x05"), "a number", {[ARGUMENT_INTEGER] = true, [ARGUMENT_NUMBER] = true, [ARGUMENT_DAY] = true}},
    {TEXT("\xcf\0\0\0\0\0\0\0\x05"),
     "a number",
     {[ARGUMENT_INTEGER] = true, [ARGUMENT_NUMBER] = true, [ARGUMENT_DAY] = true}},
    {TEXT("\xcb\x40\x14\0\0\0\0\0\0"),
     "a number",
     {[ARGUMENT_INTEGER] = true, [ARGUMENT_NUMBER] = true, [ARGUMENT_DAY] = true}},
    {TEXT("\xca\x40\xa0\0\0"),
     "a number",
     {[ARGUMENT_INTEGER] = true, [ARGUMENT_NUMBER] = true, [ARGUMENT_DAY] = true}},
    {TEXT("\xcb\x40\x16\0\0\0\0\0\0"), "a number", {[ARGUMENT_NUMBER] = true, [ARGUMENT_DAY] = true}},
    {TEXT("\xa4\x74\x65xt"), "text", {[ARGUMENT_TEXT] = true}},
    {TEXT("\xc4\x04\x74\x65xt"), "text", {[ARGUMENT_TEXT] = true}},
    {TEXT("\x90"), "a list", {[ARGUMENT_MAP] = true, [ARGUMENT_TEXTS] = true}},
    {TEXT("\x92\xa1\x61\xc4\x01\x62"), "a list", {[ARGUMENT_TEXTS] = true}},
    {TEXT("\x80"), "a map", {[ARGUMENT_MAP] = true}},
    {TEXT("\x81\xa1\x61\x91\x80"), "a map", {[ARGUMENT_MAP] = true}},
    {TEXT("\x81\xc4\x01\x61\x91\x80"), "a map", {[ARGUMENT_MAP] = true}},
};

static const char *const type_names[] = {
    "text", "a whole number", "a number", "a date or a number", "true or false", "a map", "a list of texts"};

static void check_sample(void **state, enum method_id method, size_t index, const struct sample *sample)
{
    const struct argument *argument = &method_get(method)->arguments[index];
    const msgpack_object *params = one_argument(state, method, argument->name, sample->bytes);
    struct arguments arguments;
    char message[160];
    if (sample->taken[argument->type]) {
        assert_read(method, params, &arguments);
        assert_non_null(arguments.values[index]);
        return;
    }
    snprintf(message, sizeof message, "%s: expected %s, got %s", argument->name, type_names[argument->type],
             sample->name);
    if (argument->type == ARGUMENT_DAY && strcmp(sample->name, "text") == 0)
        snprintf(message, sizeof message, "%s: expected a date such as 2026-11-01, got 'text'",
                 argument->name);
    assert_refused(method, params, message);
}

static void test_method_read_arguments_checks_every_type(void **state)
{
    for (int method = 0; method < METHOD_COUNT; method++)
        for (size_t i = 0; i < method_get((enum method_id)method)->argument_count; i++)
            for (size_t j = 0; j < sizeof samples / sizeof *samples; j++)
                check_sample(state, (enum method_id)method, i, &samples[j]);
}

static void assert_value_refused(void **state, const char *name, struct text value, const char *message)
{
    assert_refused(METHOD_RECOMMEND, one_argument(state, METHOD_RECOMMEND, name, value), message);
}

static void assert_value_taken(void **state, const char *name, struct text value)
{
    struct arguments arguments;
    assert_read(METHOD_RECOMMEND, one_argument(state, METHOD_RECOMMEND, name, value), &arguments);
}

static void test_method_read_arguments_checks_ranges_of_numbers(void **state)
{
    assert_value_taken(state, "count", TEXT("\x01"));
    assert_value_taken(state, "count", TEXT("\x32"));
    assert_value_refused(state, "count", TEXT("\x00"), "count: expected 1 to 50, got 0");
    assert_value_refused(state, "count", TEXT("\x33"), "count: expected 1 to 50, got 51");
    assert_value_refused(state, "count", TEXT("\xff"), "count: expected 1 to 50, got -1");
    assert_value_refused(state, "count", TEXT("\xcb\x7e\x37\xe4\x3c\x88\0\x75\x9c"), /* 1e300 */
                         "count: expected 1 to 50, got 1e+300");
    assert_value_refused(state, "count", TEXT("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
                         "count: expected 1 to 50, got 1.84467440737096e+19");
    assert_value_taken(state, "seed", TEXT("\xcf\x00\x20\0\0\0\0\0\0"));
    assert_value_refused(state, "seed", TEXT("\xcf\x00\x20\0\0\0\0\0\x02"),
                         "seed: expected 0 to 9007199254740992, got 9.00719925474099e+15");
}

static void test_method_read_arguments_takes_times_in_many_forms(void **state)
{
    assert_value_taken(state, "at", TEXT("\xd6\xff\x60\0\0\0"));
    assert_value_taken(state, "at", TEXT("\xd7\xff\x77\x35\x94\0\x60\0\0\0"));
    assert_value_taken(state, "at", TEXT("\xc7\x0c\xff\0\0\0\0\0\0\0\0\0\0\0\x02"));
    assert_value_taken(state, "at", TEXT("\xcf\0\0\0\x3a\xff\xf4\x41\x7f")); /* the last second of 9999 */
    assert_value_refused(state, "at", TEXT("\xcf\0\0\0\x3a\xff\xf4\x41\x80"),
                         "at: expected 0 to 253402300799, got 253402300800");
    assert_value_refused(state, "at", TEXT("\xff"), "at: expected 0 to 253402300799, got -1");
    assert_value_refused(state, "at", TEXT("\xd6\x05\x60\0\0\0"),
                         "at: expected a value, got an ext of type 5");
    assert_value_refused(state, "at", TEXT("\xcb\x7f\xf8\0\0\0\0\0\0"), "at: expected a finite number");
}

static void test_method_read_arguments_checks_lengths_of_text(void **state)
{
    char text[2 + 129];
    memset(text, 'x', sizeof text);
    text[0] = '\xd9';
    text[1] = '\x80';
    assert_value_taken(state, "customer", (struct text){text, 130});
    text[1] = '\x81';
    assert_value_refused(state, "customer", (struct text){text, 131},
                         "customer: expected 1 to 128 bytes, got 129");
    assert_value_refused(state, "customer", TEXT("\xa0"), "customer: expected 1 to 128 bytes, got 0");
    assert_value_refused(state, "placement", TEXT("\xc4\0"), "placement: expected 1 to 64 bytes, got 0");
}

static void test_method_read_arguments_checks_sizes_of_lists_and_maps(void **state)
{
    struct buffer list;
    buffer_create(&list);
    message_put_length(&list, 0xDC, 4096, 2);
    message_put_run(&list, 0xA0, 4096);
    assert_value_taken(state, "exclude", (struct text){list.bytes, list.length});
    buffer_clear(&list, SIZE_MAX);
    message_put_length(&list, 0xDC, 4097, 2);
    message_put_run(&list, 0xA0, 4097);
    assert_value_refused(state, "exclude", (struct text){list.bytes, list.length},
                         "exclude: expected 0 to 4096 items, got 4097");
    list.bytes[0] = '\xDE';
    message_put_run(&list, 0xA0, 4097);
    assert_value_refused(state, "context", (struct text){list.bytes, list.length},
                         "context: expected 0 to 4096 entries, got 4097");
    buffer_destroy(&list);
}

static void test_method_read_arguments_looks_into_values(void **state)
{
    assert_value_refused(state, "customer", TEXT("\xa1\xff"), "customer: not well-formed UTF-8");
    assert_value_refused(state, "context", TEXT("\x81\xa1\x61\x91\xa1\xff"),
                         "context: not well-formed UTF-8 under 'a'");
    assert_value_refused(state, "context", TEXT("\x81\xa1\xff\x01"), "context: not well-formed UTF-8");
    assert_value_refused(state, "traits", TEXT("\x81\x01\x01"), "traits: expected text as key, got a number");
    assert_value_refused(state, "traits", TEXT("\x81\xa1\x61\xd4\x2a\0"),
                         "traits: expected a value, got an ext of type 42 under 'a'");
    assert_value_refused(state, "exclude", TEXT("\x92\xa1\x61\x01"),
                         "exclude: expected a list of texts, got a number");
    assert_value_refused(state, "exclude", TEXT("\x91\xa1\xff"), "exclude: not well-formed UTF-8");
    assert_value_refused(state, "context", TEXT("\x91\xa1\x61"), "context: expected a map, got a list");
    assert_value_taken(state, "context", TEXT("\x90")); /* PHP's empty map */
}

static void assert_day_refused(void **state, struct text value, const char *message)
{
    assert_refused(METHOD_JOURNEY_MAP, one_argument(state, METHOD_JOURNEY_MAP, "from", value), message);
}

static void test_method_read_arguments_takes_days_as_dates_and_as_seconds(void **state)
{
    struct arguments arguments;
    assert_read(METHOD_JOURNEY_MAP,
                one_argument(state, METHOD_JOURNEY_MAP, "to",
                             TEXT("\xaa"
                                  "2026-11-01")),
                &arguments);
    assert_non_null(arguments.values[JOURNEY_MAP_to]);
    assert_read(METHOD_JOURNEY_MAP, one_argument(state, METHOD_JOURNEY_MAP, "to", TEXT("\xd6\xff\x60\0\0\0")),
                &arguments);
    assert_day_refused(state,
                       TEXT("\xa9"
                            "2026-11-1"),
                       "from: expected a date such as 2026-11-01, got '2026-11-1'");
    assert_day_refused(state,
                       TEXT("\xaa"
                            "2026/11/01"),
                       "from: expected a date such as 2026-11-01, got '2026/11/01'");
    assert_day_refused(state,
                       TEXT("\xab"
                            "2026-11-011"),
                       "from: expected a date such as 2026-11-01, got '2026-11-011'");
    assert_day_refused(state, TEXT("\xa0"), "from: expected a date such as 2026-11-01, got ''");
    assert_day_refused(state, TEXT("\xff"), "from: expected 0 to 253402300799, got -1");
}

static void assert_track_refused(void **state, const char *name, struct text value, const char *message)
{
    assert_refused(METHOD_TRACK, one_argument(state, METHOD_TRACK, name, value), message);
}

static void test_method_read_arguments_refuses_what_no_event_is_worth(void **state)
{
    assert_track_refused(state, "value", TEXT("\xff"), "value: expected 0 to 9007199254740992, got -1");
    assert_track_refused(state, "value", TEXT("\xcb\xbf\x50\x62\x4d\xd2\xf1\xa9\xfc"),
                         "value: expected 0 to 9007199254740992, got -0.001");
    assert_track_refused(state, "value", TEXT("\xcb\x7f\xf0\0\0\0\0\0\0"), "value: expected a finite number");
    assert_track_refused(state, "event", TEXT("\xa0"), "event: expected 1 to 64 bytes, got 0");
}

/* ---- Batches ---- */

static void test_method_find_batch_wants_a_list_in_the_list(void **state)
{
    const msgpack_object_array *batch = method_find_batch(METHOD_TRACK, DECODED("\x91\x92\x80\x05"));
    assert_non_null(batch);
    assert_int_equal(batch->size, 2);
    assert_int_equal(batch->ptr[1].type, MSGPACK_OBJECT_POSITIVE_INTEGER);
    assert_non_null(method_find_batch(METHOD_TRACK, DECODED("\x91\x91\x80")));
    assert_null(method_find_batch(METHOD_TRACK, DECODED("\x91\x90")));
    assert_null(method_find_batch(METHOD_TRACK, DECODED("\x91\x80")));
    assert_null(method_find_batch(METHOD_TRACK, DECODED("\x92\x80\x80")));
    assert_null(method_find_batch(METHOD_TRACK, DECODED("\x90")));
    assert_null(method_find_batch(METHOD_TRACK, DECODED("\x80")));
    assert_null(method_find_batch(METHOD_IDENTIFY, DECODED("\x91\x92\x80\x80")));
}

static void test_method_read_arguments_says_what_a_batch_is(void **state)
{
    assert_refused(
        METHOD_TRACK, DECODED("\x92\x80\x80"),
        "params: expected one map of arguments, got 2 values; a batch is one list: [[map, map …]]");
    assert_refused(METHOD_TRACK, DECODED("\x91\x90"),
                   "params: expected a map of arguments or a list of them, got an empty list");
    assert_refused(METHOD_TRACK, DECODED("\x90"),
                   "event: missing; what happened: impression, click, purchase … or a name of your own");
}

static void assert_element_refused(const msgpack_object *element, const char *message)
{
    struct arguments arguments;
    struct error error = {ERROR_NONE, ""};
    assert_false(method_read_element(METHOD_TRACK, element, &arguments, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

static void test_method_read_element_checks_each_for_itself(void **state)
{
    struct arguments arguments;
    struct error error;
    assert_true(method_read_element(METHOD_TRACK,
                                    DECODED("\x81\xa5"
                                            "event\xa5"
                                            "click"),
                                    &arguments, &error));
    assert_non_null(arguments.values[TRACK_event]);
    assert_null(arguments.values[TRACK_customer]);
    assert_element_refused(DECODED("\x05"), "batch: expected a map of arguments, got a number");
    assert_element_refused(DECODED("\x91\x81\xa5"
                                   "event\xa5"
                                   "click"),
                           "batch: expected a map of arguments, got a list");
    assert_element_refused(DECODED("\x90"), "batch: expected a map of arguments, got a list");
    assert_element_refused(DECODED("\x81\xa5"
                                   "event\xa0"),
                           "event: expected 1 to 64 bytes, got 0");
}

/* However it is spelled, an error is one line of UTF-8 that ends. */
static void test_method_errors_can_be_sent(void **state)
{
    struct random_state random = {5};
    for (int round = 0; round < 2000; round++) {
        struct arguments arguments;
        struct error error = {ERROR_NONE, ""};
        char name[256];
        size_t length = message_pick(&random, sizeof name);
        for (size_t i = 0; i < length; i++)
            name[i] = (char)random_next(&random);
        enum method_id method;
        assert_false(method_find((struct text){name, length}, &method, &error));
        assert_true(text_is_utf8(text_from(error.message)));
        struct buffer bytes;
        buffer_create(&bytes);
        message_put(&bytes, 1, 0x81);
        message_put_length(&bytes, 0xD9, length, 1);
        buffer_append(&bytes, name, length);
        message_put(&bytes, 1, 0x01);
        const msgpack_object *params = decoded(state, (struct text){bytes.bytes, bytes.length});
        assert_false(method_read_arguments(METHOD_RECOMMEND, params, &arguments, &error));
        assert_true(text_is_utf8(text_from(error.message)));
        assert_null(strpbrk(error.message, "\n\r"));
        buffer_destroy(&bytes);
    }
}

#define METHOD_TEST(test) cmocka_unit_test_setup_teardown(test, decoded_setup, decoded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_method_find_knows_every_name),
        cmocka_unit_test(test_method_find_offers_the_nearest),
        METHOD_TEST(test_method_read_arguments_takes_maps_and_lists_of_one),
        METHOD_TEST(test_method_read_arguments_takes_nothing_in_many_ways),
        METHOD_TEST(test_method_read_arguments_refuses_other_params),
        METHOD_TEST(test_method_read_arguments_refuses_unknown_names),
        METHOD_TEST(test_method_read_arguments_refuses_duplicates),
        METHOD_TEST(test_method_read_arguments_takes_nil_as_not_given),
        METHOD_TEST(test_method_read_arguments_leaves_ping_alone),
        METHOD_TEST(test_method_read_arguments_checks_every_type),
        METHOD_TEST(test_method_read_arguments_checks_ranges_of_numbers),
        METHOD_TEST(test_method_read_arguments_takes_times_in_many_forms),
        METHOD_TEST(test_method_read_arguments_checks_lengths_of_text),
        METHOD_TEST(test_method_read_arguments_checks_sizes_of_lists_and_maps),
        METHOD_TEST(test_method_read_arguments_looks_into_values),
        METHOD_TEST(test_method_read_arguments_takes_days_as_dates_and_as_seconds),
        METHOD_TEST(test_method_read_arguments_refuses_what_no_event_is_worth),
        METHOD_TEST(test_method_find_batch_wants_a_list_in_the_list),
        METHOD_TEST(test_method_read_arguments_says_what_a_batch_is),
        METHOD_TEST(test_method_read_element_checks_each_for_itself),
        METHOD_TEST(test_method_errors_can_be_sent),
    };
    return cmocka_run_group_tests_name("wire/method", tests, NULL, NULL);
}
