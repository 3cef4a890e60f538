/* Names of decisions: what is read is written as the same characters; what is written is read as the same. */
#include "fuzz.h"
#include "input.h"
#include "model/decision_id.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Whether decision_id_write could have written it: the last digit has only four bits. */
static bool is_name(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] == '\0' || strchr(digits, text.bytes[i]) == NULL)
            return false;
    return text.length == DECISION_ID_LENGTH &&
           (strchr(digits, text.bytes[DECISION_ID_LENGTH - 1]) - digits) % 4 == 0;
}

static void check_read(struct text text)
{
    struct decision_id id;
    char again[DECISION_ID_LENGTH + 1];
    bool read = decision_id_read(text, &id);
    REQUIRE(read == is_name(text));
    if (!read)
        return;
    decision_id_write(&id, again);
    REQUIRE(text_equal(text, text_from(again)));
}

static void check_written(struct input input)
{
    struct decision_id id, again;
    char name[DECISION_ID_LENGTH + 1];
    int64_t clock_us = (int64_t)input_number(&input, 8);
    uint64_t seed = input_number(&input, 8);
    id = decision_id_of(clock_us, seed, input_take(&input, DECISION_ID_VERSION + 1));
    decision_id_write(&id, name);
    REQUIRE(decision_id_read(text_from(name), &again));
    REQUIRE(again.clock_us == clock_us && again.seed == seed);
    REQUIRE(memcmp(again.version, id.version, sizeof id.version) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    check_read((struct text){(const char *)bytes, length});
    check_written((struct input){bytes, length});
    return 0;
}
