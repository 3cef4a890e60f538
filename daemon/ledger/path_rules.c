/* Events in front of rules. */
#include "ledger/path_rules.h"

#include "ledger/path_step.h"
#include "wire/value.h"

enum { LATE_MATCHES = 8 }; /* of each rule, kept beyond what it needs: others that come late may join them */

/* The offer's kind as told, else as the site has it. */
static struct text kind_of(const struct snapshot *site, const struct path_event *event)
{
    if (event->kind.length > 0 || event->offer.length == 0)
        return event->kind;
    uint32_t offer = symbols_find(&site->offer_names, event->offer);
    return offer == SNAPSHOT_NONE ? (struct text){NULL, 0} : site->kinds[site->offers[offer].kind].name;
}

void path_reading_create(struct path_reading *reading, const struct snapshot *site,
                         const struct path_event *event)
{
    *reading = (struct path_reading){.event = event, .kind = kind_of(site, event)};
    msgpack_unpacked_init(&reading->unpacked);
}

void path_reading_destroy(struct path_reading *reading)
{
    msgpack_unpacked_destroy(&reading->unpacked);
}

static bool decode(struct path_reading *reading, msgpack_unpacked *unpacked, struct text bytes)
{
    size_t end = 0;
    msgpack_unpack_return status = msgpack_unpack_next(unpacked, bytes.bytes, bytes.length, &end);
    reading->failed |= status == MSGPACK_UNPACK_NOMEM_ERROR;
    return status == MSGPACK_UNPACK_SUCCESS;
}

/* NULL where the event has no such property. */
static const msgpack_object *property(struct path_reading *reading, struct text key)
{
    if (!reading->decoded && !decode(reading, &reading->unpacked, reading->event->properties))
        reading->unpacked.data.type = MSGPACK_OBJECT_NIL;
    reading->decoded = true;
    if (reading->unpacked.data.type != MSGPACK_OBJECT_MAP)
        return NULL;
    return value_map_get(&reading->unpacked.data, key);
}

static msgpack_object text_object(struct text text)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_STR};
    object.via.str.ptr = text.bytes;
    object.via.str.size = (uint32_t)text.length;
    return object;
}

/* What the event itself says for a key of `where`; nil where nothing. */
static msgpack_object own_word(const struct path_reading *reading, struct text key)
{
    const struct path_event *event = reading->event;
    msgpack_object object = {.type = MSGPACK_OBJECT_NIL};
    struct text text = {NULL, 0};
    if (text_equal(key, TEXT("kind")))
        text = reading->kind;
    else if (text_equal(key, TEXT("offer")))
        text = event->offer;
    else if (text_equal(key, TEXT("placement")))
        text = event->placement;
    else if (text_equal(key, TEXT("touchpoint")))
        text = event->touchpoint;
    if (text.length > 0)
        return text_object(text);
    if (event->has_value && text_equal(key, TEXT("value"))) {
        object.type = MSGPACK_OBJECT_FLOAT64;
        object.via.f64 = event->value;
    }
    return object;
}

static bool is_same(const msgpack_object *asked, const msgpack_object *told)
{
    struct text text, other;
    double number, told_number;
    if (asked->type == MSGPACK_OBJECT_BOOLEAN || told->type == MSGPACK_OBJECT_BOOLEAN)
        return asked->type == told->type && asked->via.boolean == told->via.boolean;
    if (value_text(asked, &text))
        return value_text(told, &other) && text_equal(text, other);
    return value_number(asked, &number) && value_number(told, &told_number) && number == told_number;
}

static bool says(struct path_reading *reading, const struct rule_where *where)
{
    msgpack_unpacked asked;
    msgpack_object own = own_word(reading, where->key);
    const msgpack_object *told = own.type == MSGPACK_OBJECT_NIL ? property(reading, where->key) : &own;
    if (told == NULL)
        return false;
    msgpack_unpacked_init(&asked);
    bool same = decode(reading, &asked, where->value) && is_same(&asked.data, told);
    msgpack_unpacked_destroy(&asked);
    return same;
}

bool path_rule_takes(struct path_reading *reading, const struct enter_rule *rule)
{
    if (!text_equal(rule->event, reading->event->name))
        return false;
    for (uint32_t i = 0; i < rule->where_count; i++)
        if (!says(reading, &rule->where[i]))
            return false;
    return true;
}

static const struct customer_progress *find_progress(const struct customer *customer, uint64_t rule)
{
    for (uint32_t i = 0; i < customer->progress_count; i++)
        if (customer->progress[i].rule == rule)
            return &customer->progress[i];
    return NULL;
}

/* The moments that are known, with one more at `place`. */
static int64_t moment_with(const struct customer_progress *progress, uint32_t place, int64_t at_ms,
                           uint32_t index)
{
    if (index == place)
        return at_ms;
    return progress->times_ms[index < place ? index : index - 1];
}

/* When the rule is first fulfilled by as many moments as it needs, the new one among them; or INT64_MAX. */
static int64_t find_fulfilled(const struct customer_progress *progress, const struct enter_rule *rule,
                              int64_t at_ms, int64_t floor_ms)
{
    uint32_t known = progress == NULL ? 0 : progress->count, place = known;
    while (place > 0 && progress->times_ms[place - 1] > at_ms)
        place--;
    uint32_t last = place + 1 > rule->times ? place : rule->times - 1;
    for (; last <= known && last < place + rule->times; last++) {
        int64_t from_ms = moment_with(progress, place, at_ms, last + 1 - rule->times);
        int64_t to_ms = moment_with(progress, place, at_ms, last);
        if (from_ms >= floor_ms && to_ms - from_ms <= path_milliseconds(rule->within))
            return to_ms;
    }
    return INT64_MAX;
}

static uint32_t matches_kept(const struct enter_rule *rule)
{
    return rule->times < UINT32_MAX - LATE_MATCHES ? rule->times + LATE_MATCHES : rule->times;
}

/* Asked before the new moment is added, since adding forgets the oldest one. */
bool path_rule_count(struct customer *customer, const struct enter_rule *rule, int64_t at_ms,
                     int64_t floor_ms, int64_t *when_ms)
{
    if (rule->times <= 1) {
        *when_ms = at_ms >= floor_ms ? at_ms : INT64_MAX;
        return true;
    }
    *when_ms = find_fulfilled(find_progress(customer, rule->hash), rule, at_ms, floor_ms);
    return customer_add_progress(customer, rule->hash, at_ms, matches_kept(rule));
}

static const struct enter_rule *find_rule(const struct snapshot *site, uint64_t hash,
                                          const struct stage **stage)
{
    for (uint32_t i = 0; i < site->stage_count; i++) {
        *stage = &site->stages[i];
        for (uint32_t j = 0; j < (*stage)->enter_count; j++)
            if ((*stage)->enter[j].hash == hash)
                return &(*stage)->enter[j];
    }
    return NULL;
}

/*
 * What came in time and is over may still be completed by what comes late, for as long as history is kept;
 * but not where the customer is past the stage for good.
 */
static bool can_still_count(const struct snapshot *site, const struct customer *customer,
                            const struct customer_progress *progress, int64_t until_ms, int64_t now_ms)
{
    const struct stage *stage;
    const struct enter_rule *rule = find_rule(site, progress->rule, &stage);
    if (rule == NULL || rule->times <= 1 || progress->count == 0)
        return false;
    int64_t newest_ms = progress->times_ms[progress->count - 1];
    if (now_ms - newest_ms <= path_milliseconds(rule->within))
        return true;
    struct path_standing standing = path_stand(site, customer, stage->journey);
    return newest_ms >= until_ms && path_is_in_reach(&standing, stage);
}

void path_compact(const struct path *path, struct customer *customer, int64_t now_ms, int64_t keep_ms)
{
    uint32_t kept = 0;
    int64_t until_ms;
    if (path->site == NULL)
        return;
    if (__builtin_sub_overflow(now_ms, keep_ms, &until_ms))
        until_ms = INT64_MIN;
    for (uint32_t i = 0; i < customer->progress_count; i++)
        if (can_still_count(path->site, customer, &customer->progress[i], until_ms, now_ms))
            customer->progress[kept++] = customer->progress[i];
    customer->progress_count = kept;
}
