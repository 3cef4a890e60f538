/*
 * Power cuts of a whole daemon: rebuilds its state folder as it may be after a cut anywhere in a recording,
 * and looks whether everything that was acknowledged before is there.
 *
 *   powercut check TRACE ACKNOWLEDGED FOLDER CUTS SEED    at so many points, each in the empty folder
 *   powercut build TRACE ACKNOWLEDGED FOLDER NUMBER SEED  leaves the files of the cut of that number there,
 * and prints how many events had been acknowledged
 *
 * ACKNOWLEDGED is lines of a customer and an event's id with a tab between them, in the order of
 * acknowledgement; the marks in the trace are numbers of lines.
 */
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "decisionlog/log_reader.h"
#include "decisionlog/log_writer.h"
#include "faults/replay.h"
#include "ledger/batch.h"
#include "ledger/keys.h"
#include "model/customer.h"
#include "store/store.h"

enum {
    ARENA_BLOCK = 64 * 1024,
    FEW_DESCRIPTORS = 8,
    DECISIONS_EACH = 1000000, /* more in a log would be one that never ends */
    LINE_LEAST = 4,           /* bytes of the shortest line */
    RESERVE_MS = 300 * 1000,  /* the options of the daemon that is recorded */
    KEEP_MS = 7 * 24 * 60 * 60 * 1000,
};

/* One line of what was acknowledged. */
struct event {
    struct text customer, id; /* borrowed from the file's bytes */
    bool first;               /* of that customer */
};

struct powercut {
    struct replay *replay;  /* owned */
    char *bytes;            /* of the acknowledged; owned */
    struct event *events;   /* owned */
    struct command *again;  /* as many: each event once more; owned */
    size_t count;           /* of them */
    const char *folder;     /* the state is built in */
    uint64_t seed;          /* says which cuts */
    uint64_t decisions;     /* found in logs so far */
    uint64_t torn, damages; /* logs whose end was cut off; damages that were skipped */
};

/* ---- What was acknowledged ---- */

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0, got;
    *length = 0;
    while (file != NULL) {
        room = 2 * room + 65536;
        bytes = realloc(bytes, room);
        got = bytes == NULL ? 0 : fread(bytes + *length, 1, room - *length, file);
        *length += got;
        if (*length < room)
            break;
    }
    if (file != NULL)
        fclose(file);
    return bytes;
}

static bool is_new(const struct powercut *powercut, struct text customer)
{
    for (size_t i = 0; i < powercut->count; i++)
        if (powercut->events[i].first && text_equal(powercut->events[i].customer, customer))
            return false;
    return true;
}

static bool add_line(struct powercut *powercut, char *line, char *end)
{
    char *tab = memchr(line, '\t', (size_t)(end - line));
    if (tab == NULL)
        return false;
    struct event *event = &powercut->events[powercut->count];
    event->customer = (struct text){line, (size_t)(tab - line)};
    event->id = (struct text){tab + 1, (size_t)(end - tab - 1)};
    event->first = is_new(powercut, event->customer);
    powercut->count++;
    return true;
}

static bool read_acknowledged(struct powercut *powercut, const char *path)
{
    size_t length;
    powercut->bytes = read_file(path, &length);
    powercut->events = calloc(length / LINE_LEAST + 1, sizeof *powercut->events);
    powercut->again = calloc(length / LINE_LEAST + 1, sizeof *powercut->again);
    if (powercut->bytes == NULL || powercut->events == NULL || powercut->again == NULL)
        return false;
    char *line = powercut->bytes, *all_end = line + length, *end;
    for (; line < all_end && (end = memchr(line, '\n', (size_t)(all_end - line))) != NULL; line = end + 1)
        if (!add_line(powercut, line, end))
            return false;
    return true;
}

/* ---- Files of a cut ---- */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status, (void)type;
    return position->level == 0 ? 0 : remove(path);
}

static bool empty_folder(const char *path)
{
    return nftw(path, remove_one, FEW_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0;
}

/* The same number is the same cut, whichever was built before. *marked: lines that were acknowledged. */
static bool build(const struct powercut *powercut, uint64_t number, uint64_t *marked, struct error *error)
{
    struct random_state random = {powercut->seed + number};
    size_t count = replay_count(powercut->replay);
    size_t cut = (size_t)(random_next(&random) % (count + 1));
    *marked = replay_marked(powercut->replay, cut);
    return replay_build(powercut->replay, cut, (enum replay_loss)(number % REPLAY_LOSSES), &random,
                        powercut->folder, error);
}

/* ---- Looking into the store ---- */

/* A read of one key. */
struct looking {
    struct arena arena;
    struct text value; /* copied into the arena; no bytes: there is none */
};

static void value_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct looking *looking = context;
    (void)count;
    if (error == NULL && values[0].bytes != NULL)
        looking->value =
            (struct text){arena_copy(&looking->arena, values[0].bytes, values[0].length), values[0].length};
}

static bool complain(const struct event *event, const char *what)
{
    fprintf(stderr, "powercut: event %.*s of %.*s: %s\n", (int)event->id.length, event->id.bytes,
            (int)event->customer.length, event->customer.bytes, what);
    return false;
}

static uint64_t impressions_of(struct store *store, struct text id)
{
    struct looking looking = {.value = {NULL, 0}};
    struct customer customer;
    struct key key;
    uint64_t count = 0;
    arena_create(&looking.arena, ARENA_BLOCK);
    key_customer(&key, id);
    struct text text = key_text(&key);
    store_read(store, &text, 1, value_cb, &looking);
    if (looking.value.bytes != NULL && customer_decode(&customer, &looking.arena, looking.value, NULL))
        for (uint32_t i = 0; i < customer.event_count; i++)
            if (text_equal(customer.events[i].name, TEXT("impression")))
                count += customer.events[i].count;
    arena_destroy(&looking.arena);
    return count;
}

/* Each of a customer's events counts once: those that were lost, too, now that they came again. */
static bool check_counts(const struct powercut *powercut, struct store *store)
{
    for (size_t i = 0; i < powercut->count; i++) {
        const struct event *event = &powercut->events[i];
        uint64_t expected = 0;
        for (size_t j = i; event->first && j < powercut->count; j++)
            expected += text_equal(powercut->events[j].customer, event->customer);
        if (event->first && impressions_of(store, event->customer) != expected)
            return complain(event, "the customer's events don't count once each");
    }
    return true;
}

static void written_cb(void *context, const struct error *error)
{
    *(bool *)context = error == NULL;
}

/* The event once more, as its sender would who had heard nothing. */
static bool add_again(const struct powercut *powercut, struct batch *batch, size_t number)
{
    const struct event *event = &powercut->events[number];
    struct command *command = &powercut->again[number];
    int64_t now_ms = clock_wall_us() / 1000;
    *command = (struct command){.type = COMMAND_TRACK,
                                .at_ms = now_ms,
                                .received_ms = now_ms,
                                .name = TEXT("impression"),
                                .customer = event->customer,
                                .id = event->id};
    return batch_add_command(batch, 0, 0, command);
}

/* What had been acknowledged is known. */
static bool check_outcomes(const struct powercut *powercut, const struct batch *batch, uint64_t marked)
{
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batch, &count);
    if (count != powercut->count)
        return false;
    for (uint64_t i = 0; i < marked; i++)
        if (!outcomes[i].outcome.duplicate)
            return complain(&powercut->events[i], "acknowledged, and lost");
    return true;
}

static bool send_again(const struct powercut *powercut, struct batch *batch, uint64_t marked)
{
    bool good = true, written = false;
    for (size_t i = 0; good && i < powercut->count; i++)
        good = add_again(powercut, batch, i);
    if (good)
        batch_run(batch, clock_wall_us() / 1000, written_cb, &written);
    return good && written && check_outcomes(powercut, batch, marked);
}

static bool check_store(const struct powercut *powercut, uint64_t marked)
{
    static const struct batch_options options = {
        .reserve_ms = RESERVE_MS, .keep_ms = KEEP_MS, .id_ms = KEEP_MS};
    struct error error = {0};
    struct store *store = store_lmdb_open(powercut->folder, STORE_WRITER, 0, &error);
    if (store == NULL) {
        fprintf(stderr, "powercut: %s\n", error.message);
        return false;
    }
    struct batch *batch = batch_new(store, &options);
    bool good = batch != NULL && send_again(powercut, batch, marked) && check_counts(powercut, store);
    if (batch != NULL)
        batch_free(batch);
    store_close(store);
    return good;
}

/* ---- Looking into the log ---- */

static bool read_log(struct powercut *powercut)
{
    struct log_query query = LOG_QUERY_ALL;
    struct log_reader reader;
    struct text record;
    struct error error = {0};
    uint64_t decisions = 0;
    if (!log_reader_create(&reader, powercut->folder, &query, NULL, NULL, &error)) {
        fprintf(stderr, "powercut: %s\n", error.message);
        return false;
    }
    while (decisions < DECISIONS_EACH && log_reader_next(&reader, &record))
        decisions++;
    powercut->decisions += decisions;
    powercut->damages += reader.damages;
    log_reader_destroy(&reader);
    return decisions < DECISIONS_EACH;
}

/* As the next daemon does: the writer first, which cuts a torn end off. */
static bool check_log(struct powercut *powercut)
{
    struct log_options options = {LOG_SEGMENT_BYTES_DEFAULT, LOG_TOTAL_BYTES_DEFAULT, LOG_KEEP_US_DEFAULT};
    struct log_writer writer;
    struct error error = {0};
    if (!log_writer_create(&writer, powercut->folder, &options, NULL, NULL, &error)) {
        fprintf(stderr, "powercut: %s\n", error.message);
        return false;
    }
    powercut->torn += log_writer_status(&writer)->cut > 0;
    log_writer_destroy(&writer);
    return read_log(powercut);
}

/* ---- The commands ---- */

static bool check_cut(struct powercut *powercut, uint64_t number)
{
    struct error error = {0};
    uint64_t marked;
    bool good = build(powercut, number, &marked, &error);
    if (!good)
        fprintf(stderr, "powercut: %s\n", error.message);
    good = good && check_store(powercut, marked) && check_log(powercut) && empty_folder(powercut->folder);
    if (!good)
        fprintf(stderr, "powercut: cut %" PRIu64 " of seed %" PRIu64 "\n", number, powercut->seed);
    return good;
}

static bool check(struct powercut *powercut, uint64_t cuts)
{
    for (uint64_t number = 0; number < cuts; number++)
        if (!check_cut(powercut, number))
            return false;
    printf("%" PRIu64 " cuts of %zu records with %zu events: 0 acknowledged lost, 0 counted twice; logs with "
           "%" PRIu64 " decisions read, %" PRIu64 " torn ends, %" PRIu64 " gaps skipped\n",
           cuts, replay_count(powercut->replay), powercut->count, powercut->decisions, powercut->torn,
           powercut->damages);
    return true;
}

static bool leave(const struct powercut *powercut, uint64_t number)
{
    struct error error = {0};
    uint64_t marked;
    if (!build(powercut, number, &marked, &error)) {
        fprintf(stderr, "powercut: %s\n", error.message);
        return false;
    }
    printf("%" PRIu64 "\n", marked);
    return true;
}

int main(int count, char **words)
{
    struct powercut powercut = {.replay = NULL};
    struct error error = {0};
    if (count != 7)
        return 2;
    powercut.folder = words[4];
    powercut.seed = strtoull(words[6], NULL, 10);
    powercut.replay = replay_new(words[2], &error);
    bool good = powercut.replay != NULL && read_acknowledged(&powercut, words[3]);
    if (!good)
        fprintf(stderr, "powercut: %s\n", powercut.replay == NULL ? error.message : words[3]);
    uint64_t number = strtoull(words[5], NULL, 10);
    good = good && (strcmp(words[1], "build") == 0 ? leave(&powercut, number) : check(&powercut, number));
    if (powercut.replay != NULL)
        replay_free(powercut.replay);
    free(powercut.events);
    free(powercut.again);
    free(powercut.bytes);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
