/*
 * A client's connection from its first byte to its last: what is sent in pieces is answered like what is sent
 * at once. An input is a byte of what the client is allowed, a byte of how many cuts there are, the length of
 * each piece in two bytes, and what is sent.
 */
#include <event2/event.h>
#include <fcntl.h>
#include <math.h>
#include <msgpack/unpack.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow/engine_builder.h"
#include "fuzz.h"
#include "input.h"
#include "plain_check.h"
#include "serve/server_internal.h"

enum {
    WITHOUT_ENGINE = 1,
    WITHOUT_AUTHORITY = 2,
    CONTROL = 4,
    CUTS_MOST = 12,
    TURNS_MOST = 100000, /* of the loop: whoever is not done by then hangs */
    QUIET_TURNS = 2,     /* after a piece, which is read in the first of them */
    MESSAGE_BYTES = 4096,
    MESSAGE_ITEMS = 256,
};

struct server_of_fuzz {
    struct event_base *base;
    struct server *server;
    struct engine *engine;
};

/* No strategy of it fails: one that does so often is set aside, and the answers change. */
static const char strategies[] =
    "strategy 'by-mood' { stage = 'walk/choosing', because = 'they compare',\n"
    "  eligible = function(c, o) return c.context.tired ~= true or o.id ~= 'ride', 'too tired' end,\n"
    "  score = function(c, o) return c.context.dice and 1 + random() or 1 end }\n";

static const struct tokens *the_tokens(void)
{
    static const uint8_t key[TOKENS_KEY] = "a key";
    static struct tokens tokens;
    struct error error;
    tokens_create(&tokens, key);
    REQUIRE(tokens_add(&tokens, SCOPE_ADMIN, TEXT("all"), TEXT("secret"), &error));
    return &tokens;
}

static enum scope scope_of(uint8_t flags)
{
    if (flags & CONTROL)
        return SCOPE_CONTROL;
    return flags & WITHOUT_AUTHORITY ? SCOPE_NONE : SCOPE_ADMIN;
}

static struct server_of_fuzz *the_server(void)
{
    static struct metrics_slot slot;
    static struct engine_built built;
    static struct server_of_fuzz all;
    struct error error;
    struct server_options options = {.limits = {MESSAGE_BYTES, 16, MESSAGE_ITEMS},
                                     .flow = {.tokens = the_tokens(),
                                              .failures_most = UINT32_MAX,
                                              .slots = &slot,
                                              .slot_count = 1,
                                              .workers = 1},
                                     .output_high = 2 * MESSAGE_BYTES,
                                     .linger_ms = 600000,
                                     .frame_ms = 600000,
                                     .reader_ms = 600000,
                                     .let_in_ms = 600000};
    if (all.server != NULL)
        return &all;
    REQUIRE(engine_build_with(&built, &slot, "strategies/all.lua", strategies));
    all.base = event_base_new();
    all.engine = built.engine;
    REQUIRE(all.base != NULL);
    all.server = server_new(all.base, &options, &error);
    REQUIRE(all.server != NULL);
    return &all;
}

/* ---- One conversation ---- */

struct talk {
    struct server_of_fuzz *all;
    int fd;              /* the client's end */
    struct buffer heard; /* all that the daemon said */
    bool ended;          /* it will say no more */
};

static void hear(struct talk *talk)
{
    char bytes[16384];
    ssize_t length;
    while ((length = recv(talk->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        buffer_append(&talk->heard, bytes, (size_t)length);
    talk->ended = talk->ended || length == 0;
}

static void turn(struct talk *talk)
{
    event_base_loop(talk->all->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    hear(talk);
}

/* All of it, however long the daemon takes; what it does not read because it has ended the talk is lost. */
static void say(struct talk *talk, struct text piece)
{
    size_t said = 0;
    for (unsigned turns = 0; said < piece.length && !talk->ended; turns++) {
        ssize_t sent = send(talk->fd, piece.bytes + said, piece.length - said, MSG_NOSIGNAL | MSG_DONTWAIT);
        said += sent > 0 ? (size_t)sent : 0;
        turn(talk);
        REQUIRE(turns < TURNS_MOST);
    }
    for (unsigned turns = 0; turns < QUIET_TURNS; turns++)
        turn(talk);
}

static void begin(struct talk *talk, uint8_t flags)
{
    int fds[2];
    struct server_of_fuzz *all = the_server();
    *talk = (struct talk){.all = all};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
    talk->fd = fds[0];
    server_set_engine(all->server, flags & WITHOUT_ENGINE ? NULL : all->engine);
    all->server->flow.seeds.value = 1;
    REQUIRE(connection_new(all->server, fds[1], NULL, scope_of(flags), 0) != NULL);
}

/* The client has said all, waits for the end, and goes. */
static void end(struct talk *talk)
{
    shutdown(talk->fd, SHUT_WR);
    for (unsigned turns = 0; !talk->ended; turns++) {
        turn(talk);
        REQUIRE(turns < TURNS_MOST);
    }
    close(talk->fd);
    for (unsigned turns = 0; !list_is_empty(&talk->all->server->connections); turns++) {
        event_base_loop(talk->all->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        REQUIRE(turns < TURNS_MOST);
    }
}

/* ---- Comparing two ---- */

static bool same(const msgpack_object *a, const msgpack_object *b);

/* What may differ between two runs: names of decisions have the clock in them, and figures go on. */
static bool may_differ(const msgpack_object *key)
{
    static const char *const names[] = {"decision", "uptime", "counters"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(text_from(names[i]), (struct text){key->via.str.ptr, key->via.str.size}))
            return true;
    return false;
}

static bool same_map(const msgpack_object_map *a, const msgpack_object_map *b)
{
    for (uint32_t i = 0; a->size == b->size && i < a->size; i++)
        if (!msgpack_object_equal(a->ptr[i].key, b->ptr[i].key) ||
            (!may_differ(&a->ptr[i].key) && !same(&a->ptr[i].val, &b->ptr[i].val)))
            return false;
    return a->size == b->size;
}

static bool same(const msgpack_object *a, const msgpack_object *b)
{
    if (a->type != b->type)
        return false;
    if (a->type == MSGPACK_OBJECT_MAP)
        return same_map(&a->via.map, &b->via.map);
    if (a->type != MSGPACK_OBJECT_ARRAY)
        return msgpack_object_equal(*a, *b);
    for (uint32_t i = 0; a->via.array.size == b->via.array.size && i < a->via.array.size; i++)
        if (!same(&a->via.array.ptr[i], &b->via.array.ptr[i]))
            return false;
    return a->via.array.size == b->via.array.size;
}

static void check_response(const msgpack_object *response)
{
    plain_check_value(response);
    REQUIRE(response->type == MSGPACK_OBJECT_ARRAY && response->via.array.size == 4);
    REQUIRE(response->via.array.ptr[0].via.u64 == 1);
    REQUIRE((response->via.array.ptr[2].type == MSGPACK_OBJECT_NIL) !=
            (response->via.array.ptr[3].type == MSGPACK_OBJECT_NIL));
}

static void tell(const char *how, const msgpack_object *response)
{
    fprintf(stderr, "%s: ", how);
    msgpack_object_print(stderr, *response);
    fprintf(stderr, "\n");
}

static bool told_same(const msgpack_object *once, const msgpack_object *pieces)
{
    if (same(once, pieces))
        return true;
    tell("at once", once);
    tell("in pieces", pieces);
    return false;
}

static void compare(const struct buffer *once, const struct buffer *pieces)
{
    size_t a = 0, b = 0;
    while (a < once->length) {
        msgpack_unpacked first, second;
        msgpack_unpacked_init(&first);
        msgpack_unpacked_init(&second);
        REQUIRE(msgpack_unpack_next(&first, once->bytes, once->length, &a) == MSGPACK_UNPACK_SUCCESS);
        REQUIRE(msgpack_unpack_next(&second, pieces->bytes, pieces->length, &b) == MSGPACK_UNPACK_SUCCESS);
        check_response(&first.data);
        REQUIRE(told_same(&first.data, &second.data));
        msgpack_unpacked_destroy(&first);
        msgpack_unpacked_destroy(&second);
    }
    REQUIRE(b == pieces->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct talk once, pieces;
    size_t lengths[CUTS_MOST], cuts;
    uint8_t flags = (uint8_t)input_number(&input, 1);
    cuts = input_number(&input, 1) % (CUTS_MOST + 1);
    for (size_t i = 0; i < cuts; i++)
        lengths[i] = (size_t)input_number(&input, 2) % (2 * MESSAGE_BYTES);
    begin(&once, flags);
    say(&once, (struct text){(const char *)input.bytes, input.length});
    end(&once);
    begin(&pieces, flags);
    for (size_t i = 0; i < cuts; i++)
        say(&pieces, input_take(&input, lengths[i]));
    say(&pieces, input_take(&input, SIZE_MAX));
    end(&pieces);
    compare(&once.heard, &pieces.heard);
    buffer_destroy(&once.heard);
    buffer_destroy(&pieces.heard);
    return 0;
}
