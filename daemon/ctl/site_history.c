/* Putting a customer together from a test's `did`, `seen`, `clicked`, `dismissed` and `in_stage_for`. */
#include "ctl/site_history.h"

#include <msgpack.h>

#include "wire/value.h"

enum { BLOCK = 4096 };

#define SOMEBODY TEXT("somebody")

/* The packed maps of a test, being read. */
struct reading {
    struct customer *customer;       /* being filled; borrowed */
    const struct snapshot *snapshot; /* borrowed */
    msgpack_unpacked given, history; /* decoded maps */
    int64_t now_ms;                  /* of the test */
};

/* Adds what happened once, of this name. */
typedef bool (*add_cb)(struct reading *reading, struct text name, int64_t at_ms);

static bool add_event(struct reading *reading, struct text name, int64_t at_ms)
{
    return customer_add_event(reading->customer, name, at_ms, 0);
}

static struct text kind_of(const struct snapshot *snapshot, struct text offer)
{
    uint32_t number = symbols_find(&snapshot->offer_names, offer);
    return number == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                   : snapshot->kinds[snapshot->offers[number].kind].name;
}

/* An event about an offer, and the offer's own count of it. */
static bool add_touch(struct reading *reading, struct text event, struct text offer, enum touch_kind touch,
                      int64_t at_ms)
{
    return customer_add_event(reading->customer, event, at_ms, 0) &&
           customer_add_touch(reading->customer, offer, kind_of(reading->snapshot, offer), touch, at_ms);
}

/* What was seen had been chosen. */
static bool add_impression(struct reading *reading, struct text offer, int64_t at_ms)
{
    return customer_add_touch(reading->customer, offer, kind_of(reading->snapshot, offer), TOUCH_DECISION,
                              at_ms) &&
           add_touch(reading, TEXT("impression"), offer, TOUCH_IMPRESSION, at_ms);
}

static bool add_click(struct reading *reading, struct text offer, int64_t at_ms)
{
    return add_touch(reading, TEXT("click"), offer, TOUCH_CLICK, at_ms);
}

static bool add_dismissal(struct reading *reading, struct text offer, int64_t at_ms)
{
    return add_touch(reading, TEXT("dismiss"), offer, TOUCH_DISMISSAL, at_ms);
}

static int64_t moment_of(const struct reading *reading, const msgpack_object *ago)
{
    double seconds = 0;
    value_number(ago, &seconds);
    return reading->now_ms - (int64_t)seconds * 1000;
}

/* Calls `add` for each time that the map in a field of the history lists for a name. */
static bool read_times(struct reading *reading, struct text field, add_cb add)
{
    const msgpack_object *map = value_map_get(&reading->history.data, field);
    struct text name = {NULL, 0};
    for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++) {
        const msgpack_object_array *times = &map->via.map.ptr[i].val.via.array;
        value_text(&map->via.map.ptr[i].key, &name);
        for (uint32_t j = 0; j < times->size; j++)
            if (!add(reading, name, moment_of(reading, &times->ptr[j])))
                return false;
    }
    return true;
}

/* The number behind a field of what is given; `otherwise` where it is left out or nothing has its name. */
static uint32_t find_given(const struct reading *reading, struct text field, const struct symbols *symbols,
                           uint32_t otherwise)
{
    const msgpack_object *value = value_map_get(&reading->given.data, field);
    struct text name;
    uint32_t number = value != NULL && value_text(value, &name) ? symbols_find(symbols, name) : SNAPSHOT_NONE;
    return number == SNAPSHOT_NONE ? otherwise : number;
}

/* The stage in which the request of the test will put the customer. */
static bool read_stage(struct reading *reading)
{
    const struct snapshot *snapshot = reading->snapshot;
    const msgpack_object *ago = value_map_get(&reading->history.data, TEXT("in_stage_for"));
    if (ago == NULL)
        return true;
    uint32_t journey =
        find_given(reading, TEXT("journey"), &snapshot->journey_names, snapshot->default_journey);
    uint32_t stage = find_given(reading, TEXT("stage"), &snapshot->stage_names[journey],
                                snapshot->journeys[journey].first_stage);
    struct customer_journey *place =
        customer_new_journey(reading->customer, snapshot->journeys[journey].name);
    if (place == NULL)
        return false;
    place->stage = snapshot->stages[stage].name;
    place->since_ms = moment_of(reading, ago);
    place->active_ms = reading->now_ms;
    return true;
}

static bool read_all(struct reading *reading)
{
    return read_times(reading, TEXT("did"), add_event) && read_times(reading, TEXT("seen"), add_impression) &&
           read_times(reading, TEXT("clicked"), add_click) &&
           read_times(reading, TEXT("dismissed"), add_dismissal) && read_stage(reading);
}

static bool decode(struct text packed, msgpack_unpacked *out)
{
    size_t offset = 0;
    msgpack_unpacked_init(out);
    return msgpack_unpack_next(out, packed.bytes, packed.length, &offset) == MSGPACK_UNPACK_SUCCESS &&
           out->data.type == MSGPACK_OBJECT_MAP;
}

bool site_history_create(struct site_history *history, const struct snapshot *snapshot,
                         const struct site_test *test, int64_t now_ms, struct error *error)
{
    struct reading reading = {.customer = &history->customer, .snapshot = snapshot, .now_ms = now_ms};
    const msgpack_object *id;
    struct text customer = SOMEBODY;
    history->remembered = false;
    arena_create(&history->arena, BLOCK);
    bool decoded = decode(test->given, &reading.given);
    decoded &= decode(test->history, &reading.history);
    if (decoded && (id = value_map_get(&reading.given.data, TEXT("customer"))) != NULL)
        value_text(id, &customer);
    customer_create(&history->customer, &history->arena, customer, now_ms);
    bool done = decoded && read_all(&reading);
    history->remembered = done && reading.history.data.via.map.size > 0;
    msgpack_unpacked_destroy(&reading.given);
    msgpack_unpacked_destroy(&reading.history);
    if (done)
        return true;
    arena_destroy(&history->arena);
    return error_set(error, ERROR_INTERNAL, "the test's history can't be put together: out of memory");
}

void site_history_destroy(struct site_history *history)
{
    arena_destroy(&history->arena);
}
