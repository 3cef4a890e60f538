/* What went wrong in one decision: each function of a strategy or persona that failed, in order. */
#ifndef SENDA_SCRIPT_FAILURES_H
#define SENDA_SCRIPT_FAILURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct failures_entry {
    struct text name;       /* of the strategy or persona; borrowed from the snapshot */
    uint32_t times;         /* that this function failed since the load */
    bool set_aside;         /* this was once too often */
    struct error error;     /* says file, line and reason; may quote what was told of a customer */
    struct error in_public; /* the same without that */
};

struct failures {
    struct failures_entry *list; /* owned */
    uint32_t count;
    uint32_t room; /* entries of the list */
};

/* False: out of memory. */
MUST_CHECK bool failures_create(struct failures *failures);

/* Fine with a struct of zeros. */
void failures_destroy(struct failures *failures);

/* Room for one more, to be filled in, until the next is added. Where there is no memory for it, the last one
 * makes way. */
struct failures_entry *failures_add(struct failures *failures);

#endif
