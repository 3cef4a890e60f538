/* Resolving names; see names.h. */
#include "flow/names.h"

#include <stdio.h>

/* "field: no <what> 'heroo'; did you mean 'hero'?" */
static bool unknown_name(const char *field, const char *what, struct text name, const struct symbols *symbols,
                         struct error *error)
{
    char shown[80];
    struct text nearest = symbols_nearest(symbols, name);
    text_escape(name, shown, sizeof shown);
    if (nearest.length > 0)
        return error_set(error, ERROR_INVALID, "%s: no %s '%s'; did you mean '%.*s'?", field, what, shown,
                         (int)nearest.length, nearest.bytes);
    return error_set(error, ERROR_INVALID, "%s: no %s '%s'", field, what, shown);
}

bool names_find(const char *field, struct text name, const struct symbols *symbols, uint32_t *number,
                struct error *error)
{
    *number = symbols_find(symbols, name);
    return *number != SNAPSHOT_NONE || unknown_name(field, field, name, symbols, error);
}

bool names_find_stage(const struct snapshot *snapshot, uint32_t journey, struct text name, uint32_t *stage,
                      struct error *error)
{
    const struct symbols *names = &snapshot->stage_names[journey];
    char what[80];
    *stage = symbols_find(names, name);
    if (*stage != SNAPSHOT_NONE)
        return true;
    snprintf(what, sizeof what, "stage of journey '%s' called", snapshot->journeys[journey].name.bytes);
    return unknown_name("stage", what, name, names, error);
}
