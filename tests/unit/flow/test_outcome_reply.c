/* flow/outcome_reply: the result of each method that changes something. */
#include "../wire/spelled.h"

#include "flow/outcome_reply.h"

static struct buffer out;

static int setup(void **state)
{
    (void)state;
    buffer_create(&out);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buffer_destroy(&out);
    return 0;
}

#define assert_out(expected) assert_spelled(out.bytes, out.length, (expected))

static void test_outcome_reply_track(void **state)
{
    (void)state;
    struct outcome outcome = {
        .accepted = true, .moved = true, .journey = TEXT("walk"), .stage = TEXT("choosing")};
    outcome_reply_track(&outcome, &out);
    assert_out("{'accepted': true, 'duplicate': false, 'journey': 'walk', 'stage': 'choosing', 'moved': "
               "true}");
}

static void test_outcome_reply_track_of_nobody_again(void **state)
{
    (void)state;
    outcome_reply_track(&(struct outcome){.accepted = true, .duplicate = true}, &out);
    assert_out("{'accepted': true, 'duplicate': true, 'journey': null, 'stage': null, 'moved': false}");
}

static void test_outcome_reply_track_of_the_restricted(void **state)
{
    (void)state;
    outcome_reply_track(&(struct outcome){.accepted = false}, &out);
    assert_out("{'accepted': false, 'duplicate': false, 'journey': null, 'stage': null, 'moved': false, "
               "'because': 'the customer is restricted'}");
}

/* Whoever looks for errors in a batch finds one with everything that was not accepted. */
static void test_outcome_reply_element_of_the_restricted(void **state)
{
    (void)state;
    outcome_reply_element(REPLY_ERRORS_TEXT, &(struct outcome){.accepted = false}, &out);
    assert_out("{'accepted': false, 'duplicate': false, 'journey': null, 'stage': null, 'moved': false, "
               "'because': 'the customer is restricted', 'error': 'INVALID: customer: restricted, nothing of "
               "theirs is kept'}");
    buffer_clear(&out, SIZE_MAX);
    outcome_reply_element(REPLY_ERRORS_PAIR, &(struct outcome){.accepted = false}, &out);
    assert_non_null(strstr(spelled(out.bytes, out.length), "'error': [1, 'customer: restricted, "));
    buffer_clear(&out, SIZE_MAX);
    outcome_reply_element(REPLY_ERRORS_TEXT, &(struct outcome){.accepted = true}, &out);
    assert_out("{'accepted': true, 'duplicate': false, 'journey': null, 'stage': null, 'moved': false}");
}

static void test_outcome_reply_refused_in_both_forms(void **state)
{
    (void)state;
    outcome_reply_refused(REPLY_ERRORS_TEXT, ERROR_INVALID, TEXT("value: expected 0"), &out);
    assert_out("{'accepted': false, 'error': 'INVALID: value: expected 0'}");
    buffer_clear(&out, SIZE_MAX);
    outcome_reply_refused(REPLY_ERRORS_PAIR, ERROR_INVALID, TEXT("value: expected 0"), &out);
    assert_out("{'accepted': false, 'error': [1, 'value: expected 0']}");
}

static void test_outcome_reply_identify(void **state)
{
    (void)state;
    struct outcome outcome = {.accepted = true, .journey = TEXT("walk"), .stage = TEXT("choosing")};
    outcome_reply_identify(&outcome, TEXT("ana"), &out);
    assert_out("{'customer': 'ana', 'merged': true, 'journey': 'walk', 'stage': 'choosing'}");
    buffer_clear(&out, SIZE_MAX);
    outcome_reply_identify(&(struct outcome){.duplicate = true}, TEXT("ana"), &out);
    assert_out("{'customer': 'ana', 'merged': false, 'journey': null, 'stage': null}");
}

static void test_outcome_reply_erase_has_the_receipt(void **state)
{
    (void)state;
    struct outcome outcome = {.accepted = true,
                              .payload = TEXT("\x81\xa6"
                                              "events\x03")};
    outcome_reply_erase(&outcome, TEXT("ana"), &out);
    assert_out("{'customer': 'ana', 'erased': true, 'removed': {'events': 3}}");
    buffer_clear(&out, SIZE_MAX);
    outcome_reply_erase(&(struct outcome){.accepted = true}, TEXT("ana"), &out);
    assert_out("{'customer': 'ana', 'erased': true, 'removed': null}");
}

#define REPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(test_outcome_reply_track),
        REPLY_TEST(test_outcome_reply_track_of_nobody_again),
        REPLY_TEST(test_outcome_reply_track_of_the_restricted),
        REPLY_TEST(test_outcome_reply_element_of_the_restricted),
        REPLY_TEST(test_outcome_reply_refused_in_both_forms),
        REPLY_TEST(test_outcome_reply_identify),
        REPLY_TEST(test_outcome_reply_erase_has_the_receipt),
    };
    return cmocka_run_group_tests_name("flow/outcome_reply", tests, NULL, NULL);
}
