/* duration: spans of time as the authoring library reads them, and guesses at what was meant. */
#include "../cmocka_all.h"
#include "script/duration.h"

static void assert_seconds(const char *text, uint32_t expected)
{
    uint32_t seconds = 0;
    if (!duration_parse(text_from(text), &seconds))
        fail_msg("'%s' is no span of time", text);
    assert_int_equal(seconds, expected);
}

static void test_duration_parses_every_unit(void **state)
{
    (void)state;
    assert_seconds("30s", 30);
    assert_seconds("15m", 15 * 60);
    assert_seconds("12h", 12 * 3600);
    assert_seconds("7d", 7 * 86400);
    assert_seconds("2w", 14 * 86400);
    assert_seconds("007d", 7 * 86400);
}

static void test_duration_parses_one_second_to_ten_years(void **state)
{
    (void)state;
    assert_seconds("1s", 1);
    assert_seconds("3660d", 316224000);
    assert_seconds("316224000s", 316224000);
}

static void test_duration_refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",     "d",    "7",    "7 d",  " 7d",         "7d ",        "7D",          "7dd",
        "-7d",  "+7d",  "7.5d", "1e2d", "0d",          "3661d",      "316224001s",  "999999999w",
        "0x7d", "7\td", "७d",   "7y",   "0000000007d", "7 days ago", "1000000000d", "seven days"};
    uint32_t seconds;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (duration_parse(text_from(texts[i]), &seconds))
            fail_msg("'%s'", texts[i]);
    assert_false(duration_parse((struct text){"7d\0", 3}, &seconds));
}

static void assert_guess(const char *text, const char *expected)
{
    char guess[DURATION_GUESS] = "-";
    bool guessed = duration_guess(text_from(text), guess);
    assert_int_equal(guessed, expected != NULL);
    if (guessed)
        assert_string_equal(guess, expected);
}

static void test_duration_guesses_what_was_meant(void **state)
{
    (void)state;
    assert_guess("7 days", "7d");
    assert_guess("1 day", "1d");
    assert_guess("3 días", "3d");
    assert_guess("2 Weeks", "2w");
    assert_guess("2 semanas", "2w");
    assert_guess("30 seconds", "30s");
    assert_guess("30 segundos", "30s");
    assert_guess("15 minutes", "15m");
    assert_guess(" 12 hours", "12h");
    assert_guess("6 months", "180d");
    assert_guess("1 mes", "30d");
    assert_guess("2years", "730d");
    assert_guess("7", "7d");
    assert_guess("7D", "7d");
    assert_guess("5 m", "5m");
    assert_guess("5 S", "5s");
}

static void test_duration_guesses_nothing_far_away(void **state)
{
    (void)state;
    static const char *const texts[] = {"",       "soon",   "a week",        "7 moons",
                                        "7 sols", "0 days", "12345678 days", "99 years",
                                        "1.5 d",  "1,5",    "-3 days",       "7 ñ"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_guess(texts[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_duration_parses_every_unit),
        cmocka_unit_test(test_duration_parses_one_second_to_ten_years),
        cmocka_unit_test(test_duration_refuses_what_is_none),
        cmocka_unit_test(test_duration_guesses_what_was_meant),
        cmocka_unit_test(test_duration_guesses_nothing_far_away),
    };
    return cmocka_run_group_tests_name("script/duration", tests, NULL, NULL);
}
