/* Looking through the pieces of a customer; for one of whom much is asked in a batch, a set made of them. */
#include "ledger/known.h"

#include <endian.h>

#include "ledger/keys.h"

enum {
    PIECE_IDS = 128, /* ids in a piece that is closed */
    ID_BYTES = sizeof(uint64_t) + sizeof(uint32_t),
    HEAD = sizeof(uint64_t),     /* bytes of a piece before its first hash: when its newest id came */
    FIRST_ROOM = 32,             /* places of the smallest set */
    LOOKS_MOST = 32,             /* so often the pieces are looked through before a set is made */
    MOVE_TRIES = KEY_PIECE_MOST, /* other keys for a piece whose own is taken */
};

#define PIECE_MS (INT64_C(24) * 60 * 60 * 1000)

struct known {
    struct entry *newest; /* the piece that is added to; NULL: none */
    unsigned looks;       /* how often the pieces were looked through */
    uint64_t *places;     /* open addressing, linear probing; 0: free; in the arena; NULL: no set yet */
    size_t room, count;   /* places, a power of two; hashes in them */
};

/* An id in a piece: 8 bytes of hash, 4 of when it came, in milliseconds since the first one did. */
struct known_id {
    uint64_t hash;
    int64_t received_ms;
};

static uint64_t number_at(struct text value, size_t at)
{
    uint64_t big;
    memcpy(&big, value.bytes + at, sizeof big);
    return be64toh(big);
}

int64_t known_newest_ms(struct text value)
{
    return value.length < HEAD ? 0 : (int64_t)number_at(value, 0);
}

static size_t ids_in(struct text piece)
{
    return piece.length < HEAD ? 0 : (piece.length - HEAD) / ID_BYTES;
}

static struct known_id id_at(const struct entry *piece, size_t index)
{
    size_t at = HEAD + index * ID_BYTES;
    uint32_t after_ms;
    memcpy(&after_ms, piece->value.bytes + at + sizeof(uint64_t), sizeof after_ms);
    return (struct known_id){number_at(piece->value, at), key_read_event_ms(piece->key) + be32toh(after_ms)};
}

/* 0 marks what is free. */
static uint64_t hash_of(struct text event_id)
{
    uint64_t hash = key_hash(event_id);
    return hash == 0 ? 1 : hash;
}

/* ---- The set ---- */

static uint64_t *place_of(const struct known *known, uint64_t hash)
{
    size_t place = hash & (known->room - 1);
    while (known->places[place] != 0 && known->places[place] != hash)
        place = (place + 1) & (known->room - 1);
    return &known->places[place];
}

static void put(struct known *known, uint64_t hash)
{
    uint64_t *place = place_of(known, hash);
    known->count += *place == 0;
    *place = hash;
}

/* At most half of the places are taken. */
static bool make_room(struct work *work, struct known *known, size_t more)
{
    struct known larger = *known;
    if (known->room >= 2 * (known->count + more))
        return true;
    larger.room = known->room == 0 ? FIRST_ROOM : known->room;
    while (larger.room < 2 * (known->count + more))
        larger.room *= 2;
    larger.count = 0;
    larger.places = arena_allocate_zeroed(&work->arena, larger.room, sizeof *larger.places);
    if (larger.places == NULL)
        return false;
    for (size_t i = 0; i < known->room; i++)
        if (known->places[i] != 0)
            put(&larger, known->places[i]);
    *known = larger;
    return true;
}

/* ---- Pieces ---- */

static bool is_piece(const struct entry *entry)
{
    struct text id;
    char part;
    return entry->value.bytes != NULL && key_read_customer(entry->key, &id, &part) && part == KEY_EVENT;
}

static bool is_current(const struct work *work, int64_t received_ms)
{
    return received_ms >= work->now_ms - work->options.id_ms;
}

/* A piece with something in it that may not be forgotten yet. */
static bool is_current_piece(const struct work *work, const struct entry *entry)
{
    return is_piece(entry) && is_current(work, known_newest_ms(entry->value));
}

static bool piece_has(const struct work *work, const struct entry *piece, uint64_t hash)
{
    for (size_t i = 0, count = ids_in(piece->value); i < count; i++) {
        struct known_id id = id_at(piece, i);
        if (id.hash == hash && is_current(work, id.received_ms))
            return true;
    }
    return false;
}

static bool look_through(const struct work *work, const struct document *document, uint64_t hash)
{
    for (const struct entry *entry = document->beside; entry != NULL; entry = entry->beside)
        if (is_current_piece(work, entry) && piece_has(work, entry, hash))
            return true;
    return false;
}

static bool add_piece(struct work *work, struct known *known, const struct entry *piece)
{
    size_t count = ids_in(piece->value);
    if (!make_room(work, known, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct known_id id = id_at(piece, i);
        if (is_current(work, id.received_ms))
            put(known, id.hash);
    }
    return true;
}

static bool fill(struct work *work, struct known *known, const struct document *document)
{
    for (const struct entry *entry = document->beside; entry != NULL; entry = entry->beside)
        if (is_current_piece(work, entry) && !add_piece(work, known, entry))
            return false;
    return make_room(work, known, 1);
}

/* Of entries beside a document the newest comes first. */
static struct entry *newest_piece(const struct document *document)
{
    struct entry *entry = document->beside;
    while (entry != NULL && !is_piece(entry))
        entry = entry->beside;
    return entry;
}

static struct known *known_of(struct work *work, struct document *document)
{
    if (document->known != NULL)
        return document->known;
    struct known *known = arena_allocate_zeroed(&work->arena, 1, sizeof *known);
    if (known == NULL)
        work_run_out(work);
    else
        known->newest = newest_piece(document);
    return document->known = known;
}

void known_collect(struct work *work, struct document *document)
{
    if (document->scanned)
        return;
    document->scanned = true;
    work_scan_own_keys(work, document, document->id);
}

bool known_has(struct work *work, struct document *document, struct text event_id)
{
    struct known *known = known_of(work, document);
    uint64_t hash = hash_of(event_id);
    if (known == NULL)
        return false;
    if (known->places == NULL && known->looks++ < LOOKS_MOST)
        return look_through(work, document, hash);
    if (known->places == NULL && !fill(work, known, document)) {
        work_run_out(work);
        return false;
    }
    return *place_of(known, hash) != 0;
}

/* The time of each id is told from the first one's. */
static bool is_open(const struct work *work, const struct entry *piece, int64_t received_ms)
{
    if (piece == NULL || !is_current_piece(work, piece) || ids_in(piece->value) >= PIECE_IDS)
        return false;
    int64_t after_ms = received_ms - key_read_event_ms(piece->key);
    return after_ms >= 0 && after_ms < PIECE_MS;
}

static void write_piece(struct work *work, struct entry *piece, uint64_t hash, int64_t received_ms)
{
    struct text before = piece->value;
    size_t length = HEAD + ids_in(before) * ID_BYTES; /* what is behind the last whole id is damaged */
    int64_t newest_ms = known_newest_ms(before);
    uint64_t newest = htobe64((uint64_t)(newest_ms > received_ms ? newest_ms : received_ms));
    uint64_t id = htobe64(hash);
    uint32_t after_ms = htobe32((uint32_t)(received_ms - key_read_event_ms(piece->key)));
    char *bytes = entries_put(&work->entries, piece, length + ID_BYTES);
    if (bytes == NULL)
        return;
    if (length > HEAD)
        memcpy(bytes + HEAD, before.bytes + HEAD, length - HEAD);
    memcpy(bytes, &newest, sizeof newest);
    memcpy(bytes + length, &id, sizeof id);
    memcpy(bytes + length + sizeof id, &after_ms, sizeof after_ms);
}

void known_add(struct work *work, struct document *document, struct text event_id, int64_t received_ms)
{
    struct known *known = known_of(work, document);
    uint64_t hash = hash_of(event_id);
    if (known == NULL || (known->places != NULL && !make_room(work, known, 1))) {
        work_run_out(work);
        return;
    }
    if (known->places != NULL)
        put(known, hash);
    if (!is_open(work, known->newest, received_ms)) {
        struct key key;
        key_events(&key, document->id, received_ms, hash);
        known->newest = entries_at(&work->entries, key_text(&key));
        if (known->newest == NULL)
            return;
        document_own(document, known->newest);
    }
    write_piece(work, known->newest, hash, received_ms);
}

/* Two persons' pieces hardly ever have the same key; then it goes beside. */
void known_move(struct work *work, struct document *into, struct entry *piece)
{
    struct key key;
    key_event_of(&key, into->id, piece->key);
    struct entry *moved = entries_at(&work->entries, key_text(&key));
    for (int try = 0; moved != NULL && moved->value.bytes != NULL && try < MOVE_TRIES; try++) {
        key.bytes[key.length - 1]++;
        moved = entries_at(&work->entries, key_text(&key));
    }
    char *bytes = moved == NULL ? NULL : entries_put(&work->entries, moved, piece->value.length);
    into->known = NULL;
    if (bytes == NULL)
        return;
    memcpy(bytes, piece->value.bytes, piece->value.length);
    document_own(into, moved);
    entries_delete(piece);
}
