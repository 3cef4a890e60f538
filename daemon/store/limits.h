/* What every kind of store refuses before it touches anything, and the key by which files say their format.
 */
#ifndef SENDA_STORE_LIMITS_H
#define SENDA_STORE_LIMITS_H

#include "store/store.h"

enum { STORE_FORMAT = 2 /* what this program writes, and the newest that it reads */ };

/* Holds the format, a big-endian number of STORE_FORMAT_SIZE bytes; there from the first moment on. */
#define STORE_FORMAT_KEY TEXT("mformat")

enum { STORE_FORMAT_SIZE = 4 };

/* The value of STORE_FORMAT_KEY. */
void limits_encode_format(char bytes[STORE_FORMAT_SIZE]);

/* The number in such a value; 0: it is none. */
uint32_t limits_decode_format(struct text value);

/* Whether this program can work with files whose STORE_FORMAT_KEY has that value (no bytes: there is none).
 */
MUST_CHECK bool limits_check_format(struct text value, struct error *error);

/* Keys to be looked up: neither empty nor longer than STORE_KEY_MOST. */
MUST_CHECK bool limits_check_keys(const struct text *keys, size_t count, struct error *error);

/* Writes: keys as above, values not longer than STORE_VALUE_MOST. */
MUST_CHECK bool limits_check_writes(const struct store_write *writes, size_t count, struct error *error);

/* Where a scan begins: either may have no bytes, neither may be longer than a key. */
MUST_CHECK bool limits_check_scan(struct text from, struct text prefix, struct error *error);

#endif
