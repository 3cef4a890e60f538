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

#include "faults/replay.h"
#include "ledger/keys.h"
#include "ledger/log_reader.h"
#include "ledger/log_writer.h"
#include "model/customer.h"
#include "store/store.h"

enum { ARENA_BLOCK = 64 * 1024, FEW_DESCRIPTORS = 8, DECISIONS_EACH = 1000000 };

/* One line of what was acknowledged. */
struct event {
    struct text customer, id; /* borrowed from the file's bytes */
    bool first;               /* of that customer */
};

struct powercut {
    struct replay *replay;  /* owned */
    char *bytes;            /* of the acknowledged; owned */
    struct event *events;   /* owned */
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
    powercut->events = calloc(length + 1, sizeof *powercut->events);
    if (powercut->bytes == NULL || powercut->events == NULL)
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

/* A read of one key, or a count of keys. */
struct looking {
    struct arena arena;
    struct text value; /* copied into the arena; no bytes: there is none */
    uint64_t keys;
    bool failed;
};

static void value_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct looking *looking = context;
    (void)count;
    looking->value = (struct text){NULL, 0};
    looking->failed |= error != NULL;
    if (error == NULL && values[0].bytes != NULL)
        looking->value =
            (struct text){arena_copy(&looking->arena, values[0].bytes, values[0].length), values[0].length};
}

static void look_up(struct store *store, const struct key *key, struct looking *looking)
{
    struct text text = key_text(key);
    store_read(store, &text, 1, value_cb, looking);
}

static bool key_cb(void *context, struct text key, struct text value)
{
    struct looking *looking = context;
    (void)key, (void)value;
    looking->keys++;
    return true;
}

static void counted_cb(void *context, const struct error *error)
{
    struct looking *looking = context;
    looking->failed |= error != NULL;
}

static uint64_t count_ids(struct store *store, struct text customer, struct looking *looking)
{
    struct key key;
    key_event(&key, customer, TEXT("any"));
    struct text prefix = key_text(&key);
    prefix.length -= sizeof(uint64_t); /* the hash of the event's id */
    looking->keys = 0;
    store_scan(store, (struct text){NULL, 0}, prefix, SIZE_MAX, key_cb, counted_cb, looking);
    return looking->keys;
}

static bool complain(const struct event *event, const char *what)
{
    fprintf(stderr, "powercut: event %.*s of %.*s: %s\n", (int)event->id.length, event->id.bytes,
            (int)event->customer.length, event->customer.bytes, what);
    return false;
}

/* As many impressions are counted as ids are known: each of them once. Other events have none. */
static bool check_counted(struct store *store, const struct event *event, struct looking *looking)
{
    struct key key;
    struct customer customer;
    uint64_t ids = count_ids(store, event->customer, looking), events = 0;
    key_customer(&key, event->customer);
    look_up(store, &key, looking);
    if (looking->value.bytes == NULL || !customer_decode(&customer, &looking->arena, looking->value, NULL))
        return complain(event, "the customer is lost");
    for (uint32_t i = 0; i < customer.event_count; i++)
        if (text_equal(customer.events[i].name, TEXT("impression")))
            events += customer.events[i].count;
    return events == ids || complain(event, "the customer's counts differ from the ids that are known");
}

static bool check_event(struct store *store, const struct event *event)
{
    struct looking looking = {.failed = false};
    struct key key;
    arena_create(&looking.arena, ARENA_BLOCK);
    key_event(&key, event->customer, event->id);
    look_up(store, &key, &looking);
    bool good = looking.value.bytes != NULL || complain(event, "acknowledged, and lost");
    good = good && (!event->first || check_counted(store, event, &looking)) && !looking.failed;
    arena_destroy(&looking.arena);
    return good;
}

static bool check_store(const struct powercut *powercut, uint64_t marked)
{
    struct error error = {0};
    bool good = true;
    struct store *store = store_lmdb_open(powercut->folder, STORE_WRITER, 0, &error);
    if (store == NULL) {
        fprintf(stderr, "powercut: %s\n", error.message);
        return false;
    }
    for (uint64_t i = 0; good && i < marked; i++)
        good = check_event(store, &powercut->events[i]);
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
    free(powercut.bytes);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
