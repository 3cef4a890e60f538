/* Text files compiled into the program: the authoring library and the journeys that ship. */
#ifndef SENDA_BASE_EMBEDDED_H
#define SENDA_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name; /* path below scripts/, such as "lib/site.lua"; NULL ends the table */
    const char *text; /* NUL behind the last byte */
    size_t length;    /* bytes, without that NUL */
};

extern const struct embedded_file embedded_files[]; /* sorted by name */

/* NULL where no such file was compiled in. */
const struct embedded_file *embedded_find(const char *name);

#endif
