/*
 * Keys of the store: any bytes are taken apart without leaving them, and what is put together is taken apart
 * as the same, whatever the names; keys with moments in them ascend with these.
 */
#include "fuzz.h"
#include "input.h"
#include "ledger/keys.h"

static void check_within(struct text text, struct text key)
{
    REQUIRE(text.bytes >= key.bytes && text.bytes + text.length <= key.bytes + key.length);
    REQUIRE(text.length <= CUSTOMER_ID_MOST);
}

/* Whatever stands in the store. */
static void take_apart(struct text key)
{
    struct text id;
    int64_t moment;
    uint64_t seed;
    char part;
    if (key_read_customer(key, &id, &part)) {
        check_within(id, key);
        REQUIRE(part == KEY_RECORD || part == KEY_EVENT || part == KEY_TIMER);
    }
    if (key_read_forget(key, &id))
        check_within(id, key);
    if (key_read_timer(key, &moment, &id))
        check_within(id, key);
    if (key_read_decision(key, &moment, &seed))
        REQUIRE(key.length >= 17);
    key_read_event_ms(key);
}

static void check_customer(struct text id, struct text journey, int64_t due_ms)
{
    struct key key, moment, timer, direct;
    struct text read;
    int64_t at;
    char part = 'x';
    key_customer(&key, id);
    REQUIRE(key_read_customer(key_text(&key), &read, &part) && text_equal(read, id) && part == KEY_RECORD);
    key_customer_timer(&moment, id, journey);
    REQUIRE(key_read_customer(key_text(&moment), &read, &part) && text_equal(read, id) && part == KEY_TIMER);
    key_timer_of(&timer, due_ms, key_text(&moment));
    key_timer(&direct, due_ms, id, journey);
    REQUIRE(text_equal(key_text(&timer), key_text(&direct)));
    REQUIRE(key_read_timer(key_text(&timer), &at, &read) && at == due_ms && text_equal(read, id));
    key_forget(&key, id);
    REQUIRE(key_read_forget(key_text(&key), &read) && text_equal(read, id));
}

static void check_events(struct text id, struct text other, struct text event_id, int64_t at_ms)
{
    struct key key, moved, back;
    struct text read;
    char part;
    key_events(&key, id, at_ms, key_hash(event_id));
    REQUIRE(key_read_event_ms(key_text(&key)) == customer_bound_time(at_ms));
    REQUIRE(key_read_customer(key_text(&key), &read, &part) && part == KEY_EVENT);
    key_event_of(&moved, other, key_text(&key));
    REQUIRE(key_read_customer(key_text(&moved), &read, &part) && text_equal(read, other));
    key_event_of(&back, id, key_text(&moved));
    REQUIRE(text_equal(key_text(&back), key_text(&key)));
}

static void check_moments(int64_t a, int64_t b, uint64_t seed, struct text name)
{
    struct key first, second, promise;
    int64_t clock_us;
    uint64_t read;
    key_decision(&first, a, seed);
    key_decision(&second, b, seed);
    REQUIRE(key_read_decision(key_text(&first), &clock_us, &read) && clock_us == a && read == seed);
    if (a >= 0 && b >= 0 && a < b)
        REQUIRE(text_compare(key_text(&first), key_text(&second)) < 0);
    key_reserved(&promise, a, seed, name);
    REQUIRE(key_read_decision(key_text(&promise), &clock_us, &read) && clock_us == a && read == seed);
    key_reserved_prefix(&first, a, seed);
    REQUIRE(memcmp(first.bytes, promise.bytes, first.length) == 0);
}

static void check_names(struct text a, struct text b)
{
    struct key first, second;
    key_stock(&first, a);
    key_stock(&second, b);
    REQUIRE(text_equal(a, b) == text_equal(key_text(&first), key_text(&second)));
    key_meta(&first, a);
    REQUIRE(first.length <= KEY_MOST);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    take_apart((struct text){(const char *)bytes, length});
    int64_t a = (int64_t)input_number(&input, 8), b = (int64_t)input_number(&input, 8);
    uint64_t seed = input_number(&input, 8);
    struct text id = input_piece(&input, 1), other = input_piece(&input, 1), name = input_piece(&input, 2);
    if (id.length > CUSTOMER_ID_MOST || other.length > CUSTOMER_ID_MOST)
        return 0;
    check_customer(id, name, a);
    check_events(id, other, name, b);
    check_moments(a, b, seed, name);
    check_names(name, other);
    return 0;
}
