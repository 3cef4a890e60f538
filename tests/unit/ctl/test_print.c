/* ctl/print and ctl/ask_view: words, tables, and the whole view of a decision. */
#include "../cmocka_all.h"

#include "client/value.h"
#include "ctl/ask_view.h"
#include "ctl/print.h"

#include <msgpack/unpack.h>
#include <stdlib.h>
#include <string.h>

/* What was printed, to be freed. */
static char *text;
static size_t size;

static struct print begin(bool colour)
{
    return (struct print){open_memstream(&text, &size), colour};
}

static void assert_printed(struct print *print, const char *expected)
{
    fclose(print->file);
    assert_string_equal(text, expected);
    free(text);
}

static void test_print_table_lines_up(void **state)
{
    (void)state;
    static const char *const heading[] = {"offer", "score", "why"}, *const row[] = {"año", "0.5", "because"};
    struct print_table table;
    struct print print = begin(false);
    print_table_create(&table, 3);
    table.right_aligned[1] = true;
    assert_true(print_table_add(&table, PRINT_PLAIN, heading));
    for (int i = 0; i < 3; i++)
        assert_true(print_table_add(&table, PRINT_GOOD, row));
    print_table_write(&table, &print, 2);
    print_table_destroy(&table);
    assert_printed(&print, "  offer  score  why\n"
                           "  año      0.5  because\n"
                           "  año      0.5  because\n"
                           "  año      0.5  because\n");
}

static void test_print_styles_only_in_colour(void **state)
{
    (void)state;
    struct print print = begin(true);
    print_styled(&print, PRINT_BOLD, "x");
    print_styled(&print, PRINT_PLAIN, "y");
    assert_printed(&print, "\033[1mx\033[0my");
    print = begin(false);
    print_styled(&print, PRINT_BOLD, "x");
    assert_printed(&print, "x");
}

static void test_print_to_a_file_has_no_colour(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_false(print_to(file).colour);
    fclose(file);
}

static msgpack_unpacked unpacked;

static const senda_value *decode(senda_request *request)
{
    size_t length;
    const char *bytes = senda_request_bytes(request, &length);
    assert_non_null(bytes);
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, length, NULL), MSGPACK_UNPACK_SUCCESS);
    return client_value_of(&unpacked.data);
}

static void forget(senda_request *request)
{
    msgpack_unpacked_destroy(&unpacked);
    senda_request_free(request);
}

static void test_print_words_are_safe_and_short(void **state)
{
    (void)state;
    char out[32];
    senda_request *request = senda_request_new_list();
    senda_request_string(request, NULL, "a\033[2Jb");
    senda_request_number(request, NULL, 0.82314159);
    senda_request_boolean(request, NULL, true);
    senda_request_nil(request, NULL);
    senda_request_open_map(request, NULL);
    senda_request_integer(request, "k", 1);
    senda_request_close(request);
    senda_request_open_list(request, NULL);
    senda_request_close(request);
    const senda_value *list = decode(request);
    assert_string_equal(print_words(senda_value_at(list, 0), out, sizeof out), "a\\x1B[2Jb");
    assert_string_equal(print_words(senda_value_at(list, 1), out, sizeof out), "0.8231");
    assert_string_equal(print_words(senda_value_at(list, 2), out, sizeof out), "yes");
    assert_string_equal(print_words(senda_value_at(list, 3), out, sizeof out), "-");
    assert_string_equal(print_words(senda_value_at(list, 4), out, sizeof out), "{\"k\":1}");
    assert_string_equal(print_words(senda_value_at(list, 5), out, sizeof out), "-");
    assert_true(strlen(print_words(list, out, sizeof out)) < sizeof out);
    assert_memory_equal(out, "a\\x1B[2Jb; 0.8231; yes; -; ", 26);
    forget(request);
}

static void test_print_outline_nests(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *request = senda_request_new();
    senda_request_integer(request, "requests", 12);
    senda_request_open_list(request, "workers");
    senda_request_open_map(request, NULL);
    senda_request_integer(request, "id", 1);
    senda_request_close(request);
    senda_request_integer(request, NULL, 5);
    senda_request_close(request);
    senda_request_integer(request, "up", 7);
    print_outline(&print, decode(request), 0);
    assert_printed(&print, "requests  12\nworkers\n  1\n    id  1\n  2   5\nup        7\n");
    forget(request);
}

static void put_item(senda_request *result)
{
    senda_request_open_map(result, NULL);
    senda_request_string(result, "offer", "trial");
    senda_request_string(result, "kind", "demo");
    senda_request_string(result, "title", "Prueba gratis");
    senda_request_string(result, "url", "/trial");
    senda_request_number(result, "score", 0.5);
    senda_request_number(result, "propensity", 0.25);
    senda_request_string(result, "because", "stage decision");
    senda_request_close(result);
}

static void put_trace(senda_request *result)
{
    static const char *const gates[] = {NULL, "consent"};
    senda_request_open_list(result, "trace");
    for (int i = 0; i < 2; i++) {
        senda_request_open_map(result, NULL);
        senda_request_string(result, "offer", i == 0 ? "trial" : "newsletter");
        senda_request_string(result, "gate", gates[i]);
        senda_request_string(result, "because", i == 0 ? "best" : "no consent to email");
        senda_request_close(result);
    }
    senda_request_close(result);
}

static void put_head(senda_request *result)
{
    senda_request_string(result, "decision", "d1");
    senda_request_boolean(result, "known", true);
    senda_request_string(result, "journey", "five-stages");
    senda_request_string(result, "stage", "decision");
    senda_request_nil(result, "persona");
    senda_request_string(result, "placement", "hero");
    senda_request_string(result, "strategy", "best");
    senda_request_string(result, "version", "v1");
}

static void test_ask_view_shows_who_where_what_and_why(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct ask_request request = {.customer = "maria"};
    senda_request *result = senda_request_new();
    put_head(result);
    senda_request_open_list(result, "items");
    put_item(result);
    senda_request_close(result);
    put_trace(result);
    ask_view_write(&print, &request, decode(result));
    assert_printed(&print, "Who      maria, known\n"
                           "Where    decision on the journey five-stages\n"
                           "At       hero, by the strategy best\n"
                           "\n"
                           "Show      1  Prueba gratis  (demo, trial)\n"
                           "             /trial\n"
                           "             because stage decision\n"
                           "             score 0.5, chosen in 25 of 100 cases like this\n"
                           "\n"
                           "Decision d1\n"
                           "Version  v1\n"
                           "\n"
                           "offer       stopped by  score  propensity  because\n"
                           "trial       chosen          -           -  best\n"
                           "newsletter  consent         -           -  no consent to email\n");
    forget(result);
}

static void test_ask_view_says_why_there_is_nothing(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct ask_request request = {0};
    senda_request *result = senda_request_new();
    put_head(result);
    senda_request_open_list(result, "items");
    senda_request_close(result);
    senda_request_string(result, "because", "this stage wants no offer");
    senda_request_string(result, "fallback", "no_offer_fits");
    ask_view_write(&print, &request, decode(result));
    assert_printed(&print, "Who      an anonymous visitor\n"
                           "Where    decision on the journey five-stages\n"
                           "At       hero, by the strategy best\n"
                           "\n"
                           "Show     nothing\n"
                           "Why      this stage wants no offer\n"
                           "Fallback no_offer_fits\n"
                           "\n"
                           "Decision d1\n"
                           "Version  v1\n");
    forget(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print_table_lines_up),
        cmocka_unit_test(test_print_styles_only_in_colour),
        cmocka_unit_test(test_print_to_a_file_has_no_colour),
        cmocka_unit_test(test_print_words_are_safe_and_short),
        cmocka_unit_test(test_print_outline_nests),
        cmocka_unit_test(test_ask_view_shows_who_where_what_and_why),
        cmocka_unit_test(test_ask_view_says_why_there_is_nothing),
    };
    return cmocka_run_group_tests_name("ctl/print", tests, NULL, NULL);
}
