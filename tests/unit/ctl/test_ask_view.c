/* ctl/ask_view: the whole view of a decision. */
#include "printed.h"

#include "ctl/ask_view.h"

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
                           "offer       stopped by  score  because\n"
                           "trial       chosen          -  best\n"
                           "newsletter  consent         -  no consent to email\n");
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

static void put_trace_entry(senda_request *result, const char *offer, const char *gate, double score)
{
    senda_request_open_map(result, NULL);
    senda_request_string(result, "offer", offer);
    senda_request_string(result, "gate", gate);
    senda_request_string(result, "because", "so");
    senda_request_number(result, "score", score);
    senda_request_close(result);
}

/* Who came farthest stands first; who got no score shows none. */
static void test_ask_view_orders_the_trace(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct ask_request request = {0};
    senda_request *result = senda_request_new();
    senda_request_open_list(result, "trace");
    put_trace_entry(result, "a", "placement", 0);
    put_trace_entry(result, "b", "stage", 0);
    put_trace_entry(result, "c", "rank", 1.5);
    put_trace_entry(result, "d", "rank", 2.5);
    put_trace_entry(result, "e", "strategy", 0);
    put_trace_entry(result, "f", NULL, 4);
    put_trace_entry(result, "g", "stage", 0);
    senda_request_close(result);
    ask_view_write(&print, &request, decode(result));
    fclose(print.file);
    assert_string_equal(strstr(text, "offer"), "offer  stopped by  score  because\n"
                                               "f      chosen          4  so\n"
                                               "d      rank          2.5  so\n"
                                               "c      rank          1.5  so\n"
                                               "e      strategy        -  so\n"
                                               "b      stage           -  so\n"
                                               "g      stage           -  so\n"
                                               "a      placement       -  so\n");
    free(text);
    forget(result);
}

static void test_ask_view_tells_no_chances_of_what_is_certain(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct ask_request request = {0};
    senda_request *result = senda_request_new();
    senda_request_open_list(result, "items");
    for (int i = 0; i < 2; i++) {
        senda_request_open_map(result, NULL);
        senda_request_string(result, "title", i == 0 ? "Chosen" : "Fallback");
        senda_request_number(result, "score", i == 0 ? 3 : 0);
        senda_request_number(result, "propensity", 1);
        senda_request_close(result);
    }
    senda_request_close(result);
    ask_view_write(&print, &request, decode(result));
    fclose(print.file);
    assert_string_equal(strstr(text, "Show"), "Show      1  Chosen  (-, -)\n"
                                              "             score 3\n"
                                              "          2  Fallback  (-, -)\n"
                                              "\n");
    free(text);
    forget(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask_view_shows_who_where_what_and_why),
        cmocka_unit_test(test_ask_view_says_why_there_is_nothing),
        cmocka_unit_test(test_ask_view_orders_the_trace),
        cmocka_unit_test(test_ask_view_tells_no_chances_of_what_is_certain),
    };
    return cmocka_run_group_tests_name("ctl/ask_view", tests, NULL, NULL);
}
