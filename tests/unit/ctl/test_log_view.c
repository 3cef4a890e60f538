/* ctl/log_view: every member of a decision as JSON and as CSV. */
#include "../model/records.h"

#include <jansson.h>
#include <string.h>

#include "ctl/log_view.h"
#include "decide/decision.h"
#include "model/decision_id.h"

static char *text;
static size_t size;

/* What the decision looks like; to be freed. */
static const char *view(bool csv, bool personal, const struct record *record)
{
    struct log_view view = {.file = open_memstream(&text, &size), .csv = csv, .personal = personal};
    assert_non_null(view.file);
    log_view_begin(&view);
    log_view_write(&view, record);
    fclose(view.file);
    return text;
}

static json_t *json_of(bool personal, const struct record *record)
{
    json_error_t error;
    const char *line = view(false, personal, record);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    json_t *value = json_loads(line, 0, &error);
    if (value == NULL)
        fail_msg("%s in %s", error.text, line);
    free(text);
    return value;
}

static void assert_member(const json_t *map, const char *name, const char *expected)
{
    const json_t *value = json_object_get(map, name);
    if (value == NULL)
        fail_msg("no %s", name);
    if (expected == NULL)
        assert_true(json_is_null(value));
    else
        assert_string_equal(json_string_value(value), expected);
}

static void test_view_json_has_every_member(void **state)
{
    (void)state;
    struct record record = records_one();
    json_t *whole = json_of(true, &record);
    static const char *const members[][2] = {
        {"time", "2030-01-01T00:00:00.500000Z"},
        {"customer", "ana@example.org"},
        {"journey", "five-stages"},
        {"stage", "consideration"},
        {"persona", "tinkerer"},
        {"placement", "hero"},
        {"locale", "es"},
        {"strategy", "newcomers"},
        {"fallback", "deadline"},
        {"because", "Ana looked at it twice"},
        {"seed", "18364758544493064720"},
        {"version", "0123456789abcdef0123456789abcdef"},
    };
    struct decision_id id;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        assert_member(whole, members[i][0], members[i][1]);
    assert_true(decision_id_read(text_from(json_string_value(json_object_get(whole, "decision"))), &id));
    assert_int_equal(id.clock_us, record.clock_us);
    assert_int_equal(id.seed, record.seed);
    assert_true(json_is_false(json_object_get(whole, "erased")));
    assert_member(json_object_get(whole, "request"), "placement", "hero");
    assert_member(json_object_get(whole, "request"), "customer", "ana@example.org");
    assert_int_equal(json_object_size(whole), sizeof members / sizeof *members + 5);
    json_decref(whole);
}

static void test_view_json_has_items_and_candidates(void **state)
{
    (void)state;
    struct record record = records_one();
    json_t *whole = json_of(true, &record);
    const json_t *items = json_object_get(whole, "items"), *candidates = json_object_get(whole, "candidates");
    assert_int_equal(json_array_size(items), 2);
    assert_member(json_array_get(items, 0), "offer", "spring-sale");
    assert_member(json_array_get(items, 0), "kind", "banner");
    assert_member(json_array_get(items, 0), "strategy", "newcomers");
    assert_member(json_array_get(items, 1), "strategy", NULL);
    assert_true(json_real_value(json_object_get(json_array_get(items, 0), "score")) == 12.5);
    assert_true(json_number_value(json_object_get(json_array_get(items, 1), "propensity")) == 1);
    assert_int_equal(json_array_size(candidates), 3);
    assert_member(json_array_get(candidates, 0), "gate", NULL);
    assert_member(json_array_get(candidates, 1), "offer", "caf\xC3\xA9");
    assert_member(json_array_get(candidates, 1), "gate",
                  decision_gate_name((enum decision_gate)records_candidates[1].gate));
    assert_member(json_array_get(candidates, 2), "gate", "unknown");
    json_decref(whole);
}

static void test_view_json_without_what_is_personal(void **state)
{
    (void)state;
    struct record record = records_one();
    const char *line = view(false, false, &record);
    assert_null(strstr(line, "na@example.org"));
    assert_null(strstr(line, "Ana"));
    assert_null(strstr(line, "request"));
    free(text);
}

static void test_view_json_of_an_erased_decision(void **state)
{
    (void)state;
    struct record record = records_one();
    record.personal = false;
    record.customer = record.request = record.because = (struct text){NULL, 0};
    json_t *whole = json_of(true, &record);
    assert_true(json_is_true(json_object_get(whole, "erased")));
    assert_member(whole, "customer", NULL);
    assert_member(whole, "request", NULL);
    json_decref(whole);
}

/* Bytes that are no MessagePack, and text that is no UTF-8: still a line of JSON. */
static void test_view_json_of_strange_bytes(void **state)
{
    (void)state;
    struct record record = records_one();
    record.request = TEXT("\x93\x01");
    record.customer = TEXT("\xFF\"\n");
    json_t *whole = json_of(true, &record);
    assert_member(whole, "request", NULL);
    assert_member(whole, "customer", "\xEF\xBF\xBD\"\n");
    json_decref(whole);
}

static void test_view_time_before_1970(void **state)
{
    (void)state;
    struct record record = {.clock_us = -1};
    json_t *whole = json_of(true, &record);
    assert_member(whole, "time", "1969-12-31T23:59:59.999999Z");
    json_decref(whole);
    record.clock_us = INT64_MIN;
    json_decref(json_of(true, &record));
    record.clock_us = INT64_MAX;
    json_decref(json_of(true, &record));
}

static void test_view_csv_has_a_row_for_each_item(void **state)
{
    (void)state;
    struct record record = records_one();
    record.clock_us = 0;
    record.seed = 0;
    record.customer = TEXT("ana, \"the\" one");
    assert_string_equal(
        view(true, true, &record),
        "decision,time,customer,erased,journey,stage,persona,placement,locale,strategy,fallback,seed,version,"
        "position,offer,kind,item_strategy,score,propensity,because,request\n"
        "AAAAAAAAAAAAAAAAAAAAADAxMjM,1970-01-01T00:00:00.000000Z,\"ana, \"\"the\"\" one\",false,five-stages,"
        "consideration,tinkerer,hero,es,newcomers,deadline,0,0123456789abcdef0123456789abcdef,"
        "1,spring-sale,banner,newcomers,12.5,0.25,Ana looked at it twice,"
        "\"{\"\"placement\"\":\"\"hero\"\",\"\"customer\"\":\"\"ana@example.org\"\"}\"\n"
        "AAAAAAAAAAAAAAAAAAAAADAxMjM,1970-01-01T00:00:00.000000Z,\"ana, \"\"the\"\" one\",false,five-stages,"
        "consideration,tinkerer,hero,es,newcomers,deadline,0,0123456789abcdef0123456789abcdef,"
        "2,house,article,,1,1,Ana looked at it twice,"
        "\"{\"\"placement\"\":\"\"hero\"\",\"\"customer\"\":\"\"ana@example.org\"\"}\"\n");
    free(text);
}

static size_t cells(const char *line)
{
    size_t count = 1;
    for (; *line != '\n'; line++)
        count += *line == ',';
    return count;
}

static void test_view_csv_has_a_row_for_no_item(void **state)
{
    (void)state;
    struct record record = {.clock_us = 1, .placement = TEXT("hero")};
    for (int personal = 0; personal < 2; personal++) {
        const char *names = view(true, personal, &record), *row = strchr(names, '\n') + 1;
        assert_int_equal(cells(names), personal ? 21 : 18);
        assert_int_equal(cells(row), cells(names));
        assert_string_equal(strchr(row, '\n'), "\n");
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_json_has_every_member),
        cmocka_unit_test(test_view_json_has_items_and_candidates),
        cmocka_unit_test(test_view_json_without_what_is_personal),
        cmocka_unit_test(test_view_json_of_an_erased_decision),
        cmocka_unit_test(test_view_json_of_strange_bytes),
        cmocka_unit_test(test_view_time_before_1970),
        cmocka_unit_test(test_view_csv_has_a_row_for_each_item),
        cmocka_unit_test(test_view_csv_has_a_row_for_no_item),
    };
    return cmocka_run_group_tests_name("ctl/log_view", tests, NULL, NULL);
}
