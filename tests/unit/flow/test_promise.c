/* flow/promise: what is promised is there, whoever else wants it at the same moment. */
#include "remembering.h"

#include "../decide/site_builder.h"
#include "flow/promise.h"

enum { SEAT, TICKET, MAP, OFFERS };

/* A worker's look at a store in which others are at work. */
struct promising {
    struct store store; /* in front of `inner` */
    struct store *inner;
    struct shared *shared;
    struct recall recall;
    struct snapshot *site; /* seat: 3 of them, ticket: 5, map: no end */
    struct decision decision;
    struct promise_claims claims;
    uint32_t disturbed; /* a place that somebody claims while the store is read */
    bool disturbs;
    bool takes_back; /* and takes it back at once */
    bool breaks;     /* nothing can be read */
    uint32_t reads;  /* so far */
};

static void read_disturbed(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                           void *context)
{
    struct promising *p = (struct promising *)store;
    claims_word word = claims_look(p->shared->claims, p->disturbed);
    if (p->disturbs)
        assert_true(claims_try(p->shared->claims, p->disturbed, &word));
    if (p->takes_back)
        claims_settle(p->shared->claims, p->disturbed);
    p->reads++;
    if (p->breaks) {
        done(context, NULL, 0, &(struct error){.code = ERROR_UNAVAILABLE});
        return;
    }
    store_read(p->inner, keys, count, done, context);
}

static void close_inner(struct store *store)
{
    store_close(((struct promising *)store)->inner);
}

/* It cannot tell moments, so that whoever wants to know reads again. */
static uint64_t no_moment(struct store *store)
{
    (void)store;
    return 0;
}

static bool cannot_tell(struct store *store, uint64_t moment)
{
    (void)store;
    (void)moment;
    return false;
}

static const struct store_kind disturbed_kind = {
    .read = read_disturbed, .moment = no_moment, .is_unchanged = cannot_tell, .close = close_inner};

static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new_small();
    static const char *const names[OFFERS] = {"seat", "ticket", "map"};
    for (uint32_t i = 0; i < OFFERS; i++) {
        struct offer *offer = site_add_offer(site, names[i], 1);
        offer->stocked = i != MAP;
        offer->stock = i == SEAT ? 3 : 5;
    }
    site_finish(site);
    return site;
}

static int setup(void **state)
{
    struct promising *p = calloc(1, sizeof *p);
    struct error error;
    if (p == NULL || (p->shared = shared_new(1, &error)) == NULL)
        return -1;
    p->store.kind = &disturbed_kind;
    p->inner = store_memory_open(&error);
    p->site = new_site();
    recall_create(&p->recall, p->shared, 0, "/nowhere", 1000);
    p->recall.store = &p->store;
    p->decision.count = OFFERS;
    for (uint32_t i = 0; i < OFFERS; i++)
        p->decision.items[i].offer = i;
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct promising *p = *state;
    recall_destroy(&p->recall);
    shared_free(p->shared);
    snapshot_free(p->site);
    free(p);
    return 0;
}

static enum promise_outcome claim(struct promising *p, const struct promise *promises, uint32_t count)
{
    return promise_claim(&p->recall, p->site, &p->decision, promises, count, &p->claims);
}

static uint32_t open_at(const struct promising *p, uint32_t place)
{
    return claims_open(claims_look(p->shared->claims, place));
}

static void test_promise_claims_each(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 1, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE},
                                              {.hash = 2, .room = 9, .item = SEAT},
                                              {.hash = 2, .room = 9, .item = MAP}};
    assert_int_equal(claim(p, promises, 3), PROMISE_MADE);
    assert_int_equal(p->claims.count, 3);
    assert_int_equal(open_at(p, 1), 1);
    assert_int_equal(open_at(p, 2), 2);
    promise_withdraw(&p->recall, &p->claims);
    assert_int_equal(open_at(p, 1) + open_at(p, 2), 0);
    assert_int_equal(p->claims.count, 0);
}

static void test_promise_claims_all_or_none(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 1, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE},
                                              {.hash = 2, .room = 2, .item = MAP}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(claim(p, promises, 2), PROMISE_MADE);
    assert_int_equal(claim(p, promises, 2), PROMISE_LOST);
    assert_int_equal(open_at(p, 1), 2);
    assert_int_equal(open_at(p, 2), 2);
    assert_int_equal(p->claims.count, 0);
}

static void claim_elsewhere(struct promising *p, uint32_t place, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        claims_word word = claims_look(p->shared->claims, place);
        assert_true(claims_try(p->shared->claims, place, &word));
    }
}

/* What is lost is known before anything is claimed, so that nobody else is disturbed by it. */
static void test_promise_that_is_lost_changes_nothing(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 1, .room = 3, .item = MAP},
                                              {.hash = 3, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE}};
    claim_elsewhere(p, 3, 3);
    claims_word before = claims_look(p->shared->claims, 1);
    assert_int_equal(claim(p, promises, 2), PROMISE_LOST);
    assert_true(claims_look(p->shared->claims, 1) == before);
    assert_int_equal(promise_open(&p->recall, 3), 3);
    assert_int_equal(promise_open(&p->recall, 1), 0);
    claims_settle(p->shared->claims, 3);
    assert_int_equal(claim(p, promises, 2), PROMISE_MADE);
    assert_int_equal(promise_open(&p->recall, 1), 1);
}

/* However much there is, no more can be claimed than is counted. */
static void test_promise_ends_where_counting_does(void **state)
{
    struct promising *p = *state;
    static const struct promise promise = {.hash = 1, .room = UINT32_MAX, .item = MAP};
    claim_elsewhere(p, 1, CLAIMS_OPEN_MOST - 1);
    assert_int_equal(promise_open(&p->recall, 1), CLAIMS_OPEN_MOST - 1);
    assert_int_equal(claim(p, &promise, 1), PROMISE_MADE);
    assert_int_equal(promise_open(&p->recall, 1), UINT32_MAX);
    assert_int_equal(claim(p, &promise, 1), PROMISE_CHANGED);
}

/* Two of its own at one place by chance: both are there, and count for whoever comes. */
static void test_promise_is_not_in_the_way_of_another(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 7, .room = 1, .item = SEAT},
                                              {.hash = 7 + CLAIMS_PLACES, .room = 1, .item = MAP}};
    assert_int_equal(claim(p, promises, 2), PROMISE_MADE);
    assert_int_equal(open_at(p, 7), 2);
    assert_int_equal(claim(p, promises, 1), PROMISE_LOST);
    assert_int_equal(open_at(p, 7), 2);
}

/* The same outcome, and no trace of it. */
static void test_promise_only_looks(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 1, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE},
                                              {.hash = 2, .room = 2, .item = TICKET},
                                              {.hash = 2, .room = 2, .item = MAP}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(promise_claim(&p->recall, p->site, &p->decision, promises, 3, NULL), PROMISE_MADE);
    assert_int_equal(open_at(p, 1) + open_at(p, 2), 0);
    assert_int_equal(claim(p, promises + 1, 1), PROMISE_MADE);
    assert_int_equal(promise_claim(&p->recall, p->site, &p->decision, promises, 3, NULL), PROMISE_LOST);
    assert_int_equal(open_at(p, 2), 1);
}

/* Two items under one limit, of which one is left. */
static void test_promise_counts_its_own_claims(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 5, .room = 1, .item = SEAT},
                                              {.hash = 5, .room = 1, .item = MAP}};
    assert_int_equal(claim(p, promises, 2), PROMISE_LOST);
    assert_int_equal(open_at(p, 5), 0);
}

/* What the store says last counts, whatever the decision was taken from. */
static void test_promise_looks_at_the_stock_again(void **state)
{
    struct promising *p = *state;
    static const struct promise less = {.hash = 1, .room = 1, .item = SEAT, .limit = SNAPSHOT_NONE};
    static const struct promise more = {.hash = 1, .room = 9, .item = SEAT, .limit = SNAPSHOT_NONE};
    for (int i = 0; i < 3; i++)
        assert_int_equal(claim(p, i == 1 ? &more : &less, 1), PROMISE_MADE);
    assert_int_equal(claim(p, &more, 1), PROMISE_LOST);
    assert_int_equal(open_at(p, 1), 3);
}

static void test_promise_is_not_made_of_stock_that_cannot_be_told(void **state)
{
    struct promising *p = *state;
    static const struct promise unit = {.hash = 1, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE};
    static const struct promise limit = {.hash = 1, .room = 3, .item = SEAT};
    p->breaks = true;
    assert_int_equal(claim(p, &unit, 1), PROMISE_CHANGED);
    assert_int_equal(open_at(p, 1), 0);
    assert_int_equal(claim(p, &limit, 1), PROMISE_MADE);
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void test_promise_looks_at_the_customer_again(void **state)
{
    struct promising *p = *state;
    static const struct promise limit = {.hash = 1, .room = 2, .item = SEAT};
    struct customer customer;
    struct key key;
    assert_int_equal(recall_find(&p->recall, TEXT("ada"), &customer), RECALL_UNKNOWN);
    assert_int_equal(claim(p, &limit, 1), PROMISE_MADE);
    key_customer(&key, TEXT("ada"));
    struct store_write write = {key_text(&key), TEXT("somebody by now")};
    store_write(p->inner, &write, 1, written_cb, NULL);
    assert_int_equal(claim(p, &limit, 1), PROMISE_CHANGED);
    assert_int_equal(open_at(p, 1), 1);
}

/* Somebody claims between the look at the counter and the claim. */
static void test_promise_is_disturbed(void **state)
{
    struct promising *p = *state;
    static const struct promise promises[] = {{.hash = 1, .room = 3, .item = SEAT, .limit = SNAPSHOT_NONE},
                                              {.hash = 2, .room = 9, .item = MAP}};
    p->disturbed = 2;
    p->disturbs = true;
    assert_int_equal(claim(p, promises, 2), PROMISE_CHANGED);
    assert_int_equal(open_at(p, 1), 0);
    assert_int_equal(open_at(p, 2), 1);
    p->disturbs = false;
    assert_int_equal(claim(p, promises, 2), PROMISE_MADE);
}

static void test_promise_no_more_than_a_record_holds(void **state)
{
    struct promising *p = *state;
    struct promise promises[RECORD_CLAIMS_MOST + 2];
    for (uint32_t i = 0; i < RECORD_CLAIMS_MOST + 2; i++)
        promises[i] = (struct promise){.hash = i, .room = 1, .item = i < RECORD_CLAIMS_MOST ? MAP : TICKET};
    assert_int_equal(claim(p, promises, RECORD_CLAIMS_MOST + 2), PROMISE_LOST);
    assert_int_equal(open_at(p, 0), 0);
    assert_int_equal(claim(p, promises, RECORD_CLAIMS_MOST), PROMISE_MADE);
}

/* ---- Through recommend ---- */

enum { STOCKED = 40 };

static int setup_stocked(void **state)
{
    struct buffer file;
    buffer_create(&file);
    for (int i = 0; i < STOCKED; i++) {
        char offer[200];
        int length = snprintf(offer, sizeof offer,
                              "offer 'unit-%d' { kind = 'article', title = 'Unit', url = '/', stages = { "
                              "'walk/curious' }, value = 1000, stock = 1 }\n",
                              i);
        buffer_append(&file, offer, (size_t)length);
    }
    buffer_append(&file, "", 1);
    int result = remembering_setup_with(state, "offers/stocked.lua", file.bytes);
    buffer_destroy(&file);
    return result;
}

static uint32_t count_units(const msgpack_object *result, bool *given)
{
    const msgpack_object *items = field(result, "items");
    uint32_t count = 0;
    for (uint32_t i = 0; i < items->via.array.size; i++) {
        const msgpack_object *offer = field(element(items, i), "offer");
        unsigned unit;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)offer->via.str.size, offer->via.str.ptr);
        if (sscanf(name, "unit-%u", &unit) != 1)
            continue;
        assert_false(given[unit]);
        given[unit] = true;
        count++;
    }
    return count;
}

/* Each unit is given away once, whether or not the ledger has written down who got it. */
static void test_promise_gives_each_unit_once(void **state)
{
    struct remembering *r = *state;
    bool given[STOCKED] = {false};
    uint32_t count = 0;
    for (int i = 0; i < 8; i++) {
        count += count_units(
            remembering_ask(r, "recommend", "{'placement': 'list', 'customer': 'ada', 'count': 6}"), given);
        if (i % 2 == 1)
            ledger_finish(r->ledger);
    }
    assert_int_equal(count, STOCKED);
    for (uint32_t place = 0; place < CLAIMS_PLACES; place++)
        assert_int_equal(claims_open(claims_look(r->shared->claims, place)), 0);
}

static void test_promise_is_not_made_unrecorded(void **state)
{
    struct remembering *r = *state;
    bool given[STOCKED] = {false};
    struct ring *ring = r->shared->lanes[0].decisions;
    while (ring_reserve(ring, 1) != NULL)
        ring_commit(ring, 1);
    const msgpack_object *result = remembering_ask(r, "recommend", "{'placement': 'hero'}");
    assert_int_equal(count_units(result, given), 0);
    assert_int_not_equal(field(result, "items")->via.array.size, 0);
    for (uint32_t place = 0; place < CLAIMS_PLACES; place++)
        assert_int_equal(claims_open(claims_look(r->shared->claims, place)), 0);
    /* one try with promises, one without */
    assert_int_equal(r->flowing->slots[FLOWING_OWN].values[METRICS_decisions_unrecorded], 2);
    assert_int_equal(field(result, "fallback")->type, MSGPACK_OBJECT_NIL);
}

/* Each with two limits to promise something of; and as many articles without, worth less. */
enum { CROWD = 60, CLAIMED_OF_CROWD = RECORD_CLAIMS_MOST / 2 };

static int setup_crowd(void **state)
{
    struct buffer file;
    buffer_create(&file);
    for (int i = 0; i < CROWD; i++) {
        char offer[400];
        int length = snprintf(offer, sizeof offer,
                              "offer 'full-%d' { kind = 'article', title = 'Full', url = '/', stages = { "
                              "'walk/curious' }, value = 2000, tags = { 'full' }, "
                              "limit = { impressions = 5, within = '7d' } }\n"
                              "offer 'free-%d' { kind = 'article', title = 'Free', url = '/', stages = { "
                              "'walk/curious' }, value = 1000 }\n",
                              i, i);
        buffer_append(&file, offer, (size_t)length);
    }
    static const char policy[] =
        "policy 'all-of-them' { tags = { 'full' }, limit = { impressions = 1000, within = '7d' } }\n";
    buffer_append(&file, policy, sizeof policy);
    int result = remembering_setup_with(state, "offers/crowd.lua", file.bytes);
    buffer_destroy(&file);
    return result;
}

static uint32_t count_named(const msgpack_object *result, const char *begin)
{
    const msgpack_object *items = field(result, "items");
    uint32_t count = 0;
    for (uint32_t i = 0; i < items->via.array.size; i++) {
        const msgpack_object *offer = field(element(items, i), "offer");
        count += offer->via.str.size > strlen(begin) && memcmp(offer->via.str.ptr, begin, strlen(begin)) == 0;
    }
    return count;
}

/* As many as one answer can promise, and in the other slots what promises nothing. */
static void test_promise_leaves_slots_to_what_promises_nothing(void **state)
{
    struct remembering *r = *state;
    static const int counts[] = {30, 32, 33, 40, 50};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char arguments[128];
        uint32_t full = counts[i] < CLAIMED_OF_CROWD ? (uint32_t)counts[i] : CLAIMED_OF_CROWD;
        for (int dry = 0; dry < 3; dry++) {
            snprintf(arguments, sizeof arguments,
                     "{'placement': 'list', 'customer': 'c%zu', 'count': %d%s%s}", i, counts[i],
                     dry > 0 ? ", 'dry_run': true" : "", dry > 1 ? ", 'at': 4000000000" : "");
            const msgpack_object *result = remembering_ask(r, "recommend", arguments);
            assert_int_equal(field(result, "fallback")->type, MSGPACK_OBJECT_NIL);
            assert_int_equal(count_named(result, "full-"), full);
            assert_int_equal(count_named(result, "free-"), (uint32_t)counts[i] - full);
        }
        ledger_finish(r->ledger);
    }
}

static void test_promise_of_a_full_answer_can_be_explained(void **state)
{
    struct remembering *r = *state;
    char arguments[256];
    const msgpack_object *id = field(
        remembering_ask(r, "recommend", "{'placement': 'list', 'customer': 'ada', 'count': 50}"), "decision");
    snprintf(arguments, sizeof arguments, "{'decision': '%.*s'}", (int)id->via.str.size, id->via.str.ptr);
    ledger_finish(r->ledger);
    const msgpack_object *result = remembering_ask(r, "explain", arguments);
    assert_int_equal(count_named(result, "full-"), CLAIMED_OF_CROWD);
    const msgpack_object *traces = field(result, "trace");
    uint32_t full = 0;
    for (uint32_t i = 0; i < traces->via.array.size; i++) {
        static const char because[] = "this answer promises as much as one answer can";
        const msgpack_object *given = field(element(traces, i), "because");
        full += given->type == MSGPACK_OBJECT_STR && given->via.str.size == sizeof because - 1 &&
                memcmp(given->via.str.ptr, because, sizeof because - 1) == 0;
    }
    assert_int_equal(full, CROWD - CLAIMED_OF_CROWD);
}

/* More offers than any number of tries, in front of all others: under one policy with a demo behind them that
 * has a limit of its own; each with a limit of its own; each a single one. */
enum { PAIRED = 40 };

static int setup_paired(void **state)
{
    struct buffer file;
    char offer[800];
    buffer_create(&file);
    for (int i = 0; i < PAIRED; i++) {
        int length = snprintf(
            offer, sizeof offer,
            "offer 'd%d' { kind = 'discount', title = 'D', url = '/', stages = { 'walk/choosing' },\n"
            "  placements = { 'offers' }, value = %d }\n"
            "offer 'o%d' { kind = 'own', title = 'O', url = '/', stages = { 'walk/choosing' },\n"
            "  placements = { 'owns' }, value = %d, limit = { decisions = 1, within = '7d' } }\n"
            "offer 's%d' { kind = 'unit', title = 'S', url = '/', stages = { 'walk/choosing' },\n"
            "  placements = { 'units' }, value = %d, stock = 1 }\n",
            i, 1000 - i, i, 1000 - i, i, 1000 - i);
        buffer_append(&file, offer, (size_t)length);
    }
    static const char rest[] =
        "policy 'discounts' { kinds = { 'discount' }, limit = { impressions = 3, within = '7d' } }\n"
        "offer 'demo' { kind = 'talk', title = 'Demo', url = '/', stages = { 'walk/choosing' },\n"
        "  placements = { 'offers' }, value = 1, limit = { impressions = 5, within = '7d' } }\n"
        "placement 'offers' { kinds = { 'discount', 'talk' }, fallback = 'house' }\n"
        "placement 'owns' { kinds = { 'own' }, fallback = 'house' }\n"
        "placement 'units' { kinds = { 'unit' }, fallback = 'house' }\n";
    buffer_append(&file, rest, sizeof rest);
    int result = remembering_setup_with(state, "offers/paired.lua", file.bytes);
    buffer_destroy(&file);
    return result;
}

static const char *ask_choosing(struct remembering *r, const char *placement, const char *customer, int count)
{
    char arguments[200];
    snprintf(arguments, sizeof arguments, "{'placement': '%s', 'stage': 'choosing', %s'count': %d}",
             placement, customer, count);
    return offers_of(remembering_ask(r, "recommend", arguments));
}

/* As if they had been asked one after the other, though the ledger has not written any of it. */
static void test_promise_loses_a_policy_at_once(void **state)
{
    struct remembering *r = *state;
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 3), "d0 d1 d2");
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 1), "demo");
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'bob', ", 3), "d0 d1 d2");
    ledger_finish(r->ledger);
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 1), "demo");
}

static void test_promise_takes_the_room_that_is_left(void **state)
{
    struct remembering *r = *state;
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 1), "d0");
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 3), "d0 d1 demo");
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 3), "demo house");
    ledger_finish(r->ledger);
    assert_string_equal(ask_choosing(r, "offers", "'customer': 'ada', ", 3), "demo house");
}

/* Limits and stock of their own. */
static void test_promise_loses_each_at_once(void **state)
{
    struct remembering *r = *state;
    char expected[16];
    for (int i = 0; i < PAIRED; i++) {
        snprintf(expected, sizeof expected, "o%d", i);
        assert_string_equal(ask_choosing(r, "owns", "'customer': 'ada', ", 1), expected);
        snprintf(expected, sizeof expected, "s%d", i);
        assert_string_equal(ask_choosing(r, "units", "", 1), expected);
    }
    assert_string_equal(ask_choosing(r, "owns", "'customer': 'ada', ", 1), "house");
    assert_string_equal(ask_choosing(r, "units", "", 1), "house");
}

/* Articles above all others, each bounded by a three in its own way. */
static const char three_times[] =
    "offer 'seen' { kind = 'article', title = 'Seen', url = '/', stages = { 'walk/curious' },\n"
    "  value = 1000, limit = { impressions = 3, within = '7d' } }\n"
    "offer 'decided' { kind = 'article', title = 'Decided', url = '/', stages = { 'walk/curious' },\n"
    "  value = 1000, limit = { decisions = 3, within = '7d' } }\n"
    "offer 'stocked' { kind = 'article', title = 'Stocked', url = '/', stages = { 'walk/curious' },\n"
    "  value = 1000, stock = 3 }\n";

static const struct {
    const char *offer, *others, *gate, *because;
} three_bounds[] = {
    {"seen", "'decided', 'stocked'", "limit", "seen 0 of 3 in 7d, 3 more on their way; free again in "},
    {"decided", "'seen', 'stocked'", "limit", "decided 3 of 3 in 7d; free again in "},
    {"stocked", "'seen', 'decided'", "stock", "stock: 3 of 3 given"},
};

static int setup_three_times(void **state)
{
    return remembering_setup_with(state, "offers/three.lua", three_times);
}

static const msgpack_object *ask_but(struct remembering *r, const char *others, bool dry)
{
    char arguments[256];
    snprintf(arguments, sizeof arguments,
             "{'placement': 'banner', 'customer': 'ada', 'explain': true, 'exclude': [%s]%s}", others,
             dry ? ", 'dry_run': true" : "");
    return remembering_ask(r, "recommend", arguments);
}

static void assert_stopped(const msgpack_object *result, const char *offer, const char *gate,
                           const char *because)
{
    const msgpack_object *traces = field(result, "trace"), *found = NULL;
    for (uint32_t i = 0; i < traces->via.array.size; i++) {
        const msgpack_object *id = field(element(traces, i), "offer");
        if (id->via.str.size == strlen(offer) && memcmp(id->via.str.ptr, offer, strlen(offer)) == 0)
            found = element(traces, i);
    }
    assert_non_null(found);
    assert_str(field(found, "gate"), gate);
    assert_memory_equal(field(found, "because")->via.str.ptr, because, strlen(because));
    assert_string_not_equal(offers_of(result), offer);
}

/* Before the ledger has written any of it, as after; and whoever only looks sees the same. */
static void test_promise_tells_of_what_is_not_written_yet(void **state)
{
    struct remembering *r = *state;
    for (size_t i = 0; i < sizeof three_bounds / sizeof *three_bounds; i++) {
        const char *offer = three_bounds[i].offer, *others = three_bounds[i].others;
        const char *gate = three_bounds[i].gate, *because = three_bounds[i].because;
        for (int j = 0; j < 3; j++) {
            assert_string_equal(offers_of(ask_but(r, others, true)), offer);
            assert_string_equal(offers_of(ask_but(r, others, false)), offer);
        }
        assert_stopped(ask_but(r, others, true), offer, gate, because);
        assert_stopped(ask_but(r, others, false), offer, gate, because);
        ledger_finish(r->ledger);
        assert_stopped(ask_but(r, others, true), offer, gate, because);
        assert_stopped(ask_but(r, others, false), offer, gate, because);
        ledger_finish(r->ledger);
    }
}

/* Somebody is quicker every time: sooner or later it is done without. */
static void test_promise_is_given_up_at_last(void **state)
{
    struct remembering *r = *state;
    struct promising others = {.store.kind = &disturbed_kind,
                               .inner = r->store,
                               .shared = r->shared,
                               .disturbed = claims_place(bounds_stock_hash(TEXT("stocked"))),
                               .disturbs = true,
                               .takes_back = true};
    r->flowing->flow.recall->store = &others.store;
    assert_string_equal(offers_of(ask_but(r, three_bounds[2].others, false)), "guide");
    assert_true(others.reads > 16);
    others.disturbs = others.takes_back = false;
    others.reads = 0;
    assert_string_equal(offers_of(ask_but(r, three_bounds[2].others, false)), "stocked");
    assert_true(others.reads < 16);
    r->flowing->flow.recall->store = r->store;
}

/* Claims are of now. */
static void test_promise_is_no_matter_at_another_time(void **state)
{
    struct remembering *r = *state;
    for (int i = 0; i < 3; i++)
        ask_but(r, "'decided', 'stocked'", false);
    assert_string_equal(
        offers_of(remembering_ask(r, "recommend",
                                  "{'placement': 'banner', 'customer': 'ada', 'dry_run': true, "
                                  "'exclude': ['decided', 'stocked'], 'at': 4000000000}")),
        "seen");
}

/* The log does not say which limit it was; the words are the same. */
static void test_promise_that_was_lost_can_be_explained(void **state)
{
    struct remembering *r = *state;
    char arguments[256];
    for (int i = 0; i < 3; i++)
        ask_but(r, three_bounds[0].others, false);
    const msgpack_object *id = field(ask_but(r, three_bounds[0].others, false), "decision");
    snprintf(arguments, sizeof arguments, "{'decision': '%.*s'}", (int)id->via.str.size, id->via.str.ptr);
    ledger_finish(r->ledger);
    assert_stopped(remembering_ask(r, "explain", arguments), "seen", "limit", three_bounds[0].because);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_promise_##name, setup, teardown)
        TEST(claims_each),
        TEST(claims_all_or_none),
        TEST(that_is_lost_changes_nothing),
        TEST(ends_where_counting_does),
        TEST(is_not_in_the_way_of_another),
        TEST(only_looks),
        TEST(counts_its_own_claims),
        TEST(looks_at_the_stock_again),
        TEST(is_not_made_of_stock_that_cannot_be_told),
        TEST(looks_at_the_customer_again),
        TEST(is_disturbed),
        TEST(no_more_than_a_record_holds),
#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(test_promise_##name, setup_stocked, remembering_teardown)
        TEST(gives_each_unit_once),
        TEST(is_not_made_unrecorded),
#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(test_promise_##name, setup_paired, remembering_teardown)
        TEST(loses_a_policy_at_once),
        TEST(takes_the_room_that_is_left),
        TEST(loses_each_at_once),
#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(test_promise_##name, setup_crowd, remembering_teardown)
        TEST(leaves_slots_to_what_promises_nothing),
        TEST(of_a_full_answer_can_be_explained),
#undef TEST
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_promise_##name, setup_three_times, remembering_teardown)
        TEST(tells_of_what_is_not_written_yet),
        TEST(is_given_up_at_last),
        TEST(is_no_matter_at_another_time),
        TEST(that_was_lost_can_be_explained),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/promise", tests, NULL, NULL);
}
