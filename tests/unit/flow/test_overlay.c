/* flow/overlay: maps of a request over what is remembered. */
#include "asked.h"

#include <stdio.h>
#include <stdlib.h>

#include "flow/overlay.h"
#include "wire/value.h"

struct overlaying {
    struct asked asked;       /* arguments of recommend, laid over what is stored */
    struct customer customer; /* what is stored */
    struct customer_consent consents[2];
    msgpack_zone zone;
    bool failed; /* memory was out */
};

static int setup(void **state)
{
    struct overlaying *o = calloc(1, sizeof *o);
    if (o == NULL || !msgpack_zone_init(&o->zone, 1024))
        return -1;
    o->consents[0] = (struct customer_consent){.name = TEXT("marketing"), .granted = true};
    o->consents[1] = (struct customer_consent){.name = TEXT("profiling"), .granted = false};
    o->customer.consents = o->consents;
    o->customer.consent_count = 2;
    static const char traits[] = "\x82\xA3sex\xA1w\xA4size\x26"; /* {"sex": "w", "size": 38} */
    o->customer.traits = (struct text){traits, sizeof traits - 1};
    *state = o;
    return 0;
}

static int teardown(void **state)
{
    struct overlaying *o = *state;
    assert_false(o->failed);
    msgpack_zone_destroy(&o->zone);
    free(o);
    return 0;
}

/* What recommend is asked with; lives until `asked` ends. */
static const msgpack_object *given(struct overlaying *o, const char *arguments, enum recommend_argument which)
{
    asked_begin(&o->asked, METHOD_RECOMMEND, arguments);
    return o->asked.arguments.values[which];
}

/* The entry's text, or its number as text; "" where there is none. */
static const char *entry(const msgpack_object *map, const char *name)
{
    static char text[40];
    const msgpack_object *value = value_map_get(map, text_from(name));
    double number = 0;
    if (value == NULL)
        return "";
    if (value->type == MSGPACK_OBJECT_STR)
        snprintf(text, sizeof text, "%.*s", (int)value->via.str.size, value->via.str.ptr);
    else if (value->type == MSGPACK_OBJECT_BOOLEAN)
        snprintf(text, sizeof text, "%s", value->via.boolean ? "true" : "false");
    else
        snprintf(text, sizeof text, "%g", value_number(value, &number) ? number : -1);
    return text;
}

static void test_overlay_traits_given_go_first(void **state)
{
    struct overlaying *o = *state;
    const msgpack_object *map =
        given(o, "{'placement': 'x', 'traits': {'size': 40, 'colour': 'red'}}", RECOMMEND_traits);
    const msgpack_object *laid = overlay_traits(&o->zone, &o->customer, map, &o->failed);
    assert_int_equal(laid->via.map.size, 3);
    assert_string_equal(entry(laid, "size"), "40");
    assert_string_equal(entry(laid, "colour"), "red");
    assert_string_equal(entry(laid, "sex"), "w");
    asked_end(&o->asked);
}

static void test_overlay_traits_nil_takes_away(void **state)
{
    struct overlaying *o = *state;
    const msgpack_object *map =
        given(o, "{'placement': 'x', 'traits': {'size': null, 'other': null}}", RECOMMEND_traits);
    const msgpack_object *laid = overlay_traits(&o->zone, &o->customer, map, &o->failed);
    assert_int_equal(laid->via.map.size, 1);
    assert_string_equal(entry(laid, "sex"), "w");
    asked_end(&o->asked);
}

static void test_overlay_traits_of_nobody_are_those_given(void **state)
{
    struct overlaying *o = *state;
    const msgpack_object *map = given(o, "{'placement': 'x', 'traits': {'size': 40}}", RECOMMEND_traits);
    assert_ptr_equal(overlay_traits(&o->zone, NULL, map, &o->failed), map);
    assert_null(overlay_traits(&o->zone, NULL, NULL, &o->failed));
    o->customer.traits = (struct text){NULL, 0};
    assert_ptr_equal(overlay_traits(&o->zone, &o->customer, map, &o->failed), map);
    assert_null(overlay_traits(&o->zone, &o->customer, NULL, &o->failed));
    asked_end(&o->asked);
}

static void test_overlay_traits_are_the_stored_ones(void **state)
{
    struct overlaying *o = *state;
    const msgpack_object *laid = overlay_traits(&o->zone, &o->customer, NULL, &o->failed);
    assert_int_equal(laid->via.map.size, 2);
    assert_string_equal(entry(laid, "size"), "38");
    o->customer.traits = TEXT("\x01");
    assert_null(overlay_traits(&o->zone, &o->customer, NULL, &o->failed));
    o->customer.traits = TEXT("\x82\xA3se");
    assert_null(overlay_traits(&o->zone, &o->customer, NULL, &o->failed));
}

static void test_overlay_consents(void **state)
{
    struct overlaying *o = *state;
    const msgpack_object *map =
        given(o, "{'placement': 'x', 'consents': {'profiling': true, 'mail': false}}", RECOMMEND_consents);
    const msgpack_object *laid = overlay_consents(&o->zone, &o->customer, map, &o->failed);
    assert_int_equal(laid->via.map.size, 3);
    assert_string_equal(entry(laid, "profiling"), "true");
    assert_string_equal(entry(laid, "mail"), "false");
    assert_string_equal(entry(laid, "marketing"), "true");
    laid = overlay_consents(&o->zone, &o->customer, NULL, &o->failed);
    assert_int_equal(laid->via.map.size, 2);
    assert_string_equal(entry(laid, "profiling"), "false");
    o->customer.consent_count = 0;
    assert_ptr_equal(overlay_consents(&o->zone, &o->customer, map, &o->failed), map);
    assert_ptr_equal(overlay_consents(&o->zone, NULL, map, &o->failed), map);
    asked_end(&o->asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_overlay_##name, setup, teardown)
        TEST(traits_given_go_first),
        TEST(traits_nil_takes_away),
        TEST(traits_of_nobody_are_those_given),
        TEST(traits_are_the_stored_ones),
        TEST(consents),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/overlay", tests, NULL, NULL);
}
