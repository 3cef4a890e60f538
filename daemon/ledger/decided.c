/* Packing the offers of a decision, and its place. */
#include "ledger/decided.h"

#include <endian.h>
#include <string.h>

enum { NAME_MOST = 255 }; /* bytes of a name, far more than events can name */

static size_t length_of(struct text name)
{
    return name.length < NAME_MOST ? name.length : NAME_MOST;
}

size_t decided_size(const struct record *record)
{
    size_t size = sizeof(uint64_t);
    for (uint32_t i = 0; i < record->item_count; i++)
        size += 1 + length_of(record->items[i].offer);
    return size + 1 + 1 + length_of(record->journey) + 1 + length_of(record->stage) + 1 +
           length_of(record->placement);
}

/* Returns where to go on. */
static char *put_name(char *out, struct text name)
{
    size_t length = length_of(name);
    *out++ = (char)length;
    if (length > 0)
        memcpy(out, name.bytes, length);
    return out + length;
}

void decided_write(const struct record *record, uint64_t owner, char *out)
{
    uint64_t big = htobe64(owner);
    memcpy(out, &big, sizeof big);
    out += sizeof big;
    for (uint32_t i = 0; i < record->item_count; i++)
        out = put_name(out, record->items[i].offer);
    out = put_name(out, (struct text){NULL, 0});
    out = put_name(out, record->journey);
    out = put_name(out, record->stage);
    put_name(out, record->placement);
}

/* Takes the first name out. */
static struct text take_name(struct text *names)
{
    size_t length = (unsigned char)names->bytes[0];
    if (length > names->length - 1)
        length = names->length - 1;
    struct text name = {names->bytes + 1, length};
    *names = (struct text){name.bytes + length, names->length - 1 - length};
    return name;
}

/* What stands behind the zero byte, all of it or nothing. */
static void read_place(struct decided *decided, struct text names)
{
    struct text place[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < 3; i++) {
        if (names.length == 0)
            return;
        place[i] = take_name(&names);
    }
    decided->journey = place[0];
    decided->stage = place[1];
    decided->placement = place[2];
}

static void read_names(struct decided *decided, struct text names)
{
    const char *first = names.bytes, *end = first;
    while (names.length > 0 && take_name(&names).length > 0)
        end = names.bytes;
    if (end > first)
        decided->offers = (struct text){first, (size_t)(end - first)};
    read_place(decided, names);
}

struct decided decided_read(struct text value)
{
    struct decided decided = {.owner = 0};
    uint64_t big;
    if (value.length < sizeof big)
        return decided;
    memcpy(&big, value.bytes, sizeof big);
    decided.owner = be64toh(big);
    read_names(&decided, (struct text){value.bytes + sizeof big, value.length - sizeof big});
    return decided;
}

bool decided_next(struct text *offers, struct text *offer)
{
    if (offers->length == 0)
        return false;
    *offer = take_name(offers);
    return true;
}

bool decided_has(const struct decided *decided, struct text offer)
{
    struct text offers = decided->offers, other;
    while (decided_next(&offers, &other))
        if (text_equal(other, offer))
            return true;
    return false;
}
