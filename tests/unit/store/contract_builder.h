/* What every kind of store has to do, as one suite. */
#ifndef SENDA_TESTS_STORE_CONTRACT_BUILDER_H
#define SENDA_TESTS_STORE_CONTRACT_BUILDER_H

#include "store/store.h"

/* A kind under test. */
struct contract_kind {
    const char *name;                      /* of the group of tests */
    struct store *(*open)(void **context); /* an empty store; `context` is what close needs */
    void (*close)(struct store *store, void *context);
};

/* Returns the number of failures. */
int contract_run(const struct contract_kind *kind);

#endif
