/* ctl/demo_turn: the three steps, and what is said when the site changed. */
#include "ctl/local_site.h" /* in front of `text`, which its headers use as a parameter */

#include "answers.h"
#include "printed.h"

#include "ctl/demo_turn.h"

#include <unistd.h>

struct fixture {
    struct local_site site;
    struct demo_plan plan;
    struct demo_daemon daemon;
    struct demo demo;
    struct demo_turn turn;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error error;
    assert_non_null(fixture);
    assert_true(local_site_create(&fixture->site, SENDA_SOURCE_DIR "/scripts/shop", &error));
    demo_plan_create(&fixture->plan, engine_snapshot(fixture->site.engine));
    strcpy(fixture->daemon.tcp, "tcp:127.0.0.1:7420");
    strcpy(fixture->daemon.control, "unix:/tmp/x/control.sock");
    fixture->demo = (struct demo){.site = "scripts/shop",
                                  .bundle = fixture->site.bundle,
                                  .plan = &fixture->plan,
                                  .daemon = &fixture->daemon};
    strcpy(fixture->daemon.state, "/tmp/x/state");
    assert_true(demo_turn_create(&fixture->turn, "visitor-42", TEXT("hero"), "AAB"));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    demo_turn_destroy(&fixture->turn);
    local_site_destroy(&fixture->site);
    free(fixture);
    return 0;
}

static senda_reply *answer_of(const char *version, const char *title)
{
    senda_request *result = senda_request_new();
    senda_request_string(result, "version", version);
    senda_request_string(result, "strategy", "help-them-compare");
    senda_request_open_list(result, "items");
    senda_request_open_map(result, NULL);
    senda_request_string(result, "offer", "manual-or-electric");
    senda_request_string(result, "kind", "comparison");
    senda_request_string(result, "title", title);
    senda_request_close(result);
    senda_request_close(result);
    return reply_of(result);
}

static void test_demo_turn_asks_without_leaving_a_trace(void **state)
{
    struct fixture *fixture = *state;
    size_t length;
    assert_non_null(senda_request_bytes(fixture->turn.request, &length));
    assert_true(fixture->turn.ask.dry_run);
    assert_string_equal(fixture->turn.ask.customer, "visitor-42");
    assert_null(fixture->turn.ask.stage);
}

static void assert_said(const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void test_demo_turn_writes_commands_to_copy(void **state)
{
    struct fixture *fixture = *state;
    senda_reply *reply = answer_of("v1", "Hand grinder or electric?");
    fixture->demo.print = begin(false);
    demo_turn_write(&fixture->demo, &fixture->turn, senda_reply_result(reply));
    fclose(fixture->demo.print.file);
    assert_said(" ask -c tcp:127.0.0.1:7420 -p hero --customer visitor-42\n");
    assert_said(" reload --control unix:/tmp/x/control.sock\n");
    assert_said(" profile get visitor-42 -c tcp:127.0.0.1:7420\n");
    assert_said(" map -c tcp:127.0.0.1:7420\n");
    assert_said(" explain AAB -c tcp:127.0.0.1:7420\n");
    assert_said(" log --state /tmp/x/state\n");
    assert_said("in scripts/shop/offers/consideration-to-compare.lua, line 3, give manual-or-electric");
    assert_said("help-them-compare: scripts/shop/strategies/consideration.lua, line ");
    assert_said("visitor-42     Hand grinder or electric? (comparison)\n");
    free(text);
    senda_reply_unref(reply);
}

static void test_demo_turn_breaks_commands_as_a_shell_reads_them(void **state)
{
    struct fixture *fixture = *state;
    senda_reply *reply = answer_of("v1", "Hand grinder or electric?");
    fixture->demo.print = begin(false);
    fixture->demo.width = 40;
    demo_turn_write(&fixture->demo, &fixture->turn, senda_reply_result(reply));
    fclose(fixture->demo.print.file);
    assert_said("-p hero \\\n         --customer visitor-42\n");
    free(text);
    senda_reply_unref(reply);
}

static void compare(struct fixture *fixture, const char *version, const char *expected)
{
    senda_reply *reply = answer_of(version, "Another title");
    fixture->demo.print = begin(false);
    demo_turn_compare(&fixture->demo, &fixture->turn, senda_reply_result(reply));
    assert_printed(&fixture->demo.print, expected);
    senda_reply_unref(reply);
}

static void test_demo_turn_shows_what_changed(void **state)
{
    struct fixture *fixture = *state;
    strcpy(fixture->turn.version, "v1");
    compare(fixture, "v1", "");
    compare(fixture, "v2",
            "The site was loaded again. Now it is:\n\nvisitor-42     Another title (comparison)\n\n");
    compare(fixture, "v2", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_demo_turn_asks_without_leaving_a_trace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_turn_writes_commands_to_copy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demo_turn_breaks_commands_as_a_shell_reads_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_demo_turn_shows_what_changed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
