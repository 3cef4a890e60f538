/* decision_id: reads what the daemon writes, and nothing else. */
#include <string.h>

#include "../cmocka_all.h"
#include "flow/recommend_reply.h"
#include "ledger/decision_id.h"

static struct text written(int64_t clock_us, uint64_t seed, char out[DECISION_ID_LENGTH + 1])
{
    struct snapshot snapshot = {.version = "0123456789abcdef"};
    struct situation situation = {.now_us = clock_us, .seed = seed};
    decision_id(&snapshot, &situation, out);
    return (struct text){out, DECISION_ID_LENGTH};
}

static void test_decision_id_read_gives_back_what_was_written(void **state)
{
    (void)state;
    const int64_t clocks[] = {0, 1, 1790000000123456, INT64_MAX};
    const uint64_t seeds[] = {0, 1, 0xFEDCBA9876543210, UINT64_MAX};
    char id[DECISION_ID_LENGTH + 1];
    for (size_t i = 0; i < 4; i++) {
        struct decision_moment moment;
        assert_true(decision_id_read(written(clocks[i], seeds[3 - i], id), &moment));
        assert_int_equal(moment.clock_us, clocks[i]);
        assert_int_equal(moment.seed, seeds[3 - i]);
    }
}

static void test_decision_id_read_refuses_other_texts(void **state)
{
    (void)state;
    char id[DECISION_ID_LENGTH + 1];
    struct decision_moment moment;
    struct text text = written(1790000000123456, 7, id);
    assert_false(decision_id_read((struct text){id, text.length - 1}, &moment));
    assert_false(decision_id_read(TEXT(""), &moment));
    assert_false(decision_id_read((struct text){NULL, 0}, &moment));
    for (size_t i = 0; i < text.length; i++) {
        char kept = id[i];
        id[i] = '+';
        assert_false(decision_id_read(text, &moment));
        id[i] = kept;
    }
    assert_false(decision_id_read(written(-1, 7, id), &moment));
}

static void test_decision_id_hash_tells_decisions_apart(void **state)
{
    (void)state;
    struct decision_moment one = {1, 2}, other = {2, 1};
    assert_int_equal(decision_id_hash(&one), decision_id_hash(&one));
    assert_int_not_equal(decision_id_hash(&one), decision_id_hash(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decision_id_read_gives_back_what_was_written),
        cmocka_unit_test(test_decision_id_read_refuses_other_texts),
        cmocka_unit_test(test_decision_id_hash_tells_decisions_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
