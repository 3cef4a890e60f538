/* flow/command_build: what each method's arguments become, and what the table cannot check. */
#include "../wire/spelled.h"
#include "asked.h"
#include "engine_builder.h"

#include <stdlib.h>

#include "flow/command_build.h"

enum { NOW_MS = 1700000000000 };

struct built {
    struct engine_built site;
    const struct snapshot *snapshot; /* the site's, or NULL */
    struct metrics_slot slot;
    struct asked asked;
    struct buffer packed;
    struct command command;
    struct error error;
};

static int setup(void **state)
{
    struct built *built = aligned_alloc(64, (sizeof *built + 63) / 64 * 64);
    if (built == NULL)
        return -1;
    memset(built, 0, sizeof *built);
    *state = built;
    if (!engine_build(&built->site, &built->slot))
        return -1;
    built->snapshot = engine_snapshot(built->site.engine);
    asked_begin(&built->asked, METHOD_PING, NULL);
    return 0;
}

static int teardown(void **state)
{
    struct built *built = *state;
    asked_end(&built->asked);
    buffer_destroy(&built->packed);
    engine_built_destroy(&built->site);
    free(built);
    return 0;
}

static bool build(struct built *built, enum method_id method, const char *json)
{
    asked_end(&built->asked);
    asked_begin(&built->asked, method, json);
    built->error = (struct error){ERROR_NONE, ""};
    return command_build(method, &built->asked.arguments, built->snapshot, NOW_MS, &built->packed,
                         &built->command, &built->error);
}

static const struct command *taken(struct built *built, enum method_id method, const char *json)
{
    if (!build(built, method, json))
        fail_msg("%s: %s", json, built->error.message);
    return &built->command;
}

static void assert_refused(struct built *built, enum method_id method, const char *json, const char *message)
{
    assert_false(build(built, method, json));
    assert_int_equal(built->error.code, ERROR_INVALID);
    assert_string_equal(built->error.message, message);
}

static void assert_text(struct text text, const char *expected)
{
    if (!text_equal(text, text_from(expected)))
        fail_msg("'%.*s' is not '%s'", (int)text.length, text.bytes, expected);
}

static void test_command_build_track(void **state)
{
    const struct command *command =
        taken(*state, METHOD_TRACK,
              "{'event': 'purchase', 'customer': 'ana', 'id': 'e-1', 'decision': 'd-1', 'offer': 'ride',"
              " 'placement': 'hero', 'touchpoint': 'site', 'value': 12.5, 'at': 1600000000.25,"
              " 'properties': {'section': 'prices', 'pages': 3.0}}");
    assert_int_equal(command->type, COMMAND_TRACK);
    assert_text(command->name, "purchase");
    assert_text(command->customer, "ana");
    assert_text(command->id, "e-1");
    assert_text(command->decision, "d-1");
    assert_text(command->offer, "ride");
    assert_text(command->placement, "hero");
    assert_text(command->touchpoint, "site");
    assert_true(command->has_value);
    assert_true(command->value > 12.4 && command->value < 12.6);
    assert_int_equal(command->at_ms, 1600000000250);
    assert_int_equal(command->received_ms, NOW_MS);
    assert_spelled(command->properties.bytes, command->properties.length,
                   "{'section': 'prices', 'pages': 3}");
}

static void test_command_build_track_of_nobody(void **state)
{
    const struct command *command = taken(*state, METHOD_TRACK, "{'event': 'impression', 'offer': 'gone'}");
    assert_int_equal(command->customer.length, 0);
    assert_int_equal(command->id.length, 0);
    assert_int_equal(command->properties.length, 0);
    assert_false(command->has_value);
    assert_int_equal(command->at_ms, NOW_MS);
}

static void test_command_build_track_knows_nothing_of_the_future(void **state)
{
    assert_int_equal(taken(*state, METHOD_TRACK, "{'event': 'e', 'at': 1700000000}")->at_ms, NOW_MS);
    assert_int_equal(taken(*state, METHOD_TRACK, "{'event': 'e', 'at': 1700000000.001}")->at_ms, NOW_MS);
    assert_int_equal(taken(*state, METHOD_TRACK, "{'event': 'e', 'at': 1700086400}")->at_ms, NOW_MS);
    assert_refused(*state, METHOD_TRACK, "{'event': 'e', 'at': 1700086400.001}",
                   "at: more than a day in the future");
    assert_refused(*state, METHOD_TRACK, "{'event': 'e', 'at': 253402300799}",
                   "at: more than a day in the future");
    assert_int_equal(taken(*state, METHOD_TRACK, "{'event': 'e', 'at': 0}")->at_ms, 0);
}

static void test_command_build_identify(void **state)
{
    const struct command *command =
        taken(*state, METHOD_IDENTIFY, "{'anonymous': 'visitor-7', 'customer': 'ana'}");
    assert_int_equal(command->type, COMMAND_IDENTIFY);
    assert_text(command->id, "visitor-7");
    assert_text(command->customer, "ana");
    assert_refused(*state, METHOD_IDENTIFY, "{'anonymous': 'ana', 'customer': 'ana'}",
                   "anonymous: expected another id than the customer's own");
}

static void test_command_build_set(void **state)
{
    const struct command *command =
        taken(*state, METHOD_PROFILE_SET,
              "{'customer': 'ana', 'traits': {'size': 'L', 'gone': null}, 'consents': {'marketing': true,"
              " 'letters': false}, 'persona': 'rider', 'stage': 'elección', 'locale': 'es-MX'}");
    assert_int_equal(command->type, COMMAND_SET);
    assert_text(command->customer, "ana");
    assert_spelled(command->properties.bytes, command->properties.length, "{'size': 'L', 'gone': null}");
    assert_spelled(command->consents.bytes, command->consents.length,
                   "{'marketing': true, 'letters': false}");
    assert_text(command->persona, "rider");
    assert_text(command->journey, "walk");
    assert_text(command->stage, "choosing");
    assert_text(command->locale, "es-MX");
}

static void test_command_build_set_of_little(void **state)
{
    struct built *built = *state;
    const struct command *command =
        taken(built, METHOD_PROFILE_SET, "{'customer': 'ana', 'journey': 'talk', 'stage': 'hello'}");
    assert_text(command->journey, "talk");
    assert_text(command->stage, "hello");
    built->snapshot = NULL;
    command = taken(built, METHOD_PROFILE_SET, "{'customer': 'ana', 'consents': {'a': true}}");
    assert_int_equal(command->properties.length, 0);
    assert_spelled(command->consents.bytes, command->consents.length, "{'a': true}");
    assert_int_equal(command->stage.length + command->journey.length + command->persona.length, 0);
    command = taken(built, METHOD_PROFILE_SET, "{'customer': 'ana', 'traits': []}");
    assert_spelled(command->properties.bytes, command->properties.length, "{}");
}

static void test_command_build_set_names_what_was_probably_meant(void **state)
{
    struct built *built = *state;
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'stage': 'chosing'}",
                   "stage: no stage of journey 'walk' called 'chosing'; did you mean 'choosing'?");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'stage': 'hello', 'journey': 'tlak'}",
                   "journey: no journey 'tlak'; did you mean 'talk'?");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'persona': 'ridder'}",
                   "persona: no persona 'ridder'; did you mean 'rider'?");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'journey': 'talk'}",
                   "journey: only taken with stage");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'consents': {'ads': 'yes'}}",
                   "consents: ads: expected true or false, got text");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'consents': {'ads': null}}",
                   "consents: ads: expected true or false, got nil");
    assert_refused(built, METHOD_PROFILE_SET, "{'customer': 'a', 'consents': {'': true}}",
                   "consents: expected names of 1 to 64 bytes, got ''");
    built->snapshot = NULL;
    assert_false(build(built, METHOD_PROFILE_SET, "{'customer': 'a', 'stage': 'choosing'}"));
    assert_int_equal(built->error.code, ERROR_UNAVAILABLE);
}

static void test_command_build_rights(void **state)
{
    const struct command *command =
        taken(*state, METHOD_PROFILE_RESTRICT, "{'customer': 'ana', 'restricted': true}");
    assert_int_equal(command->type, COMMAND_RESTRICT);
    assert_text(command->customer, "ana");
    assert_true(command->restricted);
    assert_false(
        taken(*state, METHOD_PROFILE_RESTRICT, "{'customer': 'ana', 'restricted': false}")->restricted);
    command = taken(*state, METHOD_PROFILE_ERASE, "{'customer': 'ana'}");
    assert_int_equal(command->type, COMMAND_ERASE);
    assert_text(command->customer, "ana");
}

static void test_command_build_flushes_before_reading(void **state)
{
    assert_int_equal(taken(*state, METHOD_PROFILE_GET, "{'customer': 'ana'}")->type, COMMAND_FLUSH);
    assert_int_equal(taken(*state, METHOD_PROFILE_EXPORT, "{'customer': 'ana'}")->type, COMMAND_FLUSH);
    assert_int_equal(taken(*state, METHOD_EXPLAIN, "{'decision': 'd'}")->type, COMMAND_FLUSH);
    assert_int_equal(taken(*state, METHOD_JOURNEY_MAP, NULL)->type, COMMAND_FLUSH);
}

static void test_command_build_of_other_methods(void **state)
{
    struct built *built = *state;
    assert_false(build(built, METHOD_STATS, NULL));
    assert_int_equal(built->error.code, ERROR_INTERNAL);
}

#define BUILD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILD_TEST(test_command_build_track),
        BUILD_TEST(test_command_build_track_of_nobody),
        BUILD_TEST(test_command_build_track_knows_nothing_of_the_future),
        BUILD_TEST(test_command_build_identify),
        BUILD_TEST(test_command_build_set),
        BUILD_TEST(test_command_build_set_of_little),
        BUILD_TEST(test_command_build_set_names_what_was_probably_meant),
        BUILD_TEST(test_command_build_rights),
        BUILD_TEST(test_command_build_flushes_before_reading),
        BUILD_TEST(test_command_build_of_other_methods),
    };
    return cmocka_run_group_tests_name("flow/command_build", tests, NULL, NULL);
}
