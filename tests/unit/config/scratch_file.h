/* A file with given content that lives as long as one test. */
#ifndef SENDA_TESTS_SCRATCH_FILE_H
#define SENDA_TESTS_SCRATCH_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch_file {
    char path[64]; /* in /tmp */
};

static inline struct scratch_file scratch_file_create(const char *content, size_t length)
{
    struct scratch_file file = {"/tmp/senda-config-XXXXXX"};
    int fd = mkstemp(file.path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, length), length);
    close(fd);
    return file;
}

static inline void scratch_file_destroy(const struct scratch_file *file)
{
    unlink(file->path);
}

#endif
