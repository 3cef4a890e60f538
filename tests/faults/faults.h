/*
 * A library that stands between a program and the system's calls on files: it lets chosen ones fail, and
 * records them so that a power cut can be played afterwards.
 *
 * Either a program is linked with it and calls the functions below, or it is preloaded into any program,
 * which then is told by its environment:
 *
 *   LD_PRELOAD              the library
 *   SENDA_FAULTS_DIRECTORY  files below it are watched, all others are left alone
 *   SENDA_FAULTS_TRACE      a file elsewhere that records are appended to, see trace.h; unset: none
 *   SENDA_FAULTS_PLAN       a file elsewhere that holds a plan; looked at before each call, so that a test
 * can replace it (by rename) while the program runs; unset, missing or empty: no faults
 *   SENDA_FAULTS_MAP        bytes that LMDB's map has at first, so that a test can fill it; unset: 1 GiB
 *   SENDA_FAULTS_CLOCK      a file that holds a number: the wall clock is so many seconds ahead (or behind)
 *
 * A plan is lines, or parts between semicolons, of words:
 *
 *   CALLS WHAT [skip=N] [times=N] [file=NAME]
 *
 *   CALLS  write, sync, truncate, map (mmap), name (making, renaming and removing files and directories), any
 *   WHAT   an error's name (EIO, ENOSPC, EDQUOT, EROFS, EMFILE, ENOMEM), short (half is written, which is no
 *          error), or kill (the process is killed there and then); late-EIO, late-kill and so on: the call is
 *          carried out first
 *   skip   calls that pass before the first fault; times: faults before calls pass again (0: no end)
 *   file   only files of that name, which is the last part of their path
 *
 * Of the rules that fit, the first one that strikes counts. What stdio writes by itself, remove(), copies
 * within the kernel and memory maps that are written to are not seen.
 */
#ifndef SENDA_TESTS_FAULTS_FAULTS_H
#define SENDA_TESTS_FAULTS_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

/* Watches files below the directory, which has to be there; NULL: none. */
bool faults_watch(const char *directory);

/* Appends to the file from now on; NULL: no more. */
void faults_record(const char *trace);

/* Replaces the plan; "" for no faults. False, and no faults, where it can't be understood. */
bool faults_plan(const char *plan);

/* Faults that have struck in this process since the plan was made. */
unsigned faults_struck(void);

/* Leaves a number in the trace: "whatever this stands for has been acknowledged". */
void faults_mark(uint64_t number);

#endif
