/* The CSV reader: what it reads is there; written anew, it is read as the same. */
#include <string.h>

#include "base/buffer.h"
#include "catalogue/csv.h"
#include "fuzz.h"

/* Every cell in quotes, every quote doubled. The separator is the reader's. */
static void write_row(struct buffer *out, const struct csv_row *row, char separator)
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (i > 0)
            buffer_append(out, &separator, 1);
        buffer_append(out, "\"", 1);
        for (size_t j = 0; j < row->cells[i].length; j++) {
            buffer_append(out, row->cells[i].bytes + j, 1);
            if (row->cells[i].bytes[j] == '"')
                buffer_append(out, "\"", 1);
        }
        buffer_append(out, "\"", 1);
    }
    buffer_append(out, "\n", 1);
}

static void check_row(const struct csv_reader *reader, const struct csv_row *row, uint32_t line)
{
    REQUIRE(row->count >= 1 && row->count <= CSV_MOST_CELLS);
    REQUIRE(row->line == line && reader->line > line);
    for (uint32_t i = 0; i < row->count; i++)
        REQUIRE(row->cells[i].bytes != NULL);
}

/* Reads everything and writes it to `out`; `columns` are those of the first row. */
static enum csv_status read_all(struct text text, struct buffer *out, uint32_t *columns)
{
    struct csv_reader reader;
    static struct csv_row row;
    struct arena arena;
    struct error error = {0};
    enum csv_status status;
    *columns = 0;
    arena_create(&arena, 1024);
    csv_open(&reader, text, &arena);
    REQUIRE(reader.separator == ',' || reader.separator == ';');
    for (;;) {
        uint32_t line = reader.line;
        status = csv_next(&reader, &row, &error);
        if (status != CSV_ROW)
            break;
        check_row(&reader, &row, line);
        *columns = line == 1 ? row.count : *columns;
        write_row(out, &row, reader.separator);
    }
    REQUIRE(status == CSV_END || error.message[0] != '\0');
    arena_destroy(&arena);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer once, twice;
    uint32_t columns;
    buffer_create(&once);
    buffer_create(&twice);
    read_all((struct text){(const char *)bytes, length}, &once, &columns);
    /* The separator is seen in the first row, if there are two columns. */
    if (columns > 1) {
        REQUIRE(read_all((struct text){once.bytes, once.length}, &twice, &columns) == CSV_END);
        REQUIRE(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    }
    buffer_destroy(&once);
    buffer_destroy(&twice);
    return 0;
}
