/* The hash table behind names. */
#include "catalogue/symbols.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

bool symbols_create(struct symbols *symbols, struct arena *arena, uint32_t count)
{
    uint32_t places = 8;
    while (places < UINT32_MAX / 4 && places < count * 2)
        places *= 2;
    symbols->places = arena_allocate_zeroed(arena, places, sizeof *symbols->places);
    symbols->mask = places - 1;
    return symbols->places != NULL;
}

/* Its lower half says where a name belongs, the upper half is kept beside it. */
static uint64_t hash_of(struct text name)
{
    return XXH3_64bits(name.bytes, name.length);
}

static bool is_at(const struct symbol *symbol, struct text name, uint32_t mark)
{
    return symbol->mark == mark && text_equal(symbol->name, name);
}

static struct symbol *find_place(const struct symbols *symbols, struct text name, uint64_t hash)
{
    uint32_t place = (uint32_t)hash & symbols->mask;
    while (symbols->places[place].name.bytes != NULL &&
           !is_at(&symbols->places[place], name, (uint32_t)(hash >> 32)))
        place = (place + 1) & symbols->mask;
    return &symbols->places[place];
}

void symbols_add(struct symbols *symbols, struct text name, uint32_t number)
{
    uint64_t hash = hash_of(name);
    struct symbol *symbol = find_place(symbols, name, hash);
    if (symbol->name.bytes == NULL)
        *symbol = (struct symbol){name, number, (uint32_t)(hash >> 32)};
}

uint32_t symbols_find(const struct symbols *symbols, struct text name)
{
    if (symbols->places == NULL)
        return UINT32_MAX;
    const struct symbol *symbol = find_place(symbols, name, hash_of(name));
    return symbol->name.bytes == NULL ? UINT32_MAX : symbol->number;
}

struct walk {
    const struct symbols *symbols;
    uint32_t place;
};

static bool next_name(void *context, struct text *candidate)
{
    struct walk *walk = context;
    while (walk->place <= walk->symbols->mask) {
        *candidate = walk->symbols->places[walk->place++].name;
        if (candidate->bytes != NULL)
            return true;
    }
    return false;
}

static struct text nearest_name(const struct symbols *symbols, struct text name)
{
    struct walk walk = {symbols, 0};
    if (symbols->places == NULL)
        return (struct text){NULL, 0};
    return text_nearest(name, (struct text_candidates){next_name, &walk});
}

bool symbols_refuse(const struct symbols *symbols, const char *field, const char *what, struct text name,
                    struct error *error)
{
    char shown[80];
    struct text nearest = nearest_name(symbols, name);
    text_escape(name, shown, sizeof shown);
    if (nearest.length > 0)
        return error_set(error, ERROR_INVALID, "%s: no %s '%s'; did you mean '%.*s'?", field, what, shown,
                         (int)nearest.length, nearest.bytes);
    return error_set(error, ERROR_INVALID, "%s: no %s '%s'", field, what, shown);
}
