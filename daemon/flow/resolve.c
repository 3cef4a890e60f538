/* Names become numbers; what the request says goes before what is remembered. */
#include "flow/resolve.h"

#include <math.h>

#include "flow/names.h"
#include "flow/overlay.h"
#include "wire/value.h"

/* Arguments of recommend by name. */
#define ARGUMENT(name) (resolving->arguments->values[RECOMMEND_##name])

static struct text argument_text(const msgpack_object *value)
{
    struct text text = {NULL, 0};
    if (value != NULL)
        value_text(value, &text);
    return text;
}

static bool argument_true(const msgpack_object *value)
{
    return value != NULL && value->via.boolean;
}

static const msgpack_object *argument_map(const msgpack_object *value)
{
    return value != NULL && value->type == MSGPACK_OBJECT_MAP ? value : NULL;
}

bool resolve_is_dry_run(const struct arguments *arguments)
{
    return argument_true(arguments->values[RECOMMEND_dry_run]);
}

bool resolve_clock(const struct arguments *arguments, int64_t *at_us)
{
    double number;
    const msgpack_object *at = arguments->values[RECOMMEND_at];
    if (at == NULL || !value_number(at, &number))
        return false;
    *at_us = llround(number * 1e6);
    return true;
}

struct text resolve_customer(const struct arguments *arguments)
{
    return argument_text(arguments->values[RECOMMEND_customer]);
}

static bool resolve_name(const char *field, const msgpack_object *value, const struct symbols *symbols,
                         uint32_t *number, struct error *error)
{
    return names_find(field, argument_text(value), symbols, number, error);
}

/* The stage where the customer stands on the journey; the first one where that is not known. */
static uint32_t remembered_stage(const struct snapshot *snapshot, const struct customer *known,
                                 uint32_t journey)
{
    uint32_t stage = SNAPSHOT_NONE;
    if (known != NULL) {
        uint32_t place = customer_find_journey(known, snapshot->journeys[journey].name);
        if (place != UINT32_MAX)
            stage = symbols_find(&snapshot->stage_names[journey], known->journeys[place].stage);
    }
    return stage != SNAPSHOT_NONE ? stage : snapshot->journeys[journey].first_stage;
}

static bool resolve_stage(const struct resolving *resolving, struct situation *out, struct error *error)
{
    if (ARGUMENT(stage) != NULL)
        return names_find_stage(resolving->snapshot, out->journey, argument_text(ARGUMENT(stage)),
                                &out->stage, error);
    out->stage = remembered_stage(resolving->snapshot, resolving->known, out->journey);
    return true;
}

/* One that the site has lost is unknown again. */
static bool resolve_persona(const struct resolving *resolving, struct situation *out, struct error *error)
{
    const struct symbols *names = &resolving->snapshot->persona_names;
    out->persona = SNAPSHOT_NONE;
    if (ARGUMENT(persona) != NULL)
        return resolve_name("persona", ARGUMENT(persona), names, &out->persona, error);
    if (resolving->known != NULL && resolving->known->persona.length > 0)
        out->persona = symbols_find(names, resolving->known->persona);
    return true;
}

/* Where on the journey, and where on the page. */
static bool resolve_place(const struct resolving *resolving, struct situation *out, struct error *error)
{
    const struct snapshot *snapshot = resolving->snapshot;
    if (!resolve_name("placement", ARGUMENT(placement), &snapshot->placement_names, &out->placement, error))
        return false;
    out->journey = snapshot->default_journey;
    if (ARGUMENT(journey) != NULL &&
        !resolve_name("journey", ARGUMENT(journey), &snapshot->journey_names, &out->journey, error))
        return false;
    return resolve_persona(resolving, out, error) && resolve_stage(resolving, out, error);
}

static uint32_t resolve_locale(const struct resolving *resolving, uint32_t journey)
{
    uint32_t locale = SNAPSHOT_NONE;
    if (ARGUMENT(locale) != NULL)
        locale = snapshot_find_locale(resolving->snapshot, argument_text(ARGUMENT(locale)));
    else if (resolving->known != NULL && resolving->known->locale.length > 0)
        locale = snapshot_find_locale(resolving->snapshot, resolving->known->locale);
    return locale != SNAPSHOT_NONE ? locale : resolving->snapshot->journeys[journey].locale;
}

static void set_consent(const struct snapshot *snapshot, struct situation *out, struct text name,
                        bool granted)
{
    for (uint32_t consent = 0; consent < snapshot->consent_count; consent++)
        if (text_equal(name, snapshot->consents[consent]))
            out->consented = granted ? out->consented | UINT64_C(1) << consent
                                     : out->consented & ~(UINT64_C(1) << consent);
}

static bool resolve_consents(const struct resolving *resolving, struct situation *out, struct error *error)
{
    const struct customer *known = resolving->known;
    const msgpack_object *map = argument_map(ARGUMENT(consents));
    for (uint32_t i = 0; known != NULL && i < known->consent_count; i++)
        set_consent(resolving->snapshot, out, known->consents[i].name, known->consents[i].granted);
    for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        struct text name = argument_text(&pair->key);
        bool told = pair->val.type == MSGPACK_OBJECT_BOOLEAN;
        char shown[80];
        if (!told && pair->val.type != MSGPACK_OBJECT_NIL)
            return error_set(error, ERROR_INVALID, "consents: %s: expected true or false, got %s",
                             text_escape(name, shown, sizeof shown), value_type_name(&pair->val));
        set_consent(resolving->snapshot, out, name, told && pair->val.via.boolean);
    }
    bool failed = false;
    out->consents = overlay_consents(resolving->zone, known, map, &failed);
    return !failed || error_set(error, ERROR_INTERNAL, "out of memory");
}

/* Offers that the site no longer knows need no excluding. */
static void resolve_excluded(const struct resolving *resolving, struct situation *out)
{
    const msgpack_object *list = ARGUMENT(exclude);
    out->excluded = resolving->excluded;
    for (uint32_t i = 0; list != NULL && i < list->via.array.size; i++) {
        uint32_t offer =
            symbols_find(&resolving->snapshot->offer_names, argument_text(&list->via.array.ptr[i]));
        if (offer != SNAPSHOT_NONE)
            resolving->excluded[out->excluded_count++] = offer;
    }
}

/* Clock and seed: the daemon's own, but in a dry run those that the caller wants to assume. */
static bool resolve_chance(const struct resolving *resolving, struct situation *out, struct error *error)
{
    double number;
    if (!resolve_is_dry_run(resolving->arguments) && (ARGUMENT(at) != NULL || ARGUMENT(seed) != NULL))
        return error_set(error, ERROR_INVALID, "%s: only taken with dry_run",
                         ARGUMENT(at) != NULL ? "at" : "seed");
    if (!resolve_clock(resolving->arguments, &out->now_us))
        out->now_us = resolving->now_us;
    out->seed = resolving->seed;
    if (ARGUMENT(seed) != NULL && value_number(ARGUMENT(seed), &number))
        out->seed = (uint64_t)number;
    return true;
}

static uint32_t resolve_count(const struct resolving *resolving, uint32_t placement)
{
    const msgpack_object *value = ARGUMENT(count);
    double number;
    return value != NULL && value_number(value, &number) ? (uint32_t)number
                                                         : resolving->snapshot->placements[placement].count;
}

bool resolve_situation(const struct resolving *resolving, struct situation *out, struct error *error)
{
    *out = (struct situation){
        .customer = resolving->known != NULL ? resolving->known->id : resolve_customer(resolving->arguments),
        .known = resolving->known,
        .touchpoint = argument_text(ARGUMENT(touchpoint)),
        .context = argument_map(ARGUMENT(context)),
        .explain = argument_true(ARGUMENT(explain)),
        .purpose = resolve_is_dry_run(resolving->arguments) ? SITUATION_DRY_RUN : SITUATION_SERVED};
    if (!resolve_place(resolving, out, error) || !resolve_consents(resolving, out, error) ||
        !resolve_chance(resolving, out, error))
        return false;
    bool failed = false;
    out->traits = overlay_traits(resolving->zone, resolving->known, argument_map(ARGUMENT(traits)), &failed);
    if (failed)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    out->locale = resolve_locale(resolving, out->journey);
    out->count = resolve_count(resolving, out->placement);
    resolve_excluded(resolving, out);
    return true;
}
