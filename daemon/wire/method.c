/* The method table, and the check of arguments against it. */
#include "wire/method.h"

#include <math.h>

#include "wire/value.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define X(name, type, required, least, most, help)                                                           \
    {#name, sizeof #name - 1, ARGUMENT_##type, required, least, most, help},
static const struct argument recommend_arguments[] = {METHOD_RECOMMEND_ARGUMENTS(X)};
static const struct argument track_arguments[] = {METHOD_TRACK_ARGUMENTS(X)};
static const struct argument identify_arguments[] = {METHOD_IDENTIFY_ARGUMENTS(X)};
static const struct argument profile_arguments[] = {METHOD_PROFILE_ARGUMENTS(X)};
static const struct argument profile_set_arguments[] = {METHOD_PROFILE_SET_ARGUMENTS(X)};
static const struct argument profile_restrict_arguments[] = {METHOD_PROFILE_RESTRICT_ARGUMENTS(X)};
static const struct argument explain_arguments[] = {METHOD_EXPLAIN_ARGUMENTS(X)};
static const struct argument journey_map_arguments[] = {METHOD_JOURNEY_MAP_ARGUMENTS(X)};
static const struct argument hello_arguments[] = {METHOD_HELLO_ARGUMENTS(X)};
static const struct argument auth_arguments[] = {METHOD_AUTH_ARGUMENTS(X)};
#undef X

#define ARGUMENTS_OF_METHOD_RECOMMEND_ARGUMENTS recommend_arguments, COUNT(recommend_arguments)
#define ARGUMENTS_OF_METHOD_TRACK_ARGUMENTS track_arguments, COUNT(track_arguments)
#define ARGUMENTS_OF_METHOD_IDENTIFY_ARGUMENTS identify_arguments, COUNT(identify_arguments)
#define ARGUMENTS_OF_METHOD_PROFILE_ARGUMENTS profile_arguments, COUNT(profile_arguments)
#define ARGUMENTS_OF_METHOD_PROFILE_SET_ARGUMENTS profile_set_arguments, COUNT(profile_set_arguments)
#define ARGUMENTS_OF_METHOD_PROFILE_RESTRICT_ARGUMENTS                                                       \
    profile_restrict_arguments, COUNT(profile_restrict_arguments)
#define ARGUMENTS_OF_METHOD_EXPLAIN_ARGUMENTS explain_arguments, COUNT(explain_arguments)
#define ARGUMENTS_OF_METHOD_JOURNEY_MAP_ARGUMENTS journey_map_arguments, COUNT(journey_map_arguments)
#define ARGUMENTS_OF_METHOD_HELLO_ARGUMENTS hello_arguments, COUNT(hello_arguments)
#define ARGUMENTS_OF_METHOD_AUTH_ARGUMENTS auth_arguments, COUNT(auth_arguments)
#define ARGUMENTS_OF_METHOD_NO_ARGUMENTS NULL, 0

static const struct method methods[METHOD_COUNT] = {
#define X(id, name, arguments, scope, flags, help)                                                           \
    {name, sizeof(name) - 1, ARGUMENTS_OF_##arguments, SCOPE_##scope, flags, help},
    METHOD_TABLE(X)
#undef X
};

_Static_assert(COUNT(recommend_arguments) <= METHOD_ARGUMENTS_MAX, "struct arguments is too small");

const struct method *method_get(enum method_id id)
{
    return &methods[id];
}

/* Slips of the pen come first, then what somebody means who writes "profile" for "profile.get". */
static struct text nearest_method(struct text name)
{
    struct text names[METHOD_COUNT];
    for (size_t i = 0; i < METHOD_COUNT; i++)
        names[i] = (struct text){methods[i].name, methods[i].name_length};
    struct text nearest = text_nearest_of(name, names, METHOD_COUNT);
    for (size_t i = 0; i < METHOD_COUNT && nearest.length == 0; i++)
        if (names[i].length > name.length && names[i].bytes[name.length] == '.' &&
            memcmp(names[i].bytes, name.bytes, name.length) == 0)
            nearest = names[i];
    return nearest;
}

static bool unknown_method(struct text name, struct error *error)
{
    char shown[80];
    struct text nearest = nearest_method(name);
    text_escape(name, shown, sizeof shown);
    if (nearest.length > 0)
        return error_set(error, ERROR_UNKNOWN_METHOD, "no method '%s'; did you mean '%s'?", shown,
                         nearest.bytes);
    return error_set(error, ERROR_UNKNOWN_METHOD, "no method '%s'", shown);
}

bool method_find_exactly(struct text name, enum method_id *id)
{
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (text_equal(name, (struct text){methods[i].name, methods[i].name_length})) {
            *id = (enum method_id)i;
            return true;
        }
    return false;
}

bool method_find(struct text name, enum method_id *id, struct error *error)
{
    return method_find_exactly(name, id) || unknown_method(name, error);
}

static bool takes_batches(const struct method *method)
{
    return (method->flags & METHOD_TAKES_BATCHES) != 0;
}

static bool expected_map(const msgpack_object *value, const char *name, struct error *error)
{
    return error_set(error, ERROR_INVALID, "%s: expected a map of arguments, got %s", name,
                     value_type_name(value));
}

/* The one value in a list of arguments: [map], [], or [[]] where no batch could be meant. */
static bool find_in_list(const struct method *method, const msgpack_object_array *list,
                         const msgpack_object **out, struct error *error)
{
    *out = list->size == 0 ? NULL : &list->ptr[0];
    if (list->size > 1)
        return error_set(error, ERROR_INVALID, "params: expected one map of arguments, got %u values%s",
                         list->size, takes_batches(method) ? "; a batch is one list: [[map, map …]]" : "");
    if (*out == NULL || (*out)->type != MSGPACK_OBJECT_ARRAY || (*out)->via.array.size > 0)
        return true;
    *out = NULL;
    return !takes_batches(method) ||
           error_set(error, ERROR_INVALID,
                     "params: expected a map of arguments or a list of them, got an "
                     "empty list");
}

/* params is [map], map or []; out is NULL for "no arguments". */
static bool find_map(const struct method *method, const msgpack_object *params, const msgpack_object **out,
                     struct error *error)
{
    *out = params;
    if (params->type == MSGPACK_OBJECT_ARRAY && !find_in_list(method, &params->via.array, out, error))
        return false;
    return *out == NULL || (*out)->type == MSGPACK_OBJECT_MAP || expected_map(*out, "params", error);
}

static bool unknown_argument(const struct method *method, struct text name, struct error *error)
{
    struct text names[METHOD_ARGUMENTS_MAX];
    char shown[80];
    for (size_t i = 0; i < method->argument_count; i++)
        names[i] = text_from(method->arguments[i].name);
    struct text nearest = text_nearest_of(name, names, method->argument_count);
    text_escape(name, shown, sizeof shown);
    if (nearest.length > 0)
        return error_set(error, ERROR_INVALID, "%s: unknown argument of %s; did you mean '%s'?", shown,
                         method->name, nearest.bytes);
    return error_set(error, ERROR_INVALID, "%s: unknown argument of %s", shown, method->name);
}

static bool check_range(const struct argument *argument, double amount, const char *unit, struct error *error)
{
    if (amount >= argument->least && amount <= argument->most)
        return true;
    return error_set(error, ERROR_INVALID, "%s: expected %.0f to %.0f%s, got %.15g", argument->name,
                     argument->least, argument->most, unit, amount);
}

static bool wrong_type(const struct argument *argument, const char *expected, const msgpack_object *value,
                       struct error *error)
{
    return error_set(error, ERROR_INVALID, "%s: expected %s, got %s", argument->name, expected,
                     value_type_name(value));
}

static bool check_texts(const struct argument *argument, const msgpack_object *value, struct error *error)
{
    struct text text;
    if (value->type != MSGPACK_OBJECT_ARRAY)
        return wrong_type(argument, "a list of texts", value, error);
    for (uint32_t i = 0; i < value->via.array.size; i++)
        if (!value_text(&value->via.array.ptr[i], &text))
            return wrong_type(argument, "a list of texts", &value->via.array.ptr[i], error);
    return check_range(argument, value->via.array.size, " items", error);
}

/* "2026-11-01"; whether there is such a day is not looked at. */
static bool looks_like_a_date(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (i == 4 || i == 7 ? text.bytes[i] != '-' : text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.length == sizeof "2026-11-01" - 1;
}

static bool check_day(const struct argument *argument, const msgpack_object *value, struct error *error)
{
    struct text text;
    double seconds;
    char shown[40];
    if (value_number(value, &seconds))
        return check_range(argument, seconds, "", error);
    if (!value_text(value, &text))
        return wrong_type(argument, "a date or a number", value, error);
    return looks_like_a_date(text) ||
           error_set(error, ERROR_INVALID, "%s: expected a date such as 2026-11-01, got '%s'", argument->name,
                     text_escape(text, shown, sizeof shown));
}

static bool check_type(const struct argument *argument, const msgpack_object *value, struct error *error)
{
    struct text text;
    double number;
    switch (argument->type) {
    case ARGUMENT_TEXT:
        if (!value_text(value, &text))
            return wrong_type(argument, "text", value, error);
        return check_range(argument, (double)text.length, " bytes", error);
    case ARGUMENT_INTEGER:
        if (!value_number(value, &number) || number != trunc(number))
            return wrong_type(argument, "a whole number", value, error);
        return check_range(argument, number, "", error);
    case ARGUMENT_NUMBER:
        if (!value_number(value, &number))
            return wrong_type(argument, "a number", value, error);
        return check_range(argument, number, "", error);
    case ARGUMENT_DAY:
        return check_day(argument, value, error);
    case ARGUMENT_BOOL:
        return value->type == MSGPACK_OBJECT_BOOLEAN || wrong_type(argument, "true or false", value, error);
    case ARGUMENT_MAP:
        if (value->type == MSGPACK_OBJECT_ARRAY && value->via.array.size == 0)
            return true; /* how PHP and Lua write an empty map */
        if (value->type != MSGPACK_OBJECT_MAP)
            return wrong_type(argument, "a map", value, error);
        return check_range(argument, value->via.map.size, " entries", error);
    case ARGUMENT_TEXTS:
        return check_texts(argument, value, error);
    }
    return false;
}

/* The argument called `name`, or the method's count. */
static size_t find_argument(const struct method *method, struct text name)
{
    for (size_t i = 0; i < method->argument_count; i++) {
        const struct argument *argument = &method->arguments[i];
        if (name.length == argument->name_length && name.bytes[0] == argument->name[0] &&
            memcmp(name.bytes, argument->name, name.length) == 0)
            return i;
    }
    return method->argument_count;
}

static bool read_argument(const struct method *method, const msgpack_object_kv *pair, struct arguments *out,
                          struct error *error)
{
    struct text name;
    if (!value_text(&pair->key, &name))
        return error_set(error, ERROR_INVALID, "params: expected names as keys, got %s",
                         value_type_name(&pair->key));
    size_t index = find_argument(method, name);
    if (index == method->argument_count)
        return unknown_argument(method, name, error);
    const struct argument *argument = &method->arguments[index];
    if (out->values[index] != NULL)
        return error_set(error, ERROR_INVALID, "%s: given twice", argument->name);
    if (pair->val.type == MSGPACK_OBJECT_NIL)
        return true;
    if (!value_check(&pair->val, argument->name, error) || !check_type(argument, &pair->val, error))
        return false;
    out->values[index] = &pair->val;
    return true;
}

static bool read_map(const struct method *method, const msgpack_object *map, struct arguments *out,
                     struct error *error)
{
    for (size_t i = 0; i < method->argument_count; i++)
        out->values[i] = NULL;
    for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++)
        if (!read_argument(method, &map->via.map.ptr[i], out, error))
            return false;
    for (size_t i = 0; i < method->argument_count; i++)
        if (method->arguments[i].required && out->values[i] == NULL)
            return error_set(error, ERROR_INVALID, "%s: missing; %s", method->arguments[i].name,
                             method->arguments[i].help);
    return true;
}

bool method_read_arguments(enum method_id id, const msgpack_object *params, struct arguments *out,
                           struct error *error)
{
    const struct method *method = &methods[id];
    const msgpack_object *map = NULL;
    if (!(method->flags & METHOD_TAKES_ANYTHING) && !find_map(method, params, &map, error))
        return false;
    return read_map(method, map, out, error);
}

const msgpack_object_array *method_find_batch(enum method_id id, const msgpack_object *params)
{
    const msgpack_object_array *list = &params->via.array;
    if (!takes_batches(&methods[id]) || params->type != MSGPACK_OBJECT_ARRAY || list->size != 1 ||
        list->ptr[0].type != MSGPACK_OBJECT_ARRAY || list->ptr[0].via.array.size == 0)
        return NULL;
    return &list->ptr[0].via.array;
}

bool method_read_element(enum method_id id, const msgpack_object *element, struct arguments *out,
                         struct error *error)
{
    if (element->type != MSGPACK_OBJECT_MAP)
        return expected_map(element, "batch", error);
    return read_map(&methods[id], element, out, error);
}
