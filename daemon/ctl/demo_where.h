/* Where things are: the programs, the sample site, and the line of a site's file that declares an offer. */
#ifndef SENDA_CTL_DEMO_WHERE_H
#define SENDA_CTL_DEMO_WHERE_H

#include "base/text.h"
#include "catalogue/bundle.h"

#include <limits.h>
#include <stdbool.h>

struct demo_path {
    char text[PATH_MAX]; /* NUL-terminated */
};

/* This program's file. */
struct demo_path demo_where_self(void);

/* The sendad beside this program; else its name alone, for PATH. */
struct demo_path demo_where_sendad(void);

/* The folder of the sample shop: of the source tree that this program was built in, or where it is installed.
 * "" where it is nowhere. */
struct demo_path demo_where_shop(void);

/* As one would type it here: without what the current folder has in front. */
struct demo_path demo_where_short(const char *path);

struct demo_line {
    struct text file; /* below the site's folder; borrowed from the bundle */
    unsigned line;    /* from 1 */
};

/* Where the offer is declared; false where it is written in a way that is not looked for. */
bool demo_where_offer(const struct bundle *bundle, const char *offer, struct demo_line *where);

#endif
