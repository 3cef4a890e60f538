/* Commands and outcomes as bytes: numbers of fixed width, lengths, then the texts one behind the other. */
#include "model/command.h"

#include "model/bytes.h"

/* The first byte, so that one is not taken for the other. */
enum { COMMAND_FORMAT = 0xC1, OUTCOME_FORMAT = 0xC2 };

enum { COMMAND_TEXTS = 13, OUTCOME_TEXTS = 3 };
enum { COMMAND_HAS_VALUE = 1, COMMAND_RESTRICTED = 2, COMMAND_FLAGS = 3 };
enum { OUTCOME_DUPLICATE = 1, OUTCOME_MOVED = 2, OUTCOME_ACCEPTED = 4, OUTCOME_FLAGS = 7 };
enum {
    LENGTH_SIZE = 4,
    COMMAND_HEADER = 3 + 3 * 8 + COMMAND_TEXTS * LENGTH_SIZE,
    OUTCOME_HEADER = 3 + 8 + OUTCOME_TEXTS * LENGTH_SIZE,
};

/* All texts of a command, in the order of the bytes. */
static void list_texts(struct command *command, struct text *texts[COMMAND_TEXTS])
{
    struct text *const list[COMMAND_TEXTS] = {
        &command->name,      &command->customer,   &command->id,      &command->decision, &command->offer,
        &command->placement, &command->touchpoint, &command->journey, &command->stage,    &command->persona,
        &command->locale,    &command->properties, &command->consents};
    memcpy(texts, list, sizeof list);
}

static void put_texts(char *at, struct text *const *texts, unsigned count)
{
    char *bytes = at + count * LENGTH_SIZE;
    for (unsigned i = 0; i < count; i++) {
        bytes_put_u32(&at, (uint32_t)texts[i]->length);
        if (texts[i]->length > 0)
            memcpy(bytes, texts[i]->bytes, texts[i]->length);
        bytes += texts[i]->length;
    }
}

/* The lengths have to come out even: nothing is missing, nothing left. */
static bool take_texts(const char *at, const char *end, struct text *const *texts, unsigned count)
{
    const char *bytes = at + count * LENGTH_SIZE;
    for (unsigned i = 0; i < count; i++) {
        uint32_t length = bytes_take_u32(&at);
        if (length > (size_t)(end - bytes))
            return false;
        *texts[i] = (struct text){length > 0 ? bytes : NULL, length};
        bytes += length;
    }
    return bytes == end;
}

size_t command_size(const struct command *command)
{
    struct command copy = *command;
    struct text *texts[COMMAND_TEXTS];
    size_t size = COMMAND_HEADER;
    list_texts(&copy, texts);
    for (unsigned i = 0; i < COMMAND_TEXTS; i++)
        size += texts[i]->length;
    return size;
}

void command_encode(const struct command *command, void *out)
{
    struct command copy = *command;
    struct text *texts[COMMAND_TEXTS];
    char *at = out;
    bytes_put_u8(&at, COMMAND_FORMAT);
    bytes_put_u8(&at, (uint8_t)command->type);
    bytes_put_u8(&at, (uint8_t)((command->has_value ? COMMAND_HAS_VALUE : 0) |
                                (command->restricted ? COMMAND_RESTRICTED : 0)));
    bytes_put_u64(&at, (uint64_t)command->at_ms);
    bytes_put_u64(&at, (uint64_t)command->received_ms);
    bytes_put_double(&at, command->value);
    list_texts(&copy, texts);
    put_texts(at, texts, COMMAND_TEXTS);
}

bool command_decode(struct command *command, struct text bytes, struct error *error)
{
    struct text *texts[COMMAND_TEXTS];
    const char *at = bytes.bytes;
    if (bytes.length < COMMAND_HEADER || bytes_take_u8(&at) != COMMAND_FORMAT)
        return error_set(error, ERROR_INTERNAL, "a command's bytes are damaged");
    uint8_t type = bytes_take_u8(&at), flags = bytes_take_u8(&at);
    *command = (struct command){.type = (enum command_type)type};
    command->has_value = flags & COMMAND_HAS_VALUE;
    command->restricted = flags & COMMAND_RESTRICTED;
    command->at_ms = (int64_t)bytes_take_u64(&at);
    command->received_ms = (int64_t)bytes_take_u64(&at);
    command->value = bytes_take_double(&at);
    list_texts(command, texts);
    return (type < COMMAND_TYPES && flags <= COMMAND_FLAGS &&
            take_texts(at, bytes.bytes + bytes.length, texts, COMMAND_TEXTS)) ||
           error_set(error, ERROR_INTERNAL, "a command's bytes are damaged");
}

size_t outcome_size(const struct outcome *outcome)
{
    return OUTCOME_HEADER + outcome->journey.length + outcome->stage.length + outcome->payload.length;
}

void outcome_encode(const struct outcome *outcome, void *out)
{
    struct outcome copy = *outcome;
    struct text *const texts[OUTCOME_TEXTS] = {&copy.journey, &copy.stage, &copy.payload};
    char *at = out;
    bytes_put_u8(&at, OUTCOME_FORMAT);
    bytes_put_u8(&at, (uint8_t)outcome->code);
    bytes_put_u8(&at, (uint8_t)((outcome->duplicate ? OUTCOME_DUPLICATE : 0) |
                                (outcome->moved ? OUTCOME_MOVED : 0) |
                                (outcome->accepted ? OUTCOME_ACCEPTED : 0)));
    bytes_put_u64(&at, outcome->ticket);
    put_texts(at, texts, OUTCOME_TEXTS);
}

bool outcome_decode(struct outcome *outcome, struct text bytes, struct error *error)
{
    struct text *const texts[OUTCOME_TEXTS] = {&outcome->journey, &outcome->stage, &outcome->payload};
    const char *at = bytes.bytes;
    if (bytes.length < OUTCOME_HEADER || bytes_take_u8(&at) != OUTCOME_FORMAT)
        return error_set(error, ERROR_INTERNAL, "an outcome's bytes are damaged");
    uint8_t code = bytes_take_u8(&at), flags = bytes_take_u8(&at);
    *outcome = (struct outcome){.code = (enum error_code)code};
    outcome->duplicate = flags & OUTCOME_DUPLICATE;
    outcome->moved = flags & OUTCOME_MOVED;
    outcome->accepted = flags & OUTCOME_ACCEPTED;
    outcome->ticket = bytes_take_u64(&at);
    return (code <= ERROR_INTERNAL && flags <= OUTCOME_FLAGS &&
            take_texts(at, bytes.bytes + bytes.length, texts, OUTCOME_TEXTS)) ||
           error_set(error, ERROR_INTERNAL, "an outcome's bytes are damaged");
}
