/* snapshot: names of everything, locales by their tags, texts with their fallback. */
#include "../cmocka_all.h"

#include "../decide/site_builder.h"

static void test_snapshot_names_everything(void **state)
{
    (void)state;
    struct snapshot *site = site_new_small();
    struct text aliases[] = {TEXT("consideración"), TEXT("start")};
    site_add_persona(site, "buyer");
    site_add_placement(site, "sidebar", 1);
    struct stage *later = site_add_stage(site, "later");
    later->aliases = aliases;
    later->alias_count = 2;
    site_add_journey(site, "other");
    site_add_stage(site, "later");
    site_add_offer(site, "a", 1.0);
    site_add_offer(site, "b", 1.0);
    site_finish(site);
    assert_int_equal(symbols_find(&site->offer_names, TEXT("b")), 1);
    assert_int_equal(symbols_find(&site->persona_names, TEXT("buyer")), 0);
    assert_int_equal(symbols_find(&site->placement_names, TEXT("sidebar")), 1);
    assert_int_equal(symbols_find(&site->journey_names, TEXT("other")), 1);
    assert_int_equal(symbols_find(&site->stage_names[0], TEXT("later")), 1);
    assert_int_equal(symbols_find(&site->stage_names[0], TEXT("consideración")), 1);
    assert_int_equal(symbols_find(&site->stage_names[0], TEXT("start")), 0); /* a name beats an alias */
    assert_int_equal(symbols_find(&site->stage_names[1], TEXT("later")), 2);
    assert_int_equal(symbols_find(&site->stage_names[1], TEXT("start")), UINT32_MAX);
    snapshot_free(site);
}

static void test_snapshot_of_nothing_can_be_finished(void **state)
{
    (void)state;
    struct snapshot *site = snapshot_new();
    site_finish(site);
    assert_int_equal(symbols_find(&site->offer_names, TEXT("a")), UINT32_MAX);
    snapshot_free(site);
    snapshot_free(NULL);
}

static void test_snapshot_find_locale_goes_by_language(void **state)
{
    (void)state;
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_locale(site, "en-GB");
    assert_int_equal(snapshot_find_locale(site, TEXT("es")), 0);
    assert_int_equal(snapshot_find_locale(site, TEXT("es-MX")), 0);
    assert_int_equal(snapshot_find_locale(site, TEXT("es_MX")), 0);
    assert_int_equal(snapshot_find_locale(site, TEXT("en-GB")), 2);
    assert_int_equal(snapshot_find_locale(site, TEXT("en-US")), 1);
    assert_int_equal(snapshot_find_locale(site, TEXT("EN")), 1);
    assert_int_equal(snapshot_find_locale(site, TEXT("EN-us")), 1);
    assert_int_equal(snapshot_find_locale(site, TEXT("EN-gb")), 2);
    assert_int_equal(snapshot_find_locale(site, TEXT("en_gb")), 2);
    assert_int_equal(snapshot_find_locale(site, TEXT("e\x0E")), SNAPSHOT_NONE);
    assert_int_equal(snapshot_find_locale(site, TEXT("en-GB-oed")), 1);
    assert_int_equal(snapshot_find_locale(site, TEXT("fr")), SNAPSHOT_NONE);
    assert_int_equal(snapshot_find_locale(site, TEXT("e")), SNAPSHOT_NONE);
    assert_int_equal(snapshot_find_locale(site, TEXT("")), SNAPSHOT_NONE);
    assert_int_equal(snapshot_find_locale(site, TEXT("-es")), SNAPSHOT_NONE);
    snapshot_free(site);
}

static void test_localized_get_falls_back_once(void **state)
{
    (void)state;
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_locale(site, "fr");
    struct localized texts = site_texts(site, "hola", "hello", NULL);
    assert_true(text_equal(localized_get(texts, 1, 0), TEXT("hello")));
    assert_true(text_equal(localized_get(texts, 2, 0), TEXT("hola")));
    assert_null(localized_get(texts, 2, 2).bytes);
    assert_null(localized_get((struct localized){NULL}, 0, 0).bytes);
    snapshot_free(site);
}

static void test_number_list_takes_what_is_in_it(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {3, 5};
    const struct number_list open = {NULL, 0, false}, none = {NULL, 0, true}, some = {numbers, 2, true};
    assert_true(number_list_takes(&open, 7));
    assert_false(number_list_takes(&none, 7));
    assert_true(number_list_takes(&some, 3) && number_list_takes(&some, 5));
    assert_false(number_list_takes(&some, 4));
}

static void test_snapshot_refuse_says_what_went_wrong(void **state)
{
    (void)state;
    struct snapshot *site = snapshot_new();
    struct problems problems;
    problems_create(&problems);
    snapshot_refuse(site, "out of memory", &problems);
    assert_string_equal(problems.list[0].message.bytes, "out of memory");
    snapshot_limit_memory(site, 3 << 20);
    assert_null(arena_allocate(&site->arena, 4 << 20));
    snapshot_refuse(site, "out of memory", &problems);
    assert_int_equal(problems.errors, 2);
    assert_non_null(strstr(problems.list[1].message.bytes, "takes more than 3 MiB"));
    problems_destroy(&problems);
    snapshot_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_names_everything),
        cmocka_unit_test(test_snapshot_of_nothing_can_be_finished),
        cmocka_unit_test(test_snapshot_find_locale_goes_by_language),
        cmocka_unit_test(test_localized_get_falls_back_once),
        cmocka_unit_test(test_number_list_takes_what_is_in_it),
        cmocka_unit_test(test_snapshot_refuse_says_what_went_wrong),
    };
    return cmocka_run_group_tests_name("catalogue/snapshot", tests, NULL, NULL);
}
