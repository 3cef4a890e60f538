/* Encoding what an offer always says. */
#include "catalogue/item.h"

#include "wire/reply.h"

static bool encode_in(struct snapshot *snapshot, const struct offer *offer, uint32_t locale, struct text *out)
{
    struct buffer buffer;
    buffer_create(&buffer);
    reply_word(&buffer, "offer");
    reply_text(&buffer, offer->id);
    reply_word(&buffer, "kind");
    reply_text(&buffer, snapshot->kinds[offer->kind].name);
    reply_word(&buffer, "title");
    reply_text(&buffer, offer->titles.by_locale[locale]);
    reply_word(&buffer, "url");
    uint32_t fallback =
        snapshot->journey_count > 0 ? snapshot->journeys[snapshot->default_journey].locale : 0;
    reply_text_or_nil(&buffer, localized_get(offer->urls, locale, fallback));
    reply_word(&buffer, "data");
    buffer_append(&buffer, offer->data.bytes, offer->data.length);
    const char *copy = buffer.failed ? NULL : arena_copy(&snapshot->arena, buffer.bytes, buffer.length);
    *out = (struct text){copy, buffer.length};
    buffer_destroy(&buffer);
    return copy != NULL;
}

bool item_encode(struct snapshot *snapshot, struct offer *offer)
{
    struct text *items = arena_allocate_zeroed(&snapshot->arena, snapshot->locale_count, sizeof *items);
    if (items == NULL)
        return false;
    for (uint32_t locale = 0; locale < snapshot->locale_count; locale++) {
        if (offer->titles.by_locale == NULL || offer->titles.by_locale[locale].bytes == NULL)
            continue;
        if (!encode_in(snapshot, offer, locale, &items[locale]))
            return false;
    }
    offer->items = items;
    return true;
}

uint32_t item_locale(const struct offer *offer, uint32_t asked, uint32_t otherwise)
{
    if (offer->items[asked].bytes != NULL)
        return asked;
    return offer->items[otherwise].bytes != NULL ? otherwise : SNAPSHOT_NONE;
}
