/* Spans of time as authors write them in functions: "30s", "15m", "12h", "7d", "2w". */
#ifndef SENDA_SCRIPT_DURATION_H
#define SENDA_SCRIPT_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { DURATION_GUESS = 16 }; /* bytes of the longest guess, its NUL included */

/* Takes what scripts/lib/duration.lua takes: one second to ten years. */
bool duration_parse(struct text text, uint32_t *seconds);

/* How a wrong text may have been meant ("7 days" → "7d"); false where that cannot be told. */
bool duration_guess(struct text text, char guess[DURATION_GUESS]);

#endif
