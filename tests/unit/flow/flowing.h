/* A flow with a small site behind it: what is asked as JSON, what is answered as decoded MessagePack. */
#ifndef SENDA_TESTS_FLOW_FLOWING_H
#define SENDA_TESTS_FLOW_FLOWING_H

#include "../cmocka_all.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

#include "../wire/request_builder.h"
#include "engine_builder.h"
#include "flow/flow.h"
#include "tokens_builder.h"
#include "wire/method.h"
#include "wire/value.h"

enum { FLOWING_SLOTS = 3, FLOWING_OWN = 1, FLOWING_MOST_BYTES = 256 * 1024, FLOWING_FAILURES = 100 };

struct flowing {
    struct engine_built site;
    struct metrics_slot slots[FLOWING_SLOTS]; /* the flow's own is FLOWING_OWN */
    struct flow flow;
    struct flow_peer peer;
    struct frame_scanner scanner; /* of the message sent last */
    struct buffer out;            /* the last answer's bytes */
    msgpack_unpacked answer;      /* the last answer, decoded; points into `out` */
    enum flow_outcome outcome;    /* of the last message */
    uint32_t id;                  /* of the last request */
};

static inline void flowing_begin_with(struct flowing *flowing, struct flow_options options)
{
    struct error error;
    options.slots = flowing->slots;
    options.slot_count = FLOWING_SLOTS;
    options.own_slot = FLOWING_OWN;
    options.failures_most = options.failures_most > 0 ? options.failures_most : FLOWING_FAILURES;
    assert_true(flow_create(&flowing->flow, &options, &error));
    flowing->peer.given = options.tokens == NULL ? SCOPE_ADMIN : SCOPE_NONE;
    flowing->peer.scope = flowing->peer.given;
}

/* Test fixture: *state is a struct flowing that answers from the small site. */
static inline int flowing_setup(void **state)
{
    struct flowing *flowing = aligned_alloc(64, (sizeof *flowing + 63) / 64 * 64);
    if (flowing == NULL)
        return -1;
    memset(flowing, 0, sizeof *flowing);
    msgpack_unpacked_init(&flowing->answer);
    flowing_begin_with(flowing, (struct flow_options){.workers = 2});
    *state = flowing;
    if (!engine_build(&flowing->site, &flowing->slots[FLOWING_OWN]))
        return -1;
    flowing->flow.engine = flowing->site.engine;
    return 0;
}

/* The same with one of the site's files replaced, or one more. */
static inline int flowing_setup_with(void **state, const char *path, const char *content)
{
    int result = flowing_setup(state);
    struct flowing *flowing = *state;
    engine_built_destroy(&flowing->site);
    if (!engine_build_with(&flowing->site, &flowing->slots[FLOWING_OWN], path, content))
        return -1;
    flowing->flow.engine = flowing->site.engine;
    return result;
}

static inline int flowing_teardown(void **state)
{
    struct flowing *flowing = *state;
    msgpack_unpacked_destroy(&flowing->answer);
    buffer_destroy(&flowing->out);
    flow_destroy(&flowing->flow);
    engine_built_destroy(&flowing->site);
    free(flowing);
    return 0;
}

/* Other options, from here to the end of the test. */
static inline void flowing_set_options(struct flowing *flowing, struct flow_options options)
{
    flow_destroy(&flowing->flow);
    flowing_begin_with(flowing, options);
    flowing->flow.engine = flowing->site.engine;
}

/* Hands one whole message to the flow; the answer's bytes are in flowing->out. */
static inline void flowing_send(struct flowing *flowing, const struct buffer *message)
{
    frame_scanner_create(&flowing->scanner, (struct frame_limits){FLOWING_MOST_BYTES, 16, 4096});
    assert_int_equal(frame_scan(&flowing->scanner, (const uint8_t *)message->bytes, message->length),
                     FRAME_COMPLETE);
    buffer_clear(&flowing->out, 0);
    flowing->outcome = flow_handle(&flowing->flow, &flowing->peer, &flowing->scanner,
                                   (const uint8_t *)message->bytes, message->length, &flowing->out);
}

/* The one response that `out` holds: [1, id, error, result]. */
static inline const msgpack_object *flowing_decode(struct flowing *flowing)
{
    size_t end = 0;
    msgpack_unpacked_destroy(&flowing->answer);
    msgpack_unpacked_init(&flowing->answer);
    assert_int_equal(msgpack_unpack_next(&flowing->answer, flowing->out.bytes, flowing->out.length, &end),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(end, flowing->out.length);
    assert_int_equal((unsigned char)flowing->out.bytes[0], 0x94);
    const msgpack_object *elements = flowing->answer.data.via.array.ptr;
    assert_int_equal(elements[0].via.u64, 1);
    assert_int_equal(elements[1].via.u64, flowing->id);
    return elements;
}

static inline const msgpack_object *flowing_request(struct flowing *flowing, const char *method,
                                                    const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put(&message, ++flowing->id, method, arguments);
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    return flowing->outcome == FLOW_PENDING ? NULL : flowing_decode(flowing);
}

/* The result of a request that has to succeed. */
static inline const msgpack_object *flowing_ask(struct flowing *flowing, const char *method,
                                                const char *arguments)
{
    const msgpack_object *elements = flowing_request(flowing, method, arguments);
    if (elements[2].type != MSGPACK_OBJECT_NIL)
        fail_msg("%s %s: %.*s", method, arguments, (int)elements[2].via.str.size, elements[2].via.str.ptr);
    return &elements[3];
}

/* The error of a request that has to fail; lives until the next request. */
static inline const char *flowing_refused(struct flowing *flowing, const char *method, const char *arguments)
{
    static char text[1024];
    const msgpack_object *elements = flowing_request(flowing, method, arguments);
    assert_int_equal(elements[3].type, MSGPACK_OBJECT_NIL);
    assert_int_equal(elements[2].type, MSGPACK_OBJECT_STR);
    assert_true(elements[2].via.str.size < sizeof text);
    memcpy(text, elements[2].via.str.ptr, elements[2].via.str.size);
    text[elements[2].via.str.size] = '\0';
    return text;
}

/* ---- Looking into answers ---- */

static inline const msgpack_object *field(const msgpack_object *map, const char *name)
{
    assert_int_equal(map->type, MSGPACK_OBJECT_MAP);
    const msgpack_object *value = value_map_get(map, text_from(name));
    if (value == NULL)
        fail_msg("no field '%s'", name);
    return value;
}

static inline const msgpack_object *element(const msgpack_object *list, uint32_t index)
{
    assert_int_equal(list->type, MSGPACK_OBJECT_ARRAY);
    assert_true(index < list->via.array.size);
    return &list->via.array.ptr[index];
}

static inline double number(const msgpack_object *value)
{
    double out;
    assert_true(value_number(value, &out));
    return out;
}

/* Answers hold str, never bin. */
static inline void assert_str(const msgpack_object *value, const char *expected)
{
    assert_int_equal(value->type, MSGPACK_OBJECT_STR);
    if (value->via.str.size != strlen(expected) ||
        memcmp(value->via.str.ptr, expected, strlen(expected)) != 0)
        fail_msg("'%.*s' is not '%s'", (int)value->via.str.size, value->via.str.ptr, expected);
}

static inline void assert_nil(const msgpack_object *value)
{
    assert_int_equal(value->type, MSGPACK_OBJECT_NIL);
}

/* The items' offers in order, separated by spaces. */
static inline const char *offers_of(const msgpack_object *result)
{
    static char ids[2048];
    const msgpack_object *items = field(result, "items");
    size_t used = 0;
    ids[0] = '\0';
    for (uint32_t i = 0; i < items->via.array.size && used < sizeof ids; i++) {
        const msgpack_object *offer = field(element(items, i), "offer");
        used += (size_t)snprintf(ids + used, sizeof ids - used, "%s%.*s", i > 0 ? " " : "",
                                 (int)offer->via.str.size, offer->via.str.ptr);
    }
    return ids;
}

#define assert_offers(flowing, arguments, expected)                                                          \
    assert_string_equal(offers_of(flowing_ask((flowing), "recommend", (arguments))), (expected))

#endif
