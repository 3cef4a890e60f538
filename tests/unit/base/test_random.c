/* random: the published sequence, and numbers within their bounds. */
#include "../cmocka_all.h"

#include "base/random.h"

/* From the reference implementation with the seed 1234567. */
static void test_random_next_is_splitmix64(void **state)
{
    (void)state;
    struct random_state random = {1234567};
    static const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                        UINT64_C(16408922859458223821)};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(random_next(&random) == expected[i]);
}

static void test_random_unit_fills_its_range(void **state)
{
    (void)state;
    struct random_state random = {0};
    unsigned tenths[10] = {0};
    for (int i = 0; i < 100000; i++) {
        double unit = random_unit(&random);
        assert_true(unit >= 0.0 && unit < 1.0);
        tenths[(int)(unit * 10.0)]++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(tenths[i], 9500, 10500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_next_is_splitmix64),
        cmocka_unit_test(test_random_unit_fills_its_range),
    };
    return cmocka_run_group_tests_name("base/random", tests, NULL, NULL);
}
