/*
 * Names of methods and their arguments, of every method: what is taken is within the table, what is refused
 * says INVALID and why, and the ways to write arguments come to the same. The first byte of an input says
 * which method; 255: the rest is a name.
 */
#include <math.h>

#include "fuzz.h"
#include "reading.h"
#include "wire/method.h"
#include "wire/value.h"

enum { NAME = 255 };

static void check_refusal(const struct error *error)
{
    REQUIRE(error->code == ERROR_INVALID && strstr(error->message, ": ") != NULL);
    REQUIRE(text_is_utf8(text_from(error->message)));
}

static void check_size(const struct argument *argument, double size)
{
    REQUIRE(size >= argument->least && size <= argument->most);
}

/* What the table says of the type. */
static void check_value(const struct argument *argument, const msgpack_object *value)
{
    struct text text = {NULL, 0};
    double number = 0;
    struct error error;
    bool is_text = value_text(value, &text), is_number = value_number(value, &number);
    REQUIRE(value_check(value, argument->name, &error));
    switch (argument->type) {
    case ARGUMENT_TEXT:
        REQUIRE(is_text);
        check_size(argument, (double)text.length);
        break;
    case ARGUMENT_INTEGER:
        REQUIRE(is_number && number == trunc(number));
        check_size(argument, number);
        break;
    case ARGUMENT_DAY:
        REQUIRE(is_number || (is_text && text.length == 10));
        break;
    case ARGUMENT_NUMBER:
        REQUIRE(is_number);
        check_size(argument, number);
        break;
    case ARGUMENT_BOOL:
        REQUIRE(value->type == MSGPACK_OBJECT_BOOLEAN);
        break;
    case ARGUMENT_MAP:
        REQUIRE(value->type == MSGPACK_OBJECT_MAP || value->via.array.size == 0);
        break;
    case ARGUMENT_TEXTS:
        REQUIRE(value->type == MSGPACK_OBJECT_ARRAY);
        check_size(argument, value->via.array.size);
        break;
    }
}

static void check_values(const struct method *method, const struct arguments *arguments)
{
    for (size_t i = 0; i < method->argument_count; i++) {
        REQUIRE(arguments->values[i] != NULL || !method->arguments[i].required);
        if (arguments->values[i] != NULL)
            check_value(&method->arguments[i], arguments->values[i]);
    }
}

/* A bare map and one in an array are alike. */
static void check_forms(enum method_id id, const msgpack_object *map, bool taken, const struct error *error)
{
    msgpack_object list = {.type = MSGPACK_OBJECT_ARRAY,
                           .via.array = {.size = 1, .ptr = (msgpack_object *)(uintptr_t)map}};
    struct arguments arguments;
    struct error again = {0};
    REQUIRE(method_read_arguments(id, &list, &arguments, &again) == taken);
    REQUIRE(taken || strcmp(error->message, again.message) == 0);
    if (method_get(id)->flags & METHOD_TAKES_ANYTHING)
        return;
    REQUIRE(method_read_element(id, map, &arguments, &again) == taken);
}

static void read_batch(enum method_id id, const msgpack_object_array *batch)
{
    struct arguments arguments;
    struct error error = {0};
    REQUIRE(batch->size > 0 && (method_get(id)->flags & METHOD_TAKES_BATCHES));
    for (uint32_t i = 0; i < batch->size; i++)
        if (method_read_element(id, &batch->ptr[i], &arguments, &error))
            check_values(method_get(id), &arguments);
        else
            check_refusal(&error);
}

static void read_arguments(enum method_id id, const msgpack_object *params)
{
    struct arguments arguments;
    struct error error = {0};
    const msgpack_object_array *batch = method_find_batch(id, params);
    if (batch != NULL) {
        read_batch(id, batch);
        return;
    }
    bool taken = method_read_arguments(id, params, &arguments, &error);
    if (taken)
        check_values(method_get(id), &arguments);
    else
        check_refusal(&error);
    if (params->type == MSGPACK_OBJECT_MAP)
        check_forms(id, params, taken, &error);
}

static void find(struct text name)
{
    enum method_id id = METHOD_COUNT;
    struct error error = {0};
    if (method_find(name, &id, &error))
        REQUIRE(text_equal(name, text_from(method_get(id)->name)));
    else
        REQUIRE(error.code == ERROR_UNKNOWN_METHOD && text_is_utf8(text_from(error.message)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    struct text rest = {(const char *)bytes + 1, length - 1};
    if (bytes[0] == NAME) {
        find(rest);
        return 0;
    }
    const msgpack_object *params = reading_decode(rest);
    if (params != NULL)
        read_arguments((enum method_id)(bytes[0] % METHOD_COUNT), params);
    return 0;
}
