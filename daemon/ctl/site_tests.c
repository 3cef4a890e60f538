/* One test of a site: request, answer, comparison. */
#include "ctl/site_tests.h"

#include <math.h>
#include <msgpack.h>
#include <stdio.h>

#include "base/clock.h"
#include "ctl/site_history.h"
#include "flow/recommend.h"
#include "script/site.h"
#include "wire/value.h"

enum { SEED = 1 };

/* An answer of recommend, decoded; or the error instead of it. */
struct answer {
    msgpack_unpacked value;
    struct error error; /* code ERROR_NONE: there is an answer */
};

static bool decode(struct text packed, msgpack_unpacked *out)
{
    size_t offset = 0;
    msgpack_unpacked_init(out);
    return msgpack_unpack_next(out, packed.bytes, packed.length, &offset) == MSGPACK_UNPACK_SUCCESS;
}

/* A test being run. */
struct run {
    struct local_site *site;      /* borrowed */
    const struct site_test *test; /* borrowed */
    int64_t now_ms;               /* the moment that it assumes */
};

static int64_t moment_of(const struct site_test *test)
{
    return isnan(test->now) ? clock_wall_us() / 1000 : llround(test->now * 1000);
}

/* Begins a map of `others` arguments and those that are given. Who has a past is not anonymous. */
static void pack_given(const struct run *run, uint32_t others, struct buffer *out)
{
    const struct customer *assumed = run->site->flow.assumed;
    msgpack_unpacked given;
    bool decoded = decode(run->test->given, &given) && given.data.type == MSGPACK_OBJECT_MAP;
    uint32_t size = decoded ? given.data.via.map.size : 0;
    bool nameless = decoded && assumed != NULL && value_map_get(&given.data, TEXT("customer")) == NULL;
    reply_map(out, size + nameless + others);
    for (uint32_t i = 0; i < size; i++) {
        reply_object(out, &given.data.via.map.ptr[i].key);
        reply_object(out, &given.data.via.map.ptr[i].val);
    }
    if (nameless) {
        reply_word(out, "customer");
        reply_text(out, assumed->id);
    }
    msgpack_unpacked_destroy(&given);
}

/* The arguments of recommend that the test stands for. */
static void pack_request(const struct run *run, bool explain, struct buffer *out)
{
    const struct site_test *test = run->test;
    pack_given(run, 5 + (test->count > 0), out);
    reply_word(out, "placement");
    reply_text(out, test->placement);
    reply_word(out, "dry_run");
    reply_bool(out, true);
    reply_word(out, "explain");
    reply_bool(out, explain);
    reply_word(out, "seed");
    reply_number(out, SEED);
    reply_word(out, "at");
    reply_number(out, (double)run->now_ms / 1000);
    if (test->count > 0) {
        reply_word(out, "count");
        reply_number(out, test->count);
    }
}

static bool recommend(struct local_site *site, const msgpack_object *request, struct buffer *reply,
                      struct error *error)
{
    struct arguments arguments;
    return method_read_arguments(METHOD_RECOMMEND, request, &arguments, error) &&
           recommend_answer(&site->flow, &arguments, reply, error);
}

static void ask(const struct run *run, bool explain, struct answer *answer)
{
    struct buffer packed, reply;
    msgpack_unpacked request;
    buffer_create(&packed);
    buffer_create(&reply);
    msgpack_unpacked_init(&answer->value);
    answer->error.code = ERROR_NONE;
    pack_request(run, explain, &packed);
    if (!decode((struct text){packed.bytes, packed.length}, &request))
        error_set(&answer->error, ERROR_INVALID, "the request can't be read");
    else if (recommend(run->site, &request.data, &reply, &answer->error) &&
             !decode((struct text){reply.bytes, reply.length}, &answer->value))
        error_set(&answer->error, ERROR_INTERNAL, "the answer can't be read");
    msgpack_unpacked_destroy(&request);
    buffer_destroy(&packed);
    /* Strings of the answer point into the reply. */
    if (answer->error.code != ERROR_NONE) {
        buffer_destroy(&reply);
        return;
    }
    msgpack_zone_push_finalizer(answer->value.zone, free, reply.bytes);
}

static struct text text_at(const msgpack_object *map, struct text key)
{
    struct text text = {NULL, 0};
    const msgpack_object *value = map == NULL ? NULL : value_map_get(map, key);
    if (value != NULL)
        value_text(value, &text);
    return text;
}

static const msgpack_object_array *items_of(const struct answer *answer)
{
    return &value_map_get(&answer->value.data, TEXT("items"))->via.array;
}

static bool any_item(const struct answer *answer, struct text field, struct text wanted)
{
    const msgpack_object_array *items = items_of(answer);
    for (uint32_t i = 0; i < items->size; i++)
        if (text_equal(text_at(&items->ptr[i], field), wanted))
            return true;
    return false;
}

/* One line of what the author expected. */
struct expectation {
    const struct answer *answer;
    struct text field; /* offer, kind, not_offer, none, fallback, strategy */
    struct text text;  /* its value where that is text */
    bool truth;        /* its value where that is true or false */
};

static bool holds(const struct expectation *expectation)
{
    const struct answer *answer = expectation->answer;
    struct text field = expectation->field, text = expectation->text;
    struct text fallback = text_at(&answer->value.data, TEXT("fallback"));
    if (text_equal(field, TEXT("offer")) || text_equal(field, TEXT("kind")))
        return any_item(answer, field, text);
    if (text_equal(field, TEXT("not_offer")))
        return !any_item(answer, TEXT("offer"), text);
    if (text_equal(field, TEXT("none")))
        return (items_of(answer)->size == 0) == expectation->truth;
    if (text_equal(field, TEXT("fallback")))
        return text.bytes != NULL ? text_equal(fallback, text)
                                  : (fallback.bytes != NULL) == expectation->truth;
    return text_equal(text_at(&answer->value.data, field), text);
}

static void describe_expectation(const struct expectation *expectation, char *out, size_t size)
{
    int field = (int)expectation->field.length, text = (int)expectation->text.length;
    if (text_equal(expectation->field, TEXT("none")))
        snprintf(out, size, expectation->truth ? "no offer at all" : "some offer");
    else if (text_equal(expectation->field, TEXT("not_offer")))
        snprintf(out, size, "anything but the offer '%.*s'", text, expectation->text.bytes);
    else if (expectation->text.bytes == NULL)
        snprintf(out, size, expectation->truth ? "the fallback" : "no fallback");
    else
        snprintf(out, size, "%.*s '%.*s'", field, expectation->field.bytes, text, expectation->text.bytes);
}

static void describe_answer(const struct answer *answer, char *out, size_t size)
{
    const msgpack_object_array *items = items_of(answer);
    struct text strategy = text_at(&answer->value.data, TEXT("strategy"));
    struct text fallback = text_at(&answer->value.data, TEXT("fallback"));
    size_t used = (size_t)snprintf(out, size, items->size == 0 ? "no offer" : "offer");
    for (uint32_t i = 0; i < items->size && used < size; i++) {
        struct text offer = text_at(&items->ptr[i], TEXT("offer")),
                    kind = text_at(&items->ptr[i], TEXT("kind"));
        used += (size_t)snprintf(out + used, size - used, "%s '%.*s' (%.*s)", i == 0 ? "" : ",",
                                 (int)offer.length, offer.bytes, (int)kind.length, kind.bytes);
    }
    if (strategy.bytes != NULL && used < size)
        used += (size_t)snprintf(out + used, size - used, " by strategy '%.*s'", (int)strategy.length,
                                 strategy.bytes);
    if (fallback.bytes != NULL && used < size)
        snprintf(out + used, size - used, ", fallback '%.*s'", (int)fallback.length, fallback.bytes);
}

/* What stopped the offer that was expected, from an explained answer. */
static void explain(const struct run *run, struct text offer, char *out, size_t size)
{
    struct answer answer;
    ask(run, true, &answer);
    const msgpack_object *trace =
        answer.error.code == ERROR_NONE ? value_map_get(&answer.value.data, TEXT("trace")) : NULL;
    if (trace != NULL)
        snprintf(out, size, "the placement can't show '%.*s'", (int)offer.length, offer.bytes);
    for (uint32_t i = 0; trace != NULL && i < trace->via.array.size; i++) {
        const msgpack_object *entry = &trace->via.array.ptr[i];
        struct text gate = text_at(entry, TEXT("gate")), because = text_at(entry, TEXT("because"));
        if (text_equal(text_at(entry, TEXT("offer")), offer))
            snprintf(out, size, "'%.*s' was stopped at %.*s: %.*s", (int)offer.length, offer.bytes,
                     (int)gate.length, gate.bytes, (int)because.length, because.bytes);
    }
    msgpack_unpacked_destroy(&answer.value);
}

static void compare(const struct run *run, const struct answer *answer, struct site_test_outcome *out)
{
    msgpack_unpacked expect;
    bool decoded = decode(run->test->expect, &expect);
    for (uint32_t i = 0; decoded && i < expect.data.via.map.size; i++) {
        const msgpack_object_kv *pair = &expect.data.via.map.ptr[i];
        struct expectation expectation = {.answer = answer};
        value_text(&pair->key, &expectation.field);
        value_text(&pair->val, &expectation.text);
        expectation.truth = pair->val.type == MSGPACK_OBJECT_BOOLEAN && pair->val.via.boolean;
        if (holds(&expectation))
            continue;
        out->passed = false;
        describe_expectation(&expectation, out->expected, sizeof out->expected);
        describe_answer(answer, out->got, sizeof out->got);
        if (text_equal(expectation.field, TEXT("offer")))
            explain(run, expectation.text, out->why, sizeof out->why);
        break;
    }
    msgpack_unpacked_destroy(&expect);
}

static bool expects_fallback(const struct site_test *test)
{
    msgpack_unpacked expect;
    bool expects = decode(test->expect, &expect) && value_map_get(&expect.data, TEXT("fallback")) != NULL;
    msgpack_unpacked_destroy(&expect);
    return expects;
}

/* An answer that came about because a function failed proves nothing, unless the fallback is what is
 * expected. A function that failed also says more than what it left to show. */
static void judge_failure(const struct run *run, const struct answer *answer, struct site_test_outcome *out)
{
    const struct script_site *scripts = engine_scripts(run->site->engine);
    uint32_t count = script_site_failure_count(scripts);
    if (count == 0)
        return;
    const struct script_failure failure = script_site_failure(scripts, count - 1);
    if (out->passed && !expects_fallback(run->test)) {
        out->passed = false;
        snprintf(out->expected, sizeof out->expected, "no function that fails");
        describe_answer(answer, out->got, sizeof out->got);
    }
    if (!out->passed)
        snprintf(out->why, sizeof out->why, "'%s' failed: %s", failure.strategy, failure.message);
}

static void fail(struct site_test_outcome *out, const char *message)
{
    out->passed = false;
    snprintf(out->expected, sizeof out->expected, "an answer");
    snprintf(out->got, sizeof out->got, "%s", message);
}

static void ask_and_compare(const struct run *run, struct site_test_outcome *out)
{
    struct answer answer;
    ask(run, false, &answer);
    if (answer.error.code != ERROR_NONE)
        fail(out, answer.error.message);
    else
        compare(run, &answer, out);
    judge_failure(run, &answer, out);
    msgpack_unpacked_destroy(&answer.value);
}

void site_test_run(struct local_site *site, const struct site_test *test, struct site_test_outcome *out)
{
    const struct run run = {site, test, moment_of(test)};
    struct site_history history;
    struct error error;
    *out = (struct site_test_outcome){.passed = true};
    if (!site_history_create(&history, engine_snapshot(site->engine), test, run.now_ms, &error)) {
        fail(out, error.message);
        return;
    }
    site->flow.assumed = site_history_customer(&history);
    ask_and_compare(&run, out);
    site->flow.assumed = NULL;
    site_history_destroy(&history);
}
