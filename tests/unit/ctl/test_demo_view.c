/* ctl/demo_view: the introduction, the legend, and one visitor as a person reads them. */
#include "ctl/local_site.h" /* in front of `text`, which its headers use as a parameter */

#include "answers.h"
#include "printed.h"

#include "ctl/demo_view.h"

struct fixture {
    struct local_site site;
    struct demo_plan plan;
    struct demo_session visit;
    struct demo_sessions sessions;
    struct demo_daemon daemon;
    struct demo demo;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error error;
    assert_non_null(fixture);
    assert_true(local_site_create(&fixture->site, SENDA_SOURCE_DIR "/scripts/shop", &error));
    demo_plan_create(&fixture->plan, engine_snapshot(fixture->site.engine));
    fixture->visit = (struct demo_session){.pages = {0, 0, 12}, .visitor = DEMO_RETURNING};
    fixture->sessions = (struct demo_sessions){&fixture->visit, 1};
    fixture->daemon = (struct demo_daemon){
        .address = "unix:/tmp/x/senda.sock", .tcp = "tcp:127.0.0.1:7420", .pid = 77, .readiness = 35000000};
    fixture->demo = (struct demo){.print = begin(false),
                                  .site = "scripts/shop",
                                  .source = "visits.csv",
                                  .plan = &fixture->plan,
                                  .sessions = &fixture->sessions,
                                  .daemon = &fixture->daemon,
                                  .customers = 1500,
                                  .seed = 5,
                                  .now_ms = INT64_C(1800000000000)};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    local_site_destroy(&fixture->site);
    free(fixture);
    return 0;
}

static void finish(struct fixture *fixture)
{
    fclose(fixture->demo.print.file);
}

static void assert_said(const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void test_demo_view_introduces_customers_and_their_time(void **state)
{
    struct fixture *fixture = *state;
    fixture->sessions.count = 0;
    demo_view_write_intro(&fixture->demo);
    finish(fixture);
    assert_said("Site      scripts/shop, 7 stages, 6 placements, ");
    assert_said(
        "Daemon    sendad, process 77, ready in 35.0 ms, at tcp:127.0.0.1:7420 and unix:/tmp/x/senda.sock\n");
    assert_said("Visitors  1,500 customers, made up from seed 5. ");
    assert_said("Time      26 weeks that end now, ");
    assert_null(strstr(text, "Sessions"));
    free(text);
}

static void test_demo_view_introduces_recorded_visits(void **state)
{
    struct fixture *fixture = *state;
    demo_view_write_intro(&fixture->demo);
    demo_view_write_legend(&fixture->demo);
    finish(fixture);
    assert_said("Sessions  1 recorded ones of visits.csv");
    assert_said("\n  purchase       the visit ended in a purchase\n  decision       saw pages");
    assert_said("\n  awareness      none of these\n  One visit cannot tell what comes after a purchase");
    assert_null(strstr(text, "advocacy"));
    free(text);
}

static void test_demo_view_legend_names_no_stage_twice(void **state)
{
    struct fixture *fixture = *state;
    struct demo_legend legend[DEMO_LEGEND];
    finish(fixture);
    free(text);
    demo_view_legend(&fixture->demo, legend);
    for (int i = 0; i < DEMO_LEGEND; i++)
        for (int j = 0; j < i; j++)
            assert_false(text_equal(legend[i].stage, legend[j].stage));
}

static void write_visitor(struct fixture *fixture, senda_reply *reply)
{
    demo_view_write_visitor(&fixture->demo, "visitor-42", senda_reply_result(reply));
    senda_reply_unref(reply);
}

static void test_demo_view_shows_a_visitor(void **state)
{
    struct fixture *fixture = *state;
    write_visitor(fixture, answer("consideration", "comparison", NULL));
    assert_printed(&fixture->demo.print, "visitor-42     consideration · hero\n"
                                         "               A title (comparison)\n"
                                         "               because it fits\n"
                                         "\n");
}

static void test_demo_view_shows_fallbacks_and_nothing(void **state)
{
    struct fixture *fixture = *state;
    write_visitor(fixture, answer("consideration", NULL, "holdout"));
    assert_printed(&fixture->demo.print, "visitor-42     consideration · hero · holdout\n"
                                         "               nothing\n"
                                         "\n");
}

static struct demo_walk a_walk(const struct fixture *fixture)
{
    struct demo_person person = {.id = "visitor-9", .persona = TEXT("tinkerer"), .locale = TEXT("es")};
    struct demo_walk walk;
    demo_walk_create(&walk, &fixture->plan, &fixture->sessions, person, fixture->demo.now_ms);
    walk.visit = (struct demo_visit){.at_ms = fixture->demo.now_ms - 3 * INT64_C(86400000),
                                     .placement = TEXT("hero"),
                                     .shown = 1,
                                     .title = "A title",
                                     .clicked = true};
    return walk;
}

static void test_demo_view_tells_of_a_visit(void **state)
{
    struct fixture *fixture = *state;
    struct demo_walk walk = a_walk(fixture);
    demo_view_write_person(&fixture->demo, &walk.person);
    demo_view_write_visit(&fixture->demo, &walk);
    walk.visit.clicked = false;
    walk.visit.wish = &fixture->plan.site->stages[1].enter[0];
    walk.visit.stage_now = 1;
    demo_view_write_visit(&fixture->demo, &walk);
    walk.visit = (struct demo_visit){.at_ms = fixture->demo.now_ms,
                                     .placement = TEXT("hero"),
                                     .bought = true,
                                     .value = 12.5,
                                     .quits = true};
    demo_view_write_visit(&fixture->demo, &walk);
    assert_printed(
        &fixture->demo.print,
        "visitor-9 · tinkerer · es · desktop\n"
        "  3 days ago     awareness · hero · sees “A title”, clicks\n"
        "  3 days ago     awareness · hero · sees “A title”, download → consideration\n"
        "  today          awareness · hero · sees nothing, purchase (12.50), and is not seen for long\n");
}

static void test_demo_view_stays_within_a_terminal(void **state)
{
    struct fixture *fixture = *state;
    size_t lines = 0;
    fixture->demo.width = 60;
    demo_view_write_intro(&fixture->demo);
    demo_view_write_legend(&fixture->demo);
    write_visitor(fixture, answer("consideration", "comparison", NULL));
    finish(fixture);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++)
        assert_true(print_width(line) <= fixture->demo.width);
    assert_true(lines > 15); /* the notes alone take several */
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_demo_view_introduces_customers_and_their_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_introduces_recorded_visits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_legend_names_no_stage_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_shows_a_visitor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_shows_fallbacks_and_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_tells_of_a_visit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_view_stays_within_a_terminal, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
