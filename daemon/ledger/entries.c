/* A hash table of keys with their values, and the lists that go through it. */
#include "ledger/entries.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_ROOM = 4096, FIRST_WANTED = 1024 };

void entries_create(struct entries *entries, struct arena *arena)
{
    *entries = (struct entries){.arena = arena};
}

void entries_destroy(struct entries *entries)
{
    free(entries->places);
    free(entries->wanted);
}

void entries_clear(struct entries *entries)
{
    if (entries->count > 0)
        memset(entries->places, 0, entries->room * sizeof *entries->places);
    entries->count = 0;
    entries->first = entries->last = NULL;
    entries->wanted_count = 0;
    entries->failed = false;
}

/* The entry's place, or the free one where it would be. */
static struct entry **find_place(struct entry **places, size_t room, struct text key, uint64_t hash)
{
    size_t place = hash & (room - 1);
    while (places[place] != NULL && (places[place]->hash != hash || !text_equal(places[place]->key, key)))
        place = (place + 1) & (room - 1);
    return &places[place];
}

static bool grow(struct entries *entries)
{
    size_t room = entries->room == 0 ? FIRST_ROOM : entries->room * 2;
    struct entry **places = calloc(room, sizeof(struct entry *));
    if (places == NULL)
        return false;
    for (struct entry *entry = entries->first; entry != NULL; entry = entry->next)
        *find_place(places, room, entry->key, entry->hash) = entry;
    free(entries->places);
    entries->places = places;
    entries->room = room;
    return true;
}

static struct entry *make_entry(struct entries *entries, struct text key, uint64_t hash)
{
    struct entry *entry = arena_allocate(entries->arena, sizeof *entry);
    char *bytes = arena_copy(entries->arena, key.bytes, key.length);
    if (entry == NULL || bytes == NULL)
        return NULL;
    *entry = (struct entry){.key = {bytes, key.length}, .hash = hash};
    if (entries->last == NULL)
        entries->first = entry;
    else
        entries->last->next = entry;
    entries->last = entry;
    entries->count++;
    return entry;
}

struct entry *entries_at(struct entries *entries, struct text key)
{
    if (entries->count * 2 >= entries->room && !grow(entries)) {
        entries->failed = true;
        return NULL;
    }
    uint64_t hash = XXH3_64bits(key.bytes, key.length);
    struct entry **place = find_place(entries->places, entries->room, key, hash);
    if (*place == NULL)
        *place = make_entry(entries, key, hash);
    if (*place == NULL)
        entries->failed = true;
    return *place;
}

static bool add_wanted(struct entries *entries, struct entry *entry)
{
    if (entries->wanted_count == entries->wanted_room) {
        size_t room = entries->wanted_room == 0 ? FIRST_WANTED : entries->wanted_room * 2;
        struct entry **wanted = realloc(entries->wanted, room * sizeof(struct entry *));
        if (wanted == NULL)
            return false;
        entries->wanted = wanted;
        entries->wanted_room = room;
    }
    entries->wanted[entries->wanted_count++] = entry;
    return true;
}

struct entry *entries_want(struct entries *entries, struct text key)
{
    struct entry *entry = entries_at(entries, key);
    if (entry == NULL || entry->known || entry->wanted)
        return entry;
    entry->wanted = add_wanted(entries, entry);
    if (!entry->wanted)
        entries->failed = true;
    return entry;
}

bool entries_learn(struct entries *entries, struct entry *entry, struct text value)
{
    if (entry->known)
        return true;
    if (value.bytes != NULL) {
        char *bytes = arena_copy(entries->arena, value.bytes, value.length);
        if (bytes == NULL)
            return !(entries->failed = true);
        entry->value = (struct text){bytes, value.length};
    }
    entry->known = true;
    return true;
}

void entries_put_borrowed(struct entry *entry, struct text value)
{
    entry->value = value;
    entry->known = entry->changed = true;
    entry->roomy = false;
}

char *entries_put(struct entries *entries, struct entry *entry, size_t length)
{
    char *bytes = entry == NULL ? NULL : arena_allocate(entries->arena, length);
    if (bytes == NULL)
        entries->failed = true;
    else
        entries_put_borrowed(entry, (struct text){bytes, length});
    return bytes;
}

void entries_put_number(struct entries *entries, struct entry *entry, uint64_t number)
{
    uint64_t big = htobe64(number);
    char *bytes = entries_put(entries, entry, sizeof big);
    if (bytes != NULL)
        memcpy(bytes, &big, sizeof big);
}

void entries_delete(struct entry *entry)
{
    if (entry != NULL)
        entries_put_borrowed(entry, (struct text){NULL, 0});
}

uint64_t entry_number(const struct entry *entry, uint64_t otherwise)
{
    uint64_t big;
    if (entry->value.length != sizeof big)
        return otherwise;
    memcpy(&big, entry->value.bytes, sizeof big);
    return be64toh(big);
}
