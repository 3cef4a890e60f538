/* sendactl as its users meet it: the program itself against a mock daemon, its output and exit codes. */
#include "commanding.h"

/* ---- A daemon that knows one customer, and refuses the rest ---- */

static senda_request *begin_reply(const senda_value *message)
{
    senda_request *reply = senda_request_new_list();
    senda_request_integer(reply, NULL, 1);
    senda_request_integer(reply, NULL, mock_id(message));
    senda_request_nil(reply, NULL);
    senda_request_open_map(reply, NULL);
    return reply;
}

static void recommend(struct bufferevent *peer, const senda_value *message)
{
    const senda_value *arguments = mock_arguments(message);
    senda_request *reply;
    if (!mock_text_is(senda_value_get(arguments, "placement"), "hero")) {
        mock_reply(peer, mock_id(message), "INVALID: placement: no such placement", 0);
        return;
    }
    reply = begin_reply(message);
    senda_request_string(reply, "stage", "decision");
    senda_request_open_list(reply, "items");
    if (mock_text_is(senda_value_get(arguments, "customer"), "maria")) {
        senda_request_open_map(reply, NULL);
        senda_request_string(reply, "title", "Free trial");
        senda_request_close(reply);
    }
    senda_request_close(reply);
    senda_request_string(reply, "fallback", "no_offer_fits");
    senda_request_close(reply);
    mock_send(peer, reply);
}

static void reload(struct bufferevent *peer, const senda_value *message)
{
    senda_request *reply = begin_reply(message);
    senda_request_string(reply, "version", "v42");
    senda_request_close(reply);
    mock_send(peer, reply);
}

static void serve(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct fixture *fixture = mock->context;
    fixture->answers++;
    if (mock_method_is(message, "recommend"))
        recommend(peer, message);
    else if (mock_method_is(message, "reload"))
        reload(peer, message);
    else
        mock_reply(peer, mock_id(message), NULL, 7);
}

static void test_command_ask_prints_the_decision(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "ask", "--placement", "hero", "--customer", "maria"), CTL_EXIT_OK);
    assert_contains(fixture->out, "Who      maria, not seen before\n");
    assert_contains(fixture->out, "Free trial");
    assert_string_equal(fixture->err, "");
    assert_int_equal(RUN(fixture, "ask", "-p", "hero", "--customer", "maria", "--json"), CTL_EXIT_OK);
    assert_contains(fixture->out, "\"title\": \"Free trial\"");
}

static void test_command_ask_tells_no_from_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "ask", "--placement", "hero"), CTL_EXIT_NO);
    assert_contains(fixture->out, "Show     nothing");
    assert_int_equal(RUN(fixture, "ask", "--placement", "heroo", "--json"), CTL_EXIT_REFUSED);
    assert_contains(fixture->err, "INVALID: placement: no such placement");
    assert_contains(fixture->out, "{\"error\": {\"code\": \"INVALID\", ");
}

static void test_command_line_errors_are_usage(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(RUN(fixture, NULL), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "aks"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "did you mean 'ask'?");
    assert_int_equal(RUN(fixture, "ask"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "--placement is required");
    assert_int_equal(RUN(fixture, "ask", "-p", "hero", "--trait", "x"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "ask", "-p", "hero", "--count", "51"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "ping", "--connect", "nowhere"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "ping", "more"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "bench"), CTL_EXIT_USAGE);
    assert_int_equal(fixture->mock.accepted, 0);
}

static void test_command_help_names_every_command_and_its_exit_codes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(RUN(fixture, "--help"), CTL_EXIT_OK);
    assert_string_equal(fixture->err, "");
    for (const struct ctl_command *command = ctl_commands; command->name != NULL; command++)
        assert_contains(fixture->out, command->summary);
    for (const struct ctl_command *command = ctl_commands; command->name != NULL; command++) {
        assert_int_equal(RUN(fixture, command->name, "--help"), CTL_EXIT_OK);
        assert_contains(fixture->out, "Exit codes");
        assert_contains(fixture->out, "--json");
    }
}

static void test_command_says_that_nobody_answers(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    for (const char *const *name = (const char *const[]){"ping", "stats", "reload", NULL}; *name != NULL;
         name++) {
        assert_int_equal(RUN(fixture, *name), CTL_EXIT_UNREACHABLE);
        assert_contains(fixture->err, fixture->mock.address);
    }
    assert_int_equal(RUN(fixture, "bench", "-p", "hero"), CTL_EXIT_UNREACHABLE);
    assert_contains(fixture->err, fixture->mock.address);
}

static void test_command_ping_stats_and_reload(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "ping"), CTL_EXIT_OK);
    assert_contains(fixture->out, "answers in");
    assert_int_equal(RUN(fixture, "ping", "--json"), CTL_EXIT_OK);
    assert_contains(fixture->out, "\"microseconds\": ");
    assert_int_equal(RUN(fixture, "stats"), CTL_EXIT_OK);
    assert_string_equal(fixture->out, "echo  7\n");
    assert_int_equal(RUN(fixture, "stats", "--json"), CTL_EXIT_OK);
    assert_string_equal(fixture->out, "{\n  \"echo\": 7\n}\n");
    assert_int_equal(RUN(fixture, "reload"), CTL_EXIT_OK);
    assert_contains(fixture->out, "version v42");
}

static void refuse_site(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    mock_reply(peer, mock_id(message), "INVALID: hero.lua:3: no stage 'desicion'\noffers.lua:9: two urls", 0);
}

static void list_problems(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    senda_request *reply = begin_reply(message);
    (void)mock;
    senda_request_open_list(reply, "problems");
    senda_request_open_map(reply, NULL);
    senda_request_string(reply, "file", "hero.lua");
    senda_request_integer(reply, "line", 3);
    senda_request_string(reply, "message", "no such stage");
    senda_request_close(reply);
    senda_request_string(reply, NULL, "and another");
    senda_request_close(reply);
    senda_request_close(reply);
    mock_send(peer, reply);
}

static void test_command_reload_prints_every_problem(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = refuse_site;
    assert_int_equal(RUN(fixture, "reload"), CTL_EXIT_NO);
    assert_contains(fixture->out, "  hero.lua:3: no stage 'desicion'\n");
    assert_contains(fixture->out, "  offers.lua:9: two urls\n");
    assert_int_equal(RUN(fixture, "reload", "--json"), CTL_EXIT_NO);
    assert_contains(fixture->out, "{\"error\": {\"code\": \"INVALID\", ");
    fixture->mock.on_message = list_problems;
    assert_int_equal(RUN(fixture, "reload"), CTL_EXIT_NO);
    assert_contains(fixture->out, "hero.lua:3: no such stage\n");
    assert_contains(fixture->out, "and another\n");
}

/* ---- bench ---- */

static void test_command_bench_counts_what_it_was_answered(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "bench", "--placement=hero", "--requests=5000", "--warmup=0", "--json",
                         "--connections=3", "--depth=50"),
                     CTL_EXIT_OK);
    assert_int_equal(fixture->answers, 5000);
    assert_int_equal(fixture->mock.accepted, 3);
    assert_contains(fixture->out, "\"requests\": 5000, ");
    assert_contains(fixture->out, "\"errors\": 0, \"fallbacks\": 5000, ");
}

static void test_command_bench_floor_calls_ping(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "bench", "-p", "hero", "--requests=100", "--warmup=0", "--floor"),
                     CTL_EXIT_OK);
    assert_contains(fixture->out, "ping ");
    assert_contains(fixture->out, "0 errors, 0 fallbacks");
}

static void test_command_bench_reports_errors(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "bench", "-p", "heroo", "--requests=100", "--warmup=0"), CTL_EXIT_NO);
    assert_contains(fixture->out, "100 errors");
    assert_contains(fixture->out, "INVALID: placement: no such placement");
}

static void test_command_bench_open_loop_sends_what_is_due(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(
        RUN(fixture, "bench", "-p", "hero", "--rate=1000", "--duration=0.1", "--warmup=0", "--json"),
        CTL_EXIT_OK);
    assert_contains(fixture->out, "\"loop\": \"open\"");
    assert_true(fixture->answers > 0 && fixture->answers <= 101);
}

static void test_command_bench_compares_with_the_floor(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    assert_int_equal(RUN(fixture, "bench", "-p", "hero", "--compare-floor", "--duration=0.04", "--round=0.01",
                         "--warmup=0"),
                     CTL_EXIT_OK);
    assert_contains(fixture->out, "round 1 ");
    assert_contains(fixture->out, "round 2 ");
    assert_contains(fixture->out, "median ");
    assert_contains(fixture->out, "ratio ");
}

static void hang_up_after_some(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct fixture *fixture = mock->context;
    if (fixture->answers++ < 10)
        mock_reply(peer, mock_id(message), NULL, 7);
    else
        mock_hang_up(mock, peer);
}

static void test_command_bench_says_that_the_daemon_went_away(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = hang_up_after_some;
    assert_int_equal(RUN(fixture, "bench", "-p", "hero", "-n", "1", "--warmup=0"), CTL_EXIT_UNREACHABLE);
    assert_contains(fixture->err, " after ");
    assert_contains(fixture->err, " replies");
}

static void fall_silent(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    (void)peer;
    (void)message;
}

static void test_command_bench_gives_up_on_silence(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = fall_silent;
    assert_int_equal(RUN(fixture, "bench", "-p", "hero", "--timeout=50", "--requests=10", "--warmup=0"),
                     CTL_EXIT_UNREACHABLE);
    assert_contains(fixture->err, "fell silent");
}

static void answer_another(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    mock_reply(peer, mock_id(message) + 100000, NULL, 7);
}

static void test_command_bench_refuses_replies_to_nothing(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_another;
    assert_int_equal(RUN(fixture, "bench", "-p", "hero", "--requests=10", "--warmup=0"),
                     CTL_EXIT_UNREACHABLE);
    assert_contains(fixture->err, "a request that was not on its way");
}

static void refuse_token(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    assert_true(mock_method_is(message, "auth"));
    mock_reply(peer, mock_id(message), "UNAUTHORIZED: wrong token", 0);
}

static void test_command_refused_token(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = refuse_token;
    setenv("SENDA_TOKEN", "wrong", 1);
    assert_int_equal(RUN(fixture, "bench", "-p", "hero"), CTL_EXIT_REFUSED);
    assert_contains(fixture->err, "UNAUTHORIZED: wrong token");
    assert_int_equal(RUN(fixture, "ping"), CTL_EXIT_REFUSED);
    assert_contains(fixture->err, "UNAUTHORIZED: wrong token");
}

static void guard(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct fixture *fixture = mock->context;
    if (fixture->answers == 0)
        assert_true(mock_text_is(senda_value_get(mock_arguments(message), "token"), "sesame"));
    serve(mock, peer, message);
}

static void test_command_sends_the_token_of_a_file(void **state)
{
    struct fixture *fixture = *state;
    char path[128];
    fixture->mock.on_message = guard;
    snprintf(path, sizeof path, "%s/token", fixture->mock.directory);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("sesame\n", file);
    fclose(file);
    assert_int_equal(RUN(fixture, "stats", "--token-file", path), CTL_EXIT_OK);
    assert_int_equal(fixture->answers, 2);
    fixture->answers = 0;
    assert_int_equal(
        RUN(fixture, "bench", "-p", "hero", "--token-file", path, "--requests=10", "-n1", "--warmup=0"),
        CTL_EXIT_OK);
    unlink(path);
    assert_int_equal(RUN(fixture, "stats", "--token-file", path), CTL_EXIT_USAGE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, commanding_setup, commanding_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_command_ask_prints_the_decision),
        TEST(test_command_ask_tells_no_from_refused),
        TEST(test_command_line_errors_are_usage),
        TEST(test_command_help_names_every_command_and_its_exit_codes),
        TEST(test_command_says_that_nobody_answers),
        TEST(test_command_ping_stats_and_reload),
        TEST(test_command_reload_prints_every_problem),
        TEST(test_command_bench_counts_what_it_was_answered),
        TEST(test_command_bench_floor_calls_ping),
        TEST(test_command_bench_reports_errors),
        TEST(test_command_bench_open_loop_sends_what_is_due),
        TEST(test_command_bench_compares_with_the_floor),
        TEST(test_command_bench_says_that_the_daemon_went_away),
        TEST(test_command_bench_gives_up_on_silence),
        TEST(test_command_bench_refuses_replies_to_nothing),
        TEST(test_command_refused_token),
        TEST(test_command_sends_the_token_of_a_file),
    };
    return cmocka_run_group_tests_name("ctl/command", tests, NULL, NULL);
}
