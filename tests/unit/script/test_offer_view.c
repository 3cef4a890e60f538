/* offer_view: what scripts see of an offer, and what they cannot do to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "served_builder.h"

/* The offers of the site; `o` is the one with the highest value. */
static const char offers[] =
    "offer 'full' { kind = 'guide', title = { en = 'Full', es = 'Lleno' }, url = { en = '/full', es = "
    "'/lleno' },\n"
    " value = 12.5, weight = 20, stages = { 'first', 'second' }, personas = { 'buyer', 'dreamer' },\n"
    " placements = { 'hero', 'side' }, locales = { 'en' }, tags = { 'red', 'round' }, answers = { 'why', "
    "'how' },\n"
    " starts = '2026-01-01', ends = '2027-01-01', consent = 'marketing',\n"
    " data = { pages = 24, names = { 'x', 'y' }, deep = { k = { 1, { 'two' } } }, yes = true, rate = 0.5 } "
    "}\n"
    "offer 'bare' { kind = 'video', title = 'Bare', url = '/bare', value = 3 }\n"
    "offer 'house' { kind = 'guide', title = 'House', url = '/house', placements = { } }\n";

static void serve_expression(struct served *served, const char *offer, const char *expression)
{
    char source[2048];
    assert_true(snprintf(source, sizeof source,
                         "strategy 's' { eligible = function(c, o) return o.id == '%s' end,\n"
                         "score = function(c, o) return 1, tostring(%s) end }",
                         offer, expression) < (int)sizeof source);
    const struct served_file files[] = {{"strategies/s.lua", source}, {"offers/o.lua", offers}};
    served_begin(served, NULL, files, 2);
    served->situation.persona = 0;
    served->situation.consented = 1;
}

static void assert_sees(const char *offer, const char *expression, const char *expected)
{
    struct served served;
    serve_expression(&served, offer, expression);
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    if (strcmp(served_reason(&served), expected) != 0)
        fail_msg("%s of %s: %s", expression, offer, served_reason(&served));
    served_end(&served);
}

static void assert_error(const char *expression, const char *expected)
{
    struct served served;
    char line[600];
    serve_expression(&served, "full", expression);
    assert_int_equal(served_decide(&served)->fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    snprintf(line, sizeof line, "s: strategies/s.lua:2: %s", expected);
    assert_string_equal(served_failure(&served), line);
    served_end(&served);
}

static void test_offer_view_has_every_field(void **state)
{
    (void)state;
    assert_sees("full", "o.id .. o.kind .. o.title .. o.url", "fullguideFull/full");
    assert_sees("full", "o.value", "12.5");
    assert_sees("full", "o.weight", "20.0");
    assert_sees("full", "table.concat(o.stages, ' ')", "first second");
    assert_sees("full", "table.concat(o.personas, ' ')", "buyer dreamer");
    assert_sees("full", "table.concat(o.placements, ' ')", "hero side");
    assert_sees("full", "table.concat(o.locales, ' ')", "en");
    assert_sees("full", "table.concat(o.tags, ' ')", "red round");
    assert_sees("full", "table.concat(o.answers, ' ')", "why how");
    assert_sees("full", "o.consent", "marketing");
    assert_sees("full", "math.floor(o.starts) .. ' ' .. math.floor(o.ends)", "1767225600 1798848000");
    assert_sees("full", "o.data.pages", "24");
}

/* A field left out is nil; what an offer always has is an empty list. */
static void test_offer_view_lacks_what_was_left_out(void **state)
{
    (void)state;
    assert_sees("bare", "o.id", "bare");
    assert_sees("bare",
                "o.stages or o.personas or o.placements or o.locales or o.consent or o.starts or o.ends",
                "nil");
    assert_sees("bare", "#o.tags + #o.answers", "0");
    assert_sees("bare", "o.weight", "0.0");
    assert_sees("bare", "type(o.data)", "table");
    assert_sees("bare", "o.data.pages", "nil");
}

static void test_offer_view_shows_data_inside_of_data(void **state)
{
    (void)state;
    assert_sees("full", "#o.data.names .. o.data.names[2]", "2y");
    assert_sees("full", "o.data.deep.k[2][1]", "two");
    assert_sees("full", "o.data.yes", "true");
    assert_sees("full", "o.data.rate", "0.5");
    assert_sees(
        "full",
        "(function() local out = '' for k in pairs(o.data) do out = out .. k .. ' ' end return out end)()",
        "deep names pages rate yes ");
}

static void test_offer_view_is_walked_over(void **state)
{
    (void)state;
    assert_sees("bare",
                "(function() local out = '' for k in pairs(o) do out = out .. k .. ' ' end return out end)()",
                "answers data id kind tagged tags title url value weight ");
}

static void test_offer_view_knows_tags(void **state)
{
    (void)state;
    assert_sees("full", "o:tagged('red')", "true");
    assert_sees("full", "o:tagged('round')", "true");
    assert_sees("full", "o:tagged('Red')", "false");
    assert_sees("full", "o:tagged('')", "false");
    assert_sees("full", "o:tagged(nil)", "false");
    assert_sees("full", "o:tagged(1)", "false");
    assert_sees("full", "o:tagged({})", "false");
    assert_sees("full", "o:tagged('red', 'blue')", "true");
    assert_sees("bare", "o:tagged('red')", "false");
    assert_error("o.tagged('red')", "expected a tag, as in o:tagged(\"name\")");
    assert_error("o:tagged()", "expected a tag, as in o:tagged(\"name\")");
    assert_error("o.tagged()", "expected a tag, as in o:tagged(\"name\")");
}

static void test_offer_view_answers_slips(void **state)
{
    (void)state;
    assert_error("o.tittle", "an offer has no 'tittle'; did you mean 'title'?");
    assert_error("o:taged('red')", "an offer has no 'taged'; did you mean 'tagged'?");
    assert_error("o.limit", "an offer has no 'limit'");
    assert_error("o[1]", "an offer has named fields only");
}

static void test_offer_view_cannot_be_changed(void **state)
{
    (void)state;
    assert_error("(function() o.value = 99 end)()", "can't change 'value': this table is read-only");
    assert_error("(function() o.tagged = nil end)()", "can't change 'tagged': this table is read-only");
    assert_error("(function() o.tags[1] = 'blue' end)()", "can't change this table: it is read-only");
    assert_error("(function() o.data.pages = 1 end)()", "can't change 'pages': this table is read-only");
    assert_error("(function() o.data.deep.k[2][1] = 1 end)()", "can't change this table: it is read-only");
    assert_error("table.sort(o.tags)", "bad argument #1 to 'sort' (this table is read-only)");
}

/* The second decision finds the views of the first: it needs no more memory than its own garbage. */
static void test_offer_view_is_made_once(void **state)
{
    (void)state;
    struct served served;
    serve_expression(&served, "full", "o.data.pages");
    served_decide(&served);
    size_t first = served_memory(&served);
    served_decide(&served);
    assert_int_equal(served_memory(&served), first);
    assert_string_equal(served_reason(&served), "24");
    served_end(&served);
}

static void test_offer_view_is_the_same_for_every_function(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served,
                          "local function same(a, b) return a == b end\n"
                          "strategy 's' { score = function(c, o)\n"
                          " return 1, tostring(same(o, o) and same(o.data, o.data) and o ~= o.data) end }");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "true");
    served_end(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_offer_view_has_every_field),
        cmocka_unit_test(test_offer_view_lacks_what_was_left_out),
        cmocka_unit_test(test_offer_view_shows_data_inside_of_data),
        cmocka_unit_test(test_offer_view_is_walked_over),
        cmocka_unit_test(test_offer_view_knows_tags),
        cmocka_unit_test(test_offer_view_answers_slips),
        cmocka_unit_test(test_offer_view_cannot_be_changed),
        cmocka_unit_test(test_offer_view_is_made_once),
        cmocka_unit_test(test_offer_view_is_the_same_for_every_function),
    };
    return cmocka_run_group_tests_name("script/offer_view", tests, NULL, NULL);
}
