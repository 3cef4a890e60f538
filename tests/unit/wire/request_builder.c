/* From JSON to MessagePack; see request_builder.h. */
#include "request_builder.h"

#include <jansson.h>
#include <msgpack/pack.h>
#include <stdlib.h>
#include <string.h>

static int append(void *out, const char *bytes, size_t length)
{
    buffer_append(out, bytes, length);
    return 0;
}

static void put_value(msgpack_packer *packer, const json_t *value);

static void put_list(msgpack_packer *packer, const json_t *list)
{
    msgpack_pack_array(packer, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++)
        put_value(packer, json_array_get(list, i));
}

static void put_map(msgpack_packer *packer, json_t *map)
{
    const char *key;
    json_t *value;
    msgpack_pack_map(packer, json_object_size(map));
    json_object_foreach(map, key, value)
    {
        msgpack_pack_str_with_body(packer, key, strlen(key));
        put_value(packer, value);
    }
}

static void put_value(msgpack_packer *packer, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_map(packer, (json_t *)(uintptr_t)value);
        break;
    case JSON_ARRAY:
        put_list(packer, value);
        break;
    case JSON_STRING:
        msgpack_pack_str_with_body(packer, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        msgpack_pack_int64(packer, json_integer_value(value));
        break;
    case JSON_REAL:
        msgpack_pack_double(packer, json_real_value(value));
        break;
    case JSON_TRUE:
        msgpack_pack_true(packer);
        break;
    case JSON_FALSE:
        msgpack_pack_false(packer);
        break;
    case JSON_NULL:
        msgpack_pack_nil(packer);
        break;
    }
}

/* A test that writes broken JSON is broken itself. */
static json_t *read_json(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    for (char *byte = copy; byte != NULL && *byte != '\0'; byte++)
        if (*byte == '\'')
            *byte = '"';
    json_t *value = copy == NULL ? NULL : json_loads(copy, JSON_DECODE_ANY, &error);
    if (value == NULL) {
        fprintf(stderr, "not JSON: %s\n", text);
        abort();
    }
    free(copy);
    return value;
}

static void put_call(msgpack_packer *packer, const char *method, const char *arguments)
{
    msgpack_pack_str_with_body(packer, method, strlen(method));
    msgpack_pack_array(packer, arguments != NULL);
    if (arguments == NULL)
        return;
    json_t *value = read_json(arguments);
    put_value(packer, value);
    json_decref(value);
}

void request_put(struct buffer *out, uint32_t id, const char *method, const char *arguments)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, append);
    msgpack_pack_array(&packer, 4);
    msgpack_pack_int(&packer, 0);
    msgpack_pack_uint32(&packer, id);
    put_call(&packer, method, arguments);
}

void request_put_notification(struct buffer *out, const char *method, const char *arguments)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, append);
    msgpack_pack_array(&packer, 3);
    msgpack_pack_int(&packer, 2);
    put_call(&packer, method, arguments);
}

void request_put_result(struct buffer *out, uint32_t id, const char *result)
{
    msgpack_packer packer;
    json_t *value = read_json(result);
    msgpack_packer_init(&packer, out, append);
    msgpack_pack_array(&packer, 4);
    msgpack_pack_int(&packer, 1);
    msgpack_pack_uint32(&packer, id);
    msgpack_pack_nil(&packer);
    put_value(&packer, value);
    json_decref(value);
}
