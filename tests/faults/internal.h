/* What the files of the fault library share. */
#ifndef SENDA_TESTS_FAULTS_INTERNAL_H
#define SENDA_TESTS_FAULTS_INTERNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "faults.h"
#include "trace.h"

enum faults_call {
    FAULTS_WRITE = 1,
    FAULTS_SYNC = 2,
    FAULTS_TRUNCATE = 4,
    FAULTS_MAP = 8,
    FAULTS_NAME = 16,
    FAULTS_ANY = FAULTS_WRITE | FAULTS_SYNC | FAULTS_TRUNCATE | FAULTS_MAP | FAULTS_NAME,
};

/* What is to happen to a call. */
struct faults_verdict {
    int error;   /* errno to fail with; 0: none */
    bool late;   /* carry it out first */
    bool is_cut; /* write only half */
    bool kill;   /* the process */
};

/* plan.c: what is to happen to this call on the file of that path. Counts. */
struct faults_verdict faults_decide(enum faults_call call, const char *path);

/* Before a call is carried out: true if it isn't to be; errno is set then. */
bool faults_strike_early(const struct faults_verdict *verdict);

/* After it was, with its result; returns what the program shall see. */
long faults_strike_late(const struct faults_verdict *verdict, long result);

/* Reads the file of SENDA_FAULTS_PLAN again if it is another one by now. */
void faults_follow_plan(const char *path);

/* watch.c: whether anything is watched at all. */
bool faults_is_watching(void);

/* The path of an open file relative to what is watched; NULL: not below it. In `out`, of PATH_MAX bytes. */
const char *faults_path_of(int descriptor, char *out);

/* The same for a name that may not exist. */
const char *faults_path_named(int directory, const char *name, char *out);

/* record.c: appends a record and its bytes, if recording. */
void faults_append(struct trace_record record, const struct iovec *parts, int count);

/* The same for a record about a descriptor's file. */
void faults_append_file(int descriptor, struct trace_record record, const struct iovec *parts, int count);

/* The same for one about paths; `to` may be NULL. */
void faults_append_paths(enum trace_kind kind, uint64_t file, const char *path, const char *to);

#endif
