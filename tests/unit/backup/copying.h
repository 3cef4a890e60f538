/* A state directory with a memory, and others below the same root to copy it to. */
#ifndef SENDA_TESTS_BACKUP_COPYING_H
#define SENDA_TESTS_BACKUP_COPYING_H

#include "../decisionlog/scratch.h"

#include "../store/asking_builder.h"
#include "../store/directory_builder.h"
#include "ledger/keys.h"

#define COPYING_SECRET TEXT("gone before anybody copied it")

enum { COPYING_CUSTOMERS = 3, COPYING_KEYS = 5, COPYING_DECISIONS = 20 };

struct copying {
    struct directory directory; /* `store` is the state directory */
    struct scratch scratch;     /* whose `state` is that, for the log */
    const char *state;          /* the same, borrowed */
    const char *copy;           /* where no directory is yet; borrowed */
    const char *target;         /* likewise */
    char paths[2][128];         /* of these two */
};

static inline void copying_put_customers(struct store *store)
{
    struct buffer alias;
    struct key key;
    for (int i = 0; i < COPYING_CUSTOMERS; i++) {
        char id[16];
        snprintf(id, sizeof id, "customer-%d", i);
        key_customer(&key, text_from(id));
        asking_put(store, key_text(&key), TEXT("a record that only its key tells of"));
    }
    buffer_create(&alias);
    customer_encode_alias(TEXT("customer-0"), &alias);
    key_customer(&key, TEXT("visitor"));
    asking_put(store, key_text(&key), (struct text){alias.bytes, alias.length});
    buffer_destroy(&alias);
}

/* Four keys of customers and one of the format; and a key that was deleted. */
static inline void copying_fill_store(const struct copying *copying)
{
    struct error error;
    struct store *store = store_lmdb_open(copying->state, STORE_WRITER, 0, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    copying_put_customers(store);
    asking_put(store, TEXT("mdeleted"), COPYING_SECRET);
    asking_delete(store, TEXT("mdeleted"));
    store_close(store);
    assert_true(directory_holds(copying->state, COPYING_SECRET));
}

static inline void copying_fill_log(const struct copying *copying)
{
    struct log_writer writer;
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + 8 * scratch_frame_size();
    scratch_open(&copying->scratch, &writer, options);
    scratch_append_many(&writer, "ana@example.org", 0, COPYING_DECISIONS);
    log_writer_destroy(&writer);
}

static inline int copying_setup(void **state)
{
    struct copying *copying = calloc(1, sizeof *copying);
    assert_non_null(copying);
    directory_create(&copying->directory);
    copying->state = copying->directory.store;
    snprintf(copying->scratch.state, sizeof copying->scratch.state, "%s", copying->state);
    snprintf(copying->paths[0], sizeof copying->paths[0], "%s/copy", copying->directory.path);
    snprintf(copying->paths[1], sizeof copying->paths[1], "%s/target", copying->directory.path);
    copying->copy = copying->paths[0];
    copying->target = copying->paths[1];
    copying_fill_store(copying);
    copying_fill_log(copying);
    *state = copying;
    return 0;
}

static inline int copying_teardown(void **state)
{
    struct copying *copying = *state;
    directory_destroy(&copying->directory);
    free(copying);
    return 0;
}

static inline bool copying_is_there(const char *directory, const char *name)
{
    return access(directory_below(directory, name), F_OK) == 0;
}

/* Whether the directory holds just what the state held when it was made. */
static inline void copying_assert_whole(const struct copying *copying, const char *directory)
{
    struct scratch scratch = {0};
    struct error error;
    struct store *store = store_lmdb_open(directory, STORE_WRITER, 0, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    struct store *original = store_lmdb_open(copying->state, STORE_READER, 0, &error);
    assert_non_null(original);
    assert_true(asking_same(store, original));
    store_close(original);
    store_close(store);
    snprintf(scratch.state, sizeof scratch.state, "%s", directory);
    scratch_read(&scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(&scratch, 0, COPYING_DECISIONS);
    assert_int_equal(scratch.damages, 0);
}

#endif
