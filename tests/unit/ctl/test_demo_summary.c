/* ctl/demo_summary: the whole summary, and what it shows in full. */
#include "ctl/local_site.h" /* in front of `text`, which its headers use as a parameter */

#include "answers.h"
#include "printed.h"

#include "ctl/demo_summary.h"

#include <jansson.h>

struct fixture {
    struct local_site site;
    struct demo_plan plan;
    struct demo_session visits[4];
    struct demo_sessions sessions;
    struct demo_daemon daemon;
    struct demo demo;
    struct demo_outcome outcome;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error error;
    assert_non_null(fixture);
    assert_true(local_site_create(&fixture->site, SENDA_SOURCE_DIR "/scripts/shop", &error));
    demo_plan_create(&fixture->plan, engine_snapshot(fixture->site.engine));
    fixture->sessions = (struct demo_sessions){fixture->visits, 0};
    fixture->demo = (struct demo){.site = "scripts/shop",
                                  .bundle = fixture->site.bundle,
                                  .plan = &fixture->plan,
                                  .sessions = &fixture->sessions,
                                  .daemon = &fixture->daemon};
    fixture->demo.customers = 4;
    demo_outcome_create(&fixture->outcome);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    demo_outcome_destroy(&fixture->outcome);
    local_site_destroy(&fixture->site);
    free(fixture);
    return 0;
}

static void add(struct fixture *fixture, size_t number, const char *stage, const char *kind,
                const char *fallback)
{
    senda_reply *reply = answer(stage, kind, fallback);
    demo_tally_add(&fixture->outcome.tally, number, reply);
    senda_reply_unref(reply);
}

static void test_demo_summary_chooses_the_commonest_of_each_stage_first(void **state)
{
    struct fixture *fixture = *state;
    const struct demo_row *chosen[DEMO_EXAMPLES];
    static const char *const expected[][2] = {{"awareness", "video"},
                                              {"decision", "demo"},
                                              {"awareness", "article"},
                                              {"decision", "discount"},
                                              {"awareness", "guide"}};
    for (size_t i = 1; i <= 9; i++)
        add(fixture, i, "decision",
            i <= 4   ? "demo"
            : i <= 7 ? "discount"
            : i == 8 ? "webinar"
                     : "trial",
            NULL);
    for (size_t i = 1; i <= 6; i++)
        add(fixture, i, "awareness", i <= 3 ? "video" : i <= 5 ? "article" : "guide", NULL);
    demo_summary_sort(&fixture->demo, &fixture->outcome.tally);
    assert_int_equal(demo_summary_choose(&fixture->outcome.tally, chosen), DEMO_EXAMPLES);
    for (size_t i = 0; i < DEMO_EXAMPLES; i++) {
        assert_string_equal(chosen[i]->stage, expected[i][0]);
        assert_string_equal(chosen[i]->kind, expected[i][1]);
    }
}

static void test_demo_summary_chooses_all_where_there_are_few(void **state)
{
    struct fixture *fixture = *state;
    const struct demo_row *chosen[DEMO_EXAMPLES];
    assert_int_equal(demo_summary_choose(&fixture->outcome.tally, chosen), 0);
    add(fixture, 1, "decision", "demo", NULL);
    add(fixture, 2, "decision", NULL, NULL);
    assert_int_equal(demo_summary_choose(&fixture->outcome.tally, chosen), 2);
}

static void fill(struct fixture *fixture)
{
    add(fixture, 1, "awareness", "video", NULL);
    add(fixture, 2, "awareness", NULL, NULL);
    add(fixture, 3, "awareness", "video", NULL);
    add(fixture, 4, "decision", "showcase", "no_offer_fits");
    fixture->outcome.walked = (struct demo_walked){.customers = 4, .told = 9, .kept = 9, .together = 5};
    fixture->outcome.funnel.stages = fixture->outcome.funnel.reached = 2;
    fixture->outcome.tally.together = 2;
    fixture->outcome.tally.elapsed = 1000000;
    histogram_record(&fixture->outcome.tally.latencies, 50000);
    histogram_record(&fixture->outcome.tally.latencies, 50000);
}

static void test_demo_summary_tells_everything(void **state)
{
    struct fixture *fixture = *state;
    fixture->demo.print = begin(false);
    fill(fixture);
    demo_summary_write(&fixture->demo, &fixture->outcome);
    assert_printed(
        &fixture->demo.print,
        "stage      kind shown first  of stage  decisions  fell back\n"
        "awareness  video               66.7 %          2          0\n"
        "           (nothing)           33.3 %          1          0\n"
        "decision   showcase           100.0 %          1          1\n"
        "all                                            4          1\n"
        "\n"
        "Time      p50 50 µs, longest 50 µs for one decision, as its client sees it: from sending to the "
        "decoded answer over the Unix socket, 2 of them asked for one at a time\n"
        "Together  2,000 decisions and 5,000 acknowledged events a second: 2 decisions in 1.0 ms over one "
        "connection, up to 128 requests on their way, this one client's own work included\n"
        "Fallback  1 in decision at hero: nothing that the site has fits (no_offer_fits)\n"
        "\n"
        "Some decisions\n"
        "\n"
        "visitor-1      awareness · hero\n"
        "               A title (video)\n"
        "               because it fits\n"
        "\n"
        "visitor-4      decision · hero · no_offer_fits\n"
        "               A title (showcase)\n"
        "               because it fits\n"
        "\n"
        "visitor-2      awareness · hero\n"
        "               nothing\n"
        "\n"
        "4 customers, 4 decisions, 9 events acknowledged, 2 of 2 stages reached\n");
}

static void assert_verdict(struct fixture *fixture, const char *expected)
{
    fixture->demo.print = begin(false);
    assert_false(demo_summary_is_good(&fixture->demo, &fixture->outcome));
    demo_summary_write(&fixture->demo, &fixture->outcome);
    fclose(fixture->demo.print.file);
    if (strstr(text, expected) == NULL)
        fail_msg("'%s' is not in:\n%s", expected, text);
    free(text);
}

static void test_demo_summary_says_what_was_missing(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture->outcome.funnel.reached = 1;
    strcpy(fixture->outcome.funnel.unreached, "advocacy");
    assert_verdict(fixture, "1 of 2 stages reached: nobody reached advocacy; --visitors with more");
    fixture->outcome.funnel.stages = 0;
    assert_verdict(fixture, ": there is no funnel\n");
    fixture->outcome.walked.kept = 8;
    assert_verdict(fixture,
                   "8 events acknowledged, 1 of 0 stages reached: not every event was acknowledged\n");
    demo_tally_add_unsent(&fixture->outcome.tally, SENDA_BUSY);
    assert_verdict(fixture, "Errors    1; the first: ");
    assert_verdict(fixture, ": not everybody was answered\n");
}

static void test_demo_summary_counts_recorded_visits_apart(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture->sessions.count = 1;
    assert_verdict(fixture, ": not everybody was answered\n");
    senda_reply *reply = answer("decision", "demo", NULL);
    demo_tally_add(&fixture->outcome.recorded, 1, reply);
    senda_reply_unref(reply);
    assert_true(demo_summary_is_good(&fixture->demo, &fixture->outcome));
    fixture->demo.print = begin(false);
    demo_summary_write(&fixture->demo, &fixture->outcome);
    fclose(fixture->demo.print.file);
    assert_non_null(strstr(text, "1 visit recorded, each asked for once, nobody remembered\n"));
    assert_non_null(strstr(text, "Where a recorded visitor stands"));
    assert_non_null(strstr(text, "4 customers, 5 decisions, "));
    free(text);
}

static json_int_t integer(const json_t *map, const char *key)
{
    return json_integer_value(json_object_get(map, key));
}

static void test_demo_summary_json_holds_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct print print = begin(false);
    fill(fixture);
    demo_summary_write_json(&fixture->demo, &fixture->outcome, print.file);
    fclose(print.file);
    json_t *whole = json_loads(text, 0, NULL);
    assert_non_null(whole);
    assert_true(json_is_true(json_object_get(whole, "good")));
    const json_t *rows = json_object_get(whole, "decisions"),
                 *customers = json_object_get(whole, "customers");
    assert_int_equal(json_array_size(rows), 3);
    assert_int_equal(integer(json_array_get(rows, 0), "count"), 2);
    assert_true(json_is_null(json_object_get(json_array_get(rows, 1), "kind")));
    assert_int_equal(integer(customers, "decisions"), 4);
    assert_int_equal(integer(customers, "fallbacks"), 1);
    const json_t *falls = json_object_get(whole, "fallbacks");
    assert_string_equal(json_string_value(json_object_get(json_array_get(falls, 0), "reason")),
                        "no_offer_fits");
    assert_int_equal(json_array_size(json_object_get(whole, "examples")), 3);
    const json_t *events = json_object_get(whole, "events");
    assert_int_equal(integer(events, "told"), 9);
    assert_int_equal(integer(events, "acknowledged"), 9);
    assert_true(json_is_null(json_object_get(whole, "recorded")));
    json_decref(whole);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_demo_summary_chooses_the_commonest_of_each_stage_first, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_demo_summary_chooses_all_where_there_are_few, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_summary_tells_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_summary_says_what_was_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_summary_counts_recorded_visits_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_summary_json_holds_the_same, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
