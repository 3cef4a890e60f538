/* Looking through the pieces of a customer; for one of whom much is asked in a batch, a set made of them. */
#include "ledger/known.h"

#include "ledger/keys.h"
#include "ledger/known_piece.h"

enum {
    FIRST_ROOM = 64,             /* places of the smallest set */
    LOOKS_MOST = 32,             /* so often the pieces are looked through before a set is made */
    MOVE_TRIES = KEY_PIECE_MOST, /* other keys for a piece whose own is taken */
};

struct known {
    struct entry *recent; /* the recent piece's, whether there is one or not */
    unsigned looks;       /* how often the pieces were looked through */
    uint64_t *places;     /* open addressing, linear probing; 0: free; in the arena; NULL: no set yet */
    size_t room, count;   /* places, a power of two; hashes in them */
};

/* 0 marks what is free. */
static uint64_t hash_of(struct text event_id)
{
    uint64_t hash = key_hash(event_id);
    return hash == 0 ? 1 : hash;
}

/* What came before that may be forgotten. */
static int64_t oldest_ms(const struct work *work)
{
    return work->now_ms - work->options.id_ms;
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

bool known_is_piece(const struct entry *entry)
{
    return piece_is_closed(entry) || piece_is_recent(entry);
}

/* A piece with something in it that may not be forgotten yet. */
static bool is_current_piece(const struct work *work, const struct entry *entry)
{
    return known_is_piece(entry) && entry->value.bytes != NULL &&
           piece_newest_ms(entry->value) >= oldest_ms(work);
}

static bool look_through(const struct work *work, const struct document *document, uint64_t hash)
{
    for (const struct entry *entry = document->beside; entry != NULL; entry = entry->beside)
        if (is_current_piece(work, entry) && piece_has(entry, hash, oldest_ms(work)))
            return true;
    return false;
}

static bool add_piece(struct work *work, struct known *known, const struct entry *piece)
{
    size_t count = piece_count(piece);
    if (!make_room(work, known, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct piece_id id = piece_at(piece, i);
        if (id.received_ms >= oldest_ms(work))
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

/* The recent piece's entry of an id, which is read if nobody did before. NULL: out of memory. */
static struct entry *want_recent(struct work *work, struct text id)
{
    struct key key;
    key_recent(&key, id);
    return entries_want(&work->entries, key_text(&key));
}

static struct known *known_of(struct work *work, struct document *document)
{
    if (document->known != NULL)
        return document->known;
    struct known *known = arena_allocate_zeroed(&work->arena, 1, sizeof *known);
    struct entry *recent = want_recent(work, document->id);
    if (known == NULL || recent == NULL) {
        work_run_out(work);
        return NULL;
    }
    known->recent = recent;
    document_own(document, recent);
    return document->known = known;
}

void known_expect(struct work *work, struct text id)
{
    want_recent(work, id);
}

/* Who had few events lately has no pieces but the recent one, and it says so. */
void known_collect(struct work *work, struct document *document)
{
    if (document->scanned)
        return;
    document->scanned = true;
    struct known *known = known_of(work, document);
    if (known != NULL && known->recent->known && piece_closed_ms(known->recent->value) < oldest_ms(work))
        return;
    work_scan_closed_ids(work, document, document->id);
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

/* ---- Adding ---- */

static struct entry *own_closed(struct work *work, struct document *document, const struct key *key)
{
    struct entry *entry = entries_at(&work->entries, key_text(key));
    if (entry == NULL)
        work_run_out(work);
    else
        document_own(document, entry);
    return entry;
}

/* One that nobody has, for ids of which this is the first. */
static struct entry *new_closed(struct work *work, struct document *document, struct piece_id first)
{
    struct key key;
    key_ids(&key, document->id, first.received_ms, first.hash);
    struct entry *entry = own_closed(work, document, &key);
    for (int try = 0; entry != NULL && entry->value.bytes != NULL && try < MOVE_TRIES; try++) {
        key.bytes[key.length - 1]++;
        entry = own_closed(work, document, &key);
    }
    return entry;
}

/* Of entries beside a document the newest comes first. */
static struct entry *newest_closed(const struct work *work, const struct document *document)
{
    struct entry *entry = document->beside;
    while (entry != NULL && !(piece_is_closed(entry) && is_current_piece(work, entry)))
        entry = entry->beside;
    return entry;
}

/* All ids of a recent piece go to a closed one of the same customer, or of another one. */
static void close_piece(struct work *work, struct document *into, const struct entry *recent)
{
    struct entry *closed = newest_closed(work, into);
    if (piece_count(recent) == 0 || (closed != NULL && piece_append(&work->entries, closed, recent)))
        return;
    closed = new_closed(work, into, piece_at(recent, 0));
    if (closed != NULL && !piece_append(&work->entries, closed, recent))
        work_run_out(work);
}

static size_t count_current(const struct work *work, const struct entry *recent)
{
    size_t current = 0;
    for (size_t i = 0, count = piece_count(recent); i < count; i++)
        current += piece_at(recent, i).received_ms >= oldest_ms(work);
    return current;
}

/* What may be forgotten makes room first; if that is not much, all of it is moved. */
static void make_place(struct work *work, struct document *document, struct known *known,
                       const struct piece_id *id)
{
    if (count_current(work, known->recent) <= PIECE_RECENT_IDS / 2) {
        piece_renew_recent(&work->entries, known->recent, oldest_ms(work));
        if (piece_add_recent(&work->entries, known->recent, id))
            return;
    }
    close_piece(work, document, known->recent);
    piece_note_closed(&work->entries, known->recent, piece_newest_ms(known->recent->value));
    piece_renew_recent(&work->entries, known->recent, INT64_MAX);
    if (!piece_add_recent(&work->entries, known->recent, id))
        work_run_out(work);
}

void known_add(struct work *work, struct document *document, struct text event_id, int64_t received_ms)
{
    struct known *known = known_of(work, document);
    struct piece_id id = {hash_of(event_id), received_ms};
    if (known == NULL || (known->places != NULL && !make_room(work, known, 1))) {
        work_run_out(work);
        return;
    }
    if (known->places != NULL)
        put(known, id.hash);
    if (!piece_add_recent(&work->entries, known->recent, &id))
        make_place(work, document, known, &id);
}

/* ---- Moving ---- */

/* Two persons' pieces hardly ever have the same key; then it goes beside. */
static void move_closed(struct work *work, struct document *into, struct entry *piece)
{
    struct key key;
    key_ids_of(&key, into->id, piece->key);
    struct entry *moved = own_closed(work, into, &key);
    for (int try = 0; moved != NULL && moved->value.bytes != NULL && try < MOVE_TRIES; try++) {
        key.bytes[key.length - 1]++;
        moved = own_closed(work, into, &key);
    }
    char *bytes = moved == NULL ? NULL : entries_put(&work->entries, moved, piece->value.length);
    if (bytes != NULL)
        memcpy(bytes, piece->value.bytes, piece->value.length);
}

void known_move(struct work *work, struct document *into, struct entry *piece)
{
    int64_t newest_ms = piece_newest_ms(piece->value);
    if (piece_is_closed(piece))
        move_closed(work, into, piece);
    else
        close_piece(work, into, piece);
    into->known = NULL;
    struct known *known = known_of(work, into);
    if (known != NULL)
        piece_note_closed(&work->entries, known->recent, newest_ms);
    entries_delete(piece);
}
