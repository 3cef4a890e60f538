/*
 * Bringing a site in: reading its folder, having it tried, leading every worker through the two phases,
 * telling who asked.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "supervise/access.h"
#include "supervise/notify.h"
#include "supervise/problem_log.h"
#include "supervise/status.h"
#include "supervise/supervisor_internal.h"

void site_close(struct site *site)
{
    if (site->fd >= 0)
        close(site->fd);
    if (site->access_fd >= 0)
        close(site->access_fd);
    site->fd = site->access_fd = -1;
}

static void note_ignored(const struct bundle *bundle)
{
    if (bundle_ignored_count(bundle) > 0)
        log_debug("some names in the site's folder are no part of a site",
                  LOG_NUMBER("count", bundle_ignored_count(bundle)),
                  LOG_TEXT("first", bundle_ignored(bundle, 0).bytes));
}

/* Nothing else needs a token that has a file of its own; what stands in the configuration is not read again.
 */
static void forget_token(struct config *config)
{
    enum config_source source = config->origins[OPTION_ID_token].source;
    if (source == CONFIG_TOKEN_FILE || source == CONFIG_CREDENTIAL)
        config_forget_token(config);
}

static bool read_access(struct supervisor *supervisor, struct site *site, struct error *error)
{
    if (!supervisor->needs_token && !supervisor->needs_tls)
        return true;
    site->access_fd = access_read(supervisor->config, supervisor->token_key, supervisor->needs_token,
                                  supervisor->needs_tls, error);
    forget_token(supervisor->config);
    return site->access_fd >= 0;
}

static bool read_bundle(struct site *site, const char *directory, struct error *error)
{
    site->fd = bundle_read(directory, error);
    if (site->fd < 0)
        return false;
    struct bundle *bundle = bundle_map(site->fd, error);
    if (bundle == NULL) {
        site_close(site);
        return false;
    }
    snprintf(site->version, sizeof site->version, "%s", bundle_version(bundle));
    note_ignored(bundle);
    bundle_unmap(bundle);
    return true;
}

static bool site_read(struct supervisor *supervisor, struct site *site, struct error *error)
{
    if (read_access(supervisor, site, error) && read_bundle(site, supervisor->config->site, error))
        return true;
    site_close(site);
    return false;
}

/* Only workers let anybody in. */
static void send_access(struct process *process, uint32_t generation, const struct site *site)
{
    struct channel_message message = {
        .type = CHANNEL_ACCESS, .generation = generation, .fd = site->access_fd};
    if (site->access_fd >= 0 && process->role == PROCESS_WORKER)
        process_send(process, &message);
}

static void send_load(struct process *process, uint32_t generation, const struct site *site)
{
    send_access(process, generation, site);
    struct channel_message message = {.type = CHANNEL_LOAD, .generation = generation, .fd = site->fd};
    process_send(process, &message);
}

static void send_plain(struct process *process, enum channel_type type, uint32_t generation)
{
    struct channel_message message = {.type = type, .generation = generation, .fd = -1};
    process_send(process, &message);
}

static void send_all(struct supervisor *supervisor, enum channel_type type, uint32_t generation)
{
    for (size_t i = 0; i < supervisor->process_count; i++)
        send_plain(&supervisor->processes[i], type, generation);
}

void site_offer(struct supervisor *supervisor, struct process *process)
{
    if (process->role == PROCESS_TRIAL || supervisor->reload.phase == RELOAD_LOADING)
        send_load(process, supervisor->reload.candidate, &supervisor->candidate);
    else if (supervisor->reload.committed > 0)
        send_load(process, supervisor->reload.committed, &supervisor->committed);
}

static void answer(struct supervisor *supervisor, const struct waiter *waiter, enum channel_type type,
                   struct text text)
{
    struct process *process = &supervisor->processes[waiter->worker];
    struct channel_message message = {
        .type = type, .ticket = waiter->ticket, .tickets = waiter->tickets, .text = text, .fd = -1};
    if (process->pid == waiter->pid)
        process_send(process, &message);
}

static void answer_all(struct supervisor *supervisor, struct waiters *waiters, enum channel_type type,
                       struct text text)
{
    for (size_t i = 0; i < waiters->count; i++)
        answer(supervisor, &waiters->list[i], type, text);
    waiters->count = 0;
}

/* Every worker takes part, also one that would have waited for its restart. */
static void load_everywhere(struct supervisor *supervisor)
{
    uint32_t candidate = supervisor->reload.candidate;
    log_debug("loading a site", LOG_TEXT("version", supervisor->candidate.version));
    for (size_t i = 0; i < supervisor->process_count; i++) {
        struct process *process = &supervisor->processes[i];
        bool goes_on =
            supervisor->reload.phase == RELOAD_LOADING && supervisor->reload.candidate == candidate;
        if (!goes_on) /* a worker could not be started */
            return;
        if (process->pid == 0)
            process_start(process);
        else
            send_load(process, candidate, &supervisor->candidate);
    }
    status_tell(supervisor);
}

/* Those who serve learn of it when the trial has loaded it; at the start nobody serves. */
static void begin_loading(struct supervisor *supervisor)
{
    reload_begin(&supervisor->reload);
    if (supervisor->reload.phase == RELOAD_LOADING) {
        load_everywhere(supervisor);
        return;
    }
    log_debug("trying a site", LOG_TEXT("version", supervisor->candidate.version));
    process_start(&supervisor->trial);
    status_tell(supervisor);
}

static void begin(struct supervisor *supervisor);

static void begin_next(struct supervisor *supervisor)
{
    if (!supervisor->again || supervisor->stopping)
        return;
    supervisor->again = false;
    supervisor->asking = supervisor->next;
    supervisor->next.count = 0;
    begin(supervisor);
}

/* Before anybody is answered: who asked by `systemctl reload` is waited for, and the state has to be right.
 */
static void tell_ready(struct supervisor *supervisor)
{
    if (supervisor->ready)
        notify_ready(status_write(supervisor, supervisor->told));
}

/* The old site stays, if there is one. */
static void keep_old(struct supervisor *supervisor, struct text why)
{
    struct metrics_slot *own = &supervisor->slots[supervisor->process_count];
    site_close(&supervisor->candidate);
    if (supervisor->reload.committed > 0) /* before the answer: who got it may ask for the figures */
        metrics_add(own, METRICS_reloads_refused, 1);
    log_error("site refused", LOG_TEXT("site", supervisor->config->site),
              LOG_TEXT("kept", supervisor->reload.committed > 0 ? supervisor->committed.version : "none"));
    problem_log_write(why);
    status_note_refusal(supervisor, why);
    tell_ready(supervisor);
    answer_all(supervisor, &supervisor->asking, CHANNEL_KEPT, why);
    if (supervisor->reload.committed == 0) {
        supervisor_stop(supervisor, EXIT_FAILURE);
        return;
    }
    begin_next(supervisor);
}

/* Whoever changed it may take the reload for one of it as well. */
static void note_configuration(const struct config *config)
{
    if (config_file_has_changed(config))
        log_notice("the configuration has changed; only a restart takes it", LOG_TEXT("file", config->file));
}

static void begin(struct supervisor *supervisor)
{
    struct error error = {0};
    note_configuration(supervisor->config);
    if (supervisor->ready)
        notify_reloading("Reading the site again");
    if (site_read(supervisor, &supervisor->candidate, &error))
        begin_loading(supervisor);
    else
        keep_old(supervisor, text_from(error.message));
}

bool site_begin_first(struct supervisor *supervisor, struct error *error)
{
    if (!site_read(supervisor, &supervisor->candidate, error))
        return false;
    begin_loading(supervisor);
    return true;
}

/* One message has to answer all that a worker waits for: a long list for each would be more than it takes. */
static bool add_waiter(struct waiters *waiters, const struct waiter *waiter)
{
    for (size_t i = 0; i < waiters->count; i++) {
        struct waiter *known = &waiters->list[i];
        if (known->pid == waiter->pid && known->ticket + known->tickets == waiter->ticket) {
            known->tickets += waiter->tickets;
            return true;
        }
    }
    if (waiters->count == MOST_WAITERS)
        return false;
    waiters->list[waiters->count++] = *waiter;
    return true;
}

void site_request(struct supervisor *supervisor, const struct waiter *waiter)
{
    bool idle = supervisor->reload.phase == RELOAD_IDLE && supervisor->reload.committed > 0;
    struct waiters *waiters = idle ? &supervisor->asking : &supervisor->next;
    if (supervisor->stopping) {
        if (waiter != NULL)
            answer(supervisor, waiter, CHANNEL_KEPT, TEXT("the daemon is stopping"));
        return;
    }
    if (waiter != NULL && !add_waiter(waiters, waiter)) {
        answer(supervisor, waiter, CHANNEL_KEPT, TEXT("too many reloads are asked for at once"));
        return;
    }
    if (idle)
        begin(supervisor);
    else
        supervisor->again = true;
}

/* Those of the processes from `first` up to `end`. */
static void send_swap(struct supervisor *supervisor, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        send_plain(&supervisor->processes[i], CHANNEL_SWAP, supervisor->reload.committed);
}

/* At the start the ledger goes first: from their first request on, workers need somebody who writes down. */
static void commit(struct supervisor *supervisor)
{
    bool ledger_first = !supervisor->ready && supervisor->process_count > supervisor->worker_count;
    site_close(&supervisor->committed);
    supervisor->committed = supervisor->candidate;
    supervisor->candidate.fd = supervisor->candidate.access_fd = -1;
    send_swap(supervisor, ledger_first ? supervisor->worker_count : 0, supervisor->process_count);
}

/* Those who had only begun to load the old site were interrupted, and go on with it. */
static void discard(struct supervisor *supervisor)
{
    uint32_t committed = supervisor->reload.committed;
    send_all(supervisor, CHANNEL_DISCARD, supervisor->reload.candidate);
    for (size_t i = 0; i < supervisor->process_count && committed > 0; i++)
        if (supervisor->processes[i].serving != committed)
            send_load(&supervisor->processes[i], committed, &supervisor->committed);
}

static void finish(struct supervisor *supervisor)
{
    const char *version = supervisor->committed.version;
    *supervisor->refusal = '\0';
    if (supervisor->ready) {
        metrics_add(&supervisor->slots[supervisor->process_count], METRICS_reloads, 1);
        log_notice("site reloaded", LOG_TEXT("version", version));
        tell_ready(supervisor);
    }
    answer_all(supervisor, &supervisor->asking, CHANNEL_RELOADED, text_from(version));
    begin_next(supervisor);
}

static void act(struct supervisor *supervisor, enum reload_step step, struct text why)
{
    switch (step) {
    case RELOAD_WAIT:
        break;
    case RELOAD_KEEP:
        keep_old(supervisor, why);
        break;
    case RELOAD_LOAD:
        load_everywhere(supervisor);
        break;
    case RELOAD_SWAP:
        commit(supervisor);
        break;
    case RELOAD_DISCARD:
        discard(supervisor);
        keep_old(supervisor, why);
        break;
    case RELOAD_FINISHED:
        finish(supervisor);
        break;
    }
}

/* All find the same in the same bytes, so that one of them is enough to log it. */
static void log_warnings(struct supervisor *supervisor, const struct channel_message *message)
{
    if (message->generation != supervisor->reload.candidate || supervisor->warned == message->generation)
        return;
    supervisor->warned = message->generation;
    problem_log_write(message->text);
}

static void take_loaded(struct supervisor *supervisor, struct process *process,
                        const struct channel_message *message)
{
    bool late = message->generation == supervisor->reload.committed; /* one that was restarted */
    log_warnings(supervisor, message);
    act(supervisor, reload_take(&supervisor->reload, process->number, RELOAD_LOADED, message->generation),
        TEXT(""));
    if (late)
        send_plain(process, CHANNEL_SWAP, message->generation);
}

static void take_refused(struct supervisor *supervisor, struct process *process,
                         const struct channel_message *message)
{
    if (message->generation == supervisor->reload.committed) {
        process_kill(process, "it can't load what the others serve");
        return;
    }
    act(supervisor, reload_take(&supervisor->reload, process->number, RELOAD_REFUSED, message->generation),
        message->text);
}

static bool all_serve(const struct supervisor *supervisor)
{
    for (size_t i = 0; i < supervisor->process_count; i++)
        if (supervisor->processes[i].serving != supervisor->reload.committed)
            return false;
    return true;
}

/* Whoever started us waits for this line, whatever the level of the log. */
static void become_ready(struct supervisor *supervisor)
{
    enum log_level level = LOG_LEVEL_INFO;
    char listen[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < supervisor->sockets.count && used < sizeof listen; i++)
        if (!supervisor->sockets.list[i].control)
            used += (size_t)snprintf(listen + used, sizeof listen - used, "%s%s", used == 0 ? "" : ",",
                                     supervisor->sockets.list[i].name);
    supervisor->ready = true;
    log_configure("supervisor", LOG_LEVEL_INFO);
    log_notice("ready", LOG_TEXT("version", supervisor->committed.version),
               LOG_NUMBER("workers", supervisor->worker_count), LOG_TEXT("listen", listen));
    if (log_level_parse(supervisor->config->log_level, &level))
        log_configure("supervisor", level);
    supervisor->pulse.served_ms = clock_monotonic_ms();
    tell_ready(supervisor);
}

static void note_serving(struct process *process, uint32_t generation)
{
    char name[PROCESS_NAME_SIZE];
    process->serving = generation;
    log_debug("process serves", LOG_TEXT("process", process_name(process, name)),
              LOG_NUMBER("pid", process->pid));
}

static void take_serving(struct supervisor *supervisor, struct process *process,
                         const struct channel_message *message)
{
    note_serving(process, message->generation);
    if (process->role == PROCESS_LEDGER && !supervisor->ready)
        send_swap(supervisor, 0, supervisor->worker_count);
    bool ready = all_serve(supervisor);
    act(supervisor, reload_take(&supervisor->reload, process->number, RELOAD_SERVING, message->generation),
        TEXT(""));
    if (ready && !supervisor->ready)
        become_ready(supervisor);
    status_tell(supervisor);
}

/* Whatever it says that is not this means no. */
static void take_trial(struct supervisor *supervisor, const struct channel_message *message)
{
    bool loaded = message->type == CHANNEL_LOADED;
    if (loaded)
        log_warnings(supervisor, message);
    act(supervisor, reload_take_trial(&supervisor->reload, loaded ? RELOAD_LOADED : RELOAD_REFUSED),
        message->text);
}

/* While stopping nothing new comes in; but a ledger that was started again needs what the others serve. */
static void take_late(struct supervisor *supervisor, struct process *process,
                      const struct channel_message *message)
{
    if (process->role != PROCESS_LEDGER || message->generation != supervisor->reload.committed)
        return;
    if (message->type == CHANNEL_LOADED)
        send_plain(process, CHANNEL_SWAP, message->generation);
    else if (message->type == CHANNEL_REFUSED)
        take_refused(supervisor, process, message);
    else
        note_serving(process, message->generation);
}

void site_take(struct supervisor *supervisor, struct process *process, const struct channel_message *message)
{
    if (supervisor->stopping)
        take_late(supervisor, process, message);
    else if (process->role == PROCESS_TRIAL)
        take_trial(supervisor, message);
    else if (message->type == CHANNEL_LOADED)
        take_loaded(supervisor, process, message);
    else if (message->type == CHANNEL_REFUSED)
        take_refused(supervisor, process, message);
    else
        take_serving(supervisor, process, message);
}

void site_lose(struct supervisor *supervisor, const struct process *process, const char *how)
{
    char why[256];
    char name[PROCESS_NAME_SIZE];
    enum reload_step step = process->role == PROCESS_TRIAL
                                ? reload_take_trial(&supervisor->reload, RELOAD_DIED)
                                : reload_take(&supervisor->reload, process->number, RELOAD_DIED, 0);
    snprintf(why, sizeof why, "%s ended while it loaded the site: %s", process_name(process, name), how);
    act(supervisor, step, text_from(why));
}

void site_give_up(struct supervisor *supervisor, const char *why)
{
    process_dismiss(&supervisor->trial);
    if (supervisor->reload.phase == RELOAD_LOADING)
        discard(supervisor);
    reload_give_up(&supervisor->reload);
    answer_all(supervisor, &supervisor->asking, CHANNEL_KEPT, text_from(why));
    answer_all(supervisor, &supervisor->next, CHANNEL_KEPT, text_from(why));
    site_close(&supervisor->candidate);
}
