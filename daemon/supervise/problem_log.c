/* Reading what problems_print gave back into its parts, which become fields. */
#include "supervise/problem_log.h"

#include <stdlib.h>

#include "base/log.h"

/* Of one problem; texts are NUL-terminated and cut where they would not fit, so that all fit into a line. */
struct problem_line {
    enum log_level level; /* error, or warning */
    char file[256];       /* empty: the site as a whole */
    long line, column;    /* from 1; 0: not told */
    char problem[1024];   /* what is wrong */
    char expected[512];   /* empty: not told, like all below */
    char hint[512];
    char source[600]; /* that line of the file */
};

static struct text next_line(struct text *rest)
{
    const char *end = memchr(rest->bytes, '\n', rest->length);
    struct text line = {rest->bytes, end == NULL ? rest->length : (size_t)(end - rest->bytes)};
    size_t taken = line.length + (end != NULL);
    rest->bytes += taken;
    rest->length -= taken;
    return line;
}

/* What stands behind the words; no bytes where the text does not begin with them. */
static struct text behind(struct text text, struct text words)
{
    bool begins = text.length >= words.length && memcmp(text.bytes, words.bytes, words.length) == 0;
    return begins ? (struct text){text.bytes + words.length, text.length - words.length}
                  : (struct text){NULL, 0};
}

/* Takes ":12" off the end; 0 where there is none. */
static long take_number(struct text *place)
{
    size_t digits = 0;
    while (digits < place->length && place->bytes[place->length - 1 - digits] >= '0' &&
           place->bytes[place->length - 1 - digits] <= '9')
        digits++;
    if (digits == 0 || digits == place->length || place->bytes[place->length - 1 - digits] != ':')
        return 0;
    long number = strtol(place->bytes + place->length - digits, NULL, 10);
    place->length -= digits + 1;
    return number;
}

/* "offers/a.lua:12:3:" */
static void read_place(struct problem_line *problem, struct text place)
{
    if (place.length > 0)
        place.length--;
    long last = take_number(&place), before = take_number(&place);
    problem->line = before > 0 ? before : last;
    problem->column = before > 0 ? last : 0;
    text_escape(place, problem->file, sizeof problem->file);
}

/* "offers/a.lua:12:3: error: no title"; without a place the kind stands first. */
static bool read_kind(struct problem_line *problem, struct text heading, struct text kind)
{
    struct text message = behind(heading, kind), place = {heading.bytes, 0};
    for (size_t i = 1; message.bytes == NULL && i + 1 < heading.length; i++) {
        if (heading.bytes[i - 1] != ':' || heading.bytes[i] != ' ')
            continue;
        message = behind((struct text){heading.bytes + i + 1, heading.length - i - 1}, kind);
        place.length = i;
    }
    if (message.bytes == NULL)
        return false;
    read_place(problem, place);
    text_escape(message, problem->problem, sizeof problem->problem);
    return true;
}

static void read_heading(struct problem_line *problem, struct text heading)
{
    *problem = (struct problem_line){.level = LOG_LEVEL_ERROR};
    if (read_kind(problem, heading, TEXT("error: ")))
        return;
    if (read_kind(problem, heading, TEXT("warning: ")))
        problem->level = LOG_LEVEL_WARNING;
    else
        text_escape(heading, problem->problem, sizeof problem->problem);
}

/* "    12 | offer {"; the line with the caret below it has no number. */
static void read_source(struct problem_line *problem, struct text line)
{
    size_t blanks = 0, digits = 0;
    while (blanks < line.length && line.bytes[blanks] == ' ')
        blanks++;
    while (blanks + digits < line.length && line.bytes[blanks + digits] >= '0' &&
           line.bytes[blanks + digits] <= '9')
        digits++;
    struct text source =
        behind((struct text){line.bytes + blanks + digits, line.length - blanks - digits}, TEXT(" | "));
    if (digits > 0 && source.bytes != NULL)
        text_escape(source, problem->source, sizeof problem->source);
}

static void read_more(struct problem_line *problem, struct text line)
{
    struct text expected = behind(line, TEXT("       expected: ")),
                hint = behind(line, TEXT("       hint: "));
    if (expected.bytes != NULL)
        text_escape(expected, problem->expected, sizeof problem->expected);
    else if (hint.bytes != NULL)
        text_escape(hint, problem->hint, sizeof problem->hint);
    else
        read_source(problem, line);
}

static void write_problem(const struct problem_line *problem)
{
    const struct log_field known[] = {
        LOG_TEXT("file", problem->file),         LOG_NUMBER("line", problem->line),
        LOG_NUMBER("column", problem->column),   LOG_TEXT("problem", problem->problem),
        LOG_TEXT("expected", problem->expected), LOG_TEXT("hint", problem->hint),
        LOG_TEXT("source", problem->source),
    };
    struct log_field told[sizeof known / sizeof *known + 1] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].text != NULL ? known[i].text[0] != '\0' : known[i].number > 0)
            told[count++] = known[i];
    log_write(problem->level, "problem of the site", told);
}

void problem_log_write(struct text printed)
{
    struct problem_line problem;
    size_t count = 0;
    while (printed.length > 0) {
        read_heading(&problem, next_line(&printed));
        while (printed.length > 0 && printed.bytes[0] == ' ')
            read_more(&problem, next_line(&printed));
        if (++count <= PROBLEM_LOG_MOST)
            write_problem(&problem);
    }
    if (count > PROBLEM_LOG_MOST)
        log_warning("more problems of the site", LOG_NUMBER("count", count - PROBLEM_LOG_MOST));
}
