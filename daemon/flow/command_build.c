/* Building commands; see command_build.h. */
#include "flow/command_build.h"

#include <math.h>

#include "flow/names.h"
#include "wire/plain.h"
#include "wire/value.h"

#define DAY_MS INT64_C(86400000)

enum { CONSENT_NAME_MOST = 64, PACKED_KEPT = 64 * 1024 };

/* What builds one command. */
struct building {
    const msgpack_object *const *values; /* of the arguments; borrowed */
    const struct snapshot *snapshot;     /* NULL: no site is loaded */
    struct buffer *packed;               /* room for maps */
    struct command *out;
};

static struct text text_of(const struct building *building, size_t argument)
{
    struct text text = {NULL, 0};
    if (building->values[argument] != NULL)
        value_text(building->values[argument], &text);
    return text;
}

static double number_of(const struct building *building, size_t argument)
{
    double number = 0;
    if (building->values[argument] != NULL)
        value_number(building->values[argument], &number);
    return number;
}

/* Appends the argument's map; where it begins in `packed`. */
static size_t pack(const struct building *building, size_t argument)
{
    size_t begin = building->packed->length;
    if (building->values[argument] != NULL)
        plain_put_map(building->packed, building->values[argument]);
    return begin;
}

/* What was packed from `begin` to `end`; only when nothing more will be, since the bytes may move. */
static struct text packed_text(const struct building *building, size_t begin, size_t end)
{
    if (begin == end)
        return (struct text){NULL, 0};
    return (struct text){building->packed->bytes + begin, end - begin};
}

/*
 * What was reported has happened: a clock that is a little ahead of ours does not put it into the future.
 * More than a day is no clock's fault.
 */
static bool read_moment(const struct building *building, int64_t now_ms, int64_t *at_ms, struct error *error)
{
    *at_ms = now_ms;
    if (building->values[TRACK_at] == NULL)
        return true;
    int64_t told_ms = llround(number_of(building, TRACK_at) * 1e3);
    if (told_ms - now_ms > DAY_MS)
        return error_set(error, ERROR_INVALID, "at: more than a day in the future");
    *at_ms = told_ms < now_ms ? told_ms : now_ms;
    return true;
}

static bool build_track(const struct building *building, struct error *error)
{
    struct command *out = building->out;
    out->type = COMMAND_TRACK;
    out->name = text_of(building, TRACK_event);
    out->customer = text_of(building, TRACK_customer);
    out->id = text_of(building, TRACK_id);
    out->decision = text_of(building, TRACK_decision);
    out->offer = text_of(building, TRACK_offer);
    out->placement = text_of(building, TRACK_placement);
    out->touchpoint = text_of(building, TRACK_touchpoint);
    out->has_value = building->values[TRACK_value] != NULL;
    out->value = number_of(building, TRACK_value);
    if (!read_moment(building, out->received_ms, &out->at_ms, error))
        return false;
    size_t begin = pack(building, TRACK_properties);
    out->properties = packed_text(building, begin, building->packed->length);
    return true;
}

static bool build_identify(const struct building *building, struct error *error)
{
    struct command *out = building->out;
    out->type = COMMAND_IDENTIFY;
    out->id = text_of(building, IDENTIFY_anonymous);
    out->customer = text_of(building, IDENTIFY_customer);
    return !text_equal(out->id, out->customer) ||
           error_set(error, ERROR_INVALID, "anonymous: expected another id than the customer's own");
}

static bool check_consent(const msgpack_object_kv *pair, struct error *error)
{
    struct text name = {NULL, 0};
    char shown[80];
    value_text(&pair->key, &name);
    text_escape(name, shown, sizeof shown);
    if (name.length == 0 || name.length > CONSENT_NAME_MOST)
        return error_set(error, ERROR_INVALID, "consents: expected names of 1 to %d bytes, got '%s'",
                         CONSENT_NAME_MOST, shown);
    return pair->val.type == MSGPACK_OBJECT_BOOLEAN ||
           error_set(error, ERROR_INVALID, "consents: %s: expected true or false, got %s", shown,
                     value_type_name(&pair->val));
}

static bool check_consents(const msgpack_object *consents, struct error *error)
{
    if (consents == NULL || consents->type != MSGPACK_OBJECT_MAP)
        return true;
    for (uint32_t i = 0; i < consents->via.map.size; i++)
        if (!check_consent(&consents->via.map.ptr[i], error))
            return false;
    return true;
}

static bool resolve_stage(const struct building *building, struct error *error)
{
    const struct snapshot *snapshot = building->snapshot;
    struct text journey_name = text_of(building, PROFILE_SET_journey);
    uint32_t stage, journey = snapshot->default_journey;
    if (journey_name.bytes != NULL &&
        !names_find("journey", journey_name, &snapshot->journey_names, &journey, error))
        return false;
    if (!names_find_stage(snapshot, journey, text_of(building, PROFILE_SET_stage), &stage, error))
        return false;
    building->out->journey = snapshot->journeys[journey].name;
    building->out->stage = snapshot->stages[stage].name;
    return true;
}

/* Names of the site, as the site spells them. */
static bool resolve_names(const struct building *building, struct error *error)
{
    bool stage = building->values[PROFILE_SET_stage] != NULL;
    bool persona = building->values[PROFILE_SET_persona] != NULL;
    uint32_t number;
    building->out->persona = text_of(building, PROFILE_SET_persona);
    if (!stage && building->values[PROFILE_SET_journey] != NULL)
        return error_set(error, ERROR_INVALID, "journey: only taken with stage");
    if ((stage || persona) && building->snapshot == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "the site is not loaded yet");
    if (persona &&
        !names_find("persona", building->out->persona, &building->snapshot->persona_names, &number, error))
        return false;
    return !stage || resolve_stage(building, error);
}

static bool build_set(const struct building *building, struct error *error)
{
    struct command *out = building->out;
    out->type = COMMAND_SET;
    out->customer = text_of(building, PROFILE_SET_customer);
    out->locale = text_of(building, PROFILE_SET_locale);
    if (!check_consents(building->values[PROFILE_SET_consents], error) || !resolve_names(building, error))
        return false;
    size_t traits = pack(building, PROFILE_SET_traits);
    size_t consents = pack(building, PROFILE_SET_consents);
    out->properties = packed_text(building, traits, consents);
    out->consents = packed_text(building, consents, building->packed->length);
    return true;
}

static bool build_restrict(const struct building *building, struct error *error)
{
    (void)error;
    building->out->type = COMMAND_RESTRICT;
    building->out->customer = text_of(building, PROFILE_RESTRICT_customer);
    building->out->restricted = building->values[PROFILE_RESTRICT_restricted]->via.boolean;
    return true;
}

static bool build_erase(const struct building *building, struct error *error)
{
    (void)error;
    building->out->type = COMMAND_ERASE;
    building->out->customer = text_of(building, PROFILE_customer);
    return true;
}

static bool build(enum method_id method, const struct building *building, struct error *error)
{
    switch (method) {
    case METHOD_TRACK:
        return build_track(building, error);
    case METHOD_IDENTIFY:
        return build_identify(building, error);
    case METHOD_PROFILE_SET:
        return build_set(building, error);
    case METHOD_PROFILE_RESTRICT:
        return build_restrict(building, error);
    case METHOD_PROFILE_ERASE:
        return build_erase(building, error);
    case METHOD_PROFILE_GET:
    case METHOD_PROFILE_EXPORT:
    case METHOD_EXPLAIN:
    case METHOD_JOURNEY_MAP:
        building->out->type = COMMAND_FLUSH;
        return true;
    case METHOD_RECOMMEND:
    case METHOD_STATS:
    case METHOD_PING:
    case METHOD_HELLO:
    case METHOD_AUTH:
    case METHOD_RELOAD:
    case METHOD_COUNT:
        break;
    }
    return error_set(error, ERROR_INTERNAL, "a method without a command");
}

bool command_build(enum method_id method, const struct arguments *arguments, const struct snapshot *snapshot,
                   int64_t now_ms, struct buffer *packed, struct command *out, struct error *error)
{
    struct building building = {arguments->values, snapshot, packed, out};
    *out = (struct command){.at_ms = now_ms, .received_ms = now_ms};
    buffer_clear(packed, PACKED_KEPT);
    if (!build(method, &building, error))
        return false;
    return !packed->failed || error_set(error, ERROR_INTERNAL, "out of memory");
}
