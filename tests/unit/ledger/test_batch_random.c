/*
 * batch: thousands of random commands, decisions, joins, erasures and sweeps against a plain model of what
 * they mean, while the store refuses now and then and answers late now and then.
 *
 * The model knows counts, idempotency, reservations and stock. Where customers stand it leaves to the store,
 * and checks that the funnel agrees with all of them, day by day, and that each has the timer that is due.
 * Events count there, too, or where their decision was: half of these are taken on a journey on which nothing
 * counts by itself, so that the model knows what has to be found on it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../cmocka_all.h"
#include "base/random.h"
#include "batch_builder.h"
#include "ledger/keys.h"
#include "ledger/path.h"

enum {
    PEOPLE = 10,     /* ids */
    OFFERS = 3,      /* map, ticket, seat */
    INVENTED = 5,    /* offers that are none */
    NAMES = 8,       /* of events */
    EVENT_IDS = 60,  /* drawn from so many */
    DECISIONS = 400, /* remembered by the model at a time */
    BATCHES = 1500,
    COMMANDS = 8, /* at most, in one batch */
    RECORDS = 4,
};

static const char *const people[PEOPLE] = {"anna-q",  "bruno-w", "carla-e", "diego-r", "elena-t",
                                           "fabio-y", "greta-u", "hugo-i",  "irene-o", "jorge-p"};
static const char *const offers[OFFERS] = {"map", "ticket", "seat"};
static const char *const invented[INVENTED] = {"none", "nil", "void", "(other)", "other"};
static const uint64_t numbers[OFFERS] = {UINT64_MAX, 300, 120}; /* of stock */
static const char *const names[NAMES] = {"hello", "view",    "purchase", "impression",
                                         "click", "dismiss", "sign_up",  "pay"};
static const int touches[NAMES] = {-1, -1, TOUCH_CONVERSION, TOUCH_IMPRESSION, TOUCH_CLICK, TOUCH_DISMISSAL,
                                   -1, -1};

/* ---- The model ---- */

struct person {
    bool exists, restricted, persona;
    uint64_t events[NAMES];
    uint64_t touches[OFFERS][TOUCH_KINDS];
};

struct decision {
    bool known;    /* to the store: not swept, not erased */
    bool told;     /* and which offer it had, and where it was */
    bool away;     /* on the journey where nothing counts but decisions and their events */
    bool owned;    /* by `owner` */
    bool waits;    /* for its impression, as the customer's reservation */
    int owner;     /* id */
    int offer;     /* on which it was */
    int64_t at_ms; /* when */
    uint64_t seed; /* 0: no decision */
    enum { NOT_PROMISED, PROMISED, SHOWN } promise;
};

struct world {
    int canonical[PEOPLE];
    struct person person[PEOPLE];            /* by canonical id */
    int64_t received[PEOPLE + 1][EVENT_IDS]; /* by canonical id, the last one is nobody; 0: never */
    struct decision decisions[DECISIONS];    /* a ring */
    unsigned decided;                        /* how many ever */
    uint64_t confirmed[OFFERS], reserved[OFFERS], unpromised[OFFERS];
    uint64_t funnel[OFFERS + 1][TOUCH_KINDS]; /* the last one is of what is invented */
    uint64_t away[OFFERS][TOUCH_KINDS];       /* of these, on the other journey */
};

/* What a command should be answered. */
struct expected {
    enum error_code code;
    bool accepted, duplicate;
    uint64_t events; /* of the receipt */
};

struct play {
    struct batching *batching;
    struct random_state random;
    struct world world, next; /* as the store has it; as it will if the batch succeeds */
    struct expected expected[COMMANDS];
    size_t count;
    char ids[COMMANDS][24], decisions[COMMANDS][DECISION_ID_LENGTH + 1];
    struct record_item items[RECORDS];
    uint64_t seed;                               /* of the last decision */
    unsigned refused, succeeded, erased, joined; /* how often: a test that never does these tests nothing */
};

static uint32_t pick(struct play *play, uint32_t below)
{
    return (uint32_t)(random_next(&play->random) % below);
}

static int person_of(const struct world *world, int id)
{
    return id < 0 ? PEOPLE : world->canonical[id];
}

static void model_create(struct world *world, int id)
{
    world->person[person_of(world, id)].exists = true;
}

static bool is_live(const struct decision *decision, int64_t now_ms)
{
    return decision->at_ms > now_ms - BATCHING_RESERVE;
}

static void model_show(struct world *world, struct decision *decision, int offer, bool counts_anyway)
{
    bool promised = decision != NULL && decision->promise == PROMISED;
    if (offer == 0 || offer == OFFERS || (decision != NULL && decision->promise == SHOWN) ||
        (!promised && !counts_anyway))
        return;
    world->confirmed[offer]++;
    if (promised) {
        world->reserved[offer]--;
        decision->promise = SHOWN;
    } else {
        world->unpromised[offer]++;
    }
}

/* The decision takes part only where the event is about its offer. */
static void model_take_back(struct world *world, struct decision *decision, int person, int offer,
                            int64_t now_ms)
{
    if (decision != NULL) {
        if (decision->offer == offer && decision->owned && person_of(world, decision->owner) == person)
            decision->waits = false;
        return;
    }
    struct decision *oldest = NULL;
    for (int i = 0; i < DECISIONS; i++) {
        struct decision *other = &world->decisions[i];
        if (other->waits && other->offer == offer && person_of(world, other->owner) == person &&
            is_live(other, now_ms) && (oldest == NULL || other->at_ms < oldest->at_ms))
            oldest = other;
    }
    if (oldest != NULL)
        oldest->waits = false;
}

/* The oldest that was promised to them and not shown yet: what an impression takes that names none. */
static struct decision *model_promised(struct world *world, int person, int offer, int64_t now_ms)
{
    struct decision *oldest = NULL;
    for (int i = 0; i < DECISIONS; i++) {
        struct decision *other = &world->decisions[i];
        if (other->promise == PROMISED && other->owned && other->offer == offer &&
            person_of(world, other->owner) == person && is_live(other, now_ms) &&
            (oldest == NULL || other->seed < oldest->seed))
            oldest = other;
    }
    return oldest;
}

/* `offer` is -1 where none is named, OFFERS where it is an invented one. */
static struct expected model_track(struct play *play, int id, int name, int offer, int event_id,
                                   struct decision *decision, bool far)
{
    struct world *world = &play->next;
    int64_t now_ms = play->batching->now_ms;
    if (offer < 0 && touches[name] >= 0 && decision != NULL && decision->told)
        offer = decision->offer;
    int person = person_of(world, id), touch = offer < 0 ? -1 : touches[name];
    struct expected expected = {.code = ERROR_NONE};
    struct decision *shown = decision != NULL && decision->offer == offer ? decision : NULL;
    if (decision == NULL && id >= 0)
        shown = model_promised(world, person, offer, now_ms);
    if (far)
        return (struct expected){.code = ERROR_INVALID};
    if (id >= 0 && world->person[person].exists && world->person[person].restricted) {
        if (touch == TOUCH_IMPRESSION)
            model_show(world, shown, offer, false);
        return expected;
    }
    int64_t *received = event_id < 0 ? NULL : &world->received[person][event_id];
    expected.accepted = true;
    expected.duplicate =
        received != NULL && *received != 0 && now_ms - *received <= INT64_C(7) * BATCHING_DAY;
    if (expected.duplicate)
        return expected;
    if (id >= 0 && decision != NULL && decision->known && decision->owned &&
        person_of(world, decision->owner) != person)
        return (struct expected){.code = ERROR_INVALID};
    if (offer >= 0 && decision != NULL && decision->told && decision->offer != offer)
        return (struct expected){.code = ERROR_INVALID};
    if (received != NULL)
        *received = now_ms;
    if (touch == TOUCH_IMPRESSION)
        model_show(world, shown, offer, true);
    if (touch >= 0)
        world->funnel[offer][touch]++;
    if (touch >= 0 && decision != NULL && decision->told && decision->away)
        world->away[offer][touch]++;
    if (id < 0)
        return expected;
    model_create(world, id);
    world->person[person].events[name]++;
    if (touch >= 0 && offer < OFFERS)
        world->person[person].touches[offer][touch]++;
    if (touch == TOUCH_IMPRESSION)
        model_take_back(world, decision, person, offer, now_ms);
    return expected;
}

static void add_person(struct person *into, const struct person *from)
{
    into->restricted |= from->exists && from->restricted;
    into->persona |= from->persona;
    for (int i = 0; i < NAMES; i++)
        into->events[i] += from->events[i];
    for (int i = 0; i < OFFERS; i++) {
        for (int j = 0; j < TOUCH_KINDS; j++)
            into->touches[i][j] += from->touches[i][j];
    }
}

static struct expected model_identify(struct world *world, int anonymous, int customer)
{
    int from = person_of(world, anonymous), into = person_of(world, customer);
    world->person[into].exists = true;
    if (from != into) {
        add_person(&world->person[into], &world->person[from]);
        world->person[from] = (struct person){.exists = false};
        for (int i = 0; i < EVENT_IDS; i++) {
            int64_t *mine = &world->received[into][i], *theirs = &world->received[from][i];
            *mine = *theirs > *mine ? *theirs : *mine;
            *theirs = 0;
        }
        for (int i = 0; i < PEOPLE; i++)
            world->canonical[i] = world->canonical[i] == from ? into : world->canonical[i];
    }
    return (struct expected){.accepted = true, .duplicate = from == into};
}

static void model_release(struct world *world, struct decision *decision)
{
    if (decision->promise == PROMISED)
        world->reserved[decision->offer]--;
    decision->promise = NOT_PROMISED;
}

static void model_forget(struct world *world, int person)
{
    for (int i = 0; i < DECISIONS; i++) {
        struct decision *decision = &world->decisions[i];
        if (!decision->owned || person_of(world, decision->owner) != person)
            continue;
        if (decision->known)
            model_release(world, decision);
        decision->known = decision->told = decision->owned = decision->waits = false;
    }
}

static struct expected model_erase(struct world *world, int id)
{
    int person = person_of(world, id);
    struct expected expected = {.accepted = true};
    for (int i = 0; i < NAMES; i++)
        expected.events += world->person[person].events[i];
    model_forget(world, person);
    world->person[person] = (struct person){.exists = false};
    memset(world->received[person], 0, sizeof world->received[person]);
    for (int i = 0; i < PEOPLE; i++)
        world->canonical[i] = world->canonical[i] == person ? i : world->canonical[i];
    return expected;
}

static struct expected model_restrict(struct world *world, int id, bool restricted)
{
    struct person *person = &world->person[person_of(world, id)];
    if (!person->exists && !restricted)
        return (struct expected){.code = ERROR_NOT_FOUND};
    person->exists = true;
    person->restricted = restricted;
    return (struct expected){.accepted = true};
}

static struct expected model_set(struct world *world, int id, bool too_large)
{
    if (too_large)
        return (struct expected){.code = ERROR_INVALID};
    model_create(world, id);
    world->person[person_of(world, id)].persona = true;
    return (struct expected){.accepted = true};
}

static void model_decide(struct world *world, int id, int offer, bool away, int64_t now_ms, uint64_t seed)
{
    int person = person_of(world, id);
    bool restricted = id >= 0 && world->person[person].exists && world->person[person].restricted;
    struct decision *decision = &world->decisions[world->decided++ % DECISIONS];
    *decision = (struct decision){.known = true,
                                  .told = offer != 0 || (id >= 0 && !restricted),
                                  .away = away,
                                  .owned = id >= 0 && !restricted,
                                  .waits = id >= 0 && !restricted,
                                  .owner = id,
                                  .offer = offer,
                                  .at_ms = now_ms,
                                  .seed = seed,
                                  .promise = offer == 0 ? NOT_PROMISED : PROMISED};
    world->reserved[offer] += offer != 0;
    if (restricted)
        return;
    world->funnel[offer][TOUCH_DECISION]++;
    world->away[offer][TOUCH_DECISION] += away;
    if (id < 0)
        return;
    world->person[person].exists = true;
    world->person[person].touches[offer][TOUCH_DECISION]++;
}

static void model_sweep(struct world *world, int64_t now_ms)
{
    for (int i = 0; i < DECISIONS; i++) {
        struct decision *decision = &world->decisions[i];
        if (decision->seed == 0 || is_live(decision, now_ms))
            continue;
        model_release(world, decision);
        decision->known = decision->told = decision->waits = false;
    }
}

/* ---- Random batches ---- */

static void add(struct play *play, const struct command *command, struct expected expected)
{
    assert_true(batch_add_command(play->batching->batch, (uint32_t)play->count, play->count, command));
    play->expected[play->count++] = expected;
}

static struct decision *random_decision(struct play *play)
{
    struct world *world = &play->next;
    if (world->decided == 0 || pick(play, 2) == 0)
        return NULL;
    unsigned back = pick(play, world->decided < 12 ? world->decided : 12);
    return &world->decisions[(world->decided - 1 - back) % DECISIONS];
}

static int random_id(struct play *play)
{
    return (int)pick(play, PEOPLE);
}

/* -1: none is named; OFFERS: one that nobody knows. */
static int random_offer(struct play *play, int name)
{
    if (touches[name] < 0 || pick(play, 4) == 0)
        return -1;
    return pick(play, 8) == 0 ? OFFERS : (int)pick(play, OFFERS);
}

static const char *name_offer(struct play *play, int offer)
{
    if (offer < 0)
        return NULL;
    return offer == OFFERS ? invented[pick(play, INVENTED)] : offers[offer];
}

static void random_track(struct play *play)
{
    static const char *const placements[] = {NULL, "hero", "cellar", "attic"};
    int id = pick(play, 8) == 0 ? -1 : random_id(play), name = (int)pick(play, NAMES);
    int offer = random_offer(play, name);
    int event_id = pick(play, 2) == 0 ? (int)pick(play, EVENT_IDS) : -1;
    struct decision *decision = random_decision(play);
    bool far = pick(play, 30) == 0;
    if (decision != NULL && offer >= 0 && pick(play, 4) > 0) {
        offer = decision->offer;
        id = pick(play, 4) == 0 ? id : decision->owner;
    }
    struct command command =
        batching_event(play->batching, names[name], id < 0 ? NULL : people[id], name_offer(play, offer));
    command.placement = text_from(placements[pick(play, 4)]);
    char *text = play->ids[play->count];
    snprintf(text, sizeof play->ids[0], "event-%d", event_id);
    if (event_id >= 0)
        command.id = text_from(text);
    if (decision != NULL) {
        strcpy(play->decisions[play->count], batching_decision(decision->at_ms * 1000, decision->seed));
        command.decision = text_from(play->decisions[play->count]);
    }
    if (far)
        command.at_ms += 2 * BATCHING_DAY;
    else if (pick(play, 4) == 0)
        command.at_ms -= (int64_t)pick(play, 40) * BATCHING_DAY;
    add(play, &command, model_track(play, id, name, offer, event_id, decision, far));
}

static void random_identify(struct play *play)
{
    int anonymous = random_id(play), customer = random_id(play);
    struct command command = batching_identify(play->batching, people[anonymous], people[customer]);
    play->joined += person_of(&play->next, anonymous) != person_of(&play->next, customer);
    add(play, &command, model_identify(&play->next, anonymous, customer));
}

static void random_erase(struct play *play)
{
    int id = random_id(play);
    struct command command = batching_command(play->batching, COMMAND_ERASE, people[id]);
    play->erased += play->next.person[person_of(&play->next, id)].exists;
    add(play, &command, model_erase(&play->next, id));
}

static void random_restrict(struct play *play)
{
    int id = random_id(play);
    struct command command = batching_command(play->batching, COMMAND_RESTRICT, people[id]);
    command.restricted = pick(play, 3) == 0;
    add(play, &command, model_restrict(&play->next, id, command.restricted));
}

/* Traits of one key with 20,000 bytes for a value. */
static struct text large_traits(void)
{
    static char traits[6 + 20000] = {'\x81', '\xA1', 'k', '\xDA', 20000 >> 8, (char)(20000 & 255)};
    return (struct text){traits, sizeof traits};
}

static void random_set(struct play *play)
{
    static const char *const stages[] = {"start", "look", "buy"};
    int id = random_id(play);
    bool too_large = pick(play, 4) == 0;
    struct command command = batching_command(play->batching, COMMAND_SET, people[id]);
    command.persona = TEXT("planner");
    command.properties = too_large ? large_traits() : TEXT("\x81\xA4role\xA2it");
    command.consents = TEXT("\x81\xA9marketing\xC3");
    if (pick(play, 2) == 0)
        command.stage = text_from(stages[pick(play, 3)]);
    add(play, &command, model_set(&play->next, id, too_large));
}

static void random_command(struct play *play)
{
    switch (pick(play, 24)) {
    case 0:
    case 1:
        random_identify(play);
        return;
    case 2:
        random_erase(play);
        return;
    case 3:
        random_restrict(play);
        return;
    case 4:
    case 5:
        random_set(play);
        return;
    default:
        random_track(play);
        return;
    }
}

/* As a worker would: nothing is promised that is not there. */
static void random_record(struct play *play, size_t place)
{
    struct world *world = &play->next;
    int id = pick(play, 6) == 0 ? -1 : random_id(play), offer = (int)pick(play, OFFERS);
    bool away = pick(play, 2) == 0;
    if (world->confirmed[offer] + world->reserved[offer] >= numbers[offer])
        offer = 0;
    play->items[place] = (struct record_item){
        .offer = text_from(offers[offer]), .kind = TEXT("guide"), .stocked = offer != 0, .reserves = true};
    struct record record = {.clock_us = play->batching->now_ms * 1000,
                            .seed = ++play->seed,
                            .customer = text_from(id < 0 ? NULL : people[id]),
                            .journey = away ? TEXT("club") : TEXT("walk"),
                            .stage = away ? TEXT("member") : TEXT("start"),
                            .placement = TEXT("hero"),
                            .items = &play->items[place],
                            .item_count = 1};
    assert_true(batch_add_record(play->batching->batch, &record));
    model_decide(world, id, offer, away, play->batching->now_ms, record.seed);
}

/* ---- Comparing ---- */

static uint64_t receipt_events(struct text receipt)
{
    const char *found = memmem(receipt.bytes, receipt.length,
                               "\xA6"
                               "events",
                               7);
    assert_non_null(found);
    const uint8_t *number = (const uint8_t *)found + 7;
    if (*number < 0x80)
        return *number;
    return *number == 0xCC ? number[1] : (uint64_t)number[1] << 8 | number[2];
}

static void check_outcomes(const struct play *play, bool succeeded)
{
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(play->batching->batch, &count);
    assert_int_equal(count, play->count);
    for (size_t i = 0; i < count; i++) {
        const struct outcome *outcome = &outcomes[i].outcome;
        const struct expected *expected = &play->expected[i];
        assert_int_equal(outcome->ticket, i);
        assert_int_equal(outcomes[i].worker, i);
        if (!succeeded) {
            assert_int_equal(outcome->code, ERROR_UNAVAILABLE);
            assert_false(outcome->accepted);
            continue;
        }
        assert_int_equal(outcome->code, expected->code);
        assert_int_equal(outcome->accepted, expected->accepted);
        assert_int_equal(outcome->duplicate, expected->duplicate);
        if (expected->events > 0)
            assert_int_equal(receipt_events(outcome->payload), expected->events);
    }
}

static void check_counts(const struct customer *customer, const struct person *person)
{
    assert_int_equal(customer->restricted, person->restricted);
    assert_int_equal(customer->persona.length > 0, person->persona);
    for (int i = 0; i < NAMES; i++)
        assert_int_equal(customer_count_events(customer, text_from(names[i]), 0, 0), person->events[i]);
    for (int i = 0; i < OFFERS; i++) {
        for (int j = 0; j < TOUCH_KINDS; j++)
            assert_int_equal(customer_count_touches(customer, (enum touch_kind)j, text_from(offers[i]), 0, 0),
                             person->touches[i][j]);
    }
}

static void check_reservations(const struct play *play, const struct customer *customer, int person)
{
    const struct world *world = &play->world;
    uint32_t open = 0, waiting = 0;
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        open += customer->reservations[i].at_ms > play->batching->now_ms - BATCHING_RESERVE;
    for (int i = 0; i < DECISIONS; i++) {
        const struct decision *decision = &world->decisions[i];
        waiting += decision->waits && person_of(world, decision->owner) == person &&
                   is_live(decision, play->batching->now_ms);
    }
    assert_int_equal(open, waiting);
}

static void check_person(const struct play *play, int id)
{
    const struct world *world = &play->world;
    int person = person_of(world, id);
    const struct customer *customer = batching_customer(play->batching, people[id]);
    struct text alias = batching_alias(play->batching, people[id]);
    if (person != id) {
        assert_null(customer);
        assert_text(alias, people[person]);
    } else if (world->person[person].exists) {
        assert_non_null(customer);
        check_counts(customer, &world->person[person]);
        check_reservations(play, customer, person);
    } else {
        uint64_t hash = key_hash(text_from(people[id]));
        uint64_t big = __builtin_bswap64(hash);
        assert_null(customer);
        assert_false(batching_contains(play->batching, text_from(people[id])));
        assert_false(batching_contains(play->batching, (struct text){(const char *)&big, sizeof big}));
    }
}

static void check_stock(const struct play *play)
{
    const struct world *world = &play->world;
    for (int i = 1; i < OFFERS; i++) {
        struct stock_count count = batching_stock(play->batching, offers[i]);
        assert_int_equal(count.confirmed, world->confirmed[i]);
        assert_int_equal(count.reserved, world->reserved[i]);
        assert_true(count.confirmed + count.reserved <= numbers[i] + world->unpromised[i]);
    }
}

/* Sums over the funnel: what offers did, and how many stand in each stage by the day they entered it. */
struct ledgers {
    const struct play *play;
    uint64_t touches[OFFERS + 1][TOUCH_KINDS]; /* the last one is of what is invented */
    uint64_t away[OFFERS + 1][TOUCH_KINDS];    /* of these, on the other journey */
    struct inside {
        uint32_t day;
        char stage[16];
        int64_t count; /* entered and neither advanced nor dropped, less those that are found there */
    } inside[4000];
    size_t inside_count;
    size_t due, moments; /* timers, and moments beside customers */
};

static struct inside *inside_of(struct ledgers *sums, uint32_t day, struct text stage)
{
    for (size_t i = 0; i < sums->inside_count; i++) {
        if (sums->inside[i].day == day && text_equal(text_from(sums->inside[i].stage), stage))
            return &sums->inside[i];
    }
    assert_true(sums->inside_count < sizeof sums->inside / sizeof *sums->inside);
    struct inside *inside = &sums->inside[sums->inside_count++];
    *inside = (struct inside){.day = day};
    memcpy(inside->stage, stage.bytes, stage.length);
    return inside;
}

/* No row names anything else. */
static int find_known(struct text name)
{
    int offer = 0;
    while (offer < OFFERS && !text_equal(name, text_from(offers[offer])))
        offer++;
    assert_true(offer < OFFERS || text_equal(name, FUNNEL_OTHER));
    return offer;
}

static void add_row(struct ledgers *sums, struct text key, struct text value)
{
    struct funnel_row row;
    assert_true(funnel_row_decode(&row, key, value, NULL));
    if (row.names.offer.bytes == NULL) {
        inside_of(sums, row.day, row.names.stage)->count +=
            row.moves[FUNNEL_ENTERED] - row.moves[FUNNEL_ADVANCED] - row.moves[FUNNEL_DROPPED];
        return;
    }
    int offer = find_known(row.names.offer);
    assert_true(row.names.placement.length == 0 || text_equal(row.names.placement, TEXT("hero")) ||
                text_equal(row.names.placement, FUNNEL_OTHER));
    bool away = text_equal(row.names.journey, TEXT("club"));
    assert_true(!away || text_equal(row.names.placement, TEXT("hero")));
    for (int j = 0; j < TOUCH_KINDS; j++) {
        sums->touches[offer][j] += (uint64_t)row.touches[j];
        sums->away[offer][j] += away ? (uint64_t)row.touches[j] : 0;
    }
}

struct lookup {
    bool found;
    uint64_t number;
};

static bool lookup_cb(void *context, struct text key, struct text value)
{
    struct lookup *lookup = context;
    struct entry entry = {.value = value};
    (void)key;
    lookup->number = entry_number(&entry, 0);
    lookup->found = true;
    return false;
}

static void scanned_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static struct lookup look_up(const struct ledgers *sums, const struct key *key)
{
    struct lookup lookup = {.found = false};
    store_scan(sums->play->batching->moody.inner, (struct text){NULL, 0}, key_text(key), 1, lookup_cb,
               scanned_cb, &lookup);
    return lookup;
}

/* Whoever can fall silent has a timer that rings in time. */
static void check_timer(const struct ledgers *sums, const struct customer *customer, uint32_t journey)
{
    struct path path = {.site = sums->play->batching->site};
    int64_t due_ms = path_due(&path, customer, journey);
    struct key key;
    if (due_ms == INT64_MAX)
        return;
    key_customer_timer(&key, customer->id, customer->journeys[journey].journey);
    struct lookup moment = look_up(sums, &key);
    assert_true(moment.found && (int64_t)moment.number <= due_ms);
    key_timer(&key, (int64_t)moment.number, customer->id, customer->journeys[journey].journey);
    assert_true(look_up(sums, &key).found);
}

static bool sum_cb(void *context, struct text key, struct text value)
{
    struct ledgers *sums = context;
    struct text id;
    char part;
    if (key.bytes[0] == 'f')
        add_row(sums, key, value);
    sums->due += key.bytes[0] == KEY_DUE;
    sums->moments += key_read_customer(key, &id, &part) && part == KEY_TIMER;
    return true;
}

static void check_places(struct ledgers *sums)
{
    for (int i = 0; i < PEOPLE; i++) {
        const struct customer *customer = batching_customer(sums->play->batching, people[i]);
        for (uint32_t j = 0; customer != NULL && j < customer->journey_count; j++) {
            const struct customer_journey *place = &customer->journeys[j];
            if (!place->dropped)
                inside_of(sums, place->entered_day, place->stage)->count--;
            check_timer(sums, customer, j);
        }
    }
}

static void check_sums(const struct play *play)
{
    struct ledgers *sums = calloc(1, sizeof *sums);
    assert_non_null(sums);
    sums->play = play;
    store_scan(play->batching->moody.inner, (struct text){NULL, 0}, (struct text){NULL, 0}, SIZE_MAX, sum_cb,
               scanned_cb, sums);
    check_places(sums);
    for (size_t i = 0; i < sums->inside_count; i++)
        assert_int_equal(sums->inside[i].count, 0);
    for (int i = 0; i <= OFFERS; i++) {
        for (int j = 0; j < TOUCH_KINDS; j++) {
            assert_int_equal(sums->touches[i][j], play->world.funnel[i][j]);
            assert_int_equal(sums->away[i][j], i < OFFERS ? play->world.away[i][j] : 0);
        }
    }
    assert_int_equal(sums->due, sums->moments);
    free(sums);
}

static void check_all(const struct play *play)
{
    for (int i = 0; i < PEOPLE; i++)
        check_person(play, i);
    check_stock(play);
    check_sums(play);
    arena_clear(&play->batching->arena);
}

/* ---- The play ---- */

static void random_moods(struct play *play)
{
    struct moody_store *moody = &play->batching->moody;
    moody->answers_later = pick(play, 3) == 0;
    moody->refuses_writes = pick(play, 12) == 0;
    moody->refuses_reads = pick(play, 20) == 0;
}

static void play_batch(struct play *play)
{
    struct batching *batching = play->batching;
    batching->now_ms += pick(play, 4) == 0 ? (int64_t)pick(play, 5) * BATCHING_DAY : pick(play, 200000);
    play->next = play->world;
    play->count = 0;
    random_moods(play);
    for (size_t i = 0, records = pick(play, RECORDS + 1); i < records; i++)
        random_record(play, i);
    for (size_t i = 0, commands = pick(play, COMMANDS + 1); i < commands; i++)
        random_command(play);
    if (pick(play, 3) == 0) {
        batch_add_sweep(batching->batch, 1000, 1000);
        model_sweep(&play->next, batching->now_ms);
    }
    bool succeeded = batching_run(batching);
    check_outcomes(play, succeeded);
    batch_clear(batching->batch);
    play->succeeded += succeeded;
    play->refused += !succeeded;
    if (succeeded)
        play->world = play->next;
}

static void play_all(struct batching *batching, uint64_t seed)
{
    struct play *play = calloc(1, sizeof *play);
    assert_non_null(play);
    play->batching = batching;
    play->random.value = seed;
    for (int i = 0; i < PEOPLE; i++)
        play->world.canonical[i] = i;
    for (int i = 0; i < BATCHES; i++) {
        play_batch(play);
        if (i % 5 == 0)
            check_all(play);
    }
    check_all(play);
    assert_true(play->refused > BATCHES / 20 && play->succeeded > BATCHES / 2);
    assert_true(play->erased > 100 && play->joined > 100);
    free(play);
}

static void test_batch_means_what_the_model_means(void **state)
{
    play_all(*state, 20261122);
}

static void test_batch_means_what_the_model_means_again(void **state)
{
    play_all(*state, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_batch_means_what_the_model_means),
        TEST(test_batch_means_what_the_model_means_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
