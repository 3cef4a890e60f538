/* Commands and outcomes: refused, or read as what writes the same bytes again. */
#include <string.h>

#include "fuzz.h"
#include "model/command.h"

static void check_same(void *again, size_t size, struct text bytes)
{
    REQUIRE(size == bytes.length && memcmp(again, bytes.bytes, size) == 0);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct text input = {(const char *)bytes, length};
    struct command command;
    struct outcome outcome;
    struct error error;
    if (command_decode(&command, input, &error)) {
        size_t size = command_size(&command);
        void *again = malloc(size);
        command_encode(&command, again);
        check_same(again, size, input);
    }
    if (outcome_decode(&outcome, input, &error)) {
        size_t size = outcome_size(&outcome);
        void *again = malloc(size);
        outcome_encode(&outcome, again);
        check_same(again, size, input);
    }
    return 0;
}
