/* ctl/demo_where: finding the sample shop's files and where an offer is declared. */
#include "../cmocka_all.h"

#include "ctl/demo_where.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct bundle_file FILES[] = {
    {TEXT("site.lua"), TEXT("offer \"early\" {}\n")}, /* no place for offers: not looked at */
    {TEXT("offers/a.lua"), TEXT("-- offers\n\noffer \"early\" {}\noffer \"late\" {}\n")},
    {TEXT("offers/b.csv"), TEXT("id,title\nbeans,Beans\nearly-bird,Early\n")},
};

static struct bundle *make_bundle(void)
{
    struct error error;
    int descriptor = bundle_pack(FILES, sizeof FILES / sizeof FILES[0], &error);
    assert_true(descriptor >= 0);
    struct bundle *bundle = bundle_map(descriptor, &error);
    close(descriptor);
    assert_non_null(bundle);
    return bundle;
}

static void assert_found(const struct bundle *bundle, const char *offer, const char *file, unsigned line)
{
    struct demo_line where;
    assert_true(demo_where_offer(bundle, offer, &where));
    assert_true(text_equal(where.file, text_from(file)));
    assert_int_equal(where.line, line);
}

static void test_demo_where_offer_in_lua_and_in_tables(void **state)
{
    (void)state;
    struct demo_line where;
    struct bundle *bundle = make_bundle();
    assert_found(bundle, "early", "offers/a.lua", 3);
    assert_found(bundle, "late", "offers/a.lua", 4);
    assert_found(bundle, "beans", "offers/b.csv", 2);
    assert_found(bundle, "early-bird", "offers/b.csv", 3);
    assert_false(demo_where_offer(bundle, "bird", &where));
    bundle_unmap(bundle);
}

static void test_demo_where_short_takes_the_folder_away(void **state)
{
    (void)state;
    char here[PATH_MAX], below[PATH_MAX + 16], beside[PATH_MAX + 16];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(below, sizeof below, "%s/a/b", here);
    snprintf(beside, sizeof beside, "%s-other/a", here);
    assert_string_equal(demo_where_short(below).text, "a/b");
    assert_string_equal(demo_where_short(beside).text, beside);
    assert_string_equal(demo_where_short("scripts/shop").text, "scripts/shop");
}

static void test_demo_where_self_is_this_test(void **state)
{
    (void)state;
    assert_non_null(strstr(demo_where_self().text, "demo_where"));
    assert_int_equal(access(demo_where_self().text, X_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_where_offer_in_lua_and_in_tables),
        cmocka_unit_test(test_demo_where_short_takes_the_folder_away),
        cmocka_unit_test(test_demo_where_self_is_this_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
