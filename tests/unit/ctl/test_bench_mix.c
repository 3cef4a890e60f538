/* ctl/bench_mix: the messages are whole, and the same under both methods. */
#include "../cmocka_all.h"

#include "client/scan.h"
#include "ctl/bench_mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_whole_messages(const struct bench_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        const unsigned char *message = messages->bytes + messages->offsets[i];
        size_t length = messages->offsets[i + 1] - messages->offsets[i];
        assert_true(client_scan_is_one_value(message, length));
        assert_true(length <= messages->longest);
        assert_memory_equal(message, "\x94\x00\xCE\0\0\0\0", BENCH_MIX_ID_AT + 4);
    }
}

static void test_bench_mix_floor_has_the_same_arguments(void **state)
{
    (void)state;
    struct error error = {0};
    struct bench_messages asked, floor;
    assert_true(bench_messages_create_built_in(&asked, "recommend", "hero", &error));
    assert_true(bench_messages_create_built_in(&floor, "ping", "hero", &error));
    assert_true(asked.count > 1);
    assert_int_equal(asked.count, floor.count);
    assert_whole_messages(&asked);
    assert_whole_messages(&floor);
    for (size_t i = 0; i < asked.count; i++) {
        size_t a = asked.offsets[i] + 7 + 10, b = floor.offsets[i] + 7 + 5; /* behind the methods */
        assert_int_equal(asked.offsets[i + 1] - a, floor.offsets[i + 1] - b);
        assert_memory_equal(asked.bytes + a, floor.bytes + b, asked.offsets[i + 1] - a);
    }
    bench_messages_destroy(&asked);
    bench_messages_destroy(&floor);
}

static bool has(const unsigned char *bytes, size_t length, const char *text)
{
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

static void test_bench_mix_fills_in_blanks(void **state)
{
    (void)state;
    struct error error = {0};
    struct bench_messages events;
    assert_true(bench_messages_create_track(&events, &error));
    assert_whole_messages(&events);
    for (size_t i = 0; i < events.count; i++) {
        unsigned char *message = events.bytes + events.offsets[i];
        size_t length = events.offsets[i + 1] - events.offsets[i];
        bench_blanks_fill(&events.blanks[i], message, 1234567, 0xABCDEF0123456789);
        assert_true(has(message, length, "bench-1234567"));
        assert_true(has(message, length, "bench-event-abcdef0123456789"));
        bench_blanks_fill(&events.blanks[i], message, 8, 9);
        assert_true(has(message, length, "bench-0000008"));
        assert_true(has(message, length, "bench-event-0000000000000009"));
    }
    assert_whole_messages(&events);
    bench_messages_destroy(&events);
}

static void test_bench_mix_without_blanks_stays(void **state)
{
    (void)state;
    struct bench_blanks none = {0};
    unsigned char bytes[] = "as it was";
    bench_blanks_fill(&none, bytes, 7, 7);
    assert_string_equal((char *)bytes, "as it was");
}

static char path[64];

static void write_file(const void *bytes, size_t length)
{
    strcpy(path, "/tmp/senda-test-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), length);
    close(descriptor);
}

static void test_bench_mix_takes_a_file_of_maps(void **state)
{
    (void)state;
    struct error error = {0};
    struct bench_messages messages;
    write_file("\x92\x81\xA1k\x01\x80", 6);
    assert_true(bench_messages_create_from_file(&messages, "recommend", path, &error));
    unlink(path);
    assert_int_equal(messages.count, 2);
    assert_whole_messages(&messages);
    assert_memory_equal(messages.bytes + messages.offsets[1] - 5, "\x91\x81\xA1k\x01", 5);
    bench_messages_destroy(&messages);
}

static void assert_refused(const char *bytes, size_t length, const char *reason)
{
    struct error error = {0};
    struct bench_messages messages;
    write_file(bytes, length);
    assert_false(bench_messages_create_from_file(&messages, "recommend", path, &error));
    unlink(path);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, reason));
}

static void test_bench_mix_refuses_other_files(void **state)
{
    (void)state;
    struct error error = {0};
    struct bench_messages messages;
    assert_refused("", 0, "no MessagePack map");
    assert_refused("\x90", 1, "no MessagePack map");
    assert_refused("\x81\x01\x02\x07", 4, "item 2 is not a whole");
    assert_refused("\xDC\x00", 2, "item 1 is not a whole");
    assert_refused("\x92\x80\x07", 3, "item 2 is not a whole");
    assert_refused("\x92\x80", 2, "item 2 is not a whole");
    assert_refused("\xDD\xFF\xFF\xFF\xFF\x81\xA1", 7, "item 1 is not a whole");
    assert_false(bench_messages_create_from_file(&messages, "recommend", "/nonexistent/file", &error));
    assert_non_null(strstr(error.message, "No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bench_mix_floor_has_the_same_arguments),
        cmocka_unit_test(test_bench_mix_fills_in_blanks),
        cmocka_unit_test(test_bench_mix_without_blanks_stays),
        cmocka_unit_test(test_bench_mix_takes_a_file_of_maps),
        cmocka_unit_test(test_bench_mix_refuses_other_files),
    };
    return cmocka_run_group_tests_name("ctl/bench_mix", tests, NULL, NULL);
}
