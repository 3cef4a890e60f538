/* A log of decisions whose files are recorded, and what a disk may hold of it after a power cut. */
#ifndef SENDA_TESTS_DECISIONLOG_CUTTING_H
#define SENDA_TESTS_DECISIONLOG_CUTTING_H

#include "scratch.h"

#include "../store/directory_builder.h"
#include "faults/faults.h"
#include "faults/replay.h"

enum { CUTTING_SEED = 5, CUTTING_ROUNDS = 20 /* of chance for each kind of loss */ };

struct cutting {
    struct directory directory; /* its store is the state directory; owned */
    struct scratch scratch;     /* the same directory */
};

/* Test fixture: *state is a struct cutting whose state directory is watched and recorded. */
static inline int cutting_setup(void **state)
{
    struct cutting *cutting = calloc(1, sizeof *cutting);
    assert_non_null(cutting);
    directory_create(&cutting->directory);
    snprintf(cutting->scratch.state, sizeof cutting->scratch.state, "%s", cutting->directory.store);
    faults_record(directory_below(cutting->directory.path, "trace"));
    assert_true(faults_watch(cutting->directory.store));
    *state = cutting;
    return 0;
}

static inline int cutting_teardown(void **state)
{
    struct cutting *cutting = *state;
    faults_plan("");
    faults_watch(NULL);
    faults_record(NULL);
    directory_destroy(&cutting->directory);
    free(cutting);
    return 0;
}

/* Whether the bytes are on the disk after a cut right now, whatever chance made of what nobody had synced. */
static inline bool cutting_may_hold(struct cutting *cutting, struct text bytes)
{
    struct random_state random = {CUTTING_SEED};
    const char *rebuilt = cutting->directory.elsewhere;
    struct error error = {0};
    bool holds = false;
    struct replay *replay = replay_new(directory_below(cutting->directory.path, "trace"), &error);
    if (replay == NULL)
        fail_msg("%s", error.message);
    for (unsigned i = 0; !holds && i < CUTTING_ROUNDS * REPLAY_LOSSES; i++) {
        if (!replay_build(replay, replay_count(replay), i % REPLAY_LOSSES, &random, rebuilt, &error))
            fail_msg("%s", error.message);
        holds = directory_holds(rebuilt, bytes);
        directory_empty(rebuilt);
    }
    replay_free(replay);
    return holds;
}

#endif
