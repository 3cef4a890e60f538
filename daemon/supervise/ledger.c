/* The role of the ledger: the store and the log opened, then looks at what workers push, when woken or in
 * time. */
#include "supervise/ledger.h"

#include <stdlib.h>

#include "base/log.h"
#include "decisionlog/log_writer.h"
#include "ledger/compaction.h"
#include "ledger/ledger.h"
#include "ledger/upgrade.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

struct ledger_role {
    struct role role;
    struct store *store;   /* owned */
    struct ledger *ledger; /* owned */
    struct log_writer log; /* of decisions */
    bool logs;             /* it is created */
    bool log_left;         /* it is not, but something is left of an earlier one */
    struct engine *engine; /* whose rules apply; owned; NULL before the first swap */
    struct event *wake;    /* a worker pushed something, or it is time; owned */
};

static void look(struct ledger_role *role)
{
    uint32_t wait_ms = ledger_look(role->ledger);
    struct timeval wait = {wait_ms / 1000, wait_ms % 1000 * 1000};
    role_turn(&role->role);
    if (event_add(role->wake, &wait) == 0)
        return;
    log_error("out of memory to be woken"); /* it would stand still for ever; another one takes over */
    role_end(&role->role, EXIT_FAILURE);
}

static void wake_cb(evutil_socket_t fd, short what, void *context)
{
    if (what & EV_READ)
        shared_drain_wakes(fd);
    look(context);
}

static void finish(struct ledger_role *role)
{
    ledger_finish(role->ledger);
    role_end(&role->role, EXIT_SUCCESS);
}

/* Between two batches, since a batch with an embedded store never outlives a turn of the loop. */
static bool swap(void *context, struct engine *engine, struct access *access)
{
    (void)access; /* only workers let anybody in */
    struct ledger_role *role = context;
    ledger_set_site(role->ledger, engine_snapshot(engine));
    if (role->engine != NULL)
        engine_free(role->engine);
    role->engine = engine;
    look(role);
    if (role->role.draining)
        finish(role);
    return true;
}

/* The workers are gone. What they left can only be written down by the site's rules: one that has just been
 * started waits for these. */
static void drain(void *context)
{
    struct ledger_role *role = context;
    if (role->engine != NULL || !role_expects_site(&role->role))
        finish(role);
}

/* Said when it begins to happen, and when it ends. */
static void log_changed_cb(void *context, const struct log_status *status)
{
    (void)context;
    if (status->paused)
        log_error("decisions can't be logged", LOG_TEXT("error", status->problem.message));
    else
        log_notice("decisions are logged again", LOG_NUMBER("lost", status->dropped));
}

/* What was logged before could not be erased from any more, since nobody would look there. False: some of it
 * is left, and every erasure tries again. */
static bool clear_log(const struct config *config)
{
    size_t deleted;
    struct error error;
    bool cleared = log_folder_clear(config->state, &deleted, &error);
    if (!cleared)
        log_error("decisions that were logged before can't be deleted", LOG_TEXT("error", error.message));
    if (deleted > 0)
        log_notice("decisions that were logged before are deleted, since log_bytes is 0",
                   LOG_NUMBER("segments", deleted));
    return cleared;
}

/* The log goes in whole segments: beside the one that grows there are others to be kept. */
static uint64_t segment_bytes(uint64_t log_bytes)
{
    return log_bytes / 4 < LOG_SEGMENT_BYTES_DEFAULT ? log_bytes / 4 : LOG_SEGMENT_BYTES_DEFAULT;
}

static bool open_log(struct ledger_role *role, const struct config *config, struct error *error)
{
    struct log_options options = {.segment_bytes = segment_bytes(config->log_bytes),
                                  .total_bytes = config->log_bytes,
                                  .keep_us = (int64_t)config->log_days * DAY_MS * 1000};
    if (config->log_bytes == 0) {
        role->log_left = !clear_log(config);
        return true;
    }
    role->logs = log_writer_create(&role->log, config->state, &options, log_changed_cb, NULL, error);
    return role->logs;
}

static void tell_compaction(const struct compaction *compaction)
{
    if (compaction->done)
        log_notice("what was erased is gone from the store's file",
                   LOG_NUMBER("bytes_before", compaction->bytes_before),
                   LOG_NUMBER("bytes", compaction->bytes_after), LOG_NUMBER("ms", compaction->took_ms));
    else if (compaction->wanted)
        log_warning("the store's file still holds what was erased",
                    LOG_TEXT("error", compaction->problem.message));
}

static bool upgrade(struct store *store, struct error *error)
{
    uint64_t moved;
    if (!upgrade_store(store, &moved, error))
        return error_prefix(error, "the store of an earlier senda can't be brought up to date: ");
    if (moved > 0)
        log_notice("the store of an earlier senda was brought up to date", LOG_NUMBER("pieces", moved));
    return true;
}

/* Only when the daemon starts is there nobody yet who has the store open. */
static bool open_store(struct ledger_role *role, struct error *error)
{
    const struct role_setup *setup = role->role.setup;
    struct compaction compaction = {0};
    role->store = setup->first ? compaction_open(setup->config->state, &compaction, error)
                               : store_lmdb_open(setup->config->state, STORE_WRITER, 0, error);
    tell_compaction(&compaction);
    return role->store != NULL && upgrade(role->store, error);
}

static bool open_ledger(struct ledger_role *role, struct error *error)
{
    const struct role_setup *setup = role->role.setup;
    const struct config *config = setup->config;
    struct ledger_options options = {
        .batch = {.reserve_ms = (int64_t)config->reserve_seconds * 1000,
                  .keep_ms = (int64_t)config->history_days * DAY_MS,
                  .id_ms = INT64_C(7) * DAY_MS},
        .batch_events = (uint32_t)config->batch_events,
        .batch_ms = (uint32_t)config->batch_ms,
        .log_directory = config->state,
        .heal_ms = (uint32_t)config->kill_after_ms * ROLE_LOOP_FACTOR * 3 / 2,
        .metrics = role_slot(&role->role),
    };
    if (!open_store(role, error) || !open_log(role, config, error))
        return false;
    options.log_left = role->log_left;
    role->ledger = ledger_new(setup->shared, role->store, role->logs ? &role->log : NULL, &options, error);
    return role->ledger != NULL;
}

static bool ledger_role_create(struct ledger_role *role, const struct role_setup *setup, struct error *error)
{
    struct role_hooks hooks = {role, swap, drain, NULL, true};
    if (!role_create(&role->role, setup, hooks, error) || !open_ledger(role, error))
        return false;
    role->wake = event_new(role->role.base, setup->shared->wake_ledger, EV_READ | EV_PERSIST, wake_cb, role);
    return role->wake != NULL || error_set(error, ERROR_INTERNAL, "out of memory");
}

static void ledger_role_destroy(struct ledger_role *role)
{
    if (role->wake != NULL)
        event_free(role->wake);
    if (role->ledger != NULL)
        ledger_free(role->ledger);
    if (role->logs)
        log_writer_destroy(&role->log);
    if (role->store != NULL)
        store_close(role->store);
    if (role->engine != NULL)
        engine_free(role->engine);
    role_destroy(&role->role);
}

int ledger_run(const struct role_setup *setup)
{
    struct ledger_role *role = calloc(1, sizeof *role);
    struct error error = {0};
    int exit_code = EXIT_FAILURE;
    if (role == NULL)
        return EXIT_FAILURE;
    if (ledger_role_create(role, setup, &error))
        exit_code = role_run(&role->role, CONFINE_WRITES);
    else
        log_error("can't start", LOG_TEXT("error", error.message));
    ledger_role_destroy(role);
    free(role);
    return exit_code;
}
