/* What is recorded of calls on files, one record each, in the order in which they ended. */
#ifndef SENDA_TESTS_FAULTS_TRACE_H
#define SENDA_TESTS_FAULTS_TRACE_H

#include <stdint.h>

enum trace_kind {
    TRACE_WRITE,     /* `length` bytes to `offset` of `file`; they follow */
    TRACE_TRUNCATE,  /* `file` has `offset` bytes from now on */
    TRACE_SYNC,      /* of `file` */
    TRACE_NAMES,     /* sync of a directory */
    TRACE_MAKE,      /* `file` got a name; its path follows */
    TRACE_DIRECTORY, /* a directory was made; its path follows */
    TRACE_RENAME,    /* the old path and the new one follow, each with its NUL */
    TRACE_REMOVE,    /* a file or an empty directory; its path follows */
    TRACE_MARK,      /* `offset` is the program's number */
};

enum {
    TRACE_DURABLE = 1, /* the call returned when it was on disk */
    TRACE_FAILED = 2,  /* the call was carried out, or begun, but the program was told that it failed */
};

/* Paths are relative to the directory that is watched. */
struct trace_record {
    uint32_t kind;   /* enum trace_kind */
    uint32_t flags;  /* TRACE_DURABLE, TRACE_FAILED */
    uint64_t file;   /* inode number; 0: of no matter */
    uint64_t offset; /* see the kinds */
    uint64_t length; /* bytes that follow */
};

#endif
