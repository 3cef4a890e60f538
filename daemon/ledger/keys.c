/* How keys of the store are put together and taken apart. */
#include "ledger/keys.h"

#include <endian.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t key_hash(struct text name)
{
    return XXH3_64bits(name.bytes, name.length);
}

uint64_t key_hash_decision(int64_t clock_us, uint64_t seed)
{
    uint64_t numbers[2] = {(uint64_t)clock_us, seed};
    return XXH3_64bits(numbers, sizeof numbers);
}

enum { IDS_HASH_BITS = 20 }; /* behind the time in the key of a piece of ids */

static void begin(struct key *key, enum key_kind kind)
{
    key->bytes[0] = (char)kind;
    key->length = 1;
}

static void put_byte(struct key *key, unsigned byte)
{
    if (key->length < sizeof key->bytes)
        key->bytes[key->length++] = (char)byte;
}

/* What would be longer than any key was taken from one of a damaged store: it is cut, and found nowhere. */
static void put_bytes(struct key *key, const void *bytes, size_t length)
{
    size_t room = sizeof key->bytes - key->length;
    length = length < room ? length : room;
    if (length > 0)
        memcpy(key->bytes + key->length, bytes, length);
    key->length += length;
}

static void put_number(struct key *key, uint64_t number)
{
    uint64_t big = htobe64(number);
    put_bytes(key, &big, sizeof big);
}

static void put_piece(struct key *key, struct text piece)
{
    if (piece.length <= KEY_PIECE_MOST) {
        put_byte(key, (unsigned)piece.length);
        put_bytes(key, piece.bytes, piece.length);
        return;
    }
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits(piece.bytes, piece.length));
    put_byte(key, KEY_PIECE_HASHED);
    put_bytes(key, &hash, sizeof hash);
}

void key_range(struct key *key, enum key_kind kind)
{
    begin(key, kind);
}

void key_customers(struct key *key)
{
    begin(key, KEY_CUSTOMER);
    put_byte(key, 1); /* the length of the shortest id */
}

void key_customer_prefix(struct key *key, struct text id)
{
    begin(key, KEY_CUSTOMER);
    put_piece(key, id);
}

void key_customer(struct key *key, struct text id)
{
    key_customer_prefix(key, id);
    put_byte(key, KEY_RECORD);
}

void key_event(struct key *key, struct text id, struct text event_id)
{
    key_customer_prefix(key, id);
    put_byte(key, KEY_EVENT);
    put_number(key, key_hash(event_id));
}

void key_recent(struct key *key, struct text id)
{
    key_customer_prefix(key, id);
    put_byte(key, KEY_EVENT);
}

void key_ids_prefix(struct key *key, struct text id)
{
    begin(key, KEY_IDS);
    put_piece(key, id);
}

/* Of the hash as much as there is room for behind the time. */
void key_ids(struct key *key, struct text id, int64_t received_ms, uint64_t hash)
{
    key_ids_prefix(key, id);
    put_number(key, (uint64_t)customer_bound_time(received_ms) << IDS_HASH_BITS |
                        (hash & ((1U << IDS_HASH_BITS) - 1)));
}

int64_t key_read_ids_ms(struct text key)
{
    uint64_t big;
    if (key.length < sizeof big)
        return 0;
    memcpy(&big, key.bytes + key.length - sizeof big, sizeof big);
    return (int64_t)(be64toh(big) >> IDS_HASH_BITS);
}

void key_customer_timer(struct key *key, struct text id, struct text journey)
{
    key_customer_prefix(key, id);
    put_byte(key, KEY_TIMER);
    put_piece(key, journey);
}

static void put_moment(struct key *key, enum key_kind kind, int64_t clock_us, uint64_t seed)
{
    begin(key, kind);
    put_number(key, (uint64_t)clock_us);
    put_number(key, seed);
}

void key_decision(struct key *key, int64_t clock_us, uint64_t seed)
{
    put_moment(key, KEY_DECISION, clock_us, seed);
}

void key_reserved_prefix(struct key *key, int64_t clock_us, uint64_t seed)
{
    put_moment(key, KEY_PROMISE, clock_us, seed);
}

void key_reserved(struct key *key, int64_t clock_us, uint64_t seed, struct text offer)
{
    put_moment(key, KEY_PROMISE, clock_us, seed);
    put_number(key, key_hash(offer));
}

void key_stock(struct key *key, struct text offer)
{
    begin(key, KEY_STOCK);
    put_piece(key, offer);
}

void key_timer(struct key *key, int64_t due_ms, struct text id, struct text journey)
{
    begin(key, KEY_DUE);
    put_number(key, (uint64_t)due_ms);
    put_piece(key, id);
    put_piece(key, journey);
}

/* Both say the id and the journey in the same way, the one with what it is between them. */
void key_timer_of(struct key *key, int64_t due_ms, struct text customer_timer)
{
    size_t id = 1 + (unsigned char)customer_timer.bytes[1], journey = 1 + id + 1;
    begin(key, KEY_DUE);
    put_number(key, (uint64_t)due_ms);
    put_bytes(key, customer_timer.bytes + 1, id);
    put_bytes(key, customer_timer.bytes + journey, customer_timer.length - journey);
}

void key_ids_of(struct key *key, struct text id, struct text ids)
{
    size_t moment = ids.length < sizeof(uint64_t) ? ids.length : sizeof(uint64_t);
    key_ids_prefix(key, id);
    put_bytes(key, ids.bytes + ids.length - moment, moment);
}

void key_forget(struct key *key, struct text id)
{
    begin(key, KEY_FORGET);
    put_piece(key, id);
}

void key_meta(struct key *key, struct text name)
{
    begin(key, KEY_META);
    put_bytes(key, name.bytes, name.length < KEY_PIECE_MOST ? name.length : KEY_PIECE_MOST);
}

/* The key from `*at` on, as far as it is read. */
struct reader {
    struct text key;
    size_t at;
};

static bool read_kind(struct reader *reader, char kind)
{
    return reader->key.length > 0 && reader->key.bytes[reader->at++] == kind;
}

static bool read_number(struct reader *reader, uint64_t *number)
{
    uint64_t big;
    if (reader->key.length - reader->at < sizeof big)
        return false;
    memcpy(&big, reader->key.bytes + reader->at, sizeof big);
    reader->at += sizeof big;
    *number = be64toh(big);
    return true;
}

static bool read_moment(struct reader *reader, int64_t *moment)
{
    uint64_t number;
    if (!read_number(reader, &number))
        return false;
    *moment = (int64_t)number;
    return true;
}

static bool read_id(struct reader *reader, struct text *id)
{
    size_t left = reader->key.length - reader->at;
    if (left == 0)
        return false;
    size_t length = (unsigned char)reader->key.bytes[reader->at];
    if (length > CUSTOMER_ID_MOST || left - 1 < length)
        return false;
    *id = (struct text){reader->key.bytes + reader->at + 1, length};
    reader->at += 1 + length;
    return true;
}

bool key_read_customer(struct text key, struct text *id, char *part)
{
    struct reader reader = {key, 0};
    if (!read_kind(&reader, KEY_CUSTOMER) || !read_id(&reader, id) || reader.at == key.length)
        return false;
    *part = key.bytes[reader.at];
    return *part == KEY_RECORD || *part == KEY_EVENT || *part == KEY_TIMER;
}

bool key_read_decision(struct text key, int64_t *clock_us, uint64_t *seed)
{
    struct reader reader = {key, 0};
    bool known = key.length > 0 && (key.bytes[0] == KEY_DECISION || key.bytes[0] == KEY_PROMISE);
    return known && read_kind(&reader, key.bytes[0]) && read_moment(&reader, clock_us) &&
           read_number(&reader, seed);
}

bool key_read_forget(struct text key, struct text *id)
{
    struct reader reader = {key, 0};
    return read_kind(&reader, KEY_FORGET) && read_id(&reader, id) && reader.at == key.length;
}

bool key_read_timer(struct text key, int64_t *due_ms, struct text *id)
{
    struct reader reader = {key, 0};
    return read_kind(&reader, KEY_DUE) && read_moment(&reader, due_ms) && read_id(&reader, id);
}
