/* csv: what RFC 4180 and spreadsheets write, and where it is broken. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/random.h"
#include "catalogue/csv.h"

static struct csv_row row; /* large; one test at a time uses it */

static void put(struct buffer *out, const char *bytes, size_t length)
{
    buffer_append(out, bytes, length);
}

/* Rows as "line:cell|cell" with a newline, then how it ended: "." or "!line: message". */
static void read_all(struct text text, struct buffer *out)
{
    struct arena arena;
    struct csv_reader reader;
    struct error error;
    enum csv_status status;
    char number[600];
    arena_create(&arena, 1024);
    csv_open(&reader, text, &arena);
    while ((status = csv_next(&reader, &row, &error)) == CSV_ROW) {
        put(out, number, (size_t)snprintf(number, sizeof number, "%u:", row.line));
        for (uint32_t i = 0; i < row.count; i++) {
            put(out, "|", i > 0);
            put(out, row.cells[i].bytes, row.cells[i].length);
        }
        put(out, "\n", 1);
    }
    if (status == CSV_END)
        put(out, ".", 2);
    else
        put(out, number, (size_t)snprintf(number, sizeof number, "!%u: %s", reader.line, error.message) + 1);
    arena_destroy(&arena);
}

static void assert_read(struct text text, const char *expected)
{
    struct buffer out;
    char *exact = malloc(text.length);
    buffer_create(&out);
    memcpy(exact, text.bytes, text.length); /* so that reading behind it is noticed */
    read_all((struct text){exact, text.length}, &out);
    assert_string_equal(out.bytes, expected);
    buffer_destroy(&out);
    free(exact);
}

static void test_csv_next_reads_plain_rows(void **state)
{
    (void)state;
    assert_read(TEXT("id,kind\na,guide\n"), "1:id|kind\n2:a|guide\n.");
    assert_read(TEXT("id,kind\na,guide"), "1:id|kind\n2:a|guide\n."); /* no final newline */
    assert_read(TEXT("id,kind\r\na,guide\r\n"), "1:id|kind\n2:a|guide\n.");
    assert_read(TEXT("id,kind\ra,guide\r"), "1:id|kind\n2:a|guide\n.");
    assert_read(TEXT("a , b"), "1:a | b\n."); /* spaces belong to the cell */
    assert_read(TEXT(""), ".");
}

static void test_csv_next_reads_empty_cells_and_lines(void **state)
{
    (void)state;
    assert_read(TEXT(","), "1:|\n.");
    assert_read(TEXT("a,,b,\n"), "1:a||b|\n.");
    assert_read(TEXT("\n"), "1:\n.");
    assert_read(TEXT("a\n\nb\n"), "1:a\n2:\n3:b\n.");
    assert_read(TEXT("a\r\n\r\nb"), "1:a\n2:\n3:b\n.");
    assert_read(TEXT("\"\",\"\"\n"), "1:|\n.");
}

static void test_csv_next_unquotes(void **state)
{
    (void)state;
    assert_read(TEXT("\"a,b\",c\n"), "1:a,b|c\n.");
    assert_read(TEXT("\"say \"\"hi\"\"\",x"), "1:say \"hi\"|x\n.");
    assert_read(TEXT("\"\"\"\""), "1:\"\n.");
    assert_read(TEXT("\"\"\"a\"\"\",\"\"\"\"\"\""), "1:\"a\"|\"\"\n.");
    assert_read(TEXT("\"two\nlines\",x\nnext"), "1:two\nlines|x\n3:next\n.");
    assert_read(TEXT("\"two\r\nlines\"\r\nnext\r\n"), "1:two\r\nlines\n3:next\n.");
    assert_read(TEXT("5\" pipe,b\"\n"), "1:5\" pipe|b\"\n."); /* a quote that opens nothing */
}

static void test_csv_open_finds_the_separator(void **state)
{
    (void)state;
    assert_read(TEXT("id;kind\na;b,c\n"), "1:id|kind\n2:a|b,c\n.");
    assert_read(TEXT("id,kind\na;b,c\n"), "1:id|kind\n2:a;b|c\n.");
    assert_read(TEXT("a;b;c,d\n"), "1:a|b|c,d\n.");
    assert_read(TEXT("a;b,c\n"), "1:a;b|c\n."); /* as many of both */
    assert_read(TEXT("id\na;b\n"), "1:id\n2:a;b\n.");
    assert_read(TEXT("\"a;b;c\",d\nx,y\n"), "1:a;b;c|d\n2:x|y\n.");
    assert_read(TEXT("\"a,b\n,c\";d\n"), "1:a,b\n,c|d\n.");
    assert_read(TEXT("a,b\r;;;;\r"), "1:a|b\n2:;;;;\n.");                     /* the first line ends there */
    assert_read(TEXT("5\" pipe;b\nc;d,e,f\n"), "1:5\" pipe|b\n2:c|d,e,f\n."); /* a quote that opens nothing */
    assert_read(TEXT("\"a \"\"b\"\";\",c\n"), "1:a \"b\";|c\n.");
}

static void test_csv_open_passes_over_a_byte_order_mark(void **state)
{
    (void)state;
    assert_read(TEXT("\xEF\xBB\xBFid,kind\n"), "1:id|kind\n.");
    assert_read(TEXT("\xEF\xBB\xBF\"id\";kind\n"), "1:id|kind\n.");
    assert_read(TEXT("\xEF\xBB\xBF"), ".");
    assert_read(TEXT("\xEF\xBB"), "1:\xEF\xBB\n.");
    assert_read(TEXT("a\n\xEF\xBB\xBF"), "1:a\n2:\xEF\xBB\xBF\n."); /* only at the beginning */
}

static void test_csv_next_says_where_a_quote_stays_open(void **state)
{
    (void)state;
    const char *open = "a quote is opened here and never closed";
    char expected[128];
    snprintf(expected, sizeof expected, "!1: %s", open);
    assert_read(TEXT("\""), expected);
    assert_read(TEXT("\"a\nb\nc"), expected);
    assert_read(TEXT("\"a\"\""), expected);
    snprintf(expected, sizeof expected, "1:a|b\n!2: %s", open);
    assert_read(TEXT("a,b\nc,\"d\n\ne,f\n"), expected);
}

static void test_csv_next_refuses_text_behind_a_quote(void **state)
{
    (void)state;
    const char *expected = "!1: text behind a closing quote; write a quote inside a text twice";
    assert_read(TEXT("\"a\"b,c\n"), expected);
    assert_read(TEXT("\"a\" ,c\n"), expected);
    assert_read(TEXT("\"say \"hi\"\"\n"), expected);
}

static void test_csv_next_takes_so_many_columns(void **state)
{
    (void)state;
    struct csv_reader reader;
    struct arena arena;
    struct error error;
    char line[CSV_MOST_CELLS + 1];
    memset(line, ',', sizeof line);
    arena_create(&arena, 1024);
    csv_open(&reader, (struct text){line, CSV_MOST_CELLS - 1}, &arena);
    assert_int_equal(csv_next(&reader, &row, &error), CSV_ROW);
    assert_int_equal(row.count, CSV_MOST_CELLS);
    assert_int_equal(csv_next(&reader, &row, &error), CSV_END);
    csv_open(&reader, (struct text){line, CSV_MOST_CELLS}, &arena);
    assert_int_equal(csv_next(&reader, &row, &error), CSV_BROKEN);
    assert_string_equal(error.message, "more than 200 columns");
    assert_int_equal(reader.line, 1);
    arena_destroy(&arena);
}

/* A cell of letters that mean something to the reader, among others; returns its length. */
static size_t random_cell(struct random_state *random, char cell[12])
{
    static const char letters[] = {'a', ',', ';', '"', '\n', '\r', ' ', '\0', '\xF1'};
    size_t length = (size_t)(random_next(random) >> 32) % 12;
    for (size_t i = 0; i < length; i++)
        cell[i] = letters[(random_next(random) >> 32) % sizeof letters];
    return length;
}

static void put_quoted(struct buffer *out, const char *cell, size_t length)
{
    put(out, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        put(out, "\"", cell[i] == '"');
        put(out, cell + i, 1);
    }
    put(out, "\"", 1);
}

/* What is written with quotes is read again as it was. */
static void test_csv_next_reads_back_what_was_quoted(void **state)
{
    (void)state;
    struct random_state random = {99};
    for (int round = 0; round < 3000; round++) {
        struct buffer text;
        struct arena arena;
        struct csv_reader reader;
        struct error error;
        char cells[3][12];
        size_t lengths[3];
        buffer_create(&text);
        for (int i = 0; i < 3; i++) {
            lengths[i] = random_cell(&random, cells[i]);
            put(&text, ",", i > 0);
            put_quoted(&text, cells[i], lengths[i]);
        }
        put(&text, "\r\n", (random_next(&random) >> 32) % 3);
        arena_create(&arena, 1024);
        csv_open(&reader, (struct text){text.bytes, text.length}, &arena);
        assert_int_equal(csv_next(&reader, &row, &error), CSV_ROW);
        assert_int_equal(row.count, 3);
        for (int i = 0; i < 3; i++)
            assert_true(text_equal(row.cells[i], (struct text){cells[i], lengths[i]}));
        assert_int_equal(csv_next(&reader, &row, &error), CSV_END);
        arena_destroy(&arena);
        buffer_destroy(&text);
    }
}

/* Anything at all comes to an end, within its bytes. */
static void test_csv_next_survives_noise(void **state)
{
    (void)state;
    struct random_state random = {3};
    for (int round = 0; round < 3000; round++) {
        char noise[12];
        size_t length = random_cell(&random, noise);
        struct buffer out;
        char *exact = malloc(length);
        memcpy(exact, noise, length);
        buffer_create(&out);
        read_all((struct text){exact, length}, &out);
        assert_false(out.failed);
        buffer_destroy(&out);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_next_reads_plain_rows),
        cmocka_unit_test(test_csv_next_reads_empty_cells_and_lines),
        cmocka_unit_test(test_csv_next_unquotes),
        cmocka_unit_test(test_csv_open_finds_the_separator),
        cmocka_unit_test(test_csv_open_passes_over_a_byte_order_mark),
        cmocka_unit_test(test_csv_next_says_where_a_quote_stays_open),
        cmocka_unit_test(test_csv_next_refuses_text_behind_a_quote),
        cmocka_unit_test(test_csv_next_takes_so_many_columns),
        cmocka_unit_test(test_csv_next_reads_back_what_was_quoted),
        cmocka_unit_test(test_csv_next_survives_noise),
    };
    return cmocka_run_group_tests_name("catalogue/csv", tests, NULL, NULL);
}
