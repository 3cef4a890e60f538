/* flow/repeats: answers that are kept once they came twice, and found for as long as they hold. */
#include "../cmocka_all.h"

#include <math.h>
#include <stdio.h>

#include "flow/repeats.h"

#define assert_text(text, string) assert_true(text_equal((text), text_from(string)))

static struct repeats new_repeats(size_t limit)
{
    struct repeats repeats;
    struct error error;
    assert_true(repeats_create(&repeats, limit, &error));
    return repeats;
}

static const struct script_trail a_trail = {.steady = true, .count = 2, .strategies = {7, 9}, .personas = 4};

static const struct repeat an_answer = {.from = 100,
                                        .until = 200,
                                        .reply = TEXT("the reply"),
                                        .record = TEXT("the record"),
                                        .items = 3,
                                        .trail = &a_trail};

static void test_repeats_give_back_what_was_kept(void **state)
{
    (void)state;
    struct repeats repeats = new_repeats(1 << 20);
    struct repeat found;
    repeats_keep(&repeats, TEXT("request"), &an_answer);
    assert_true(repeats_find(&repeats, TEXT("request"), 150, &found));
    assert_text(found.reply, "the reply");
    assert_text(found.record, "the record");
    assert_int_equal(found.items, 3);
    assert_int_equal(found.trail->count, 2);
    assert_int_equal(found.trail->strategies[0], 7);
    assert_int_equal(found.trail->strategies[1], 9);
    assert_int_equal(found.trail->personas, 4);
    assert_false(repeats_find(&repeats, TEXT("requests"), 150, &found));
    repeats_forget(&repeats);
    assert_false(repeats_find(&repeats, TEXT("request"), 150, &found));
    repeats_destroy(&repeats);
}

static void test_repeats_hold_from_one_moment_to_another(void **state)
{
    (void)state;
    struct repeats repeats = new_repeats(1 << 20);
    struct repeat found, later = an_answer;
    repeats_keep(&repeats, TEXT("request"), &an_answer);
    assert_false(repeats_find(&repeats, TEXT("request"), 99.999, &found));
    assert_true(repeats_find(&repeats, TEXT("request"), 100, &found));
    assert_true(repeats_find(&repeats, TEXT("request"), 199.999, &found));
    assert_false(repeats_find(&repeats, TEXT("request"), 200, &found));
    later.from = 200;
    later.until = INFINITY;
    later.record = (struct text){NULL, 0};
    repeats_keep(&repeats, TEXT("request"), &later);
    assert_true(repeats_find(&repeats, TEXT("request"), 200, &found));
    assert_null(found.record.bytes);
    assert_false(repeats_find(&repeats, TEXT("request"), 150, &found));
    repeats_destroy(&repeats);
}

static void test_repeats_want_what_came_before(void **state)
{
    (void)state;
    struct repeats repeats = new_repeats(1 << 20);
    char request[32];
    unsigned wanted = 0;
    for (int i = 0; i < 5000; i++) {
        snprintf(request, sizeof request, "request %d", i);
        wanted += repeats_wants(&repeats, text_from(request));
    }
    assert_true(wanted < 5); /* marks are 31 bits: one may be taken for another's */
    wanted = 0;
    for (int i = 0; i < 5000; i++) {
        snprintf(request, sizeof request, "request %d", i);
        wanted += repeats_wants(&repeats, text_from(request));
    }
    assert_true(wanted > 4900); /* where five came to one place, the first is not known any more */
    repeats_destroy(&repeats);
}

static void test_repeats_forget_who_came_long_ago(void **state)
{
    (void)state;
    struct repeats repeats = new_repeats(1 << 20);
    char request[32];
    assert_false(repeats_wants(&repeats, TEXT("the first")));
    for (int i = 0; i < 200000; i++) {
        snprintf(request, sizeof request, "request %d", i);
        repeats_wants(&repeats, text_from(request));
    }
    assert_false(repeats_wants(&repeats, TEXT("the first")));
    assert_true(repeats_wants(&repeats, TEXT("the first")));
    repeats_destroy(&repeats);
}

static void test_repeats_have_bounds(void **state)
{
    (void)state;
    static char large[40000];
    struct repeats repeats = new_repeats(1 << 20);
    struct text request = {large, 3000};
    struct repeat found, answer = an_answer;
    assert_false(repeats_wants(&repeats, request));
    assert_false(repeats_wants(&repeats, request));
    answer.reply = (struct text){large, sizeof large};
    repeats_keep(&repeats, TEXT("request"), &answer);
    assert_false(repeats_find(&repeats, TEXT("request"), 150, &found));
    repeats_destroy(&repeats);
}

static void test_repeats_without_room_keep_nothing(void **state)
{
    (void)state;
    struct repeats repeats = new_repeats(0);
    struct repeat found;
    assert_false(repeats_wants(&repeats, TEXT("request")));
    assert_false(repeats_wants(&repeats, TEXT("request")));
    repeats_keep(&repeats, TEXT("request"), &an_answer);
    assert_false(repeats_find(&repeats, TEXT("request"), 150, &found));
    repeats_destroy(&repeats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_give_back_what_was_kept),
        cmocka_unit_test(test_repeats_hold_from_one_moment_to_another),
        cmocka_unit_test(test_repeats_want_what_came_before),
        cmocka_unit_test(test_repeats_forget_who_came_long_ago),
        cmocka_unit_test(test_repeats_have_bounds),
        cmocka_unit_test(test_repeats_without_room_keep_nothing),
    };
    return cmocka_run_group_tests_name("flow/repeats", tests, NULL, NULL);
}
