/* buffer: growing, emptying, consuming, and failure that is remembered. */
#include "../cmocka_all.h"

#include "base/buffer.h"
#include "base/text.h"

static void assert_holds(const struct buffer *buffer, struct text expected)
{
    assert_true(text_equal((struct text){buffer->bytes, buffer->length}, expected));
}

static void test_buffer_append_grows(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    assert_null(buffer.bytes);
    for (unsigned i = 0; i < 100000; i++) {
        unsigned char byte = (unsigned char)(i * 7);
        buffer_append(&buffer, &byte, 1);
    }
    assert_int_equal(buffer.length, 100000);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal((unsigned char)buffer.bytes[i], (unsigned char)(i * 7));
    assert_false(buffer.failed);
    buffer_destroy(&buffer);
    assert_null(buffer.bytes);
    assert_int_equal(buffer.capacity, 0);
}

static void test_buffer_append_of_nothing_takes_no_memory(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    buffer_append(&buffer, NULL, 0);
    assert_null(buffer.bytes);
    buffer_destroy(&buffer);
}

static void test_buffer_reserve_makes_room_once(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    assert_true(buffer_reserve(&buffer, 5000));
    assert_true(buffer.capacity >= 5000);
    const char *bytes = buffer.bytes;
    for (int i = 0; i < 5000; i++)
        buffer_append(&buffer, "x", 1);
    assert_ptr_equal(buffer.bytes, bytes);
    assert_int_equal(buffer.length, 5000);
    buffer_destroy(&buffer);
}

/* What does not fit is thrown away with all that follows, so that no half is taken for the whole. */
static void test_buffer_remembers_failure(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    buffer_append(&buffer, "abc", 3);
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    assert_false(buffer_reserve(&buffer, 1000));
    assert_holds(&buffer, TEXT("abc"));
    buffer_clear(&buffer, SIZE_MAX);
    assert_false(buffer.failed);
    buffer_append(&buffer, "d", 1);
    assert_holds(&buffer, TEXT("d"));
    buffer_destroy(&buffer);
}

static void test_buffer_clear_keeps_little(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    assert_true(buffer_reserve(&buffer, 4096));
    buffer.length = 10;
    buffer_clear(&buffer, buffer.capacity);
    assert_int_equal(buffer.length, 0);
    assert_non_null(buffer.bytes);
    buffer_clear(&buffer, buffer.capacity - 1);
    assert_null(buffer.bytes);
    buffer_destroy(&buffer);
}

static void test_buffer_consume_takes_from_the_front(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_create(&buffer);
    buffer_append(&buffer, "abcdef", 6);
    buffer_consume(&buffer, 0);
    assert_holds(&buffer, TEXT("abcdef"));
    buffer_consume(&buffer, 2);
    assert_holds(&buffer, TEXT("cdef"));
    buffer_append(&buffer, "gh", 2);
    buffer_consume(&buffer, 5);
    assert_holds(&buffer, TEXT("h"));
    buffer_consume(&buffer, 1);
    assert_int_equal(buffer.length, 0);
    buffer_destroy(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer_append_grows),
        cmocka_unit_test(test_buffer_append_of_nothing_takes_no_memory),
        cmocka_unit_test(test_buffer_reserve_makes_room_once),
        cmocka_unit_test(test_buffer_remembers_failure),
        cmocka_unit_test(test_buffer_clear_keeps_little),
        cmocka_unit_test(test_buffer_consume_takes_from_the_front),
    };
    return cmocka_run_group_tests_name("base/buffer", tests, NULL, NULL);
}
