/* Making a snapshot, and finding things in it by name. */
#include "catalogue/snapshot.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BLOCK = 64 * 1024 };

struct snapshot *snapshot_new(void)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot != NULL)
        arena_create(&snapshot->arena, ARENA_BLOCK);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    arena_destroy(&snapshot->arena);
    free(snapshot);
}

void snapshot_limit_memory(struct snapshot *snapshot, size_t bytes)
{
    arena_limit(&snapshot->arena, bytes);
}

/* Says which numbers make a site as large as that. */
static void add_too_large(const struct snapshot *snapshot, struct problems *problems)
{
    char message[256];
    size_t mib = snapshot->arena.most / (1024 * 1024);
    struct problem problem = {.message = {message, 0}};
    if (snapshot->indexed) {
        snprintf(
            message, sizeof message,
            "the site is too large: for each placement and stage there is a list of the offers that fit, "
            "placements (%u) × stages (%u) × offers (%u), and that takes more than %zu MiB",
            snapshot->placement_count, snapshot->stage_count, snapshot->offer_count, mib);
        problem.hint = TEXT(
            "these numbers multiply: take out placements or stages that nobody needs, or write in "
            "`placements` and `stages` of an offer where it fits; whoever runs senda may raise load_memory");
    } else {
        snprintf(
            message, sizeof message,
            "the site is too large: what an offer says is kept for each language, offers (%u) × languages "
            "(%u), and that takes more than %zu MiB with all the rest",
            snapshot->offer_count, snapshot->locale_count, mib);
        problem.hint =
            TEXT("take out offers or languages that nobody needs, or shorten what offers say, most of "
                 "all their `data`; whoever runs senda may raise load_memory");
    }
    problem.message.length = strlen(message);
    problems_add(problems, &problem);
}

void snapshot_refuse(const struct snapshot *snapshot, const char *message, struct problems *problems)
{
    if (snapshot->arena.full)
        add_too_large(snapshot, problems);
    else
        problems_add(problems, &(struct problem){.message = text_from(message)});
}

/* Tags have no case (RFC 5646), and operating systems write them with another sign between the parts. */
static char tag_sign(char byte)
{
    if (byte == '_')
        return '-';
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_same_tag(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (tag_sign(a.bytes[i]) != tag_sign(b.bytes[i]))
            return false;
    return true;
}

static uint32_t find_exact_locale(const struct snapshot *snapshot, struct text tag)
{
    for (uint32_t i = 0; i < snapshot->locale_count; i++)
        if (is_same_tag(snapshot->locales[i], tag))
            return i;
    return SNAPSHOT_NONE;
}

uint32_t snapshot_find_locale(const struct snapshot *snapshot, struct text tag)
{
    uint32_t exact = find_exact_locale(snapshot, tag);
    if (exact != SNAPSHOT_NONE)
        return exact;
    for (size_t length = 0; length < tag.length; length++)
        if (tag.bytes[length] == '-' || tag.bytes[length] == '_')
            return find_exact_locale(snapshot, (struct text){tag.bytes, length});
    return SNAPSHOT_NONE;
}

struct text localized_get(struct localized localized, uint32_t locale, uint32_t otherwise)
{
    if (localized.by_locale == NULL)
        return (struct text){NULL, 0};
    if (localized.by_locale[locale].bytes != NULL)
        return localized.by_locale[locale];
    return localized.by_locale[otherwise];
}

bool number_list_takes(const struct number_list *list, uint32_t number)
{
    if (!list->restricts)
        return true;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->numbers[i] == number)
            return true;
    return false;
}
