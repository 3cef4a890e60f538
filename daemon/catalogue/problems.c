/* Collecting problems, and printing them with the source line and a caret. */
#include "catalogue/problems.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"

enum { ARENA_BLOCK = 4096, LONGEST_SOURCE = 160 };

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
    return (struct text){bytes, text.length};
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

static void print(struct buffer *out, const char *format, ...) PRINTF_LIKE(2, 3);

static void print(struct buffer *out, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > 0)
        buffer_append(out, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

static void print_place(const struct problem *problem, struct buffer *out)
{
    if (problem->file.length > 0)
        print(out, "%.*s:", (int)problem->file.length, problem->file.bytes);
    if (problem->line > 0)
        print(out, "%u:", problem->line);
    if (problem->line > 0 && problem->column > 0)
        print(out, "%u:", problem->column);
    if (problem->file.length > 0)
        print(out, " ");
}

/* The source line with a caret below the column; tabs stay tabs so that the caret stands right. */
static void print_source(const struct problem *problem, struct buffer *out)
{
    size_t length = problem->source.length < LONGEST_SOURCE ? problem->source.length : LONGEST_SOURCE;
    print(out, "%6u | %.*s\n", problem->line, (int)length, problem->source.bytes);
    if (problem->column == 0 || problem->column > length + 1)
        return;
    print(out, "       | ");
    for (size_t i = 0; i + 1 < problem->column; i++) {
        unsigned char byte = (unsigned char)problem->source.bytes[i];
        if ((byte & 0xC0) != 0x80)
            buffer_append(out, byte == '\t' ? "\t" : " ", 1);
    }
    print(out, "^\n");
}

static void print_problem(const struct problem *problem, struct buffer *out)
{
    print_place(problem, out);
    print(out, "%s: %.*s\n", problem->warning ? "warning" : "error", (int)problem->message.length,
          problem->message.bytes);
    if (problem->source.bytes != NULL && problem->line > 0)
        print_source(problem, out);
    if (problem->expected.length > 0)
        print(out, "       expected: %.*s\n", (int)problem->expected.length, problem->expected.bytes);
    if (problem->hint.length > 0)
        print(out, "       hint: %.*s\n", (int)problem->hint.length, problem->hint.bytes);
}

void problems_print(const struct problems *problems, struct buffer *out)
{
    for (size_t i = 0; i < problems->count; i++)
        print_problem(&problems->list[i], out);
}
