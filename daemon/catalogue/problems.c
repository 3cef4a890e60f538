/* Collecting problems, and printing them with the source line and a caret. */
#include "catalogue/problems.h"

#include <stdio.h>

enum { ARENA_BLOCK = 4096, LONGEST_SOURCE = 160, BEFORE_COLUMN = 80 };

void problems_create(struct problems *problems)
{
    *problems = (struct problems){.list = NULL};
    arena_create(&problems->arena, ARENA_BLOCK);
}

void problems_destroy(struct problems *problems)
{
    arena_destroy(&problems->arena);
    problems->list = NULL;
    problems->count = 0;
}

static struct text copy(struct problems *problems, struct text text)
{
    if (text.bytes == NULL)
        return text;
    const char *bytes = arena_copy(&problems->arena, text.bytes, text.length);
    problems->failed |= bytes == NULL;
    return (struct text){bytes, bytes == NULL ? 0 : text.length};
}

static bool grow(struct problems *problems)
{
    size_t capacity = problems->capacity == 0 ? 16 : problems->capacity * 2;
    struct problem *list = arena_allocate(&problems->arena, capacity * sizeof *list);
    if (list == NULL)
        return false;
    if (problems->count > 0)
        memcpy(list, problems->list, problems->count * sizeof *list);
    problems->list = list;
    problems->capacity = capacity;
    return true;
}

void problems_add(struct problems *problems, const struct problem *problem)
{
    problems->errors += !problem->warning;
    problems->warnings += problem->warning;
    if (problems->count == problems->capacity && !grow(problems)) {
        problems->failed = true;
        return;
    }
    struct problem *mine = &problems->list[problems->count++];
    *mine = *problem;
    mine->file = copy(problems, problem->file);
    mine->source = copy(problems, problem->source);
    mine->message = copy(problems, problem->message);
    mine->expected = copy(problems, problem->expected);
    mine->nearest = copy(problems, problem->nearest);
    mine->hint = copy(problems, problem->hint);
}

static void print(struct buffer *out, const char *words)
{
    buffer_append(out, words, strlen(words));
}

/* "12:" where the number is known. */
static void print_number(struct buffer *out, uint32_t number)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%u:", number);
    if (number > 0)
        print(out, digits);
}

/* Bytes of the character at the beginning; 0 where it is none that can be shown. */
static size_t character_length(struct text text)
{
    return text.bytes[0] == '\t' ? 1 : text_shown_length(text);
}

/* Files may hold any bytes, but what is printed may be sent as text: bytes that are none become U+FFFD. */
static void print_text(struct buffer *out, struct text text)
{
    while (text.length > 0) {
        size_t length = character_length(text), step = length > 0 ? length : 1;
        if (length > 0)
            buffer_append(out, text.bytes, length);
        else
            print(out, "\xEF\xBF\xBD");
        text.bytes += step;
        text.length -= step;
    }
}

static void print_place(const struct problem *problem, struct buffer *out)
{
    if (problem->file.length > 0) {
        print_text(out, problem->file);
        print(out, ":");
    }
    print_number(out, problem->line);
    print_number(out, problem->line > 0 ? problem->column : 0);
    if (problem->file.length > 0)
        print(out, " ");
}

/* As far as the column, a space for each character; tabs stay tabs so that the caret stands right. */
static void print_caret(struct buffer *out, struct text before)
{
    print(out, "       | ");
    while (before.length > 0) {
        size_t length = character_length(before), step = length > 0 ? length : 1;
        print(out, before.bytes[0] == '\t' ? "\t" : " ");
        before.bytes += step;
        before.length -= step;
    }
    print(out, "^\n");
}

/* How many bytes to leave out at the front of a long line, so that the column is among those shown. */
static size_t skipped_bytes(struct text source, uint32_t column)
{
    if (source.length <= LONGEST_SOURCE || column <= LONGEST_SOURCE / 2 || column > source.length + 1)
        return 0;
    size_t skipped = column - 1 > BEFORE_COLUMN ? column - 1 - BEFORE_COLUMN : 0;
    while (skipped < column - 1 && ((unsigned char)source.bytes[skipped] & 0xC0) == 0x80)
        skipped++;
    return skipped;
}

/* The source line with a caret below the column. */
static void print_source(const struct problem *problem, struct buffer *out)
{
    size_t skipped = skipped_bytes(problem->source, problem->column);
    struct text shown = {problem->source.bytes + skipped, problem->source.length - skipped};
    size_t column = problem->column - skipped;
    char margin[24];
    if (shown.length > LONGEST_SOURCE)
        shown = text_drop_cut_character((struct text){shown.bytes, LONGEST_SOURCE});
    snprintf(margin, sizeof margin, "%6u | ", problem->line);
    print(out, margin);
    print_text(out, shown);
    print(out, "\n");
    if (problem->column > 0 && column <= shown.length + 1)
        print_caret(out, text_drop_cut_character((struct text){shown.bytes, column - 1}));
}

/* A line of its own, where there is something to say. */
static void print_line(struct buffer *out, const char *before, struct text text)
{
    if (text.length == 0)
        return;
    print(out, before);
    print_text(out, text);
    print(out, "\n");
}

/* What was expected is said once, even if it is part of the message. */
static bool says_expected(const struct problem *problem)
{
    return problem->expected.length > 0 && problem->message.length > 0 &&
           memmem(problem->message.bytes, problem->message.length, problem->expected.bytes,
                  problem->expected.length) != NULL;
}

static void print_problem(const struct problem *problem, struct buffer *out)
{
    print_place(problem, out);
    print(out, problem->warning ? "warning: " : "error: ");
    print_text(out, problem->message);
    print(out, "\n");
    if (problem->source.bytes != NULL && problem->line > 0)
        print_source(problem, out);
    if (!says_expected(problem))
        print_line(out, "       expected: ", problem->expected);
    print_line(out, "       hint: ", problem->hint);
}

static void print_missing(const struct problems *problems, struct buffer *out)
{
    if (problems->failed)
        print(out, "error: out of memory, so that not all that is wrong can be told\n");
}

void problems_print(const struct problems *problems, struct buffer *out)
{
    for (size_t i = 0; i < problems->count; i++)
        print_problem(&problems->list[i], out);
    print_missing(problems, out);
}

static void print_all_of(const struct problems *problems, bool warnings, struct buffer *out)
{
    for (size_t i = 0; i < problems->count; i++)
        if (problems->list[i].warning == warnings)
            print_problem(&problems->list[i], out);
}

void problems_print_errors_first(const struct problems *problems, struct buffer *out)
{
    print_all_of(problems, false, out);
    print_missing(problems, out);
    print_all_of(problems, true, out);
}
