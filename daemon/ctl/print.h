/* Plain text for people: colour where it is wanted, values as words, tables whose columns line up. */
#ifndef SENDA_CTL_PRINT_H
#define SENDA_CTL_PRINT_H

#include "senda/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum print_style { PRINT_PLAIN, PRINT_BOLD, PRINT_DIM, PRINT_GOOD, PRINT_BAD };

struct print {
    FILE *file;  /* where to; borrowed */
    bool colour; /* styles are shown */
};

/* Colour is for terminals that are not dumb, unless NO_COLOR is set. */
struct print print_to(FILE *file);

/* Writes text in a style; control bytes in it are escaped, as somebody else may have chosen them. */
void print_styled(const struct print *print, enum print_style style, const char *text);

/*
 * A value as words in `out` (returned): text with control bytes escaped, numbers short, a list's items joined
 * by
 * "; ", nil as "-", maps as JSON. Cut with "…" where it would not fit.
 */
const char *print_words(const senda_value *value, char *out, size_t size);

/* Columns that a UTF-8 text takes on a terminal; what sets colours takes none. */
size_t print_width(const char *text);

enum { PRINT_COLUMNS = 8 }; /* most columns of a table */

struct print_table {
    char *(*rows)[PRINT_COLUMNS];      /* owned, and the cells; the first row is the heading */
    enum print_style *styles;          /* owned; one for each row */
    size_t count;                      /* rows */
    size_t columns;                    /* columns used */
    bool right_aligned[PRINT_COLUMNS]; /* for numbers */
    bool coloured[PRINT_COLUMNS];      /* the cells set colours of ours; those of other columns are escaped */
    size_t width; /* columns of a line, beyond which the last cell goes on below itself; 0: no end */
};

void print_table_create(struct print_table *table, size_t columns);
void print_table_destroy(struct print_table *table);

/* Copies `cells` (as many as there are columns). False: no memory. */
bool print_table_add(struct print_table *table, enum print_style style, const char *const *cells);

/* Columns that one column takes, and all of them with the gaps between them. */
size_t print_table_column(const struct print_table *table, size_t column);
size_t print_table_columns(const struct print_table *table);

/* Prints all rows, `indent` blanks in front; the last column is not padded. */
void print_table_write(const struct print_table *table, const struct print *print, unsigned indent);

/* Any value as an indented outline of names and values. */
void print_outline(const struct print *print, const senda_value *value, unsigned indent);

#endif
