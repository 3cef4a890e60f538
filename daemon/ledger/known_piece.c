/* Reading and changing the bytes of pieces. */
#include "ledger/known_piece.h"

#include <endian.h>
#include <string.h>

#include "ledger/keys.h"
#include "model/customer.h"

enum {
    NUMBER = sizeof(uint64_t),
    ID_BYTES = NUMBER + sizeof(uint32_t),
    CLOSED_HEAD = NUMBER, /* bytes of a closed piece before its first id */
    RECENT_SIZE = PIECE_HEAD + PIECE_IDS * ID_BYTES,
    AT_CLOSED = NUMBER,    /* where a recent piece has when the newest closed id came */
    AT_FIRST = 2 * NUMBER, /* and its own first one */
};

static uint64_t number_at(const char *bytes, size_t at)
{
    uint64_t big;
    memcpy(&big, bytes + at, sizeof big);
    return be64toh(big);
}

/* What a damaged store says is brought to where times can be reckoned with. */
static int64_t time_at(const char *bytes, size_t at)
{
    return customer_bound_time((int64_t)number_at(bytes, at));
}

static void put_number(char *bytes, size_t at, uint64_t number)
{
    uint64_t big = htobe64(number);
    memcpy(bytes + at, &big, sizeof big);
}

bool piece_is_recent(const struct entry *entry)
{
    struct text id;
    char part;
    return key_read_customer(entry->key, &id, &part) && part == KEY_EVENT && id.length > 0;
}

bool piece_is_closed(const struct entry *entry)
{
    return entry->key.bytes[0] == KEY_IDS;
}

int64_t piece_newest_ms(struct text value)
{
    return value.length < NUMBER ? 0 : time_at(value.bytes, 0);
}

int64_t piece_closed_ms(struct text value)
{
    return value.length < PIECE_HEAD ? 0 : time_at(value.bytes, AT_CLOSED);
}

static size_t head_of(const struct entry *piece)
{
    return piece_is_closed(piece) ? CLOSED_HEAD : PIECE_HEAD;
}

static int64_t first_ms(const struct entry *piece)
{
    if (piece_is_closed(piece))
        return customer_bound_time(key_read_ids_ms(piece->key));
    return piece->value.length < PIECE_HEAD ? 0 : time_at(piece->value.bytes, AT_FIRST);
}

size_t piece_count(const struct entry *piece)
{
    size_t head = head_of(piece);
    return piece->value.length < head ? 0 : (piece->value.length - head) / ID_BYTES;
}

struct piece_id piece_at(const struct entry *piece, size_t index)
{
    const char *bytes = piece->value.bytes + head_of(piece) + index * ID_BYTES;
    uint32_t after_ms;
    memcpy(&after_ms, bytes + NUMBER, sizeof after_ms);
    return (struct piece_id){number_at(bytes, 0), first_ms(piece) + be32toh(after_ms)};
}

struct piece_id piece_first(const struct entry *recent)
{
    return (struct piece_id){piece_at(recent, 0).hash, first_ms(recent)};
}

/* Hashes are compared as they stand; hardly ever is one the same, so its time is looked at afterwards. */
bool piece_has(const struct entry *piece, uint64_t hash, int64_t after_ms)
{
    size_t count = piece_count(piece);
    uint64_t wanted = htobe64(hash), found;
    if (count == 0)
        return false;
    const char *bytes = piece->value.bytes + head_of(piece);
    for (size_t i = 0; i < count; i++) {
        memcpy(&found, bytes + i * ID_BYTES, sizeof found);
        if (found == wanted && piece_at(piece, i).received_ms >= after_ms)
            return true;
    }
    return false;
}

void piece_write_head(char *bytes, int64_t closed_ms)
{
    put_number(bytes, 0, (uint64_t)closed_ms);
    put_number(bytes, AT_CLOSED, (uint64_t)closed_ms);
    put_number(bytes, AT_FIRST, 0);
}

/* ---- Changing ---- */

/* The recent piece's bytes, where they may be written to: with room for all ids. NULL: out of memory. */
static char *own(struct entries *entries, struct entry *recent)
{
    struct text before = recent->value;
    size_t length = PIECE_HEAD + piece_count(recent) * ID_BYTES;
    if (recent->roomy)
        return (char *)before.bytes;
    char *bytes = entries_put(entries, recent, length > RECENT_SIZE ? length : RECENT_SIZE);
    if (bytes == NULL)
        return NULL;
    if (before.length < PIECE_HEAD)
        memset(bytes, 0, PIECE_HEAD);
    else
        memcpy(bytes, before.bytes, length);
    recent->value.length = length;
    recent->roomy = true;
    return bytes;
}

static void raise(char *bytes, size_t at, int64_t ms)
{
    if (ms > (int64_t)number_at(bytes, at))
        put_number(bytes, at, (uint64_t)ms);
}

bool piece_add(struct entries *entries, struct entry *recent, const struct piece_id *id)
{
    size_t count = piece_count(recent);
    int64_t after_ms = count == 0 ? 0 : id->received_ms - first_ms(recent);
    if (count >= PIECE_IDS || after_ms < 0 || after_ms > UINT32_MAX)
        return false;
    char *bytes = own(entries, recent);
    if (bytes == NULL)
        return true;
    uint32_t after = htobe32((uint32_t)after_ms);
    if (count == 0)
        put_number(bytes, AT_FIRST, (uint64_t)id->received_ms);
    put_number(bytes, recent->value.length, id->hash);
    memcpy(bytes + recent->value.length + NUMBER, &after, sizeof after);
    recent->value.length += ID_BYTES;
    raise(bytes, 0, id->received_ms);
    return true;
}

void piece_renew(struct entries *entries, struct entry *recent, int64_t after_ms)
{
    size_t count = piece_count(recent);
    char *bytes = own(entries, recent);
    if (bytes == NULL)
        return;
    recent->value.length = PIECE_HEAD;
    for (size_t i = 0; i < count; i++) {
        if (piece_at(recent, i).received_ms < after_ms)
            continue;
        memmove(bytes + recent->value.length, bytes + PIECE_HEAD + i * ID_BYTES, ID_BYTES);
        recent->value.length += ID_BYTES;
    }
}

void piece_note_closed(struct entries *entries, struct entry *recent, int64_t newest_ms)
{
    char *bytes = own(entries, recent);
    if (bytes == NULL)
        return;
    raise(bytes, 0, newest_ms);
    raise(bytes, AT_CLOSED, newest_ms);
}

void piece_close(struct entries *entries, struct entry *closed, const struct entry *recent)
{
    size_t length = piece_count(recent) * ID_BYTES;
    char *bytes = entries_put(entries, closed, CLOSED_HEAD + length);
    if (bytes == NULL)
        return;
    memcpy(bytes, recent->value.bytes, CLOSED_HEAD);
    memcpy(bytes + CLOSED_HEAD, recent->value.bytes + PIECE_HEAD, length);
}
