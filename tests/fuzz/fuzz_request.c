/*
 * The path of requests: what a client sends goes through scanner and flow, with a small site behind them;
 * what comes out has to be responses as the protocol promises. The first byte of an input says what the
 * client is allowed.
 */
#include <msgpack/unpack.h>
#include <string.h>

#include "base/text.h"
#include "flow/engine_builder.h"
#include "flow/flow.h"
#include "fuzz.h"
#include "plain_check.h"

enum { WITHOUT_ENGINE = 1, WITHOUT_AUTHORITY = 2, CONTROL = 4, PAIRS = 8, MOST_BYTES = 64 * 1024 };

static struct metrics_slot slot;

static struct engine *the_engine(void)
{
    static struct engine_built built;
    if (built.engine == NULL)
        REQUIRE(engine_build(&built, &slot));
    return built.engine;
}

static bool take_ticket(void *context, uint64_t ticket)
{
    (void)context;
    return ticket != 0;
}

static const struct tokens *the_tokens(void)
{
    static const uint8_t key[TOKENS_KEY] = "a key";
    static struct tokens tokens;
    struct error error;
    tokens_create(&tokens, key);
    REQUIRE(tokens_add(&tokens, SCOPE_ADMIN, TEXT("all"), TEXT("secret"), &error));
    REQUIRE(tokens_add(&tokens, SCOPE_SITE, TEXT("site"), TEXT("a"), &error));
    return &tokens;
}

static struct flow *the_flow(void)
{
    static struct flow flow;
    static bool made;
    struct error error;
    struct flow_options options = {.tokens = the_tokens(),
                                   .failures_most = UINT32_MAX,
                                   .slots = &slot,
                                   .slot_count = 1,
                                   .workers = 1,
                                   .reload = take_ticket};
    if (!made)
        REQUIRE(flow_create(&flow, &options, &error));
    made = true;
    return &flow;
}

/* [code, message], or "CODE: message". */
static void check_error(const msgpack_object *error, enum reply_errors form)
{
    if (form == REPLY_ERRORS_PAIR && error->type == MSGPACK_OBJECT_ARRAY) {
        REQUIRE(error->via.array.size == 2 &&
                error->via.array.ptr[0].type == MSGPACK_OBJECT_POSITIVE_INTEGER);
        REQUIRE(error->via.array.ptr[1].type == MSGPACK_OBJECT_STR &&
                error->via.array.ptr[1].via.str.size > 0);
        return;
    }
    REQUIRE(error->type == MSGPACK_OBJECT_STR && error->via.str.size > 0);
    REQUIRE(memchr(error->via.str.ptr, ':', error->via.str.size) != NULL);
}

/* Exactly one response to the request. */
static void check_response(const struct buffer *out, uint32_t id, enum reply_errors form)
{
    msgpack_unpacked unpacked;
    size_t end = 0;
    msgpack_unpacked_init(&unpacked);
    REQUIRE(!out->failed && out->length > 0 && (unsigned char)out->bytes[0] == 0x94);
    REQUIRE(msgpack_unpack_next(&unpacked, out->bytes, out->length, &end) == MSGPACK_UNPACK_SUCCESS);
    REQUIRE(end == out->length && unpacked.data.via.array.size == 4);
    const msgpack_object *elements = unpacked.data.via.array.ptr;
    REQUIRE(elements[0].via.u64 == 1 && elements[1].via.u64 == id);
    REQUIRE((elements[2].type == MSGPACK_OBJECT_NIL) != (elements[3].type == MSGPACK_OBJECT_NIL));
    if (elements[2].type != MSGPACK_OBJECT_NIL)
        check_error(&elements[2], form);
    plain_check_value(&unpacked.data);
    msgpack_unpacked_destroy(&unpacked);
}

static void handle(struct flow *flow, struct flow_peer *peer, const struct frame_scanner *scanner,
                   const uint8_t *message)
{
    struct buffer out;
    uint64_t tickets = flow->tickets;
    buffer_create(&out);
    enum flow_outcome outcome = flow_handle(flow, peer, scanner, message, scanner->position, &out);
    REQUIRE(outcome != FLOW_CLOSE);
    if (outcome == FLOW_PENDING)
        REQUIRE(out.length == 0 && flow->tickets == tickets + 1 && peer->scope == SCOPE_CONTROL &&
                scanner->type == 0);
    else if (scanner->type == 0)
        check_response(&out, scanner->message_id, peer->errors);
    else
        REQUIRE(out.length == 0);
    buffer_destroy(&out);
}

static void refuse(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner)
{
    struct buffer out;
    buffer_create(&out);
    flow_refuse(flow, peer, scanner, &out);
    check_response(&out, scanner->message_id, peer->errors);
    buffer_destroy(&out);
}

/* Messages one after the other, up to the first that is refused. */
static void serve(struct flow *flow, struct flow_peer *peer, const uint8_t *bytes, size_t length)
{
    struct frame_scanner scanner;
    frame_scanner_create(&scanner, (struct frame_limits){MOST_BYTES, 16, 4096});
    for (size_t used = 0; used < length;) {
        enum frame_status status = frame_scan(&scanner, bytes + used, length - used);
        if (status != FRAME_COMPLETE) {
            if (frame_is_refused(&scanner) && scanner.has_message_id)
                refuse(flow, peer, &scanner);
            return;
        }
        handle(flow, peer, &scanner, bytes + used);
        used += scanner.position;
        frame_scanner_reset(&scanner);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct flow *flow = the_flow();
    struct engine *engine = the_engine();
    if (length == 0)
        return 0;
    struct flow_peer peer = {.errors = bytes[0] & PAIRS ? REPLY_ERRORS_PAIR : REPLY_ERRORS_TEXT,
                             .given = bytes[0] & CONTROL             ? SCOPE_CONTROL
                                      : bytes[0] & WITHOUT_AUTHORITY ? SCOPE_NONE
                                                                     : SCOPE_ADMIN};
    peer.scope = peer.given;
    flow->engine = bytes[0] & WITHOUT_ENGINE ? NULL : engine;
    flow->seeds.value = 1;
    serve(flow, &peer, bytes + 1, length - 1);
    while (engine_collect(engine))
        ;
    return 0;
}
