/* A journey as a person looks at it: a bar for each stage, and the offers that did best there. */
#ifndef SENDA_CTL_MAP_VIEW_H
#define SENDA_CTL_MAP_VIEW_H

#include "ctl/print.h"

struct map_view {
    const char *locale; /* of names: es, es-MX, es_ES.UTF-8; "": the site's own names; borrowed */
    size_t offers;      /* to be shown of each stage */
    size_t width;       /* columns of a line; 0: lines may be as long as they like */
};

/* `map` is what journey.map answered. */
void map_view_write(const struct print *print, const struct map_view *view, const senda_value *map);

/* The environment's language, as setlocale would find it; "": none. */
const char *map_view_own_locale(void);

#endif
