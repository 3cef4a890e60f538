/* Words, styles and tables; see print.h. */
#include "ctl/print.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

struct print print_to(FILE *file)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    bool refused = no_colour != NULL && no_colour[0] != '\0';
    return (struct print){file, isatty(fileno(file)) == 1 && !dumb && !refused};
}

/* A copy in which nothing is left that a terminal would obey. NULL: no memory. */
static char *escaped_copy(const char *text)
{
    enum { MOST_OF_A_BYTE = 4 }; /* \xNN */
    struct text raw = text_from(text);
    size_t size = MOST_OF_A_BYTE * raw.length + MOST_OF_A_BYTE;
    char *escaped = malloc(size);
    if (escaped != NULL)
        text_escape(raw, escaped, size);
    return escaped;
}

static void write_styled(const struct print *print, enum print_style style, const char *text)
{
    static const char *const codes[] = {"", "\033[1m", "\033[2m", "\033[32m", "\033[31m"};
    bool styled = print->colour && style != PRINT_PLAIN;
    fprintf(print->file, "%s%s%s", styled ? codes[style] : "", text, styled ? "\033[0m" : "");
}

void print_styled(const struct print *print, enum print_style style, const char *text)
{
    char *escaped = escaped_copy(text);
    write_styled(print, style, escaped != NULL ? escaped : "");
    free(escaped);
}

/* A list's items, joined. */
static const char *words_of_list(const senda_value *list, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < senda_value_count(list) && used + 1 < size; i++) {
        if (i > 0)
            used += (size_t)snprintf(out + used, size - used, "; ");
        if (used + 1 < size)
            used += strlen(print_words(senda_value_at(list, i), out + used, size - used));
    }
    return senda_value_count(list) > 0 ? out : strcpy(out, "-");
}

static const char *words_of_map(const senda_value *map, char *out, size_t size)
{
    char *text = senda_value_to_json(map, 0);
    text_escape(text_from(text != NULL ? text : "-"), out, size);
    free(text);
    return out;
}

const char *print_words(const senda_value *value, char *out, size_t size)
{
    struct text text;
    switch (senda_value_type(value)) {
    case SENDA_TYPE_NIL:
    case SENDA_TYPE_OTHER:
        snprintf(out, size, "-");
        break;
    case SENDA_TYPE_BOOLEAN:
        snprintf(out, size, "%s", senda_value_boolean(value, false) ? "yes" : "no");
        break;
    case SENDA_TYPE_INTEGER:
        snprintf(out, size, "%" PRId64, senda_value_integer(value, 0));
        break;
    case SENDA_TYPE_NUMBER:
        snprintf(out, size, "%.4g", senda_value_number(value, 0));
        break;
    case SENDA_TYPE_STRING:
        text.bytes = senda_value_string(value, &text.length);
        return text_escape(text, out, size);
    case SENDA_TYPE_LIST:
        return words_of_list(value, out, size);
    case SENDA_TYPE_MAP:
        return words_of_map(value, out, size);
    }
    return out;
}

size_t print_width(const char *text)
{
    mbstate_t shift = {0};
    size_t width = 0, left = strlen(text);
    while (left > 0) {
        wchar_t character;
        size_t colours = text[0] == '\033' ? strcspn(text, "m") + 1 : 0;
        if (colours > 0 && colours <= left) {
            text += colours;
            left -= colours;
            continue;
        }
        size_t length = mbrtowc(&character, text, left, &shift);
        if (length == 0 || length > left) { /* not of this locale: one column a character of UTF-8 */
            shift = (mbstate_t){0};
            width += ((unsigned char)text[0] & 0xC0) != 0x80;
            length = 1;
        } else {
            int columns = wcwidth(character);
            width += columns > 0 ? (size_t)columns : 0;
        }
        text += length;
        left -= length;
    }
    return width;
}

/* ---- Tables ---- */

enum { GAP = 2 }; /* blanks between columns */

void print_table_create(struct print_table *table, size_t columns)
{
    *table = (struct print_table){.columns = columns};
}

void print_table_destroy(struct print_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        for (size_t j = 0; j < table->columns; j++)
            free(table->rows[i][j]);
    free(table->rows);
    free(table->styles);
}

static bool make_room(struct print_table *table)
{
    size_t more = table->count + 1;
    if ((table->count & (table->count - 1)) != 0) /* room is made at 0, 1, 2, 4, 8, … rows */
        return true;
    if (table->count > 0)
        more = 2 * table->count;
    void *rows = realloc(table->rows, more * sizeof *table->rows);
    if (rows == NULL)
        return false;
    table->rows = rows;
    void *styles = realloc(table->styles, more * sizeof *table->styles);
    if (styles == NULL)
        return false;
    table->styles = styles;
    return true;
}

bool print_table_add(struct print_table *table, enum print_style style, const char *const *cells)
{
    bool whole = true;
    if (!make_room(table))
        return false;
    char **row = table->rows[table->count];
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = table->coloured[i] ? strdup(cells[i]) : escaped_copy(cells[i]);
        whole = whole && row[i] != NULL;
    }
    table->styles[table->count++] = style;
    return whole;
}

size_t print_table_column(const struct print_table *table, size_t column)
{
    size_t widest = 0;
    for (size_t i = 0; i < table->count; i++) {
        const char *cell = table->rows[i][column];
        size_t width = cell != NULL ? print_width(cell) : 0;
        widest = width > widest ? width : widest;
    }
    return widest;
}

size_t print_table_columns(const struct print_table *table)
{
    size_t columns = table->columns > 0 ? GAP * (table->columns - 1) : 0;
    for (size_t i = 0; i < table->columns; i++)
        columns += print_table_column(table, i);
    return columns;
}

enum { NARROWEST_CELL = 20 }; /* columns; narrower ones are not broken */

/* Bytes of the cell's beginning that fit into so many columns, ended between words; all where no word does.
 */
static size_t fitting_bytes(const char *cell, size_t columns)
{
    size_t fitting = 0;
    for (const char *blank = strchr(cell, ' '); blank != NULL; blank = strchr(blank + 1, ' ')) {
        char *head = strndup(cell, (size_t)(blank - cell));
        bool fits = head != NULL && print_width(head) <= columns;
        free(head);
        if (!fits)
            break;
        fitting = (size_t)(blank - cell);
    }
    return fitting > 0 ? fitting : strlen(cell);
}

/* The last cell, which begins at the column `begin`, in as many lines as it takes. */
static void write_last_cell(const struct print_table *table, const struct print *print, size_t row,
                            const char *cell, size_t begin)
{
    size_t room = table->width > begin ? table->width - begin : 0;
    while (room >= NARROWEST_CELL && print_width(cell) > room) {
        size_t bytes = fitting_bytes(cell, room);
        if (cell[bytes] == '\0')
            break;
        char *head = strndup(cell, bytes);
        write_styled(print, table->styles[row], head != NULL ? head : "");
        free(head);
        fprintf(print->file, "\n%*s", (int)begin, "");
        cell += bytes + 1;
    }
    write_styled(print, row == 0 ? PRINT_DIM : table->styles[row], cell);
    putc('\n', print->file);
}

static void write_cell(const struct print_table *table, const struct print *print, size_t row, size_t column,
                       size_t width)
{
    const char *cell = table->rows[row][column] != NULL ? table->rows[row][column] : "";
    int blanks = (int)(width - print_width(cell));
    if (table->right_aligned[column])
        fprintf(print->file, "%*s", blanks, "");
    write_styled(print, row == 0 ? PRINT_DIM : table->styles[row], cell);
    if (!table->right_aligned[column])
        fprintf(print->file, "%*s", blanks, "");
    fprintf(print->file, "%*s", GAP, "");
}

/* The last cell that has anything in it: lines do not end in blanks. */
static size_t last_cell(const struct print_table *table, size_t row)
{
    size_t last = table->columns - 1;
    while (last > 0 && (table->rows[row][last] == NULL || table->rows[row][last][0] == '\0'))
        last--;
    return last;
}

static void write_row(const struct print_table *table, const struct print *print, size_t row,
                      const size_t *widths, size_t indent)
{
    size_t last = last_cell(table, row), begin = indent;
    const char *cell = table->rows[row][last] != NULL ? table->rows[row][last] : "";
    fprintf(print->file, "%*s", (int)indent, "");
    for (size_t j = 0; j < last; j++) {
        write_cell(table, print, row, j, widths[j]);
        begin += widths[j] + GAP;
    }
    if (table->right_aligned[last])
        fprintf(print->file, "%*s", (int)(widths[last] - print_width(cell)), "");
    write_last_cell(table, print, row, cell, begin);
}

void print_table_write(const struct print_table *table, const struct print *print, unsigned indent)
{
    size_t widths[PRINT_COLUMNS] = {0};
    for (size_t j = 0; j < table->columns; j++)
        widths[j] = print_table_column(table, j);
    for (size_t i = 0; i < table->count; i++)
        write_row(table, print, i, widths, indent);
}

/* ---- Outlines ---- */

static bool is_container(const senda_value *value)
{
    enum senda_type type = senda_value_type(value);
    return (type == SENDA_TYPE_MAP || type == SENDA_TYPE_LIST) && senda_value_count(value) > 0;
}

static size_t widest_key(const senda_value *map)
{
    size_t widest = 0;
    for (size_t i = 0; i < senda_value_count(map); i++) {
        char name[256];
        size_t width = print_width(print_words(senda_value_key_at(map, i), name, sizeof name));
        if (!is_container(senda_value_at(map, i)) && width > widest)
            widest = width;
    }
    return widest;
}

/* `name` padded to `width`, and the value behind it or below it. */
static void print_entry(const struct print *print, const char *name, size_t width, const senda_value *value,
                        unsigned indent)
{
    char words[1024];
    fprintf(print->file, "%*s", (int)indent, "");
    if (is_container(value)) {
        print_styled(print, PRINT_BOLD, name);
        putc('\n', print->file);
        print_outline(print, value, indent + 2);
        return;
    }
    print_styled(print, PRINT_DIM, name);
    int blanks = (int)(width - print_width(name)) + 2;
    fprintf(print->file, "%*s%s\n", blanks, "", print_words(value, words, sizeof words));
}

void print_outline(const struct print *print, const senda_value *value, unsigned indent)
{
    bool map = senda_value_type(value) == SENDA_TYPE_MAP;
    size_t width = map ? widest_key(value) : 2;
    char name[256];
    if (!is_container(value)) {
        fprintf(print->file, "%*s%s\n", (int)indent, "", print_words(value, name, sizeof name));
        return;
    }
    for (size_t i = 0; i < senda_value_count(value); i++) {
        if (map)
            print_words(senda_value_key_at(value, i), name, sizeof name);
        else
            snprintf(name, sizeof name, "%zu", i + 1);
        size_t own = print_width(name);
        print_entry(print, name, own > width ? own : width, senda_value_at(value, i), indent);
    }
}
