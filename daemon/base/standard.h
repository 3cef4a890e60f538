/* A program's standard descriptors: all three are open, and what could not be printed is no success. */
#ifndef SENDA_BASE_STANDARD_H
#define SENDA_BASE_STANDARD_H

#include "base/error.h"

/*
 * At the very beginning of main, with the program's name for messages, which is borrowed for good.
 * Descriptors that were closed are opened, so that nothing else gets their numbers. When the program exits
 * and standard output could not take everything, standard error says so, and where the exit code would have
 * been 0 it is 1. A reader who has gone away, as `| head` does, is no failure. False: a descriptor can't be
 * opened.
 */
bool standard_begin(const char *program) MUST_CHECK;

#endif
