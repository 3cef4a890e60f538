/* ctl/demo_sessions: reading the data set's table, plain and compressed. */
#include "../cmocka_all.h"

#include "ctl/demo_sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define HEADING                                                                                              \
    "Administrative,Administrative_Duration,Informational,Informational_Duration,ProductRelated,"            \
    "ProductRelated_Duration,BounceRates,ExitRates,PageValues,SpecialDay,Month,OperatingSystems,Browser,"    \
    "Region,TrafficType,VisitorType,Weekend,Revenue\n"
#define ROW "3,96.5,1,20,12,210.25,0.01,0.02,3.5,0.4,Nov,2,4,3,13,Returning_Visitor,TRUE,FALSE\n"

struct parsed {
    struct demo_sessions sessions;
    struct error error;
    bool good;
};

static struct parsed parse(const char *csv)
{
    struct parsed parsed;
    demo_sessions_create(&parsed.sessions);
    parsed.good = demo_sessions_parse(&parsed.sessions, text_from(csv), &parsed.error);
    return parsed;
}

static void assert_refused(const char *csv, const char *message)
{
    struct parsed parsed = parse(csv);
    assert_false(parsed.good);
    assert_string_equal(parsed.error.message, message);
    demo_sessions_destroy(&parsed.sessions);
}

static void test_demo_sessions_parse_maps_every_column(void **state)
{
    (void)state;
    struct parsed parsed = parse(HEADING ROW);
    assert_true(parsed.good);
    assert_int_equal(parsed.sessions.count, 1);
    const struct demo_session *session = parsed.sessions.list;
    assert_int_equal(session->pages[DEMO_ADMINISTRATIVE], 3);
    assert_int_equal(session->pages[DEMO_INFORMATIONAL], 1);
    assert_int_equal(session->pages[DEMO_PRODUCT], 12);
    assert_true(session->seconds[DEMO_ADMINISTRATIVE] == 96.5);
    assert_true(session->seconds[DEMO_INFORMATIONAL] == 20);
    assert_true(session->seconds[DEMO_PRODUCT] == 210.25);
    assert_true(session->bounce_rate == 0.01 && session->exit_rate == 0.02);
    assert_true(session->page_value == 3.5 && session->special_day == 0.4);
    assert_string_equal(session->month, "Nov");
    assert_int_equal(session->system, 2);
    assert_int_equal(session->browser, 4);
    assert_int_equal(session->region, 3);
    assert_int_equal(session->traffic, 13);
    assert_int_equal(session->visitor, DEMO_RETURNING);
    assert_true(session->weekend);
    assert_false(session->purchased);
    demo_sessions_destroy(&parsed.sessions);
}

static void test_demo_sessions_parse_takes_columns_in_any_order(void **state)
{
    (void)state;
    struct parsed parsed =
        parse("Revenue,extra,VisitorType,ProductRelated,Administrative,Administrative_Duration,Informational,"
              "Informational_Duration,ProductRelated_Duration,BounceRates,ExitRates,PageValues,SpecialDay,"
              "Month,OperatingSystems,Browser,Region,TrafficType,weekend\r\n"
              "true,\"a, b\",New_Visitor,7,0,0,0,0,0,0,0,0,0,Feb,1,1,1,1,0\r\n"
              "0,,Other,0,0,0,0,0,0,0,0,0,0,Feb,1,1,1,1,1");
    assert_true(parsed.good);
    assert_int_equal(parsed.sessions.count, 2);
    const struct demo_session *first = &parsed.sessions.list[0], *second = &parsed.sessions.list[1];
    assert_int_equal(first->pages[DEMO_PRODUCT], 7);
    assert_int_equal(first->visitor, DEMO_NEW);
    assert_true(first->purchased && !first->weekend);
    assert_int_equal(second->visitor, DEMO_OTHER);
    assert_true(!second->purchased && second->weekend);
    demo_sessions_destroy(&parsed.sessions);
}

static void test_demo_sessions_parse_says_what_is_wrong_and_where(void **state)
{
    (void)state;
    assert_refused("", "the file is empty");
    assert_refused("a,b\n1,2\n", "line 1: there is no column Administrative");
    assert_refused(HEADING, "there is no visit below the heading");
    assert_refused(HEADING ROW "3\n", "line 3: Administrative_Duration: expected a number from 0 on, got ''");
    assert_refused(HEADING "1.5,0,0,0,0,0,0,0,0,0,Feb,1,1,1,1,Other,TRUE,TRUE\n",
                   "line 2: Administrative: expected a whole number, got '1.5'");
    assert_refused(HEADING "1,nan,0,0,0,0,0,0,0,0,Feb,1,1,1,1,Other,TRUE,TRUE\n",
                   "line 2: Administrative_Duration: expected a number from 0 on, got 'nan'");
    assert_refused(HEADING "1,-1,0,0,0,0,0,0,0,0,Feb,1,1,1,1,Other,TRUE,TRUE\n",
                   "line 2: Administrative_Duration: expected a number from 0 on, got '-1'");
    assert_refused(HEADING "1,0,0,0,0,0,0,0,0,0,February,1,1,1,1,Other,TRUE,TRUE\n",
                   "line 2: Month: expected a month's short name, got 'February'");
    assert_refused(HEADING "1,0,0,0,0,0,0,0,0,0,Feb,1,1,1,1,Bot,TRUE,TRUE\n",
                   "line 2: VisitorType: expected New_Visitor, Returning_Visitor or Other, got 'Bot'");
    assert_refused(HEADING "1,0,0,0,0,0,0,0,0,0,Feb,1,1,1,1,Other,TRUE,maybe\n",
                   "line 2: Revenue: expected TRUE or FALSE, got 'maybe'");
}

static void test_demo_sessions_parse_passes_over_blank_lines(void **state)
{
    (void)state;
    struct parsed parsed = parse(HEADING "\n" ROW "\n" ROW "\n");
    assert_true(parsed.good);
    assert_int_equal(parsed.sessions.count, 2);
    demo_sessions_destroy(&parsed.sessions);
}

/* ---- Files ---- */

struct scratch {
    char path[64];
};

static struct scratch write_file(const void *bytes, size_t length)
{
    struct scratch scratch = {"/tmp/senda-sessions-XXXXXX"};
    int descriptor = mkstemp(scratch.path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), length);
    close(descriptor);
    return scratch;
}

static struct scratch write_compressed(const char *text)
{
    struct scratch scratch = write_file("", 0);
    gzFile file = gzopen(scratch.path, "wb");
    assert_non_null(file);
    assert_int_equal(gzputs(file, text), strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
    return scratch;
}

static void assert_read(struct scratch scratch, size_t most, size_t expected)
{
    struct demo_sessions sessions;
    struct error error;
    demo_sessions_create(&sessions);
    assert_true(demo_sessions_read(&sessions, scratch.path, most, &error));
    assert_int_equal(sessions.count, expected);
    assert_int_equal(sessions.list[0].pages[DEMO_PRODUCT], 12);
    demo_sessions_destroy(&sessions);
    unlink(scratch.path);
}

static void test_demo_sessions_read_plain_and_compressed(void **state)
{
    (void)state;
    assert_read(write_file(HEADING ROW ROW ROW, strlen(HEADING ROW ROW ROW)), SIZE_MAX, 3);
    assert_read(write_compressed(HEADING ROW ROW ROW), SIZE_MAX, 3);
    assert_read(write_compressed(HEADING ROW ROW ROW), 2, 2);
}

static void assert_unreadable(const char *path, const char *part)
{
    struct demo_sessions sessions;
    struct error error;
    demo_sessions_create(&sessions);
    assert_false(demo_sessions_read(&sessions, path, SIZE_MAX, &error));
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, part));
    demo_sessions_destroy(&sessions);
}

static void test_demo_sessions_read_refuses_half_a_file(void **state)
{
    (void)state;
    struct scratch scratch = write_compressed(HEADING ROW ROW ROW);
    assert_int_equal(truncate(scratch.path, 60), 0);
    assert_unreadable(scratch.path, "cannot be unpacked");
    unlink(scratch.path);
    assert_unreadable(scratch.path, "cannot be opened: No such file or directory");
    assert_unreadable("/", "cannot be read");
}

static void test_demo_sessions_read_the_made_up_table(void **state)
{
    (void)state;
    struct demo_sessions sessions;
    struct error error;
    size_t phases[DEMO_PHASES] = {0};
    demo_sessions_create(&sessions);
    assert_true(demo_sessions_read(&sessions, SENDA_SOURCE_DIR "/tests/data/sessions.csv", SIZE_MAX, &error));
    assert_int_equal(sessions.count, 30);
    for (size_t i = 0; i < sessions.count; i++)
        phases[demo_session_phase(&sessions.list[i])]++;
    assert_int_equal(phases[DEMO_AWARENESS], 8);
    assert_int_equal(phases[DEMO_CONSIDERATION], 9);
    assert_int_equal(phases[DEMO_DECISION], 6);
    assert_int_equal(phases[DEMO_PURCHASE], 7);
    demo_sessions_destroy(&sessions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_sessions_parse_maps_every_column),
        cmocka_unit_test(test_demo_sessions_parse_takes_columns_in_any_order),
        cmocka_unit_test(test_demo_sessions_parse_says_what_is_wrong_and_where),
        cmocka_unit_test(test_demo_sessions_parse_passes_over_blank_lines),
        cmocka_unit_test(test_demo_sessions_read_plain_and_compressed),
        cmocka_unit_test(test_demo_sessions_read_refuses_half_a_file),
        cmocka_unit_test(test_demo_sessions_read_the_made_up_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
