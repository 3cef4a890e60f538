/* decisionlog/segment_index: entries in any order, found by their clocks. */
#include "../cmocka_all.h"

#include "decisionlog/segment_index.h"

enum { MARKER = 77, AT = 123456 };

static struct text written(struct segment_index *index, struct buffer *out)
{
    buffer_create(out);
    segment_index_write(index, MARKER, AT, out);
    assert_int_equal(out->length, segment_index_size(index));
    return (struct text){out->bytes, out->length};
}

static void test_index_sorts_and_finds(void **state)
{
    (void)state;
    struct segment_index index;
    struct buffer out;
    segment_index_create(&index);
    for (uint64_t i = 0; i < 1000; i++) /* 0, 7, 14, … in another order, each clock twice */
        segment_index_add(&index, (int64_t)(i * 7919 % 500) * 7, 32 + i);
    struct text content = written(&index, &out);
    assert_int_equal(segment_index_count(content), 1000);
    for (size_t i = 1; i < 1000; i++)
        assert_true(segment_index_at(content, i - 1).clock_us <= segment_index_at(content, i).clock_us);
    for (int64_t clock = 0; clock < 3500; clock++) {
        size_t found = segment_index_seek(content, clock);
        assert_int_equal(found, (size_t)(clock + 6) / 7 * 2);
        if (found < 1000)
            assert_int_equal(segment_index_at(content, found).clock_us, (clock + 6) / 7 * 7);
    }
    assert_int_equal(segment_index_seek(content, INT64_MIN), 0);
    assert_int_equal(segment_index_seek(content, INT64_MAX), 1000);
    buffer_destroy(&out);
    segment_index_destroy(&index);
}

static void test_index_summary_tells_the_span(void **state)
{
    (void)state;
    struct segment_index index;
    struct segment_summary summary;
    struct buffer out;
    segment_index_create(&index);
    segment_index_add(&index, 300, 64);
    segment_index_add(&index, 100, 32);
    segment_index_add(&index, 200, 96);
    written(&index, &out);
    char *end = out.bytes + out.length - SEGMENT_SUMMARY_BYTES;
    assert_true(segment_summary_read(MARKER, end, &summary));
    assert_int_equal(summary.count, 3);
    assert_int_equal(summary.first_us, 100);
    assert_int_equal(summary.last_us, 300);
    assert_int_equal(summary.offset, AT);
    assert_false(segment_summary_read(MARKER + 1, end, &summary));
    for (size_t bit = 0; bit < 8 * SEGMENT_SUMMARY_BYTES; bit++) {
        end[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(segment_summary_read(MARKER, end, &summary));
        end[bit / 8] ^= (char)(1 << bit % 8);
    }
    buffer_destroy(&out);
    segment_index_destroy(&index);
}

static void test_index_of_nothing(void **state)
{
    (void)state;
    struct segment_index index;
    struct segment_summary summary;
    struct buffer out;
    segment_index_create(&index);
    struct text content = written(&index, &out);
    assert_int_equal(segment_index_count(content), 0);
    assert_int_equal(segment_index_seek(content, 5), 0);
    assert_true(segment_summary_read(MARKER, out.bytes, &summary));
    assert_int_equal(summary.count, 0);
    assert_int_equal(segment_index_count(TEXT("too short")), 0);
    buffer_destroy(&out);
    segment_index_destroy(&index);
}

static void test_index_cleared_is_empty(void **state)
{
    (void)state;
    struct segment_index index;
    segment_index_create(&index);
    segment_index_add(&index, 1, 2);
    segment_index_clear(&index);
    assert_int_equal(segment_index_size(&index), SEGMENT_SUMMARY_BYTES);
    segment_index_destroy(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_sorts_and_finds),
        cmocka_unit_test(test_index_summary_tells_the_span),
        cmocka_unit_test(test_index_of_nothing),
        cmocka_unit_test(test_index_cleared_is_empty),
    };
    return cmocka_run_group_tests_name("decisionlog/segment_index", tests, NULL, NULL);
}
