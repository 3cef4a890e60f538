/* memo: which questions are the same, what is found again, and what is never remembered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "../decide/site_builder.h"
#include "script/memo.h"
#include "served_builder.h"

enum { FUNCTIONS = 3 };

/* A memo, and a customer as functions would have read them. */
struct asking {
    struct memo memo;
    struct snapshot *snapshot;     /* owned */
    struct situation situation;    /* of the customer */
    struct customer_view customer; /* without a view: only what was read */
    struct served served;          /* whose zone maps live in */
};

static void asking_begin(struct asking *asking, size_t limit)
{
    struct error error;
    memset(asking, 0, sizeof *asking);
    asking->snapshot = site_new_small();
    asking->situation.persona = SNAPSHOT_NONE;
    asking->customer.snapshot = asking->snapshot;
    asking->customer.situation = &asking->situation;
    asking->served.zone = msgpack_zone_new(1024);
    assert_true(memo_create(&asking->memo, FUNCTIONS, limit, &error));
}

static void asking_end(struct asking *asking)
{
    memo_destroy(&asking->memo);
    snapshot_free(asking->snapshot);
    msgpack_zone_free(asking->served.zone);
}

static void reads(struct asking *asking, const char *key)
{
    reads_add(&asking->customer.reads, READ_CONTEXT, text_from(key));
}

static void give_context(struct asking *asking, const char *expression)
{
    asking->situation.context = served_map(&asking->served, expression);
}

static void store(struct asking *asking, uint32_t function, const char *result)
{
    memo_store(&asking->memo, function, TEXT("subject"), &asking->customer, text_from(result));
}

/* What is found, "-" where nothing is. */
static const char *found(struct asking *asking, uint32_t function, const char *subject)
{
    static char line[64];
    struct text result = memo_find(&asking->memo, function, text_from(subject), &asking->customer);
    if (result.bytes == NULL)
        return "-";
    snprintf(line, sizeof line, "%.*s", (int)result.length, result.bytes);
    return line;
}

static void test_memo_finds_what_was_stored(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    assert_string_equal(found(&asking, 0, "subject"), "-");
    store(&asking, 0, "zero");
    store(&asking, 1, "one");
    assert_string_equal(found(&asking, 0, "subject"), "zero");
    assert_string_equal(found(&asking, 1, "subject"), "one");
    assert_string_equal(found(&asking, 2, "subject"), "-");
    assert_string_equal(found(&asking, 0, "subjec"), "-");
    assert_string_equal(found(&asking, 0, "subject "), "-");
    assert_string_equal(found(&asking, 0, ""), "-");
    asking_end(&asking);
}

static void test_memo_remembers_nothing_without_room(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 0);
    store(&asking, 0, "zero");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking_end(&asking);
}

/* Each differs from all others, for a function that read the entry. */
static void test_memo_tells_values_apart(void **state)
{
    (void)state;
    static const char *const values[] = {
        "{ v = 3 }",
        "{ v = 4 }",
        "{ v = 3.5 }",
        "{ v = '3' }",
        "{ v = true }",
        "{ v = false }",
        "{}",
        "{ v = '' }",
        "{ v = {} }",
        "{ v = { 3 } }",
        "{ v = { '3' } }",
        "{ v = { { 3 } } }",
        "{ v = { v = 3 } }",
        "{ v = { 3, 3 } }",
        "{ v = 'true' }",
        "{ v = '0' }",
        "{ v = ('x'):rep(900) }",
        "{ v = ('x'):rep(901) }",
        "{ w = 3 }", /* the same as none at all */
    };
    enum { COUNT = sizeof values / sizeof *values };
    struct asking asking;
    char result[COUNT][8];
    asking_begin(&asking, 1 << 16);
    reads(&asking, "v");
    for (int i = 0; i < COUNT - 1; i++) {
        give_context(&asking, values[i]);
        if (strcmp(found(&asking, 0, "subject"), "-") != 0)
            fail_msg("%s", values[i]);
        snprintf(result[i], sizeof result[i], "%d", i);
        store(&asking, 0, result[i]);
    }
    for (int i = 0; i < COUNT - 1; i++) {
        give_context(&asking, values[i]);
        assert_string_equal(found(&asking, 0, "subject"), result[i]);
    }
    give_context(&asking, values[COUNT - 1]);
    assert_string_equal(found(&asking, 0, "subject"), result[6]);
    asking.situation.context = NULL;
    assert_string_equal(found(&asking, 0, "subject"), result[6]);
    asking_end(&asking);
}

/* What scripts cannot tell apart is one question, however it was sent. */
static void test_memo_takes_numbers_by_their_value(void **state)
{
    (void)state;
    struct asking asking;
    msgpack_object_kv pair;
    msgpack_object map = {.type = MSGPACK_OBJECT_MAP, .via.map = {1, &pair}};
    asking_begin(&asking, 1 << 16);
    pair.key = served_map(&asking.served, "{ v = 3 }")->via.map.ptr[0].key;
    pair.val = (msgpack_object){.type = MSGPACK_OBJECT_POSITIVE_INTEGER, .via.u64 = 3};
    asking.situation.context = &map;
    reads(&asking, "v");
    store(&asking, 0, "three");
    pair.val = (msgpack_object){.type = MSGPACK_OBJECT_FLOAT64, .via.f64 = 3.0};
    assert_string_equal(found(&asking, 0, "subject"), "three");
    pair.val = (msgpack_object){.type = MSGPACK_OBJECT_BIN, .via.bin = {1, "\3"}};
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking_end(&asking);
}

/* A text may hold whatever bytes a number has, and a subject those of a value. */
static void test_memo_is_not_taken_in_by_bytes(void **state)
{
    (void)state;
    struct asking asking;
    static const char end_of_number[] = {0, 0, 8, 0x40};
    double number;
    memcpy(&number, "\4\0\0\0\0\0\10\100", sizeof number); /* a length of four, and that end */
    msgpack_object_kv pair = {
        .val = {.type = MSGPACK_OBJECT_STR, .via.str = {sizeof end_of_number, end_of_number}}};
    msgpack_object map = {.type = MSGPACK_OBJECT_MAP, .via.map = {1, &pair}};
    asking_begin(&asking, 1 << 16);
    pair.key = served_map(&asking.served, "{ v = 3 }")->via.map.ptr[0].key;
    asking.situation.context = &map;
    reads(&asking, "v");
    store(&asking, 0, "text");
    pair.val = (msgpack_object){.type = MSGPACK_OBJECT_FLOAT64, .via.f64 = number};
    assert_string_equal(found(&asking, 0, "subject"), "-");
    give_context(&asking, "{ v = '0' }");
    memo_store(&asking.memo, 0, TEXT("X"), &asking.customer, TEXT("text behind X"));
    asking.situation.context = NULL;
    assert_null(memo_find(&asking.memo, 0, TEXT("Xs\1\0\0\0"), &asking.customer).bytes);
    asking_end(&asking);
}

/* The same bytes in another place are another thing. */
static void test_memo_tells_places_apart(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    const msgpack_object *map = served_map(&asking.served, "{ v = 3 }");
    for (int source = READ_TRAITS; source <= READ_CONSENTS; source++)
        reads_add(&asking.customer.reads, (enum read_source)source, TEXT("v"));
    asking.situation.traits = map;
    store(&asking, 0, "traits");
    asking.situation = (struct situation){.persona = SNAPSHOT_NONE, .consents = map};
    assert_string_equal(found(&asking, 0, "subject"), "-");
    store(&asking, 0, "consents");
    asking.situation = (struct situation){.persona = SNAPSHOT_NONE, .context = map};
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking.situation = (struct situation){.persona = SNAPSHOT_NONE, .consents = map};
    assert_string_equal(found(&asking, 0, "subject"), "consents");
    asking_end(&asking);
}

/* Two texts next to each other are not two others with the same letters. */
static void test_memo_keeps_values_from_running_together(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    reads(&asking, "a");
    reads(&asking, "b");
    give_context(&asking, "{ a = 'xs', b = 'y' }");
    store(&asking, 0, "xs y");
    give_context(&asking, "{ a = 'x', b = 'sy' }");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    give_context(&asking, "{ a = 'xsy' }");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking_end(&asking);
}

static void test_memo_cares_for_what_was_read_alone(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    reads(&asking, "v");
    give_context(&asking, "{ v = 1, other = 1 }");
    store(&asking, 0, "one");
    give_context(&asking, "{ v = 1, other = 2, third = {} }");
    asking.situation.customer = TEXT("somebody else");
    asking.situation.now_us = 5;
    assert_string_equal(found(&asking, 0, "subject"), "one");
    asking_end(&asking);
}

/* Once a function is known to read more, what it gave to those who were told apart by less is not found. */
static void test_memo_learns_more_reads(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    reads(&asking, "v");
    give_context(&asking, "{ v = 1, w = 1 }");
    store(&asking, 0, "short way");
    give_context(&asking, "{ v = 2, w = 1 }");
    reads(&asking, "w");
    store(&asking, 0, "long way");
    assert_string_equal(found(&asking, 0, "subject"), "long way");
    give_context(&asking, "{ v = 2, w = 2 }");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    give_context(&asking, "{ v = 1, w = 1 }");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    reads_clear(&asking.customer.reads);
    reads(&asking, "v");
    store(&asking, 0, "short way");
    assert_string_equal(found(&asking, 0, "subject"), "short way");
    asking_end(&asking);
}

static void test_memo_gives_up_on_functions_that_read_too_much(void **state)
{
    (void)state;
    struct asking asking;
    char key[16];
    asking_begin(&asking, 1 << 16);
    for (int i = 0; i < READS_MOST; i++) {
        snprintf(key, sizeof key, "k%d", i);
        reads(&asking, key);
    }
    store(&asking, 0, "as many as can be");
    assert_string_equal(found(&asking, 0, "subject"), "as many as can be");
    reads_clear(&asking.customer.reads);
    reads(&asking, "one more");
    store(&asking, 0, "too many");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    store(&asking, 1, "another function");
    assert_string_equal(found(&asking, 1, "subject"), "another function");
    asking_end(&asking);
}

static void test_memo_gives_up_on_long_keys(void **state)
{
    (void)state;
    struct asking asking;
    char key[READS_LONGEST_KEY + 2];
    memset(key, 'k', sizeof key);
    for (int extra = 0; extra < 2; extra++) {
        asking_begin(&asking, 1 << 16);
        key[READS_LONGEST_KEY + extra] = '\0';
        reads(&asking, key);
        store(&asking, 0, "kept");
        assert_string_equal(found(&asking, 0, "subject"), extra == 0 ? "kept" : "-");
        key[READS_LONGEST_KEY] = 'k';
        asking_end(&asking);
    }
}

static void test_memo_keeps_no_long_values(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, 1 << 16);
    reads(&asking, "v");
    give_context(&asking, "{ v = ('x'):rep(3000) }");
    store(&asking, 0, "long");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    give_context(&asking, "{ v = 'x' }");
    store(&asking, 0, "short");
    assert_string_equal(found(&asking, 0, "subject"), "short");
    asking_end(&asking);
}

/* The bytes stay below the limit, and what was stored last is there. */
static void test_memo_forgets_all_when_it_is_full(void **state)
{
    (void)state;
    struct asking asking;
    char context[32], result[32];
    bool forgot = false;
    asking_begin(&asking, 4096);
    reads(&asking, "v");
    for (int i = 0; i < 1000; i++) {
        size_t before = asking.memo.results.used;
        snprintf(context, sizeof context, "{ v = %d }", i);
        snprintf(result, sizeof result, "result %d", i);
        give_context(&asking, context);
        store(&asking, 0, result);
        assert_string_equal(found(&asking, 0, "subject"), result);
        assert_true(asking.memo.results.used <= 4096);
        forgot |= asking.memo.results.used < before;
    }
    assert_true(forgot);
    give_context(&asking, "{ v = 0 }");
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking_end(&asking);
}

static void test_memo_keeps_nothing_larger_than_itself(void **state)
{
    (void)state;
    struct asking asking;
    static char large[5000];
    memset(large, 'x', sizeof large - 1);
    asking_begin(&asking, 4096);
    store(&asking, 0, large);
    assert_string_equal(found(&asking, 0, "subject"), "-");
    assert_int_equal(asking.memo.results.used, 0);
    asking_end(&asking);
}

/* A question or an answer that memory cut short has no bytes; the next ones are as good as ever. */
static void test_memo_takes_nothing_that_is_not_whole(void **state)
{
    (void)state;
    struct asking asking;
    struct text nothing = {NULL, 0};
    asking_begin(&asking, 1 << 16);
    memo_store(&asking.memo, 0, nothing, &asking.customer, TEXT("result"));
    assert_null(memo_find(&asking.memo, 0, nothing, &asking.customer).bytes);
    assert_string_equal(found(&asking, 0, ""), "-");
    memo_store(&asking.memo, 0, TEXT("subject"), &asking.customer, nothing);
    assert_string_equal(found(&asking, 0, "subject"), "-");
    asking.memo.key.failed = true;
    store(&asking, 0, "result");
    assert_string_equal(found(&asking, 0, "subject"), "result");
    asking_end(&asking);
}

/* ---- Through an engine: a call leaves garbage behind, a result that is remembered does not. ---- */

static void serve_remembering(struct served *served, const char *strategies, const char *personas)
{
    struct engine_options options = served_options();
    const struct served_file files[] = {{"strategies/s.lua", strategies}, {"personas/p.lua", personas}};
    options.memo_memory = 1 << 20;
    served_begin(served, &options, files, personas == NULL ? 1 : 2);
}

/* Whether the decision ran a script. */
static bool runs(struct served *served)
{
    size_t before = served_memory(served);
    served_decide(served);
    return served_memory(served) != before;
}

#define SCORE(body) "strategy 's' { score = function(c, o) local garbage = { o } " body " end }"

static void test_memo_spares_scripts(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served, SCORE("return c.context.visits, 'visits ' .. c.context.visits"), NULL);
    served.situation.context = served_map(&served, "{ visits = 2, page = 1 }");
    assert_true(runs(&served));
    served.situation.context = served_map(&served, "{ visits = 2, page = 2 }");
    assert_false(runs(&served));
    assert_string_equal(served_reason(&served), "visits 2");
    assert_float_equal(served.decision.items[0].score, 20.0, 1e-9);
    served.situation.context = served_map(&served, "{ visits = 3 }");
    assert_true(runs(&served));
    assert_string_equal(served_reason(&served), "visits 3");
    served_end(&served);
}

static void test_memo_asks_about_other_candidates(void **state)
{
    (void)state;
    struct served served;
    const uint32_t excluded[] = {0};
    serve_remembering(&served, SCORE("return 1"), NULL);
    assert_true(runs(&served));
    assert_false(runs(&served));
    served.situation.excluded = excluded;
    served.situation.excluded_count = 1;
    assert_true(runs(&served));
    assert_false(runs(&served));
    served.situation.consented = 1;
    assert_true(runs(&served));
    served.situation.count = 1;
    assert_true(runs(&served));
    served.situation.explain = true; /* asks the same */
    assert_false(runs(&served));
    served.situation.now_us = 1900000000000000; /* e has ended */
    assert_true(runs(&served));
    served_end(&served);
}

static void assert_always_runs(const char *strategies)
{
    struct served served;
    serve_remembering(&served, strategies, NULL);
    served.situation.context = served_map(&served, "{ visits = 2 }");
    for (int i = 0; i < 4; i++)
        if (!runs(&served))
            fail_msg("%s", strategies);
    served_end(&served);
}

static void test_memo_leaves_clock_and_chance_alone(void **state)
{
    (void)state;
    assert_always_runs(SCORE("return now > 5 and 1 or 2"));
    assert_always_runs(SCORE("return random()"));
    assert_always_runs(SCORE("return math.random(3)"));
    assert_always_runs(SCORE("local fine = pcall(random, 'no number') return 1"));
    assert_always_runs(SCORE("for k in pairs(c.context) do return 1 end return 2"));
    assert_always_runs(SCORE("return #c.traits + 1"));
}

/* As long as a branch leaves chance out, its result is remembered. */
static void test_memo_keeps_the_branches_without_chance(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served, SCORE("if c.context.lucky then return random() end return 2"), NULL);
    assert_true(runs(&served));
    assert_false(runs(&served));
    served.situation.context = served_map(&served, "{ lucky = true }");
    assert_true(runs(&served));
    assert_true(runs(&served));
    served.situation.context = NULL;
    assert_false(runs(&served));
    served_end(&served);
}

static void test_memo_never_keeps_failures(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served, SCORE("if c.context.fail then error('failed') end return 2"), NULL);
    served.situation.context = served_map(&served, "{ fail = true }");
    for (int strike = 1; strike <= 3; strike++) {
        served_decide(&served);
        assert_string_equal(served_failure(&served), "s: strategies/s.lua:1: failed");
    }
    assert_true(script_site_is_set_aside(engine_scripts(served.engine), 0));
    served_end(&served);
}

/* Also for those whose result is still known. */
static void test_memo_serves_nobody_who_is_set_aside(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served, SCORE("if c.context.fail then error('failed') end return 2"), NULL);
    assert_true(runs(&served));
    served.situation.context = served_map(&served, "{ fail = true }");
    for (int strike = 1; strike <= 3; strike++)
        served_decide(&served);
    served.situation.context = NULL;
    served_decide(&served);
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    served_end(&served);
}

/* Two strategies read the same entry, which the second finds converted: it depends on it all the same. */
static void test_memo_notes_what_was_read_before(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(
        &served,
        "strategy 'one' { eligible = function(c, o) return c.context.visits == 9 end }\n"
        "strategy 'two' { score = function(c, o) return 1, 'visits ' .. c.context.visits .. c.id end }",
        NULL);
    served.situation.customer = TEXT("c-1");
    for (int i = 1; i <= 3; i++) {
        char context[32], expected[32];
        snprintf(context, sizeof context, "{ visits = %d }", i);
        snprintf(expected, sizeof expected, "visits %dc-1", i);
        served.situation.context = served_map(&served, context);
        served_decide(&served);
        assert_string_equal(served_reason(&served), expected);
    }
    served.situation.customer = TEXT("c-2");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "visits 3c-2");
    served_end(&served);
}

static void test_memo_knows_the_persona_that_was_found(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(
        &served, SCORE("return 1, tostring(c.persona)"),
        "persona 'buyer' { name = 'B', summary = 'b', match = function(c) local garbage = { c }\n"
        " return c.context.role == 'buyer' end }\n"
        "persona 'dreamer' { name = 'D', summary = 'd', match = function(c) return c.traits.dreams end }");
    static const struct {
        const char *context, *traits, *expected;
        bool runs;
    } cases[] = {
        {"{ role = 'buyer' }", "{ dreams = 1 }", "buyer", true},
        {"{ role = 'other' }", "{ dreams = 1 }", "dreamer", true},
        {"{ role = 'other' }", "{}", "nil", true},
        {"{ role = 'other' }", "{ dreams = 1 }", "dreamer", false},
        {"{ role = 'other', more = 1 }", "{ dreams = 1, more = 1 }", "dreamer", false},
        {"{ role = 'other' }", "{ dreams = false }", "nil", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        served.situation.persona = SNAPSHOT_NONE;
        served.situation.context = served_map(&served, cases[i].context);
        served.situation.traits = served_map(&served, cases[i].traits);
        if (runs(&served) != cases[i].runs)
            fail_msg("case %zu", i);
        assert_string_equal(served_reason(&served), cases[i].expected);
    }
    served_end(&served);
}

/* A persona set aside is not asked any more: those whom it fitted are somebody else now. */
static void test_memo_forgets_personas_set_aside(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served, SCORE("return 1, tostring(c.persona)"),
                      "persona 'buyer' { name = 'B', summary = 'b', match = function(c)\n"
                      " if c.context.fail then error('failed') end return true end }\n"
                      "persona 'dreamer' { name = 'D', summary = 'd', match = function(c) return true end }");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "buyer");
    served.situation.context = served_map(&served, "{ fail = 1 }");
    for (int strike = 1; strike <= 3; strike++) {
        served.situation.persona = SNAPSHOT_NONE;
        served_decide(&served);
        assert_string_equal(served_reason(&served), "dreamer");
    }
    served.situation.persona = SNAPSHOT_NONE;
    served.situation.context = NULL;
    served_decide(&served);
    assert_string_equal(served_reason(&served), "dreamer");
    served_end(&served);
}

static void test_memo_tells_reasons_as_scripts_gave_them(void **state)
{
    (void)state;
    struct served served;
    serve_remembering(&served,
                      "local reasons = { a = '', b = 'is b', c = ('x'):rep(513), e = 5 }\n"
                      "strategy 's' { because = 'author', score = function(c, o) local garbage = { o }\n"
                      " return 1, reasons[o.id] end }",
                      NULL);
    static const char *const expected[] = {"author", "author", "is b", "author"};
    served.situation.count = 4;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(runs(&served), round == 0);
        assert_string_equal(served_items(&served), "a c b e");
        for (int i = 0; i < 4; i++) {
            assert_int_equal(served.decision.items[i].because.length, strlen(expected[i]));
            assert_memory_equal(served.decision.items[i].because.bytes, expected[i], strlen(expected[i]));
        }
    }
    served_end(&served);
}

static void test_memo_knows_nothing_of_another_engine(void **state)
{
    (void)state;
    struct served before, after;
    serve_remembering(&before, SCORE("return 1, 'before'"), NULL);
    served_decide(&before);
    served_decide(&before);
    serve_remembering(&after, SCORE("return 1, 'after'"), NULL);
    served_decide(&after);
    assert_string_equal(served_reason(&after), "after");
    served_end(&before);
    served_decide(&after);
    assert_string_equal(served_reason(&after), "after");
    served_end(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memo_finds_what_was_stored),
        cmocka_unit_test(test_memo_remembers_nothing_without_room),
        cmocka_unit_test(test_memo_tells_values_apart),
        cmocka_unit_test(test_memo_takes_numbers_by_their_value),
        cmocka_unit_test(test_memo_is_not_taken_in_by_bytes),
        cmocka_unit_test(test_memo_tells_places_apart),
        cmocka_unit_test(test_memo_keeps_values_from_running_together),
        cmocka_unit_test(test_memo_cares_for_what_was_read_alone),
        cmocka_unit_test(test_memo_learns_more_reads),
        cmocka_unit_test(test_memo_gives_up_on_functions_that_read_too_much),
        cmocka_unit_test(test_memo_gives_up_on_long_keys),
        cmocka_unit_test(test_memo_keeps_no_long_values),
        cmocka_unit_test(test_memo_forgets_all_when_it_is_full),
        cmocka_unit_test(test_memo_keeps_nothing_larger_than_itself),
        cmocka_unit_test(test_memo_takes_nothing_that_is_not_whole),
        cmocka_unit_test(test_memo_spares_scripts),
        cmocka_unit_test(test_memo_asks_about_other_candidates),
        cmocka_unit_test(test_memo_leaves_clock_and_chance_alone),
        cmocka_unit_test(test_memo_keeps_the_branches_without_chance),
        cmocka_unit_test(test_memo_never_keeps_failures),
        cmocka_unit_test(test_memo_serves_nobody_who_is_set_aside),
        cmocka_unit_test(test_memo_notes_what_was_read_before),
        cmocka_unit_test(test_memo_knows_the_persona_that_was_found),
        cmocka_unit_test(test_memo_forgets_personas_set_aside),
        cmocka_unit_test(test_memo_tells_reasons_as_scripts_gave_them),
        cmocka_unit_test(test_memo_knows_nothing_of_another_engine),
    };
    return cmocka_run_group_tests_name("script/memo", tests, NULL, NULL);
}
