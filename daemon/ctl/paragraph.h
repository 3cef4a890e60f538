/* Text that is broken between words where the terminal ends. */
#ifndef SENDA_CTL_PARAGRAPH_H
#define SENDA_CTL_PARAGRAPH_H

#include "ctl/print.h"

struct paragraph {
    const struct print *print; /* where to; borrowed */
    size_t width;              /* columns of a line; 0: lines are as long as their text */
    size_t indent;             /* blanks in front of each line but the first */
    size_t column;             /* where the next character comes to stand */
    size_t blanks;             /* at the end of what was added, until a word follows */
};

/* Columns of the terminal behind `file`; 0 where it is none. */
size_t paragraph_terminal_width(FILE *file);

/* Begins a paragraph on an empty line: `label`, which may be "", and blanks up to column `indent`, where
 * later lines begin as well. */
void paragraph_begin(struct paragraph *paragraph, const struct print *print, size_t width, size_t indent,
                     const char *label);

/* Adds text in a style; blanks are where a line may end. */
void paragraph_add(struct paragraph *paragraph, enum print_style style, const char *text);

/* Ends the last line. */
void paragraph_end(struct paragraph *paragraph);

#endif
