/* Reading rows of cells. */
#include "catalogue/csv.h"

static bool at_end(const struct csv_reader *reader)
{
    return reader->rest.length == 0;
}

static char peek(const struct csv_reader *reader)
{
    return reader->rest.bytes[0];
}

static void advance(struct csv_reader *reader, size_t bytes)
{
    reader->rest.bytes += bytes;
    reader->rest.length -= bytes;
}

/* Where the text behind a quoted cell that begins at `i` goes on. */
static size_t pass_quoted(struct text text, size_t i)
{
    for (i++; i < text.length; i++) {
        if (text.bytes[i] != '"')
            continue;
        if (i + 1 == text.length || text.bytes[i + 1] != '"')
            return i + 1;
        i++;
    }
    return i;
}

/* Those inside quoted cells separate nothing; a quote in the middle of a cell is a quote, as in 5". */
static char find_separator(struct text text)
{
    size_t commas = 0, semicolons = 0;
    bool begins = true; /* a cell */
    for (size_t i = 0; i < text.length && text.bytes[i] != '\n' && text.bytes[i] != '\r';) {
        bool quoted = begins && text.bytes[i] == '"';
        commas += text.bytes[i] == ',';
        semicolons += text.bytes[i] == ';';
        begins = text.bytes[i] == ',' || text.bytes[i] == ';';
        i = quoted ? pass_quoted(text, i) : i + 1;
    }
    return semicolons > commas ? ';' : ',';
}

void csv_open(struct csv_reader *reader, struct text text, struct arena *arena)
{
    *reader = (struct csv_reader){text_skip_mark(text), 1, ',', arena};
    reader->separator = find_separator(reader->rest);
}

/* Copies the text between two quotes, each doubled quote once. */
static struct text unquote(struct csv_reader *reader, const char *bytes, size_t length)
{
    char *copy = arena_allocate(reader->arena, length + 1);
    size_t kept = 0;
    if (copy == NULL)
        return (struct text){NULL, 0};
    for (size_t i = 0; i < length; i++) {
        copy[kept++] = bytes[i];
        if (bytes[i] == '"')
            i++;
    }
    copy[kept] = '\0';
    return (struct text){copy, kept};
}

/* A cell that begins with a quote; the reader stands behind that quote. */
static bool read_quoted(struct csv_reader *reader, struct text *cell, struct error *error)
{
    const char *begin = reader->rest.bytes;
    uint32_t line = reader->line;
    size_t length = 0;
    for (; !at_end(reader); advance(reader, 1), length++) {
        if (peek(reader) == '\n')
            reader->line++;
        if (peek(reader) != '"')
            continue;
        if (reader->rest.length < 2 || reader->rest.bytes[1] != '"')
            break;
        advance(reader, 1);
        length++;
    }
    if (at_end(reader)) {
        reader->line = line;
        return error_set(error, ERROR_INVALID, "a quote is opened here and never closed");
    }
    advance(reader, 1);
    *cell = unquote(reader, begin, length);
    return cell->bytes != NULL || error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool ends_cell(const struct csv_reader *reader)
{
    return at_end(reader) || peek(reader) == reader->separator || peek(reader) == '\n' ||
           peek(reader) == '\r';
}

static bool read_cell(struct csv_reader *reader, struct text *cell, struct error *error)
{
    if (!at_end(reader) && peek(reader) == '"') {
        advance(reader, 1);
        if (!read_quoted(reader, cell, error))
            return false;
        return ends_cell(reader) ||
               error_set(error, ERROR_INVALID,
                         "text behind a closing quote; write a quote inside a text twice");
    }
    *cell = (struct text){reader->rest.bytes, 0};
    for (; !ends_cell(reader); cell->length++)
        advance(reader, 1);
    return true;
}

static void skip_line_end(struct csv_reader *reader)
{
    if (!at_end(reader) && peek(reader) == '\r')
        advance(reader, 1);
    if (!at_end(reader) && peek(reader) == '\n')
        advance(reader, 1);
    reader->line++;
}

enum csv_status csv_next(struct csv_reader *reader, struct csv_row *row, struct error *error)
{
    row->count = 0;
    row->line = reader->line;
    if (at_end(reader))
        return CSV_END;
    for (;;) {
        if (row->count == CSV_MOST_CELLS) {
            error_set(error, ERROR_INVALID, "more than %d columns", CSV_MOST_CELLS);
            return CSV_BROKEN;
        }
        if (!read_cell(reader, &row->cells[row->count++], error))
            return CSV_BROKEN;
        if (at_end(reader) || peek(reader) != reader->separator)
            break;
        advance(reader, 1);
    }
    skip_line_end(reader);
    return CSV_ROW;
}
