/* command: commands and outcomes through bytes and back; damage is noticed. */
#include "../cmocka_all.h"

#include <float.h>
#include <stdlib.h>

#include "base/random.h"
#include "customer_builder.h"
#include "model/command.h"

enum { DAMAGES = 4000, LONGEST = 256 * 1024 };

static struct command full_command(void)
{
    return (struct command){
        .type = COMMAND_SET,
        .has_value = true,
        .restricted = true,
        .at_ms = -12345678901234,
        .received_ms = BUILDER_NOW,
        .value = -DBL_MAX,
        .name = TEXT("purchase"),
        .customer = TEXT("mar\0ia"),
        .id = TEXT("key"),
        .decision = TEXT("d-1"),
        .offer = TEXT("guide"),
        .placement = TEXT("hero"),
        .touchpoint = TEXT("site"),
        .journey = TEXT("seven"),
        .stage = TEXT("elecci\xc3\xb3n"),
        .persona = TEXT("rider"),
        .locale = TEXT("es"),
        .properties = TEXT("\x81\xa1k\x01"),
        .consents = TEXT("\x81\xa1m\xc3"),
    };
}

/* The bytes in memory of exactly their size; the caller frees. */
static struct text encode(const struct command *command)
{
    size_t size = command_size(command);
    char *bytes = malloc(size);
    assert_non_null(bytes);
    command_encode(command, bytes);
    return (struct text){bytes, size};
}

static struct text encode_outcome(const struct outcome *outcome)
{
    size_t size = outcome_size(outcome);
    char *bytes = malloc(size);
    assert_non_null(bytes);
    outcome_encode(outcome, bytes);
    return (struct text){bytes, size};
}

static void assert_texts_equal(const struct command *a, const struct command *b)
{
    builder_assert_text(a->name, b->name);
    builder_assert_text(a->customer, b->customer);
    builder_assert_text(a->id, b->id);
    builder_assert_text(a->decision, b->decision);
    builder_assert_text(a->offer, b->offer);
    builder_assert_text(a->placement, b->placement);
    builder_assert_text(a->touchpoint, b->touchpoint);
    builder_assert_text(a->journey, b->journey);
    builder_assert_text(a->stage, b->stage);
    builder_assert_text(a->persona, b->persona);
    builder_assert_text(a->locale, b->locale);
    builder_assert_text(a->properties, b->properties);
    builder_assert_text(a->consents, b->consents);
}

static void check_round_trip(const struct command *command)
{
    struct command read;
    struct error error;
    struct text bytes = encode(command);
    assert_true(command_decode(&read, bytes, &error));
    assert_int_equal(read.type, command->type);
    assert_int_equal(read.has_value, command->has_value);
    assert_int_equal(read.restricted, command->restricted);
    assert_int_equal(read.at_ms, command->at_ms);
    assert_int_equal(read.received_ms, command->received_ms);
    assert_memory_equal(&read.value, &command->value, sizeof read.value);
    assert_texts_equal(&read, command);
    free((void *)bytes.bytes);
}

static void test_command_with_everything(void **state)
{
    (void)state;
    struct command command = full_command();
    check_round_trip(&command);
}

static void test_command_of_every_type(void **state)
{
    (void)state;
    for (unsigned type = 0; type < COMMAND_TYPES; type++) {
        struct command command = {.type = (enum command_type)type, .has_value = type % 2 == 0};
        check_round_trip(&command);
        command.restricted = true;
        check_round_trip(&command);
    }
}

static void test_command_without_anything(void **state)
{
    (void)state;
    struct command command = {.type = COMMAND_FLUSH}, read = full_command();
    struct error error;
    struct text bytes = encode(&command);
    assert_true(command_decode(&read, bytes, &error));
    assert_null(read.name.bytes);
    assert_null(read.consents.bytes);
    assert_false(read.has_value || read.restricted);
    free((void *)bytes.bytes);
}

static void test_command_of_long_texts(void **state)
{
    (void)state;
    char *text = malloc(LONGEST);
    memset(text, 'x', LONGEST);
    struct command command = full_command();
    command.name = command.properties = command.consents = (struct text){text, LONGEST};
    check_round_trip(&command);
    free(text);
}

static void assert_refused(struct text bytes)
{
    struct command command;
    struct error error;
    assert_false(command_decode(&command, bytes, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "damaged"));
}

static void test_command_decode_refuses_every_cut(void **state)
{
    (void)state;
    struct command command = full_command();
    struct text bytes = encode(&command);
    assert_refused((struct text){NULL, 0});
    for (size_t length = 1; length < bytes.length; length++) {
        char *cut = malloc(length);
        memcpy(cut, bytes.bytes, length);
        assert_refused((struct text){cut, length});
        free(cut);
    }
    free((void *)bytes.bytes);
}

static void test_command_decode_refuses_what_follows(void **state)
{
    (void)state;
    struct command command = full_command();
    struct text bytes = encode(&command);
    char *longer = calloc(1, bytes.length + 1);
    memcpy(longer, bytes.bytes, bytes.length);
    assert_refused((struct text){longer, bytes.length + 1});
    free(longer);
    free((void *)bytes.bytes);
}

static void test_command_decode_refuses_what_cannot_be(void **state)
{
    (void)state;
    struct command command = full_command();
    struct text bytes = encode(&command);
    char *at = (char *)bytes.bytes;
    at[0]++;
    assert_refused(bytes);
    at[0]--;
    at[1] = COMMAND_TYPES;
    assert_refused(bytes);
    at[1] = COMMAND_TRACK;
    at[2] = 4;
    assert_refused(bytes);
    free(at);
}

/* What passes is written as it was read. */
static void test_command_decode_survives_damage(void **state)
{
    (void)state;
    struct random_state random = {5};
    struct command command = full_command(), read;
    struct error error;
    struct text whole = encode(&command);
    unsigned refused = 0;
    for (unsigned i = 0; i < DAMAGES; i++) {
        char *bytes = malloc(whole.length);
        memcpy(bytes, whole.bytes, whole.length);
        bytes[random_next(&random) % whole.length] = (char)random_next(&random);
        if (command_decode(&read, (struct text){bytes, whole.length}, &error)) {
            struct text again = encode(&read);
            builder_assert_text(again, ((struct text){bytes, whole.length}));
            free((void *)again.bytes);
        } else {
            refused++;
        }
        free(bytes);
    }
    assert_true(refused > 0 && refused < DAMAGES);
    free((void *)whole.bytes);
}

static struct outcome full_outcome(void)
{
    return (struct outcome){
        .ticket = UINT64_MAX - 1,
        .code = ERROR_INTERNAL,
        .duplicate = true,
        .moved = true,
        .accepted = true,
        .journey = TEXT("seven"),
        .stage = TEXT("con\0sideration"),
        .payload = TEXT("\x81\xa1k\x01"),
    };
}

static void check_outcome(const struct outcome *outcome)
{
    struct outcome read;
    struct error error;
    struct text bytes = encode_outcome(outcome);
    assert_true(outcome_decode(&read, bytes, &error));
    assert_true(read.ticket == outcome->ticket && read.code == outcome->code);
    assert_int_equal(read.duplicate, outcome->duplicate);
    assert_int_equal(read.moved, outcome->moved);
    assert_int_equal(read.accepted, outcome->accepted);
    builder_assert_text(read.journey, outcome->journey);
    builder_assert_text(read.stage, outcome->stage);
    builder_assert_text(read.payload, outcome->payload);
    free((void *)bytes.bytes);
}

static void test_outcome_round_trips(void **state)
{
    (void)state;
    struct outcome outcome = full_outcome(), empty = {.ticket = 0};
    check_outcome(&outcome);
    check_outcome(&empty);
    for (unsigned flag = 0; flag < 3; flag++) {
        struct outcome one = {.duplicate = flag == 0, .moved = flag == 1, .accepted = flag == 2};
        one.code = (enum error_code)(ERROR_INVALID + flag);
        check_outcome(&one);
    }
}

static void assert_outcome_refused(struct text bytes)
{
    struct outcome outcome;
    struct error error;
    assert_false(outcome_decode(&outcome, bytes, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

static void test_outcome_decode_refuses_damage(void **state)
{
    (void)state;
    struct outcome outcome = full_outcome();
    struct command command = full_command();
    struct text bytes = encode_outcome(&outcome), other = encode(&command);
    char *at = (char *)bytes.bytes;
    for (size_t length = 0; length < bytes.length; length++) {
        char *cut = malloc(length);
        memcpy(cut, bytes.bytes, length);
        assert_outcome_refused((struct text){cut, length});
        free(cut);
    }
    at[1] = ERROR_INTERNAL + 1;
    assert_outcome_refused(bytes);
    at[1] = ERROR_NONE;
    at[2] = 8;
    assert_outcome_refused(bytes);
    assert_outcome_refused(other);
    free(at);
    free((void *)other.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_with_everything),
        cmocka_unit_test(test_command_of_every_type),
        cmocka_unit_test(test_command_without_anything),
        cmocka_unit_test(test_command_of_long_texts),
        cmocka_unit_test(test_command_decode_refuses_every_cut),
        cmocka_unit_test(test_command_decode_refuses_what_follows),
        cmocka_unit_test(test_command_decode_refuses_what_cannot_be),
        cmocka_unit_test(test_command_decode_survives_damage),
        cmocka_unit_test(test_outcome_round_trips),
        cmocka_unit_test(test_outcome_decode_refuses_damage),
    };
    return cmocka_run_group_tests_name("model/command", tests, NULL, NULL);
}
