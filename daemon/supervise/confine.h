/*
 * What a process gives up once it has all it needs: privileges, other files, other system calls. Workers read
 * strangers' bytes and run scripts, the ledger reads what workers write; should either be taken over, it can
 * start no program, open no connection and reach no file but the memory's.
 */
#ifndef SENDA_SUPERVISE_CONFINE_H
#define SENDA_SUPERVISE_CONFINE_H

#include "base/error.h"

/* Which files a process reaches from then on. */
enum confine_files {
    CONFINE_ZONES,  /* the zones of the clocks alone */
    CONFINE_READS,  /* those in the state folder that are there, the zones of the clocks */
    CONFINE_WRITES, /* and it makes, renames and removes some in the state folder */
};

/* NULL where this program can do it; else why it was built without, such as for a sanitizer. */
const char *confine_unavailable(void);

/*
 * For good, for a process with one thread. `state` is empty where there is no memory. Does as much as the
 * kernel allows; false, with the first thing that it does not.
 */
bool confine_process(enum confine_files files, const char *state, struct error *error) MUST_CHECK;

/* What also the supervisor does without: privileges to be gained, a core, others that look into its memory.
 */
bool confine_memory(struct error *error) MUST_CHECK;

#endif
