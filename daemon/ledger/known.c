/* What is known of a customer in one batch: the recent piece, and the hashes of all other ids in one array.
 */
#include "ledger/known.h"

#include "ledger/keys.h"
#include "ledger/known_piece.h"

enum {
    FIRST_OLDER = 128,           /* hashes that there is room for at first */
    FIRST_ROOM = 256,            /* places of the smallest set */
    LOOKS_MOST = 32,             /* so often all are looked through before a set is made */
    CLOSE_TRIES = KEY_PIECE_MOST /* other keys for a piece whose own is taken */
};

struct known {
    struct entry *recent; /* the recent piece's, whether there is one or not */
    unsigned looks;       /* how often all were looked through */
    uint64_t *older;      /* hashes in closed pieces; in the arena; NULL: none */
    size_t older_count, older_room;
    uint64_t *places;   /* all hashes, open addressing, linear probing; 0: free; in the arena; NULL: no set */
    size_t room, count; /* places, a power of two; hashes in them */
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

static bool make_set(struct work *work, struct known *known)
{
    size_t recent = piece_count(known->recent);
    if (!make_room(work, known, known->older_count + recent + 1))
        return false;
    for (size_t i = 0; i < known->older_count; i++)
        put(known, known->older[i]);
    for (size_t i = 0; i < recent; i++) {
        struct piece_id id = piece_at(known->recent, i);
        if (id.received_ms >= oldest_ms(work))
            put(known, id.hash);
    }
    return true;
}

/* ---- Older ones ---- */

static bool make_room_for_older(struct work *work, struct known *known, size_t more)
{
    size_t room = known->older_room == 0 ? FIRST_OLDER : known->older_room;
    if (known->older_room >= known->older_count + more)
        return true;
    while (room < known->older_count + more)
        room *= 2;
    uint64_t *older = arena_allocate(&work->arena, room * sizeof *older);
    if (older == NULL)
        return false;
    if (known->older_count > 0)
        memcpy(older, known->older, known->older_count * sizeof *older);
    known->older = older;
    known->older_room = room;
    return true;
}

/* What a piece says that was closed, or that was taken over. */
static void learn_piece(struct work *work, struct known *known, const struct entry *piece)
{
    size_t count = piece_count(piece);
    if (!make_room_for_older(work, known, count) ||
        (known->places != NULL && !make_room(work, known, count))) {
        work_run_out(work);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct piece_id id = piece_at(piece, i);
        if (id.received_ms < oldest_ms(work))
            continue;
        known->older[known->older_count++] = id.hash;
        if (known->places != NULL)
            put(known, id.hash);
    }
}

/* Without a branch for each: hardly ever is one the same. */
static bool is_among(const uint64_t *hashes, size_t count, uint64_t hash)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= hashes[i] == hash;
    return found;
}

/* ---- Reading ---- */

bool known_is_piece(const struct entry *entry)
{
    return piece_is_closed(entry) || piece_is_recent(entry);
}

static struct entry *recent_of(struct work *work, struct document *document)
{
    struct key key;
    if (document->recent == NULL) {
        key_recent(&key, document->id);
        document->recent = entries_want(&work->entries, key_text(&key));
    }
    return document->recent;
}

static struct known *known_of(struct work *work, struct document *document)
{
    if (document->known != NULL)
        return document->known;
    struct known *known = arena_allocate_zeroed(&work->arena, 1, sizeof *known);
    struct entry *recent = recent_of(work, document);
    if (known == NULL || recent == NULL) {
        work_run_out(work);
        return NULL;
    }
    known->recent = recent;
    document_own(document, recent);
    return document->known = known;
}

/* A scan through closed pieces. */
struct closed_ids {
    struct work *work;
    struct known *known; /* what they are added to */
    struct key prefix;   /* of all of them */
    size_t count;        /* so far */
};

static bool closed_cb(void *context, struct text key, struct text value)
{
    struct closed_ids *closed = context;
    const struct entry piece = {.key = key, .value = value};
    closed->count++;
    if (piece_newest_ms(value) >= oldest_ms(closed->work))
        learn_piece(closed->work, closed->known, &piece);
    return true;
}

static bool forget_cb(void *context, struct text key, struct text value)
{
    struct work *work = context;
    struct entry *piece = entries_at(&work->entries, key);
    if (piece == NULL || !entries_learn(&work->entries, piece, value)) {
        work_run_out(work);
        return false;
    }
    entries_delete(piece);
    return true;
}

/* The oldest come first. This batch still knows them. */
static void forget_oldest(void *context)
{
    const struct closed_ids *closed = context;
    size_t beyond = closed->count < KNOWN_PIECES_MOST ? 0 : closed->count - KNOWN_PIECES_MOST;
    struct loading_scan *scan = beyond == 0 ? NULL : loading_add_scan(&closed->work->loading);
    if (scan == NULL)
        return;
    scan->prefix = closed->prefix;
    scan->most = beyond < KNOWN_FORGOTTEN_MOST ? beyond : KNOWN_FORGOTTEN_MOST;
    scan->entry = forget_cb;
    scan->context = closed->work;
}

static void scan_closed(struct work *work, const struct document *document, struct known *known)
{
    struct loading_scan *scan = loading_add_scan(&work->loading);
    struct closed_ids *closed = arena_allocate(&work->arena, sizeof *closed);
    if (scan == NULL || closed == NULL) {
        work_run_out(work);
        return;
    }
    *closed = (struct closed_ids){.work = work, .known = known};
    key_ids_prefix(&closed->prefix, document->id);
    scan->prefix = closed->prefix;
    scan->entry = closed_cb;
    scan->done = forget_oldest;
    scan->context = closed;
}

void known_expect(struct work *work, struct document *document)
{
    recent_of(work, document);
}

/* Who had few events lately has no pieces but the recent one, and it says so. */
void known_collect(struct work *work, struct document *document)
{
    struct known *known = document->scanned ? NULL : known_of(work, document);
    document->scanned = true;
    if (known == NULL || (known->recent->known && piece_closed_ms(known->recent->value) < oldest_ms(work)))
        return;
    scan_closed(work, document, known);
}

bool known_has(struct work *work, struct document *document, struct text event_id)
{
    struct known *known = known_of(work, document);
    uint64_t hash = hash_of(event_id);
    if (known == NULL)
        return false;
    if (known->places == NULL && known->looks++ < LOOKS_MOST)
        return piece_has(known->recent, hash, oldest_ms(work)) ||
               is_among(known->older, known->older_count, hash);
    if (known->places == NULL && !make_set(work, known)) {
        work_run_out(work);
        return false;
    }
    return *place_of(known, hash) != 0;
}

/* ---- Adding ---- */

/* A piece with this key, or with one close to it that nobody has. */
static struct entry *new_closed(struct work *work, struct document *document, struct key *key)
{
    struct entry *entry = entries_at(&work->entries, key_text(key));
    for (int try = 0; entry != NULL && entry->value.bytes != NULL && try < CLOSE_TRIES; try++) {
        key->bytes[key->length - 1]++;
        entry = entries_at(&work->entries, key_text(key));
    }
    if (entry == NULL)
        work_run_out(work);
    else
        document_own(document, entry);
    return entry;
}

static void close_piece(struct work *work, struct document *into, const struct entry *recent)
{
    struct key key;
    if (piece_count(recent) == 0)
        return;
    struct piece_id first = piece_first(recent);
    key_ids(&key, into->id, first.received_ms, first.hash);
    struct entry *closed = new_closed(work, into, &key);
    if (closed != NULL)
        piece_close(&work->entries, closed, recent);
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
    struct entry *recent = known->recent;
    if (count_current(work, recent) <= PIECE_IDS / 2) {
        piece_renew(&work->entries, recent, oldest_ms(work));
        if (piece_add(&work->entries, recent, id))
            return;
    }
    learn_piece(work, known, recent);
    close_piece(work, document, recent);
    piece_note_closed(&work->entries, recent, piece_newest_ms(recent->value));
    piece_renew(&work->entries, recent, INT64_MAX);
    if (!piece_add(&work->entries, recent, id))
        work_run_out(work);
}

void known_add(struct work *work, struct document *document, struct text event_id, int64_t received_ms)
{
    struct known *known = known_of(work, document);
    struct piece_id id = {hash_of(event_id), customer_bound_time(received_ms)};
    if (known == NULL || (known->places != NULL && !make_room(work, known, 1))) {
        work_run_out(work);
        return;
    }
    if (known->places != NULL)
        put(known, id.hash);
    if (!piece_add(&work->entries, known->recent, &id))
        make_place(work, document, known, &id);
}

/* ---- Moving ---- */

static void move_closed(struct work *work, struct document *into, const struct entry *piece)
{
    struct key key;
    key_ids_of(&key, into->id, piece->key);
    struct entry *moved = new_closed(work, into, &key);
    char *bytes = moved == NULL ? NULL : entries_put(&work->entries, moved, piece->value.length);
    if (bytes != NULL)
        memcpy(bytes, piece->value.bytes, piece->value.length);
}

void known_move(struct work *work, struct document *into, struct entry *piece)
{
    struct known *known = known_of(work, into);
    if (known == NULL)
        return;
    learn_piece(work, known, piece);
    if (piece_is_closed(piece))
        move_closed(work, into, piece);
    else
        close_piece(work, into, piece);
    piece_note_closed(&work->entries, known->recent, piece_newest_ms(piece->value));
    entries_delete(piece);
}
