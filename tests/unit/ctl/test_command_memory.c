/* sendactl's commands about what the daemon remembers: what they ask, what they show, and how they end. */
#include "commanding.h"

#include "../wire/request_builder.h"

/* What the daemon was asked last, as "method {arguments}" in JSON, and what it answers. */
static char asked[4096];
static const char *result; /* JSON in which ' may stand for "; NULL: an error */

static void note(const senda_value *message)
{
    size_t length;
    const char *method = senda_value_string(senda_value_at(message, 2), &length);
    char *arguments = senda_value_to_json(mock_arguments(message), 0);
    assert_non_null(method);
    snprintf(asked, sizeof asked, "%.*s %s", (int)length, method, arguments);
    free(arguments);
}

static void serve(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct buffer out;
    (void)mock;
    note(message);
    if (result == NULL) {
        mock_reply(peer, mock_id(message), "NOT_FOUND: customer: no customer 'nobody'", 0);
        return;
    }
    buffer_create(&out);
    request_put_result(&out, mock_id(message), result);
    mock_write(peer, out.bytes, out.length);
    buffer_destroy(&out);
}

static struct fixture *answering(void **state, const char *json)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = serve;
    result = json;
    asked[0] = '\0';
    setenv("TZ", "UTC", 1);
    return fixture;
}

/* ---- track, identify ---- */

static void test_command_track_tells_everything(void **state)
{
    struct fixture *fixture = answering(
        state,
        "{'accepted': true, 'duplicate': false, 'journey': 'walk', 'stage': 'choosing', 'moved': true}");
    assert_int_equal(RUN(fixture, "track", "purchase", "--customer=ana", "--value=12.5", "--at=2026-01-01Z",
                         "--property=size=5", "--id=e-1"),
                     CTL_EXIT_OK);
    assert_string_equal(asked, "track {\"customer\":\"ana\",\"value\":12.5,\"at\":1767225600,\"id\":\"e-1\","
                               "\"event\":\"purchase\",\"properties\":{\"size\":5}}");
    assert_string_equal(fixture->out, "kept\nana moved on to choosing on the journey walk\n");
    assert_int_equal(RUN(fixture, "track", "click", "--offer=guide", "--placement=hero", "--decision=d-1",
                         "--touchpoint=site", "--json"),
                     CTL_EXIT_OK);
    assert_string_equal(asked, "track {\"offer\":\"guide\",\"placement\":\"hero\",\"decision\":\"d-1\","
                               "\"touchpoint\":\"site\",\"event\":\"click\"}");
    assert_contains(fixture->out, "\"moved\": true");
}

static void test_command_track_of_nobody_and_again(void **state)
{
    struct fixture *fixture = answering(
        state, "{'accepted': true, 'duplicate': true, 'journey': null, 'stage': null, 'moved': false}");
    assert_int_equal(RUN(fixture, "track", "impression"), CTL_EXIT_OK);
    assert_string_equal(asked, "track {\"event\":\"impression\"}");
    assert_string_equal(fixture->out, "known already: it was told before and counts once\n");
}

static void test_command_track_says_no(void **state)
{
    struct fixture *fixture =
        answering(state, "{'accepted': false, 'because': 'the customer is restricted'}");
    assert_int_equal(RUN(fixture, "track", "click", "--customer=ana"), CTL_EXIT_NO);
    assert_string_equal(fixture->out, "not kept: the customer is restricted\n");
    assert_int_equal(RUN(fixture, "track", "click", "--customer=ana", "--json"), CTL_EXIT_NO);
}

static void test_command_track_hints_at_a_slip(void **state)
{
    struct fixture *fixture = answering(
        state, "{'accepted': true, 'duplicate': false, 'journey': null, 'stage': null, 'moved': false}");
    assert_int_equal(RUN(fixture, "track", "page_veiw"), CTL_EXIT_OK);
    assert_string_equal(fixture->out, "kept\n");
    assert_contains(fixture->err, "did you mean 'page_view'?");
    assert_int_equal(RUN(fixture, "track", "page_view"), CTL_EXIT_OK);
    assert_string_equal(fixture->err, "");
    assert_int_equal(RUN(fixture, "track", "sign_up"), CTL_EXIT_OK);
    assert_string_equal(fixture->err, "");
}

static void test_command_track_wants_an_event(void **state)
{
    struct fixture *fixture = answering(state, NULL);
    assert_int_equal(RUN(fixture, "track"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "which EVENT?");
    assert_int_equal(RUN(fixture, "track", "click", "more"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "track", "click", "--value=-1"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "track", "click", "--at=tomorrow"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "track", "click", "--property=alone"), CTL_EXIT_USAGE);
    assert_string_equal(asked, "");
}

static void test_command_identify_joins_two_ids(void **state)
{
    struct fixture *fixture =
        answering(state, "{'customer': 'ana', 'merged': true, 'journey': 'walk', 'stage': 'choosing'}");
    assert_int_equal(RUN(fixture, "identify", "visitor-7", "ana"), CTL_EXIT_OK);
    assert_string_equal(asked, "identify {\"anonymous\":\"visitor-7\",\"customer\":\"ana\"}");
    assert_string_equal(fixture->out,
                        "visitor-7 and ana are one person from now on, who stands at choosing\n");
    result = "{'customer': 'ana', 'merged': false, 'journey': null, 'stage': null}";
    assert_int_equal(RUN(fixture, "identify", "visitor-7", "ana"), CTL_EXIT_OK);
    assert_string_equal(fixture->out, "visitor-7 and ana were one person already\n");
    assert_int_equal(RUN(fixture, "identify", "visitor-7", "ana", "--json"), CTL_EXIT_OK);
    assert_contains(fixture->out, "\"merged\": false");
    assert_int_equal(RUN(fixture, "identify", "visitor-7"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "identify", "visitor-7", "ana", "more"), CTL_EXIT_USAGE);
}

/* ---- profile ---- */

static void test_command_profile_lists_its_commands(void **state)
{
    struct fixture *fixture = answering(state, NULL);
    assert_int_equal(RUN(fixture, "profile"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "profile", "--help"), CTL_EXIT_OK);
    for (const char *const *name = (const char *const[]){"get", "set", "restrict", "erase", "export", NULL};
         *name != NULL; name++) {
        assert_int_equal(RUN(fixture, "profile", "--help"), CTL_EXIT_OK);
        assert_contains(fixture->out, *name);
        assert_int_equal(RUN(fixture, "profile", *name, "--help"), CTL_EXIT_OK);
        assert_contains(fixture->out, "Exit codes");
        assert_contains(fixture->out, "Example");
        assert_contains(fixture->out, "--json");
        assert_int_equal(RUN(fixture, "profile", *name), CTL_EXIT_USAGE);
        assert_contains(fixture->err, "which CUSTOMER?");
    }
    assert_int_equal(RUN(fixture, "profile", "gte"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "did you mean 'get'?");
    assert_string_equal(asked, "");
}

static void test_command_profile_get_and_export(void **state)
{
    struct fixture *fixture = answering(state, "{'customer': 'ana', 'traits': {'size': 'L'}}");
    assert_int_equal(RUN(fixture, "profile", "get", "ana"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.get {\"customer\":\"ana\"}");
    assert_string_equal(fixture->out, "Who      ana\nTraits   size L\n");
    assert_int_equal(RUN(fixture, "profile", "get", "ana", "--json"), CTL_EXIT_OK);
    assert_contains(fixture->out, "\"size\": \"L\"");
    assert_int_equal(RUN(fixture, "profile", "export", "ana"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.export {\"customer\":\"ana\"}");
    assert_contains(fixture->out, "\"size\": \"L\"");
    result = NULL;
    assert_int_equal(RUN(fixture, "profile", "get", "nobody"), CTL_EXIT_REFUSED);
    assert_contains(fixture->err, "NOT_FOUND: customer: no customer 'nobody'");
}

static void test_command_profile_set_corrects(void **state)
{
    struct fixture *fixture = answering(state, "{'customer': 'ana', 'persona': 'rider'}");
    assert_int_equal(RUN(fixture, "profile", "set", "ana", "--trait=size=L", "--remove=nickname",
                         "--consent=ads=no", "--stage=choosing", "--journey=walk"),
                     CTL_EXIT_OK);
    assert_string_equal(asked,
                        "profile.set {\"customer\":\"ana\",\"stage\":\"choosing\",\"journey\":\"walk\","
                        "\"traits\":{\"size\":\"L\",\"nickname\":null},\"consents\":{\"ads\":false}}");
    assert_string_equal(fixture->out, "Who      ana, rider\n");
    assert_int_equal(RUN(fixture, "profile", "set", "ana", "--persona=rider", "--locale=es"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.set {\"customer\":\"ana\",\"persona\":\"rider\",\"locale\":\"es\"}");
    assert_int_equal(RUN(fixture, "profile", "set", "ana"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "what is to be set?");
    assert_int_equal(RUN(fixture, "profile", "set", "ana", "--trait=alone"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "profile", "set", "ana", "--consent=ads=perhaps"), CTL_EXIT_USAGE);
}

static void test_command_profile_restrict_and_lift(void **state)
{
    struct fixture *fixture = answering(state, "{'customer': 'ana', 'restricted': true}");
    assert_int_equal(RUN(fixture, "profile", "restrict", "ana"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.restrict {\"customer\":\"ana\",\"restricted\":true}");
    assert_contains(fixture->out, "restricted: nothing of theirs is used");
    assert_int_equal(RUN(fixture, "profile", "restrict", "ana", "--off"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.restrict {\"customer\":\"ana\",\"restricted\":false}");
}

static void test_command_profile_erase_has_to_be_meant(void **state)
{
    struct fixture *fixture =
        answering(state, "{'customer': 'ana', 'erased': true, 'removed': {'events': 3}}");
    assert_int_equal(RUN(fixture, "profile", "erase", "ana"), CTL_EXIT_USAGE);
    assert_contains(fixture->err, "say --yes");
    assert_string_equal(asked, "");
    assert_int_equal(RUN(fixture, "profile", "erase", "ana", "--yes"), CTL_EXIT_OK);
    assert_string_equal(asked, "profile.erase {\"customer\":\"ana\"}");
    assert_string_equal(fixture->out, "customer  ana\nerased    yes\nremoved\n  events  3\n");
    assert_int_equal(RUN(fixture, "profile", "erase", "ana", "--yes", "--json"), CTL_EXIT_OK);
    assert_contains(fixture->out, "\"events\": 3");
}

/* ---- explain, map ---- */

static void test_command_explain_shows_a_decision(void **state)
{
    struct fixture *fixture = answering(
        state, "{'decision': 'd-1', 'at': 1767225600, 'customer': 'ana', 'known': true, 'journey': "
               "'walk', 'stage': 'choosing', 'placement': 'hero', 'items': [], 'because': 'nothing "
               "fits', 'trace': [{'offer': 'guide', 'gate': 'limit', 'because': 'seen three times'}]}");
    assert_int_equal(RUN(fixture, "explain", "d-1"), CTL_EXIT_OK);
    assert_string_equal(asked, "explain {\"decision\":\"d-1\"}");
    assert_contains(fixture->out, "When     2026-01-01 00:00\nWho      ana, known\nWhere    choosing on the "
                                  "journey walk\nAt       hero\n");
    assert_contains(fixture->out, "guide  limit           -  seen three times\n");
    assert_int_equal(RUN(fixture, "explain", "--json", "--", "-d"), CTL_EXIT_OK);
    assert_string_equal(asked, "explain {\"decision\":\"-d\"}");
    assert_int_equal(RUN(fixture, "explain"), CTL_EXIT_USAGE);
}

static void test_command_map_draws_a_journey(void **state)
{
    struct fixture *fixture =
        answering(state, "{'journey': 'walk', 'names': {'es': 'Paseo'}, 'from': '2026-11-01', 'to': "
                         "'2026-11-22', 'time_zone': 'UTC', 'stages': [{'name': 'curious', 'entered': 2, "
                         "'advanced': 1, 'inside': 1, 'offers': []}]}");
    assert_int_equal(RUN(fixture, "map", "walk", "--from=2026-11-01", "--to=2026-11-22Z", "--locale=es"),
                     CTL_EXIT_OK);
    assert_string_equal(asked,
                        "journey.map {\"journey\":\"walk\",\"from\":\"2026-11-01\",\"to\":1795305600}");
    assert_contains(fixture->out, "Paseo (walk), from 2026-11-01 to 2026-11-22, days of UTC\n");
    assert_contains(fixture->out, "curious        2  ██████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒    1  50 %      1  50 %");
    assert_int_equal(RUN(fixture, "map", "--json", "--offers=0"), CTL_EXIT_OK);
    assert_string_equal(asked, "journey.map {}");
    assert_contains(fixture->out, "\"time_zone\": \"UTC\"");
    assert_int_equal(RUN(fixture, "map", "--from=30d"), CTL_EXIT_OK);
    assert_contains(asked, "journey.map {\"from\":1");
    assert_int_equal(RUN(fixture, "map", "--from=yesterday"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "map", "--offers=-1"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(fixture, "map", "one", "two"), CTL_EXIT_USAGE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, commanding_setup, commanding_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_command_track_tells_everything),
        TEST(test_command_track_of_nobody_and_again),
        TEST(test_command_track_says_no),
        TEST(test_command_track_hints_at_a_slip),
        TEST(test_command_track_wants_an_event),
        TEST(test_command_identify_joins_two_ids),
        TEST(test_command_profile_lists_its_commands),
        TEST(test_command_profile_get_and_export),
        TEST(test_command_profile_set_corrects),
        TEST(test_command_profile_restrict_and_lift),
        TEST(test_command_profile_erase_has_to_be_meant),
        TEST(test_command_explain_shows_a_decision),
        TEST(test_command_map_draws_a_journey),
    };
    return cmocka_run_group_tests_name("ctl/command_memory", tests, NULL, NULL);
}
