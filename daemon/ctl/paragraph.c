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
    *paragraph = (struct paragraph){print, width, indent, taken};
    print_styled(print, PRINT_DIM, label);
    put_blanks(paragraph, taken < indent ? indent - taken : 1);
}

static void start_line(struct paragraph *paragraph)
{
    putc('\n', paragraph->print->file);
    paragraph->column = 0;
    put_blanks(paragraph, paragraph->indent);
}

/* One word and the blanks in front of it, which go where a line ends instead. */
static void add_word(struct paragraph *paragraph, enum print_style style, const char *word, size_t blanks)
{
    size_t width = print_width(word);
    bool first = paragraph->column <= paragraph->indent;
    bool fits = paragraph->width == 0 || paragraph->column + blanks + width <= paragraph->width;
    if (fits || first)
        put_blanks(paragraph, blanks);
    else if (blanks > 0)
        start_line(paragraph);
    print_styled(paragraph->print, style, word);
    paragraph->column += width;
}

void paragraph_add(struct paragraph *paragraph, enum print_style style, const char *text)
{
    while (*text != '\0') {
        char word[1024];
        size_t blanks = strspn(text, " ");
        size_t length = strcspn(text + blanks, " ");
        if (length >= sizeof word)
            length = sizeof word - 1;
        memcpy(word, text + blanks, length);
        word[length] = '\0';
        add_word(paragraph, style, word, blanks);
        text += blanks + length;
    }
}

void paragraph_end(struct paragraph *paragraph)
{
    putc('\n', paragraph->print->file);
    paragraph->column = 0;
}
