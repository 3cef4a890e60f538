/* What a process writes to standard error, as its log. */
#ifndef SENDA_TESTS_BASE_CAPTURE_H
#define SENDA_TESTS_BASE_CAPTURE_H

#include "../cmocka_all.h"

#include <unistd.h>

/* Standard error led into a pipe while something is logged. */
struct capture {
    int ends[2], before;
    char text[16384];
};

static inline void capture_begin(struct capture *capture)
{
    assert_int_equal(pipe(capture->ends), 0);
    capture->before = dup(STDERR_FILENO);
    assert_true(capture->before >= 0);
    assert_int_equal(dup2(capture->ends[1], STDERR_FILENO), STDERR_FILENO);
    close(capture->ends[1]);
}

/* What was written, up to the pipe's end. */
static inline const char *capture_end(struct capture *capture)
{
    size_t length = 0;
    ssize_t more;
    assert_int_equal(dup2(capture->before, STDERR_FILENO), STDERR_FILENO);
    close(capture->before);
    while ((more = read(capture->ends[0], capture->text + length, sizeof capture->text - 1 - length)) > 0)
        length += (size_t)more;
    close(capture->ends[0]);
    capture->text[length] = '\0';
    return capture->text;
}

#endif
