/* decisionlog/segment: names that sort, headers and frames that know what they are. */
#include "../cmocka_all.h"

#include "decisionlog/segment.h"

enum { MARKER = 0x5EEDC0DE };

static void test_segment_names_sort_as_clocks_do(void **state)
{
    (void)state;
    static const int64_t clocks[] = {0, 9, 10, 1893456000000000, INT64_MAX};
    char before[SEGMENT_NAME_LENGTH + 1] = "", name[SEGMENT_NAME_LENGTH + 1];
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        int64_t back;
        segment_name_write(clocks[i], name);
        assert_int_equal(strlen(name), SEGMENT_NAME_LENGTH);
        assert_true(strcmp(before, name) < 0);
        assert_true(segment_name_read(name, &back));
        assert_int_equal(back, clocks[i]);
        strcpy(before, name);
    }
    assert_string_equal(before, "09223372036854775807.log");
    segment_name_write(-5, name);
    assert_string_equal(name, "00000000000000000000.log");
}

static void test_segment_other_names_are_none(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        ".",
                                        "1.log",
                                        "0000000000000000000a.log",
                                        "00000000000000000000.lok",
                                        "000000000000000000000.log",
                                        "99999999999999999999.log",
                                        "09223372036854775808.log"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int64_t clock;
        assert_false(segment_name_read(names[i], &clock));
    }
}

static void test_segment_header_comes_back(void **state)
{
    (void)state;
    char bytes[SEGMENT_HEADER_BYTES];
    uint64_t marker;
    uint32_t format;
    segment_header_write(UINT64_MAX - 5, bytes);
    assert_int_equal(segment_header_read(bytes, &marker, &format), SEGMENT_HEADER_GOOD);
    assert_int_equal(marker, UINT64_MAX - 5);
    assert_int_equal(format, SEGMENT_FORMAT);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(segment_header_read(bytes, &marker, &format), SEGMENT_HEADER_DAMAGED);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void test_segment_frame_comes_back(void **state)
{
    (void)state;
    char head[SEGMENT_FRAME_BYTES], content[] = "what was decided";
    struct segment_frame frame;
    segment_frame_write(MARKER, SEGMENT_KIND_INDEX, (struct text){content, sizeof content}, head);
    assert_true(segment_frame_read(MARKER, head, &frame));
    assert_int_equal(frame.kind, SEGMENT_KIND_INDEX);
    assert_int_equal(frame.length, sizeof content);
    assert_true(segment_frame_holds(MARKER, &frame, content));
    content[3] ^= 1;
    assert_false(segment_frame_holds(MARKER, &frame, content));
}

static void test_segment_frame_of_nothing_comes_back(void **state)
{
    (void)state;
    char head[SEGMENT_FRAME_BYTES];
    struct segment_frame frame;
    segment_frame_write(MARKER, SEGMENT_KIND_RECORD, TEXT(""), head);
    assert_true(segment_frame_read(MARKER, head, &frame));
    assert_int_equal(frame.length, 0);
    assert_true(segment_frame_holds(MARKER, &frame, ""));
}

static void test_segment_frame_with_any_bit_turned_is_none(void **state)
{
    (void)state;
    char head[SEGMENT_FRAME_BYTES];
    struct segment_frame frame;
    segment_frame_write(MARKER, SEGMENT_KIND_RECORD, TEXT("what was decided"), head);
    for (size_t bit = 0; bit < 8 * sizeof head; bit++) {
        head[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(segment_frame_read(MARKER, head, &frame));
        head[bit / 8] ^= (char)(1 << bit % 8);
    }
}

/* A frame belongs to its segment: that of another one is none. */
static void test_segment_frame_of_another_marker_is_none(void **state)
{
    (void)state;
    char head[SEGMENT_FRAME_BYTES];
    struct segment_frame frame;
    segment_frame_write(MARKER, SEGMENT_KIND_RECORD, TEXT("x"), head);
    assert_false(segment_frame_read(MARKER + 1, head, &frame));
    uint64_t other = MARKER + 1;
    memcpy(head, &other, sizeof other); /* not even with the right marker in front */
    assert_false(segment_frame_read(MARKER + 1, head, &frame));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segment_names_sort_as_clocks_do),
        cmocka_unit_test(test_segment_other_names_are_none),
        cmocka_unit_test(test_segment_header_comes_back),
        cmocka_unit_test(test_segment_frame_comes_back),
        cmocka_unit_test(test_segment_frame_of_nothing_comes_back),
        cmocka_unit_test(test_segment_frame_with_any_bit_turned_is_none),
        cmocka_unit_test(test_segment_frame_of_another_marker_is_none),
    };
    return cmocka_run_group_tests_name("decisionlog/segment", tests, NULL, NULL);
}
