/*
 * What libsenda reads from a daemon: its scanner against msgpack-c's decoder and against itself in pieces;
 * what is decoded is told as JSON, which jansson reads as the same, and in words for people. The first byte
 * of an input is the size of the pieces.
 */
#include <jansson.h>
#include <math.h>
#include <msgpack/unpack.h>

#include "client/reply.h"
#include "client/scan.h"
#include "ctl/print.h"
#include "fuzz.h"
#include "input.h"

enum { LIMIT = 64 * 1024, WORDS = 64 };

/* ---- The scanner ---- */

static enum client_scan_result scan_in_pieces(struct text bytes, size_t piece, size_t *end)
{
    struct client_scan scan;
    enum client_scan_result result = CLIENT_SCAN_MORE;
    client_scan_start(&scan);
    for (size_t there = 0; result == CLIENT_SCAN_MORE && there < bytes.length;) {
        there = bytes.length - there < piece ? bytes.length : there + piece;
        result = client_scan_continue(&scan, (const unsigned char *)bytes.bytes, there, LIMIT);
        REQUIRE(scan.offset <= there);
    }
    *end = scan.offset;
    return result;
}

/* What msgpack-c thinks of what the scanner found whole or good so far. */
static void compare(struct text bytes, enum client_scan_result result, size_t end)
{
    msgpack_unpacked unpacked;
    size_t offset = 0;
    if (result == CLIENT_SCAN_BROKEN || bytes.length == 0)
        return;
    msgpack_unpacked_init(&unpacked);
    msgpack_unpack_return said = msgpack_unpack_next(&unpacked, bytes.bytes, bytes.length, &offset);
    if (result == CLIENT_SCAN_WHOLE)
        REQUIRE(said == MSGPACK_UNPACK_SUCCESS && offset == end);
    else
        REQUIRE(said == MSGPACK_UNPACK_CONTINUE);
    msgpack_unpacked_destroy(&unpacked);
}

/* ---- JSON ---- */

static void check_json_value(const senda_value *value, const json_t *json);

static void check_number(const senda_value *value, const json_t *json)
{
    double number = senda_value_number(value, NAN);
    if (isfinite(number))
        REQUIRE(json_is_number(json) && json_number_value(json) == number);
    else
        REQUIRE(json_is_null(json));
}

static void check_string(const senda_value *value, const json_t *json)
{
    struct text text = {NULL, 0};
    text.bytes = senda_value_string(value, &text.length);
    REQUIRE(json_is_string(json) && text.bytes[text.length] == '\0');
    if (text_is_utf8(text))
        REQUIRE(text_equal(text, (struct text){json_string_value(json), json_string_length(json)}));
}

static void check_map(const senda_value *value, const json_t *json)
{
    size_t count = senda_value_count(value);
    REQUIRE(json_is_object(json) && json_object_size(json) <= count);
    for (size_t i = 0; i < count; i++) {
        const char *key = senda_value_string(senda_value_key_at(value, i), NULL);
        const senda_value *found = key != NULL ? senda_value_get(value, key) : NULL;
        if (key != NULL && found == senda_value_at(value, i) && json_object_size(json) == count &&
            json_object_get(json, key) != NULL)
            check_json_value(found, json_object_get(json, key));
    }
}

static void check_json_value(const senda_value *value, const json_t *json)
{
    switch (senda_value_type(value)) {
    case SENDA_TYPE_NIL:
    case SENDA_TYPE_OTHER:
        REQUIRE(json_is_null(json));
        break;
    case SENDA_TYPE_BOOLEAN:
        REQUIRE(json_is_boolean(json) && json_is_true(json) == senda_value_boolean(value, false));
        break;
    case SENDA_TYPE_INTEGER:
        REQUIRE(json_is_integer(json) && json_integer_value(json) == senda_value_integer(value, 0));
        break;
    case SENDA_TYPE_NUMBER:
        check_number(value, json);
        break;
    case SENDA_TYPE_STRING:
        check_string(value, json);
        break;
    case SENDA_TYPE_LIST:
        REQUIRE(json_is_array(json) && json_array_size(json) == senda_value_count(value));
        for (size_t i = 0; i < json_array_size(json); i++)
            check_json_value(senda_value_at(value, i), json_array_get(json, i));
        break;
    case SENDA_TYPE_MAP:
        check_map(value, json);
        break;
    }
}

static void check_json(const senda_value *value, unsigned indent)
{
    json_error_t problem;
    char *text = senda_value_to_json(value, indent);
    REQUIRE(text != NULL);
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &problem);
    json_decref(json);
    json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &problem);
    /* Above 2^63 jansson has no integers, and no keys with a NUL in them. */
    if (json != NULL)
        check_json_value(value, json);
    else
        REQUIRE(strstr(problem.text, "too big integer") != NULL || strstr(problem.text, "NUL byte") != NULL);
    json_decref(json);
    free(text);
}

/* ---- Replies ---- */

static void check_words(const senda_value *value)
{
    char words[WORDS];
    REQUIRE(print_words(value, words, sizeof words) == words && strlen(words) < sizeof words);
    for (const char *c = words; *c != '\0'; c++)
        REQUIRE((unsigned char)*c >= 0x20 && *c != 0x7F);
    REQUIRE(print_width(words) <= strlen(words));
}

static void check_reply(const senda_reply *reply)
{
    const senda_value *result = senda_reply_result(reply);
    REQUIRE(senda_reply_status(reply) == SENDA_OK || senda_reply_status(reply) == SENDA_REFUSED);
    REQUIRE((senda_reply_status(reply) == SENDA_OK) == (result != NULL));
    REQUIRE(senda_reply_message(reply) != NULL && strlen(senda_reply_code(reply)) < 32);
    if (client_reply_kind(reply) == CLIENT_REPLY_NOTIFICATION)
        REQUIRE(client_reply_method(reply) != NULL && client_reply_params(reply) != NULL);
    if (result == NULL)
        return;
    check_json(result, 0);
    check_json(result, 2);
    check_words(result);
}

/* A client hands over whole messages only. */
static void decode(struct text message)
{
    enum senda_status status = SENDA_OK;
    senda_reply *reply = client_reply_decode(message.bytes, message.length, &status);
    if (reply != NULL)
        check_reply(reply);
    else
        REQUIRE(status == SENDA_PROTOCOL);
    senda_reply_unref(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    size_t end, other_end;
    if (length == 0)
        return 0;
    struct text bytes = {(const char *)input + 1, length - 1};
    enum client_scan_result result = scan_in_pieces(bytes, SIZE_MAX, &end);
    REQUIRE(scan_in_pieces(bytes, (size_t)input[0] + 1, &other_end) == result);
    REQUIRE(result != CLIENT_SCAN_WHOLE || end == other_end);
    compare(bytes, result, end);
    if (result == CLIENT_SCAN_WHOLE)
        decode((struct text){bytes.bytes, end});
    return 0;
}
