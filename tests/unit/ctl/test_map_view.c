/* ctl/map_view: a journey drawn as text. */
#include "printed.h"

#include "ctl/map_view.h"

static void put_names(senda_request *map, const char *es, const char *en)
{
    senda_request_open_map(map, "names");
    if (es != NULL)
        senda_request_string(map, "es", es);
    if (en != NULL)
        senda_request_string(map, "en", en);
    senda_request_close(map);
}

static void put_offer(senda_request *map, const char *offer, const char *title, const int *figures,
                      double value)
{
    static const char *const names[] = {"decisions", "impressions", "clicks", "conversions"};
    senda_request_open_map(map, NULL);
    senda_request_string(map, "offer", offer);
    senda_request_string(map, "title", title);
    for (int i = 0; i < 4; i++)
        senda_request_integer(map, names[i], figures[i]);
    senda_request_number(map, "value", value);
    senda_request_close(map);
}

static void begin_stage(senda_request *map, const char *name, const char *es, const int *figures)
{
    static const char *const names[] = {"entered", "advanced", "dropped", "inside"};
    senda_request_open_map(map, NULL);
    senda_request_string(map, "name", name);
    put_names(map, es, NULL);
    for (int i = 0; i < 4; i++)
        senda_request_integer(map, names[i], figures[i]);
    senda_request_open_list(map, "offers");
}

static void end_stage(senda_request *map)
{
    senda_request_close(map);
    senda_request_close(map);
}

static senda_request *new_map(void)
{
    senda_request *map = senda_request_new();
    senda_request_string(map, "journey", "two-steps");
    put_names(map, "Dos pasos", "Two steps");
    senda_request_string(map, "from", "2026-11-01");
    senda_request_string(map, "to", "2026-11-22");
    senda_request_string(map, "time_zone", "Europe/Madrid");
    senda_request_open_list(map, "stages");
    begin_stage(map, "awareness", "descubrimiento", (int[]){1240, 620, 120, 500});
    put_offer(map, "guide", "Guía", (int[]){1300, 1024, 205, 12}, 340);
    put_offer(map, "best", "Lo mejor", (int[]){10, 9, 8, 20}, 0);
    put_offer(map, "quiet", NULL, (int[]){5, 0, 0, 0}, 0);
    put_offer(map, "last", "El último", (int[]){4, 0, 0, 0}, 0);
    end_stage(map);
    begin_stage(map, "decision", "decisión", (int[]){1, 0, 0, 1});
    end_stage(map);
    begin_stage(map, "advocacy", NULL, (int[]){0, 0, 0, 0});
    end_stage(map);
    senda_request_close(map);
    return map;
}

static void assert_drawn(const struct map_view *view, const char *expected)
{
    struct print print = begin(false);
    senda_request *map = new_map();
    map_view_write(&print, view, decode(map));
    assert_printed(&print, expected);
    forget(map);
}

static void test_map_view_draws_stages_and_their_best_offers(void **state)
{
    (void)state;
    assert_drawn(&(struct map_view){"es_ES.UTF-8", 3, 0},
                 "Dos pasos (two-steps), from 2026-11-01 to 2026-11-22, days of Europe/Madrid\n"
                 "\n"
                 "stage           entered                                █ went on  ▒ are there     ░ left\n"
                 "descubrimiento    1,240  ██████████████▒▒▒▒▒▒▒▒▒▒▒░░░  620  50 %    500  40 %  120  10 %\n"
                 "decisión              1  ▒                               0   0 %      1 100 %    0   0 %\n"
                 "advocacy              0                                        0            0          0\n"
                 "\n"
                 "best offers     decided  shown    clicked       won   worth\n"
                 "descubrimiento\n"
                 "  Lo mejor           10      9    8  89 %  20 222 %       -\n"
                 "  Guía            1,300  1,024  205  20 %  12   1 %  340.00\n"
                 "  quiet               5      0          0         0       -\n");
}

static void test_map_view_names_things_in_the_language_asked_for(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *map = new_map();
    map_view_write(&print, &(struct map_view){"en-GB", 0, 0}, decode(map));
    fclose(print.file);
    assert_non_null(strstr(text, "Two steps (two-steps), from"));
    assert_non_null(strstr(text, "\nawareness "));
    assert_null(strstr(text, "best offers"));
    free(text);
    forget(map);
}

static void test_map_view_stays_within_a_terminal(void **state)
{
    (void)state;
    size_t lines = 0;
    for (int colour = 0; colour < 2; colour++) {
        struct print print = begin(colour > 0);
        senda_request *map = new_map();
        map_view_write(&print, &(struct map_view){"es", 3, 76}, decode(map));
        fclose(print.file);
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++)
            assert_true(print_width(line) <= 76);
        free(text);
        forget(map);
    }
    assert_true(lines > 10);
}

static void test_map_view_without_a_language_takes_the_names_of_the_site(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *map = new_map();
    map_view_write(&print, &(struct map_view){"", 1, 0}, decode(map));
    fclose(print.file);
    assert_int_equal(strncmp(text, "two-steps, from", 15), 0);
    assert_non_null(strstr(text, "\nawareness "));
    free(text);
    forget(map);
}

static void test_map_view_of_what_is_none(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *map = senda_request_new();
    map_view_write(&print, &(struct map_view){"es", 3, 0}, decode(map));
    assert_printed(&print, "-, days of -\n\nstage  entered    █ went on  ▒ are there  ░ left\n");
    forget(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_view_draws_stages_and_their_best_offers),
        cmocka_unit_test(test_map_view_names_things_in_the_language_asked_for),
        cmocka_unit_test(test_map_view_stays_within_a_terminal),
        cmocka_unit_test(test_map_view_without_a_language_takes_the_names_of_the_site),
        cmocka_unit_test(test_map_view_of_what_is_none),
    };
    return cmocka_run_group_tests_name("ctl/map_view", tests, NULL, NULL);
}
