/* Writing an input's entries into a store in memory. */
#include "store_input.h"

#include "flow/engine_builder.h"

static void done_cb(void *context, const struct error *error)
{
    (void)context;
    REQUIRE(error == NULL);
}

struct store *store_input_open(struct input *input, struct text before, size_t most)
{
    struct error error;
    struct store *store = store_memory_open(&error);
    char key[STORE_KEY_MOST];
    REQUIRE(store != NULL && before.length <= sizeof key - UINT8_MAX);
    for (size_t i = 0; i < most && input->length > 0; i++) {
        struct text behind = input_piece(input, 1), value = input_piece(input, 2);
        if (before.length > 0)
            memcpy(key, before.bytes, before.length);
        memcpy(key + before.length, behind.bytes, behind.length);
        struct store_write write = {{key, before.length + behind.length}, value};
        if (write.key.length > 0)
            store_write(store, &write, 1, done_cb, NULL);
    }
    return store;
}

const struct snapshot *store_input_site(void)
{
    static struct metrics_slot slot;
    static struct engine_built built;
    if (built.engine == NULL)
        REQUIRE(engine_build(&built, &slot));
    return engine_snapshot(built.engine);
}
