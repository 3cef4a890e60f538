/* Records of decisions: what is decoded lies within the bytes and is encoded as the same; what is erased is
 * gone. */
#include <string.h>

#include "fuzz.h"
#include "model/record.h"

static void check_text(struct text text, struct text bytes)
{
    if (text.bytes == NULL)
        REQUIRE(text.length == 0);
    else
        REQUIRE(text.length > 0 && text.bytes >= bytes.bytes &&
                text.bytes + text.length <= bytes.bytes + bytes.length);
}

static void check_texts(const struct record *record, struct text bytes)
{
    const struct text texts[] = {record->version, record->customer, record->journey,   record->stage,
                                 record->persona, record->request,  record->placement, record->locale,
                                 record->state,   record->strategy, record->fallback,  record->because};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i], bytes);
    REQUIRE(record->item_count <= RECORD_ITEMS_MOST && record->candidate_count <= RECORD_CANDIDATES_MOST &&
            record->claim_count <= RECORD_CLAIMS_MOST);
    for (uint32_t i = 0; i < record->item_count; i++) {
        check_text(record->items[i].offer, bytes);
        check_text(record->items[i].kind, bytes);
        check_text(record->items[i].strategy, bytes);
    }
    for (uint32_t i = 0; i < record->candidate_count; i++)
        check_text(record->candidates[i].offer, bytes);
}

/* Only the customer's hash, which decoding does not look at, may have been another. */
static void check_encoding(const struct record *record, struct text bytes)
{
    enum { HASH_AT = 8, HASH_BYTES = 8 };
    char *again = malloc(bytes.length);
    REQUIRE(again != NULL && record_size(record) == bytes.length);
    record_encode(record, again);
    memcpy(again + HASH_AT, bytes.bytes + HASH_AT, HASH_BYTES);
    REQUIRE(memcmp(again, bytes.bytes, bytes.length) == 0);
    free(again);
}

static void check_redaction(const struct record *record, struct text bytes, struct arena *arena)
{
    struct record back;
    char *redacted = malloc(bytes.length);
    REQUIRE(redacted != NULL);
    memcpy(redacted, bytes.bytes, bytes.length);
    record_redact(redacted, bytes.length);
    REQUIRE(record_decode(&back, arena, (struct text){redacted, bytes.length}, NULL));
    REQUIRE(!back.personal && back.customer.length + back.request.length + back.state.length == 0);
    REQUIRE(back.seed == record->seed && back.item_count == record->item_count);
    REQUIRE(text_equal(back.version, record->version) && text_equal(back.stage, record->stage));
    free(redacted);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct text bytes = {(const char *)input, length};
    struct record record;
    struct record_key key;
    struct arena arena;
    struct error error = {0};
    arena_create(&arena, 1024);
    bool good = record_decode(&record, &arena, bytes, &error);
    REQUIRE(good || error.code == ERROR_INVALID);
    if (good) {
        REQUIRE(record_read_key(bytes, &key) && key.clock_us == record.clock_us && key.seed == record.seed);
        check_texts(&record, bytes);
        if (record.personal)
            check_encoding(&record, bytes);
        check_redaction(&record, bytes, &arena);
    } else if (length > 0) {
        char *copy = malloc(length);
        REQUIRE(copy != NULL);
        memcpy(copy, input, length);
        record_redact(copy, length);
        free(copy);
    }
    record_is_of(bytes, TEXT("ana"));
    arena_destroy(&arena);
    return 0;
}
