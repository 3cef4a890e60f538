/* Stores asked and answered in one call, for tests. */
#ifndef SENDA_TESTS_STORE_ASKING_BUILDER_H
#define SENDA_TESTS_STORE_ASKING_BUILDER_H

#include "base/buffer.h"
#include "store/store.h"

/* One batch; false with its error if it was refused. Fails the test if there isn't exactly one outcome. */
bool asking_write(struct store *store, const struct store_write *writes, size_t count, struct error *error);

/* One write of its own, which has to succeed. */
void asking_put(struct store *store, struct text key, struct text value);
void asking_delete(struct store *store, struct text key);

/* A copy of the value, to be destroyed; false if the key is missing. The read has to succeed. */
bool asking_get(struct store *store, struct text key, struct buffer *value);

/* Whether the key has just that value (no bytes: it is missing). */
bool asking_finds(struct store *store, struct text key, struct text value);

/* False with the error if the key can't be read. */
bool asking_can_read(struct store *store, struct text key, struct error *error);

/*
 * What a scan finds, one after the other as lengths and bytes, appended to `out`; returns the number of
 * entries. It has to succeed.
 */
size_t asking_scan(struct store *store, struct text from, struct text prefix, size_t most,
                   struct buffer *out);

/* Whether both hold the same. */
bool asking_same(struct store *a, struct store *b);

#endif
