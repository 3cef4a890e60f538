/* model/decision_id: there and back, and what is no id. */
#include "../cmocka_all.h"

#include "base/random.h"
#include "model/decision_id.h"

static void test_decision_id_is_base64url(void **state)
{
    (void)state;
    static const struct {
        int64_t clock_us;
        uint64_t seed;
        const char *text;
    } known[] = {
        {0, 0, "AAAAAAAAAAAAAAAAAAAAAGFiY2Q"},
        {-1, UINT64_MAX, "_____________________2FiY2Q"},
        {INT64_C(0x0123456789ABCDEF), UINT64_C(0xFBEFBEFBEFBEFBEF),
         "ASNFZ4mrze_777777777"
         "72FiY2Q"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[DECISION_ID_LENGTH + 1];
        struct decision_id id = decision_id_of(known[i].clock_us, known[i].seed, TEXT("abcdef"));
        decision_id_write(&id, text);
        assert_string_equal(text, known[i].text);
    }
}

static void test_decision_id_reads_what_it_writes(void **state)
{
    (void)state;
    struct random_state random = {7};
    for (int i = 0; i < 1000; i++) {
        char text[DECISION_ID_LENGTH + 1];
        struct decision_id id = decision_id_of((int64_t)random_next(&random), random_next(&random),
                                               i % 2 == 0 ? TEXT("d41d8cd9") : TEXT("x")),
                           back;
        decision_id_write(&id, text);
        assert_true(decision_id_read(text_from(text), &back));
        assert_int_equal(back.clock_us, id.clock_us);
        assert_int_equal(back.seed, id.seed);
        assert_memory_equal(back.version, id.version, DECISION_ID_VERSION);
    }
}

static void test_decision_id_refuses_what_it_never_writes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "AAAAAAAAAAAAAAAAAAAAAGFiY2",
        "AAAAAAAAAAAAAAAAAAAAAGFiY2QA",
        "AAAAAAAAAAAAAAAAAAAAAGFiY2R", /* bits behind the last byte */
        "AAAAAAAAAAAAAAAAAAAAAGFiY2=",
        "AAAAAAAAAA+AAAAAAAAAAGFiY2Q",
        "AAAAAAAAAA/AAAAAAAAAAGFiY2Q",
        "AAAAAAAAAA AAAAAAAAAAGFiY2Q",
        "\xC3\xA1_AAAAAAAAAAAAAAAAAAGFiY2Q",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct decision_id id;
        assert_false(decision_id_read(text_from(texts[i]), &id));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decision_id_is_base64url),
        cmocka_unit_test(test_decision_id_reads_what_it_writes),
        cmocka_unit_test(test_decision_id_refuses_what_it_never_writes),
    };
    return cmocka_run_group_tests_name("model/decision_id", tests, NULL, NULL);
}
