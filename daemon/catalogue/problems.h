/* What is wrong with a site: every problem at once, each with its place, what was expected and the nearest
 * name. */
#ifndef SENDA_CATALOGUE_PROBLEMS_H
#define SENDA_CATALOGUE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

struct problem {
    bool warning;          /* does not stop the site from being loaded */
    struct text file;      /* path below the site's folder; no bytes: the site as a whole */
    uint32_t line, column; /* from 1, the column in bytes; 0: unknown */
    struct text source;    /* that source line; may have no bytes */
    struct text message;   /* what is wrong, in a whole sentence with the nearest name */
    struct text expected;  /* what would be right; may have no bytes */
    struct text nearest;   /* that name alone, for programs; may have no bytes */
    struct text hint;      /* how to mend it; may have no bytes */
};

/* In order of being found; everything is in the arena. */
struct problems {
    struct arena arena;
    struct problem *list; /* in the arena */
    size_t count, capacity;
    size_t errors, warnings; /* of each kind that were found, also what the list had no memory for */
    bool failed;             /* memory ran out: the list is not whole */
};

void problems_create(struct problems *problems);
void problems_destroy(struct problems *problems);

/* Copies the problem's texts. */
void problems_add(struct problems *problems, const struct problem *problem);

/*
 * Appends every problem as a person reads it, in UTF-8 whatever bytes the files hold:
 *   offers/spring.lua:12:3: error: unknown field 'tittle'; did you mean 'title'?
 *       12 |   tittle = "…",
 *          |   ^
 *          expected: … (where the message does not say it)
 *          hint: …
 */
void problems_print(const struct problems *problems, struct buffer *out);

/* The same, all errors in front of all warnings: for whoever asks why a site was refused. */
void problems_print_errors_first(const struct problems *problems, struct buffer *out);

#endif
