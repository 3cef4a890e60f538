/* Reading visits from comma-separated values; see demo_sessions.h. */
#include "ctl/demo_sessions.h"

#include "base/buffer.h"
#include "catalogue/csv.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

enum {
    PIECE = 65536,                  /* bytes read at a time */
    MOST_BYTES = 256 * 1024 * 1024, /* of a table; more is no table of visits */
    LARGEST_COUNT = 1000000000,     /* of pages, and the largest code */
    LONGEST_CELL = 64,              /* bytes of a cell with a number */
};

/* What a cell holds, and where it goes within a struct demo_session. */
enum cell { CELL_COUNT, CELL_NUMBER, CELL_FLAG, CELL_MONTH, CELL_VISITOR };

#define MEMBER(name) offsetof(struct demo_session, name)

static const struct column {
    const char *name; /* in the first row */
    enum cell cell;
    size_t offset; /* of the member; of CELL_MONTH and CELL_VISITOR not used */
} columns[] = {
    {"Administrative", CELL_COUNT, MEMBER(pages[DEMO_ADMINISTRATIVE])},
    {"Administrative_Duration", CELL_NUMBER, MEMBER(seconds[DEMO_ADMINISTRATIVE])},
    {"Informational", CELL_COUNT, MEMBER(pages[DEMO_INFORMATIONAL])},
    {"Informational_Duration", CELL_NUMBER, MEMBER(seconds[DEMO_INFORMATIONAL])},
    {"ProductRelated", CELL_COUNT, MEMBER(pages[DEMO_PRODUCT])},
    {"ProductRelated_Duration", CELL_NUMBER, MEMBER(seconds[DEMO_PRODUCT])},
    {"BounceRates", CELL_NUMBER, MEMBER(bounce_rate)},
    {"ExitRates", CELL_NUMBER, MEMBER(exit_rate)},
    {"PageValues", CELL_NUMBER, MEMBER(page_value)},
    {"SpecialDay", CELL_NUMBER, MEMBER(special_day)},
    {"Month", CELL_MONTH, 0},
    {"OperatingSystems", CELL_COUNT, MEMBER(system)},
    {"Browser", CELL_COUNT, MEMBER(browser)},
    {"Region", CELL_COUNT, MEMBER(region)},
    {"TrafficType", CELL_COUNT, MEMBER(traffic)},
    {"VisitorType", CELL_VISITOR, 0},
    {"Weekend", CELL_FLAG, MEMBER(weekend)},
    {"Revenue", CELL_FLAG, MEMBER(purchased)},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

void demo_sessions_create(struct demo_sessions *sessions)
{
    *sessions = (struct demo_sessions){NULL, 0};
}

void demo_sessions_destroy(struct demo_sessions *sessions)
{
    free(sessions->list);
}

bool demo_sessions_add(struct demo_sessions *sessions, const struct demo_session *session,
                       struct error *error)
{
    if ((sessions->count & (sessions->count - 1)) == 0) { /* room is made at 0, 1, 2, 4, 8, … visits */
        size_t more = sessions->count > 0 ? 2 * sessions->count : 1;
        struct demo_session *list = realloc(sessions->list, more * sizeof *list);
        if (list == NULL)
            return error_set(error, ERROR_INTERNAL, "memory is out");
        sessions->list = list;
    }
    sessions->list[sessions->count++] = *session;
    return true;
}

/* ---- Cells ---- */

static bool parse_number(struct text text, double most, double *number)
{
    char copy[LONGEST_CELL], *end;
    if (text.length == 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    *number = strtod(copy, &end);
    return *end == '\0' && *number >= 0 && *number <= most;
}

static bool is_word(struct text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

static bool parse_flag(struct text text, bool *flag)
{
    *flag = is_word(text, "TRUE") || is_word(text, "1");
    return *flag || is_word(text, "FALSE") || is_word(text, "0");
}

static bool parse_month(struct text text, char month[8])
{
    if (text.length == 0 || text.length >= 8 || !text_is_utf8(text))
        return false;
    memcpy(month, text.bytes, text.length);
    month[text.length] = '\0';
    return true;
}

static bool parse_visitor(struct text text, enum demo_visitor_type *visitor)
{
    if (is_word(text, "New_Visitor"))
        *visitor = DEMO_NEW;
    else if (is_word(text, "Returning_Visitor"))
        *visitor = DEMO_RETURNING;
    else
        *visitor = DEMO_OTHER;
    return *visitor != DEMO_OTHER || is_word(text, "Other");
}

static bool parse_count(struct text text, unsigned *count)
{
    double number;
    if (!parse_number(text, LARGEST_COUNT, &number) || number != floor(number))
        return false;
    *count = (unsigned)number;
    return true;
}

static bool parse_cell(const struct column *column, struct text text, struct demo_session *session)
{
    char *member = (char *)session + column->offset;
    switch (column->cell) {
    case CELL_COUNT:
        return parse_count(text, (unsigned *)(void *)member);
    case CELL_NUMBER:
        return parse_number(text, DBL_MAX, (double *)(void *)member);
    case CELL_FLAG:
        return parse_flag(text, (bool *)(void *)member);
    case CELL_MONTH:
        return parse_month(text, session->month);
    case CELL_VISITOR:
        return parse_visitor(text, &session->visitor);
    }
    return false;
}

static const char *expected_words(enum cell cell)
{
    switch (cell) {
    case CELL_COUNT:
        return "a whole number";
    case CELL_NUMBER:
        return "a number from 0 on";
    case CELL_FLAG:
        return "TRUE or FALSE";
    case CELL_MONTH:
        return "a month's short name";
    case CELL_VISITOR:
        return "New_Visitor, Returning_Visitor or Other";
    }
    return "";
}

/* ---- Rows ---- */

/* Where each column is found in a row. */
struct layout {
    uint32_t at[COLUMNS];
};

static bool find_column(const struct csv_row *heading, const char *name, uint32_t *at, struct error *error)
{
    for (*at = 0; *at < heading->count; (*at)++)
        if (is_word(heading->cells[*at], name))
            return true;
    return error_set(error, ERROR_INVALID, "line %u: there is no column %s", heading->line, name);
}

static bool read_heading(struct csv_reader *reader, struct layout *layout, struct error *error)
{
    struct csv_row row;
    enum csv_status status = csv_next(reader, &row, error);
    if (status == CSV_END)
        return error_set(error, ERROR_INVALID, "the file is empty");
    for (int i = 0; status == CSV_ROW && i < COLUMNS; i++)
        if (!find_column(&row, columns[i].name, &layout->at[i], error))
            return false;
    return status == CSV_ROW;
}

static bool parse_row(const struct csv_row *row, const struct layout *layout, struct demo_session *session,
                      struct error *error)
{
    *session = (struct demo_session){.system = 0};
    for (int i = 0; i < COLUMNS; i++) {
        uint32_t at = layout->at[i];
        struct text cell = at < row->count ? row->cells[at] : TEXT("");
        char shown[80];
        if (!parse_cell(&columns[i], cell, session))
            return error_set(error, ERROR_INVALID, "line %u: %s: expected %s, got '%s'", row->line,
                             columns[i].name, expected_words(columns[i].cell),
                             text_escape(cell, shown, sizeof shown));
    }
    return true;
}

static bool is_blank(const struct csv_row *row)
{
    return row->count == 0 || (row->count == 1 && row->cells[0].length == 0);
}

static bool read_rows(struct demo_sessions *sessions, struct csv_reader *reader, struct error *error)
{
    struct layout layout = {{0}};
    struct csv_row row;
    enum csv_status status;
    if (!read_heading(reader, &layout, error))
        return false;
    while ((status = csv_next(reader, &row, error)) == CSV_ROW) {
        struct demo_session session;
        if (is_blank(&row))
            continue;
        if (!parse_row(&row, &layout, &session, error) || !demo_sessions_add(sessions, &session, error))
            return false;
    }
    if (status == CSV_BROKEN)
        return error_prefix(error, "line %u: ", reader->line);
    return sessions->count > 0 || error_set(error, ERROR_INVALID, "there is no visit below the heading");
}

bool demo_sessions_parse(struct demo_sessions *sessions, struct text csv, struct error *error)
{
    struct csv_reader reader;
    struct arena arena;
    arena_create(&arena, 4096);
    csv_open(&reader, csv, &arena);
    bool good = read_rows(sessions, &reader, error);
    arena_destroy(&arena);
    return good;
}

/* ---- The file ---- */

/* gzread hands out files that are not compressed as they are. */
static bool read_pieces(gzFile file, struct buffer *content, struct error *error)
{
    int count = 1, failure;
    while (count > 0 && content->length <= MOST_BYTES) {
        if (!buffer_reserve(content, PIECE))
            return error_set(error, ERROR_INTERNAL, "memory is out");
        count = gzread(file, content->bytes + content->length, PIECE);
        content->length += count > 0 ? (size_t)count : 0;
    }
    const char *problem = gzerror(file, &failure);
    if (failure == Z_ERRNO)
        return error_set_errno(error, "cannot be read");
    if (count < 0 || failure == Z_BUF_ERROR)
        return error_set(error, ERROR_INVALID, "cannot be unpacked: %s", problem);
    return count == 0 || error_set(error, ERROR_TOO_LARGE, "more than %d bytes", MOST_BYTES);
}

static bool read_content(const char *path, struct buffer *content, struct error *error)
{
    errno = 0;
    gzFile file = gzopen(path, "rbe");
    if (file == NULL)
        return error_set_errno(error, "cannot be opened");
    bool good = read_pieces(file, content, error);
    (void)gzclose(file); /* read only: nothing can be lost */
    return good;
}

bool demo_sessions_read(struct demo_sessions *sessions, const char *path, size_t most, struct error *error)
{
    struct buffer content;
    buffer_create(&content);
    bool good = read_content(path, &content, error) &&
                demo_sessions_parse(sessions, (struct text){content.bytes, content.length}, error);
    buffer_destroy(&content);
    if (!good)
        return error_prefix(error, "%s: ", path);
    if (sessions->count > most)
        sessions->count = most;
    return true;
}
