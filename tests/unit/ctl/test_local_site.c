/* ctl/local_site: a folder loaded as a worker would, good, bad, or not there. */
#include "folder.h"

#include "ctl/local_site.h"

/* A test that fails leaves its timer running, which must not write to a stack that is gone. */
static struct local_site site;

static void assert_named(const char *directory, const char *name)
{
    struct error error;
    assert_true(local_site_create(&site, directory, &error));
    assert_non_null(site.engine);
    struct text actual = engine_snapshot(site.engine)->name;
    if (!text_equal(actual, text_from(name)))
        fail_msg("'%.*s' is not '%s'", (int)actual.length, actual.bytes, name);
    local_site_destroy(&site);
}

static void test_local_site_of_a_good_folder(void **state)
{
    const struct folder *folder = *state;
    struct error error;
    assert_true(local_site_create(&site, folder->path, &error));
    assert_non_null(site.engine);
    assert_ptr_equal(site.flow.engine, site.engine);
    assert_int_equal(site.problems.count, 0);
    assert_int_equal(engine_snapshot(site.engine)->offer_count, 4);
    assert_int_equal(engine_snapshot(site.engine)->test_count, 2);
    assert_string_equal(engine_version(site.engine), bundle_version(site.bundle));
    local_site_destroy(&site);
}

/* A site that doesn't name itself is called as its folder, however the path is written. */
static void test_local_site_takes_the_folders_name(void **state)
{
    const struct folder *folder = *state;
    char path[128];
    assert_named(folder->path, "my-site");
    snprintf(path, sizeof path, "%s/", folder->path);
    assert_named(path, "my-site");
    snprintf(path, sizeof path, "%s///", folder->path);
    assert_named(path, "my-site");
    assert_int_equal(chdir(folder->root), 0);
    assert_named("my-site", "my-site");
    assert_named("my-site/", "my-site");
    assert_int_equal(chdir("/tmp"), 0);
    folder_put(folder, "site.lua", "site 'called' { locale = 'en' }\n");
    assert_named(folder->path, "called");
}

static void test_local_site_of_the_folder_one_stands_in(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(chdir(folder->path), 0);
    assert_named(".", "site"); /* its path has no name in it */
    assert_int_equal(chdir("/tmp"), 0);
}

static void test_local_site_keeps_problems(void **state)
{
    const struct folder *folder = *state;
    struct error error;
    folder_put(folder, "placements.lua", "placement 'hero' { fallback = 'hoose' }\n");
    assert_true(local_site_create(&site, folder->path, &error));
    assert_null(site.engine);
    assert_true(site.problems.errors > 0);
    assert_non_null(site.bundle);
    local_site_destroy(&site);
}

static void test_local_site_of_no_folder(void **state)
{
    const struct folder *folder = *state;
    struct error error = {0};
    assert_false(local_site_create(&site, folder_below(folder, "nowhere"), &error));
    assert_non_null(strstr(error.message, "nowhere"));
    assert_false(local_site_create(&site, "", &error));
}

/* As many as one likes, one after the other: each has its own timer. */
static void test_local_site_again_and_again(void **state)
{
    const struct folder *folder = *state;
    for (int i = 0; i < 3; i++) {
        struct error error;
        assert_true(local_site_create(&site, folder->path, &error));
        assert_non_null(site.engine);
        local_site_destroy(&site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_local_site_##name, folder_setup, folder_teardown)
        TEST(of_a_good_folder), TEST(takes_the_folders_name), TEST(of_the_folder_one_stands_in),
        TEST(keeps_problems),   TEST(of_no_folder),           TEST(again_and_again),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/local_site", tests, NULL, NULL);
}
