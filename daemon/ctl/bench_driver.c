/*
 * The bench's loop; see bench_driver.h.
 *
 * A request's number is its slot on its connection, so that a reply finds its starting time without a search.
 * One look at the clock serves a whole batch: replies read together have the same end, requests written
 * together the same beginning.
 */
#include "ctl/bench_driver.h"

#include "base/clock.h"
#include "ctl/bench_connect.h"
#include "ctl/bench_reply.h"

#include "client/reply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    INPUT_CAPACITY = 256 * 1024, /* bytes to begin with; doubles for longer replies */
    EVENTS = 64,                 /* connections looked at in one turn */
    PROGRESS_EVERY = 100000000,  /* nanoseconds */
    SLEEP_MARGIN = 100000,       /* nanoseconds by which sleep may overshoot; the rest is spent looking */
};

struct bench_connection {
    int descriptor;        /* -1: none */
    bool wants_write;      /* epoll watches for room to write */
    unsigned char *input;  /* owned; bytes of replies, BENCH_REPLY_SLACK more allocated */
    size_t input_length;   /* bytes in it */
    size_t input_capacity; /* bytes it has room for */
    unsigned char *output; /* owned; room for `depth` messages, since no more are on their way */
    size_t output_start;   /* bytes written already */
    size_t output_end;     /* bytes in it */
    uint64_t *started;     /* owned; per slot: nanoseconds, or 0 where it is free */
    uint32_t *free_slots;  /* owned; a stack */
    size_t free_count;     /* slots on it */
};

/* What a run has come to. */
struct progress {
    struct bench_driver *driver; /* whose run it is */
    const struct bench_run *run; /* what was asked for */
    struct bench_result *result; /* filled in as it goes */
    struct error *error;         /* why it failed */
    uint64_t began;              /* nanoseconds on the monotonic clock, as all below */
    uint64_t now;                /* this turn */
    uint64_t ends;               /* nothing is sent from then on; UINT64_MAX: the number ends it */
    uint64_t last_reply;         /* when the latest came */
    uint64_t last_progress;      /* when it was told */
    uint64_t sent;               /* requests */
};

/* ---- Making ---- */

static bool create_connection(struct bench_driver *driver, struct bench_connection *connection,
                              const char *address, const char *token, unsigned timeout, struct error *error)
{
    connection->input_capacity = INPUT_CAPACITY;
    connection->input = malloc(INPUT_CAPACITY + BENCH_REPLY_SLACK);
    connection->output = malloc(driver->depth * driver->message_limit);
    connection->started = calloc(driver->depth, sizeof *connection->started);
    connection->free_slots = calloc(driver->depth, sizeof *connection->free_slots);
    if (connection->input == NULL || connection->output == NULL || connection->started == NULL ||
        connection->free_slots == NULL)
        return error_set(error, ERROR_INTERNAL, "memory is out");
    for (size_t i = 0; i < driver->depth; i++)
        connection->free_slots[i] = (uint32_t)(driver->depth - 1 - i);
    connection->free_count = driver->depth;
    connection->descriptor = bench_connect(address, token, timeout, error);
    if (connection->descriptor < 0)
        return false;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(driver->poll, EPOLL_CTL_ADD, connection->descriptor, &event) != 0)
        return error_set_errno(error, "epoll");
    return true;
}

bool bench_driver_create(struct bench_driver *driver, const char *address, const char *token, size_t count,
                         size_t depth, size_t message_limit, unsigned timeout, struct error *error)
{
    *driver = (struct bench_driver){.depth = depth, .message_limit = message_limit};
    driver->patience = (uint64_t)timeout * 1000000;
    driver->random.value = clock_monotonic_ns();
    driver->next_event = random_next(&driver->random);
    driver->poll = epoll_create1(EPOLL_CLOEXEC);
    driver->connections = calloc(count, sizeof *driver->connections);
    if (driver->poll < 0 || driver->connections == NULL) {
        error_set_errno(error, "epoll");
        bench_driver_destroy(driver);
        return false;
    }
    prctl(PR_SET_TIMERSLACK, 1UL); /* an open loop sleeps for microseconds */
    for (size_t i = 0; i < count; i++)
        driver->connections[i].descriptor = -1;
    for (; driver->count < count; driver->count++) {
        if (!create_connection(driver, &driver->connections[driver->count], address, token, timeout, error)) {
            driver->count++; /* what it has got is given back too */
            bench_driver_destroy(driver);
            return false;
        }
    }
    return true;
}

void bench_driver_destroy(struct bench_driver *driver)
{
    for (size_t i = 0; i < driver->count; i++) {
        struct bench_connection *connection = &driver->connections[i];
        if (connection->descriptor >= 0)
            close(connection->descriptor);
        free(connection->input);
        free(connection->output);
        free(connection->started);
        free(connection->free_slots);
    }
    free(driver->connections);
    if (driver->poll >= 0)
        close(driver->poll);
    *driver = (struct bench_driver){.poll = -1};
}

/* ---- Sending ---- */

static bool lost(struct progress *progress, const char *what)
{
    return error_set(progress->error, ERROR_UNAVAILABLE, "%s after %llu replies", what,
                     (unsigned long long)progress->result->completed);
}

static void watch_for_room(struct bench_driver *driver, struct bench_connection *connection, bool wants_write)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0U), .data.ptr = connection};
    if (connection->wants_write == wants_write)
        return;
    connection->wants_write = wants_write;
    epoll_ctl(driver->poll, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static bool flush(struct progress *progress, struct bench_connection *connection)
{
    while (connection->output_start < connection->output_end) {
        ssize_t count = send(connection->descriptor, connection->output + connection->output_start,
                             connection->output_end - connection->output_start, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            watch_for_room(progress->driver, connection, true);
            return true;
        }
        if (count < 0)
            return lost(progress, strerror(errno));
        connection->output_start += (size_t)count;
        progress->result->bytes_out += (uint64_t)count;
    }
    connection->output_start = connection->output_end = 0;
    watch_for_room(progress->driver, connection, false);
    return true;
}

/* Makes room behind the output; messages that are not answered never exceed what was allocated. */
static void make_output_room(struct bench_driver *driver, struct bench_connection *connection, size_t length)
{
    if (connection->output_end + length <= driver->depth * driver->message_limit)
        return;
    connection->output_end -= connection->output_start;
    memmove(connection->output, connection->output + connection->output_start, connection->output_end);
    connection->output_start = 0;
}

/* Puts one request behind the output. There is a free slot. `started`: what its latency counts from. */
static void put_request(struct progress *progress, struct bench_connection *connection, uint64_t started)
{
    struct bench_driver *driver = progress->driver;
    const struct bench_messages *messages = progress->run->messages;
    size_t number = driver->next_message < messages->count ? driver->next_message : 0;
    size_t length = messages->offsets[number + 1] - messages->offsets[number];
    uint32_t slot = connection->free_slots[--connection->free_count];
    uint32_t id = __builtin_bswap32(slot);
    make_output_room(driver, connection, length);
    unsigned char *out = connection->output + connection->output_end;
    memcpy(out, messages->bytes + messages->offsets[number], length);
    memcpy(out + BENCH_MIX_ID_AT, &id, sizeof id);
    bench_blanks_fill(&messages->blanks[number], out,
                      (uint32_t)(random_next(&driver->random) % progress->run->customers),
                      driver->next_event++);
    connection->output_end += length;
    connection->started[slot] = started;
    driver->next_message = number + 1;
    progress->sent++;
}

static bool may_send(const struct progress *progress)
{
    const struct bench_run *run = progress->run;
    return progress->now < progress->ends && (run->requests == 0 || progress->sent < run->requests);
}

/* Closed loop: fills every free slot. */
static bool refill(struct progress *progress, struct bench_connection *connection)
{
    while (connection->free_count > 0 && may_send(progress))
        put_request(progress, connection, progress->now);
    return flush(progress, connection);
}

/* Open loop: nanoseconds on the clock when request `number` is due. */
static uint64_t due_at(const struct progress *progress, uint64_t number)
{
    return progress->began + (uint64_t)((double)number * 1e9 / progress->run->rate);
}

/* The next connection with room; NULL where all are at their depth. */
static struct bench_connection *connection_with_room(struct bench_driver *driver)
{
    for (size_t i = 0; i < driver->count; i++) {
        struct bench_connection *connection = &driver->connections[driver->next_connection];
        driver->next_connection = (driver->next_connection + 1) % driver->count;
        if (connection->free_count > 0)
            return connection;
    }
    return NULL;
}

/* Open loop: sends what is due, as far as there is room. */
static bool send_due(struct progress *progress)
{
    struct bench_driver *driver = progress->driver;
    struct bench_connection *connection;
    while (may_send(progress) && due_at(progress, progress->sent) <= progress->now &&
           (connection = connection_with_room(driver)) != NULL)
        put_request(progress, connection, due_at(progress, progress->sent));
    for (size_t i = 0; i < driver->count; i++) {
        connection = &driver->connections[i];
        bool fresh = connection->output_end > connection->output_start && !connection->wants_write;
        if (fresh && !flush(progress, connection))
            return false;
    }
    return true;
}

/* ---- Receiving ---- */

static void keep_error(struct bench_driver *driver, const unsigned char *bytes, size_t length)
{
    enum senda_status status;
    senda_reply *reply = driver->first_error[0] == '\0' ? client_reply_decode(bytes, length, &status) : NULL;
    if (reply != NULL)
        snprintf(driver->first_error, sizeof driver->first_error, "%s: %s", senda_reply_code(reply),
                 senda_reply_message(reply));
    senda_reply_unref(reply);
}

/* False where the reply's number is not on its way. */
static bool take_reply(struct progress *progress, struct bench_connection *connection,
                       const struct bench_reply *reply)
{
    if (reply->id >= progress->driver->depth || connection->started[reply->id] == 0)
        return false;
    uint64_t started = connection->started[reply->id];
    histogram_record(reply->error ? &progress->result->refusals : &progress->result->latencies,
                     progress->now > started ? progress->now - started : 0);
    connection->started[reply->id] = 0;
    connection->free_slots[connection->free_count++] = reply->id;
    progress->result->completed++;
    progress->result->errors += reply->error;
    progress->result->fallbacks += reply->fallback;
    return true;
}

static bool take_replies(struct progress *progress, struct bench_connection *connection)
{
    const unsigned char *at = connection->input, *end = connection->input + connection->input_length, *next;
    struct bench_reply reply;
    enum bench_reply_state state;
    while ((state = bench_reply_scan(at, end, &reply, &next)) == BENCH_REPLY_WHOLE) {
        if (reply.error)
            keep_error(progress->driver, at, (size_t)(next - at));
        if (!take_reply(progress, connection, &reply))
            return lost(progress, "the daemon answered a request that was not on its way,");
        at = next;
    }
    if (state == BENCH_REPLY_BROKEN)
        return lost(progress, "the daemon sent what is no MessagePack-RPC reply");
    connection->input_length = (size_t)(end - at);
    if (connection->input_length > 0 && at != connection->input)
        memmove(connection->input, at, connection->input_length);
    return true;
}

static bool make_input_room(struct progress *progress, struct bench_connection *connection)
{
    if (connection->input_length < connection->input_capacity)
        return true;
    unsigned char *larger = realloc(connection->input, 2 * connection->input_capacity + BENCH_REPLY_SLACK);
    if (larger == NULL)
        return lost(progress, "memory is out");
    connection->input = larger;
    connection->input_capacity *= 2;
    return true;
}

static bool receive(struct progress *progress, struct bench_connection *connection)
{
    if (!make_input_room(progress, connection))
        return false;
    ssize_t count = recv(connection->descriptor, connection->input + connection->input_length,
                         connection->input_capacity - connection->input_length, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (count < 0)
        return lost(progress, strerror(errno));
    if (count == 0)
        return lost(progress, "the daemon closed the connection");
    progress->now = progress->last_reply = clock_monotonic_ns();
    progress->result->bytes_in += (uint64_t)count;
    connection->input_length += (size_t)count;
    return take_replies(progress, connection);
}

/* ---- The loop ---- */

static bool serve(struct progress *progress, struct bench_connection *connection, uint32_t events)
{
    if ((events & ~(uint32_t)EPOLLOUT) != 0 && !receive(progress, connection))
        return false;
    return progress->run->rate > 0 ? flush(progress, connection) : refill(progress, connection);
}

/* Nanoseconds to wait at most: until something is due, or to look after the time. */
static uint64_t longest_wait(const struct progress *progress)
{
    const uint64_t look = PROGRESS_EVERY;
    if (progress->run->rate <= 0 || !may_send(progress))
        return look;
    uint64_t due = due_at(progress, progress->sent);
    if (due <= progress->now) /* only a reply can make room */
        return look;
    uint64_t wait = due - progress->now;
    if (wait <= SLEEP_MARGIN)
        return 0;
    return wait - SLEEP_MARGIN < look ? wait - SLEEP_MARGIN : look;
}

static int wait_for_events(const struct progress *progress, struct epoll_event *events)
{
    uint64_t wait = longest_wait(progress);
    struct timespec limit = {(time_t)(wait / 1000000000), (long)(wait % 1000000000)};
    int count = epoll_pwait2(progress->driver->poll, events, EVENTS, &limit, NULL);
    if (count < 0 && errno == ENOSYS) /* Linux before 5.11 */
        count = epoll_wait(progress->driver->poll, events, EVENTS, (int)(wait / 1000000));
    return count < 0 && errno == EINTR ? 0 : count;
}

static bool turn(struct progress *progress)
{
    struct epoll_event events[EVENTS];
    int count = wait_for_events(progress, events);
    if (count < 0)
        return error_set_errno(progress->error, "epoll");
    progress->now = clock_monotonic_ns();
    for (int i = 0; i < count; i++)
        if (!serve(progress, events[i].data.ptr, events[i].events))
            return false;
    if (progress->run->rate > 0 && !send_due(progress))
        return false;
    if (progress->run->progress != NULL && progress->now - progress->last_progress >= PROGRESS_EVERY) {
        progress->last_progress = progress->now;
        progress->run->progress(progress->run->context, progress->result->completed,
                                progress->now - progress->began);
    }
    uint64_t waiting = progress->sent - progress->result->completed;
    if (waiting > 0 && progress->now - progress->last_reply > progress->driver->patience)
        return lost(progress, "the daemon fell silent");
    if (waiting == 0)
        progress->last_reply = progress->now;
    return true;
}

static uint64_t processor_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    uint64_t seconds = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    return seconds * 1000000000 + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static bool start(struct progress *progress)
{
    struct bench_driver *driver = progress->driver;
    progress->began = progress->now = progress->last_reply = progress->last_progress = clock_monotonic_ns();
    progress->ends = progress->run->duration > 0 ? progress->began + progress->run->duration : UINT64_MAX;
    if (progress->run->rate > 0)
        return send_due(progress);
    for (size_t i = 0; i < driver->count; i++)
        if (!refill(progress, &driver->connections[i]))
            return false;
    return true;
}

/* Open loop: how many requests were due and never sent. */
static uint64_t count_unsent(const struct progress *progress)
{
    const struct bench_run *run = progress->run;
    if (run->rate <= 0 || run->duration == 0)
        return 0;
    uint64_t due = (uint64_t)((double)run->duration * run->rate / 1e9);
    if (run->requests > 0 && run->requests < due)
        due = run->requests;
    return due > progress->sent ? due - progress->sent : 0;
}

bool bench_driver_run(struct bench_driver *driver, const struct bench_run *run, struct bench_result *result,
                      struct error *error)
{
    struct progress progress = {.driver = driver, .run = run, .result = result, .error = error};
    uint64_t busy = processor_time();
    memset(result, 0, sizeof *result);
    bool going = start(&progress);
    while (going && (may_send(&progress) || result->completed < progress.sent))
        going = turn(&progress);
    result->elapsed = progress.last_reply - progress.began;
    result->busy = processor_time() - busy;
    result->unsent = count_unsent(&progress);
    return going;
}
