/* What is wrong with a configuration: every problem, a line each, in the order of being found. */
#ifndef SENDA_CONFIG_FAULTS_H
#define SENDA_CONFIG_FAULTS_H

#include <stddef.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"

struct faults {
    struct buffer lines; /* each ends with a newline; a NUL that does not count is behind the last */
    size_t count;        /* how many; more than there are lines where memory was out */
};

void faults_create(struct faults *faults);
void faults_destroy(struct faults *faults);

/*
 * Adds a problem, unless the same is there already; of very many only the first are kept. Returns false, so
 * that a caller can `return faults_add(…)`.
 */
bool faults_add(struct faults *faults, const struct error *error);

/* Every line; empty where there is none. */
const char *faults_text(const struct faults *faults);

/* Writes every line with that text in front of each. */
void faults_print(const struct faults *faults, const char *before, FILE *out);

#endif
