/* profile: what is said of customers, all of it or nothing; restriction holds whatever comes. */
#include "../cmocka_all.h"
#include "batch_builder.h"

static struct command set_command(const struct batching *batching, const char *customer)
{
    return batching_command(batching, COMMAND_SET, customer);
}

static struct outcome restrict_to(struct batching *batching, const char *customer, bool restricted)
{
    struct command command = batching_command(batching, COMMAND_RESTRICT, customer);
    command.restricted = restricted;
    return batching_do(batching, &command);
}

static void test_profile_set_keeps_all_that_is_said(void **state)
{
    struct batching *batching = *state;
    struct command command = set_command(batching, "ada");
    command.persona = TEXT("it-manager");
    command.locale = TEXT("es");
    command.properties = TEXT("\x81\xA4role\xA2it");
    command.consents = TEXT("\x82\xA9marketing\xC3\xA9profiling\xC2");
    struct outcome outcome = batching_do(batching, &command);
    assert_true(outcome.accepted);
    assert_text(outcome.stage, "start");
    const struct customer *ada = batching_customer(batching, "ada");
    assert_text(ada->persona, "it-manager");
    assert_text(ada->locale, "es");
    assert_true(text_equal(ada->traits, command.properties));
    assert_int_equal(ada->consent_count, 2);
    assert_true(ada->consents[customer_find_consent(ada, TEXT("marketing"))].granted);
    assert_false(ada->consents[customer_find_consent(ada, TEXT("profiling"))].granted);
}

static void test_profile_set_leaves_what_is_not_said(void **state)
{
    struct batching *batching = *state;
    struct command command = set_command(batching, "ada");
    command.persona = TEXT("it-manager");
    command.properties = TEXT("\x81\xA4role\xA2it");
    assert_true(batching_do(batching, &command).accepted);
    command = set_command(batching, "ada");
    command.properties = TEXT("\x81\xA4size\x05");
    assert_true(batching_do(batching, &command).accepted);
    const struct customer *ada = batching_customer(batching, "ada");
    assert_text(ada->persona, "it-manager");
    assert_true(text_equal(ada->traits, TEXT("\x82\xA4role\xA2it\xA4size\x05")));
    command.persona = TEXT("");
    assert_true(batching_do(batching, &command).accepted);
    assert_int_equal(batching_customer(batching, "ada")->persona.length, 0);
}

static void test_profile_set_puts_into_a_stage(void **state)
{
    struct batching *batching = *state;
    struct command command = set_command(batching, "ada");
    command.stage = TEXT("buy");
    struct outcome outcome = batching_do(batching, &command);
    assert_text(outcome.stage, "buy");
    assert_string_equal(batching_moves(batching, "start"), "0/0/0");
    assert_string_equal(batching_moves(batching, "buy"), "1/0/0");
    command.stage = TEXT("look");
    outcome = batching_do(batching, &command);
    assert_true(outcome.moved);
    assert_text(outcome.stage, "look");
    assert_string_equal(batching_moves(batching, "buy"), "1/0/1");
    command.journey = TEXT("club");
    command.stage = TEXT("member");
    assert_true(batching_do(batching, &command).accepted);
    assert_int_equal(batching_customer(batching, "ada")->journey_count, 2);
}

static void assert_refused(struct batching *batching, const struct command *command, const char *message)
{
    size_t keys = batching_count_keys(batching, 0);
    struct outcome outcome = batching_do(batching, command);
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_false(outcome.accepted);
    assert_true(outcome.payload.length >= strlen(message));
    assert_memory_equal(outcome.payload.bytes, message, strlen(message));
    assert_int_equal(batching_count_keys(batching, 0), keys);
}

/* Traits of one key with 20,000 bytes for a value. */
static struct text large_traits(void)
{
    static char traits[6 + 20000] = {'\x81', '\xA1', 'k', '\xDA', 20000 >> 8, (char)(20000 & 255)};
    return (struct text){traits, sizeof traits};
}

static void test_profile_set_is_all_or_nothing(void **state)
{
    struct batching *batching = *state;
    struct command command = set_command(batching, "ada");
    command.persona = TEXT("it-manager");
    command.stage = TEXT("look");
    command.properties = large_traits();
    assert_refused(batching, &command, "traits: ");
    command.properties = TEXT("\x81\xA4role\xA2it");
    command.consents = TEXT("\x81\xA9marketing\xA3yes");
    assert_refused(batching, &command, "consents: ");
    command.consents = TEXT("\x81");
    assert_refused(batching, &command, "consents: ");
    command.consents = (struct text){NULL, 0};
    command.stage = TEXT("loook");
    assert_refused(batching, &command, "stage: ");
    assert_null(batching_customer(batching, "ada"));
    command.stage = TEXT("look");
    assert_true(batching_do(batching, &command).accepted);
    uint64_t revision = batching_customer(batching, "ada")->revision;
    command.properties = large_traits();
    command.persona = TEXT("other");
    command.stage = TEXT("buy");
    assert_refused(batching, &command, "traits: ");
    assert_int_equal(batching_customer(batching, "ada")->revision, revision);
    assert_string_equal(batching_moves(batching, "look"), "1/0/0");
}

static void test_profile_set_fails_alone(void **state)
{
    struct batching *batching = *state;
    struct command good = batching_event(batching, "view", "ada", NULL), bad = set_command(batching, "ada");
    bad.properties = large_traits();
    assert_true(batch_add_command(batching->batch, 0, 0, &good));
    assert_true(batch_add_command(batching->batch, 0, 1, &bad));
    assert_true(batch_add_command(batching->batch, 0, 2, &good));
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    assert_int_equal(outcomes[0].outcome.code, ERROR_NONE);
    assert_int_equal(outcomes[1].outcome.code, ERROR_INVALID);
    assert_int_equal(outcomes[2].outcome.code, ERROR_NONE);
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 2);
}

static void test_profile_restrict_holds_for_those_never_seen(void **state)
{
    struct batching *batching = *state;
    assert_int_equal(restrict_to(batching, "ada", false).code, ERROR_NOT_FOUND);
    assert_null(batching_customer(batching, "ada"));
    assert_true(restrict_to(batching, "ada", true).accepted);
    assert_true(batching_customer(batching, "ada")->restricted);
    assert_false(batching_track(batching, "view", "ada", NULL).accepted);
    assert_string_equal(batching_moves(batching, "start"), "0/0/0");
}

static void test_profile_set_corrects_but_does_not_move_the_restricted(void **state)
{
    struct batching *batching = *state;
    assert_true(restrict_to(batching, "ada", true).accepted);
    struct command command = set_command(batching, "ada");
    command.locale = TEXT("es");
    assert_true(batching_do(batching, &command).accepted);
    assert_text(batching_customer(batching, "ada")->locale, "es");
    assert_int_equal(batching_customer(batching, "ada")->journey_count, 0);
}

static void test_profile_restrict_can_be_lifted(void **state)
{
    struct batching *batching = *state;
    assert_true(restrict_to(batching, "ada", true).accepted);
    assert_true(restrict_to(batching, "ada", false).accepted);
    struct outcome outcome = batching_track(batching, "view", "ada", NULL);
    assert_true(outcome.accepted);
    assert_text(outcome.stage, "look");
}

static void test_profile_needs_a_customer(void **state)
{
    struct batching *batching = *state;
    struct command command = set_command(batching, NULL);
    assert_refused(batching, &command, "customer: missing");
    command.type = COMMAND_RESTRICT;
    assert_refused(batching, &command, "customer: missing");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_profile_set_keeps_all_that_is_said),
        TEST(test_profile_set_leaves_what_is_not_said),
        TEST(test_profile_set_puts_into_a_stage),
        TEST(test_profile_set_is_all_or_nothing),
        TEST(test_profile_set_fails_alone),
        TEST(test_profile_restrict_holds_for_those_never_seen),
        TEST(test_profile_set_corrects_but_does_not_move_the_restricted),
        TEST(test_profile_restrict_can_be_lifted),
        TEST(test_profile_needs_a_customer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
