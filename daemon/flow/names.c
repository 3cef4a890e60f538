/* Resolving names; see names.h. */
#include "flow/names.h"

#include <stdio.h>

bool names_find(const char *field, struct text name, const struct symbols *symbols, uint32_t *number,
                struct error *error)
{
    *number = symbols_find(symbols, name);
    return *number != SNAPSHOT_NONE || symbols_refuse(symbols, field, field, name, error);
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
    return symbols_refuse(names, "stage", what, name, error);
}
