/* Which offers an answer names: what must be equal across systems before their speed is worth comparing. */
#ifndef SENDA_BENCH_ANSWERS_H
#define SENDA_BENCH_ANSWERS_H

#include <stdio.h>

#include "mix.h"
#include "protocol.h"

/* Asks for the first `count` requests of the mix, one after the other, and writes a line for each: the offers
 * answered, best first. Ends the program with a message where a reply is no success. */
void answers_write(FILE *out, int fd, const struct protocol *protocol, const char *script,
                   const struct mix *mix, size_t count);

#endif
