/*
 * Comma-separated values by RFC 4180, as spreadsheets write them: also with semicolons, a byte order mark,
 * and either kind of line end.
 */
#ifndef SENDA_CATALOGUE_CSV_H
#define SENDA_CATALOGUE_CSV_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum { CSV_MOST_CELLS = 200 }; /* in one row */

struct csv_reader {
    struct text rest;    /* not yet read; borrowed */
    uint32_t line;       /* of the next byte, from 1 */
    char separator;      /* ',' or ';' */
    struct arena *arena; /* for cells that had doubled quotes; borrowed */
};

struct csv_row {
    struct text cells[CSV_MOST_CELLS]; /* unquoted */
    uint32_t count;
    uint32_t line; /* of the row's first byte */
};

enum csv_status { CSV_ROW, CSV_END, CSV_BROKEN };

/* The separator is what the first line has more of. */
void csv_open(struct csv_reader *reader, struct text text, struct arena *arena);

/* The next row. CSV_BROKEN: `error` says what, `reader->line` where. */
enum csv_status csv_next(struct csv_reader *reader, struct csv_row *row, struct error *error);

#endif
