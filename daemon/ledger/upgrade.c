/* From format 1 to format 2. */
#include "ledger/upgrade.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/keys.h"
#include "ledger/known_piece.h"
#include "store/limits.h"

enum {
    ENTRIES_A_STEP = 4096, /* that are looked at before what was found is written */
    WRITES_EACH = 3,       /* at most, of a piece: the old key, the new one, and the recent piece's */
    ARENA_BLOCK = 256 * 1024,
};

struct upgrade {
    struct store *store; /* borrowed */
    struct arena arena;  /* what one step found */
    struct key from;     /* where the walk goes on; no bytes: at the first */
    size_t seen;         /* entries in this step */
    struct store_write writes[ENTRIES_A_STEP * WRITES_EACH];
    size_t write_count;
    struct key recent;  /* of the customer at hand; no bytes: there was none yet */
    int64_t newest_ms;  /* when the newest of that customer's ids came, as far as pieces were seen */
    uint64_t moved;     /* pieces so far */
    struct error error; /* code ERROR_NONE: none */
};

static bool run_out(struct upgrade *upgrade)
{
    error_set(&upgrade->error, ERROR_UNAVAILABLE, "out of memory");
    return false;
}

/* The value has to last; no bytes delete the key. */
static bool add_write(struct upgrade *upgrade, struct text key, struct text value)
{
    char *bytes = arena_copy(&upgrade->arena, key.bytes, key.length);
    if (bytes == NULL)
        return run_out(upgrade);
    upgrade->writes[upgrade->write_count++] = (struct store_write){{bytes, key.length}, value};
    return true;
}

/* Keys ascend: a customer's recent piece, if an interrupted upgrade left one, then those of format 1. */
static void meet(struct upgrade *upgrade, struct text id, struct text value, bool recent)
{
    struct key key;
    key_recent(&key, id);
    if (!text_equal(key_text(&key), key_text(&upgrade->recent)))
        upgrade->newest_ms = 0;
    upgrade->recent = key;
    int64_t newest_ms = recent ? piece_closed_ms(value) : piece_newest_ms(value);
    upgrade->newest_ms = newest_ms > upgrade->newest_ms ? newest_ms : upgrade->newest_ms;
}

static bool move_piece(struct upgrade *upgrade, struct text key, struct text id, struct text value)
{
    struct key moved;
    char *bytes = arena_copy(&upgrade->arena, value.bytes, value.length);
    char *head = arena_allocate(&upgrade->arena, PIECE_HEAD);
    if (bytes == NULL || head == NULL)
        return run_out(upgrade);
    piece_write_head(head, upgrade->newest_ms);
    key_ids_of(&moved, id, key);
    upgrade->moved++;
    return add_write(upgrade, key, (struct text){NULL, 0}) &&
           add_write(upgrade, key_text(&moved), (struct text){bytes, value.length}) &&
           add_write(upgrade, key_text(&upgrade->recent), (struct text){head, PIECE_HEAD});
}

static void go_on_behind(struct upgrade *upgrade, struct text key)
{
    memcpy(upgrade->from.bytes, key.bytes, key.length);
    upgrade->from.bytes[key.length] = 0;
    upgrade->from.length = key.length + 1;
}

static bool entry_cb(void *context, struct text key, struct text value)
{
    struct upgrade *upgrade = context;
    struct text id;
    char part;
    upgrade->seen++;
    if (key.length >= sizeof upgrade->from.bytes)
        return true;
    go_on_behind(upgrade, key);
    if (!key_read_customer(key, &id, &part) || part != KEY_EVENT || id.length == 0)
        return true;
    struct key recent;
    key_recent(&recent, id);
    bool is_recent = text_equal(key, key_text(&recent));
    meet(upgrade, id, value, is_recent);
    return is_recent || move_piece(upgrade, key, id, value);
}

static void done_cb(void *context, const struct error *error)
{
    struct upgrade *upgrade = context;
    if (error != NULL)
        upgrade->error = *error;
}

static bool is_well(const struct upgrade *upgrade)
{
    return upgrade->error.code == ERROR_NONE;
}

/* False where it was the last one, or failed. */
static bool step(struct upgrade *upgrade)
{
    struct key prefix;
    struct text from = upgrade->from.length == 0 ? (struct text){NULL, 0} : key_text(&upgrade->from);
    key_range(&prefix, KEY_CUSTOMER);
    arena_clear(&upgrade->arena);
    upgrade->seen = upgrade->write_count = 0;
    store_scan(upgrade->store, from, key_text(&prefix), ENTRIES_A_STEP, entry_cb, done_cb, upgrade);
    if (is_well(upgrade) && upgrade->write_count > 0)
        store_write(upgrade->store, upgrade->writes, upgrade->write_count, done_cb, upgrade);
    return is_well(upgrade) && upgrade->seen == ENTRIES_A_STEP;
}

static void write_format(struct upgrade *upgrade)
{
    char format[STORE_FORMAT_SIZE];
    limits_encode_format(format);
    struct store_write write = {STORE_FORMAT_KEY, {format, sizeof format}};
    store_write(upgrade->store, &write, 1, done_cb, upgrade);
}

static bool run(struct upgrade *upgrade, struct store *store, uint64_t *moved, struct error *error)
{
    upgrade->store = store;
    arena_create(&upgrade->arena, ARENA_BLOCK);
    while (step(upgrade))
        ;
    if (is_well(upgrade))
        write_format(upgrade);
    arena_destroy(&upgrade->arena);
    *moved = upgrade->moved;
    if (!is_well(upgrade) && error != NULL)
        *error = upgrade->error;
    return is_well(upgrade);
}

struct format {
    uint32_t number;
    struct error error; /* code ERROR_NONE: it could be read */
};

static void format_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct format *format = context;
    (void)count;
    if (error != NULL)
        format->error = *error;
    else
        format->number = limits_decode_format(values[0]);
}

bool upgrade_store(struct store *store, uint64_t *moved, struct error *error)
{
    struct format format = {.number = 0};
    struct text key = STORE_FORMAT_KEY;
    *moved = 0;
    store_read(store, &key, 1, format_cb, &format);
    if (format.error.code != ERROR_NONE && error != NULL)
        *error = format.error;
    if (format.error.code != ERROR_NONE || format.number == STORE_FORMAT)
        return format.error.code == ERROR_NONE;
    struct upgrade *upgrade = calloc(1, sizeof *upgrade);
    if (upgrade == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "out of memory");
    bool upgraded = run(upgrade, store, moved, error);
    free(upgrade);
    return upgraded;
}
