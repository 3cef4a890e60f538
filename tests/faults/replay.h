/* Plays a power cut: rebuilds files as a disk may hold them after a cut anywhere in a trace, see trace.h. */
#ifndef SENDA_TESTS_FAULTS_REPLAY_H
#define SENDA_TESTS_FAULTS_REPLAY_H

#include <stddef.h>

#include "base/error.h"
#include "base/random.h"

struct replay;

/* What becomes of calls that nobody had waited for, as far as they had come. */
enum replay_loss {
    REPLAY_NOTHING,  /* all are on disk: the program died, not the machine */
    REPLAY_UNSYNCED, /* none is */
    REPLAY_SOME,     /* any of them may be, in any order; names in theirs */
    REPLAY_TORN,     /* as above, and of a write any of its sectors */
    REPLAY_LOSSES    /* how many there are */
};

/* The trace has to begin with an empty directory. NULL on failure. */
struct replay *replay_new(const char *trace, struct error *error);
void replay_free(struct replay *replay);

/* Records; a cut is 0 to as many: before which record the power fails. That one may have begun. */
size_t replay_count(const struct replay *replay);

/* The last number that the program had left in the trace before the cut; 0: none. */
uint64_t replay_marked(const struct replay *replay, size_t cut);

/* Puts the files into an empty directory. */
MUST_CHECK bool replay_build(const struct replay *replay, size_t cut, enum replay_loss loss,
                             struct random_state *random, const char *directory, struct error *error);

#endif
