/* Breaking lines; see paragraph.h. */
#include "ctl/paragraph.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

size_t paragraph_terminal_width(FILE *file)
{
    struct winsize size;
    int descriptor = fileno(file);
    if (descriptor < 0 || isatty(descriptor) != 1)
        return 0;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void put_blanks(struct paragraph *paragraph, size_t count)
{
    fprintf(paragraph->print->file, "%*s", (int)count, "");
    paragraph->column += count;
}

void paragraph_begin(struct paragraph *paragraph, const struct print *print, size_t width, size_t indent,
                     const char *label)
{
    size_t taken = print_width(label);
    *paragraph = (struct paragraph){print, width, indent, taken, 0};
    print_styled(print, PRINT_DIM, label);
    put_blanks(paragraph, taken < indent ? indent - taken : 1);
}

/* Words of one style that stand side by side, to be written at once. */
struct run {
    enum print_style style;
    char text[2048]; /* NUL-terminated */
    size_t length;   /* bytes in use */
};

static void write_run(struct paragraph *paragraph, struct run *run)
{
    if (run->length > 0)
        print_styled(paragraph->print, run->style, run->text);
    run->length = 0;
}

static void start_line(struct paragraph *paragraph, struct run *run)
{
    write_run(paragraph, run);
    putc('\n', paragraph->print->file);
    paragraph->column = 0;
    put_blanks(paragraph, paragraph->indent);
}

/* A word of `length` bytes with the blanks in front of it, which go where a line ends instead. */
static void add_word(struct paragraph *paragraph, struct run *run, const char *word, size_t length)
{
    char copy[sizeof run->text];
    int blanks = paragraph->blanks < sizeof copy / 2 ? (int)paragraph->blanks : (int)(sizeof copy / 2);
    snprintf(copy, sizeof copy, "%*s%.*s", blanks, "", (int)length, word);
    size_t width = print_width(copy);
    bool first = paragraph->column <= paragraph->indent;
    bool fits = paragraph->width == 0 || paragraph->column + width <= paragraph->width;
    const char *shown = copy;
    if (!fits && !first && blanks > 0) {
        start_line(paragraph, run);
        shown += blanks;
        width -= (size_t)blanks;
    }
    if (run->length + strlen(shown) >= sizeof run->text)
        write_run(paragraph, run);
    run->length += (size_t)snprintf(run->text + run->length, sizeof run->text - run->length, "%s", shown);
    paragraph->column += width;
    paragraph->blanks = 0;
}

void paragraph_add(struct paragraph *paragraph, enum print_style style, const char *text)
{
    struct run run = {.style = style};
    size_t most = sizeof run.text / 2 - 1;
    while (*text != '\0') {
        size_t blanks = strspn(text, " ");
        size_t length = strcspn(text + blanks, " ");
        length = length > most ? most : length;
        paragraph->blanks += blanks;
        if (length > 0)
            add_word(paragraph, &run, text + blanks, length);
        text += blanks + length;
    }
    write_run(paragraph, &run);
}

void paragraph_end(struct paragraph *paragraph)
{
    putc('\n', paragraph->print->file);
    paragraph->column = 0;
}
