/* Packing the offers of a decision. */
#include "ledger/decided.h"

#include <endian.h>
#include <string.h>

enum { OFFER_MOST = 255 }; /* bytes of an id, far more than events can name */

static size_t length_of(const struct record_item *item)
{
    return item->offer.length < OFFER_MOST ? item->offer.length : OFFER_MOST;
}

size_t decided_size(const struct record *record)
{
    size_t size = sizeof(uint64_t);
    for (uint32_t i = 0; i < record->item_count; i++)
        size += 1 + length_of(&record->items[i]);
    return size;
}

void decided_write(const struct record *record, uint64_t owner, char *out)
{
    uint64_t big = htobe64(owner);
    memcpy(out, &big, sizeof big);
    out += sizeof big;
    for (uint32_t i = 0; i < record->item_count; i++) {
        size_t length = length_of(&record->items[i]);
        *out++ = (char)length;
        if (length > 0)
            memcpy(out, record->items[i].offer.bytes, length);
        out += length;
    }
}

struct decided decided_read(struct text value)
{
    struct decided decided = {0, {NULL, 0}};
    uint64_t big;
    if (value.length < sizeof big)
        return decided;
    memcpy(&big, value.bytes, sizeof big);
    decided.owner = be64toh(big);
    if (value.length > sizeof big)
        decided.offers = (struct text){value.bytes + sizeof big, value.length - sizeof big};
    return decided;
}

bool decided_next(struct text *offers, struct text *offer)
{
    if (offers->length == 0)
        return false;
    size_t length = (unsigned char)offers->bytes[0];
    if (length > offers->length - 1)
        length = offers->length - 1;
    *offer = (struct text){offers->bytes + 1, length};
    *offers = (struct text){offers->bytes + 1 + length, offers->length - 1 - length};
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
