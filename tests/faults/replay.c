/*
 * The model of a disk: a write is on it for sure once a sync of its file that began later has succeeded, or
 * when it was made through a descriptor that waits for each write. After a sync that failed, what was written
 * before may be there or not, and no later sync changes that, since Linux takes it for clean. Names are kept
 * in a journal: any first part of it may be on disk, all of it once a directory was synced. To sync a file
 * says nothing of its name.
 */
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "trace.h"

enum { SECTOR = 512 };

enum fate {
    FATE_PENDING,  /* a sync would bring it to the disk */
    FATE_DURABLE,  /* it is there */
    FATE_FORSAKEN, /* it is there or not, whatever follows */
};

struct call {
    struct trace_record record;
    const char *bytes; /* behind the record; borrowed from the trace */
};

struct replay {
    struct buffer trace;
    struct call *calls; /* owned */
    size_t count;       /* of calls */
};

static bool read_whole(const char *path, struct buffer *out, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor == -1 ? -1 : 1;
    while (length > 0) {
        char *place = buffer_reserve(out, 65536) ? out->bytes + out->length : NULL;
        length = place == NULL ? -1 : read(descriptor, place, 65536);
        out->length += length > 0 ? (size_t)length : 0;
    }
    if (descriptor != -1)
        close(descriptor);
    return length == 0 || error_set_errno(error, "trace %s", path);
}

static bool cut_into_calls(struct replay *replay, struct error *error)
{
    const char *next = replay->trace.bytes, *end = next + replay->trace.length;
    size_t most = replay->trace.length / sizeof(struct trace_record);
    replay->calls = calloc(most + 1, sizeof *replay->calls);
    while (replay->calls != NULL && (size_t)(end - next) >= sizeof(struct trace_record)) {
        struct call *call = &replay->calls[replay->count++];
        memcpy(&call->record, next, sizeof call->record);
        call->bytes = next + sizeof call->record;
        if (call->record.length > (size_t)(end - call->bytes))
            break;
        next = call->bytes + call->record.length;
    }
    return (replay->calls != NULL && next == end) ||
           error_set(error, ERROR_INVALID, "the trace ends within a record");
}

struct replay *replay_new(const char *trace, struct error *error)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL)
        return NULL;
    buffer_create(&replay->trace);
    if (read_whole(trace, &replay->trace, error) && cut_into_calls(replay, error))
        return replay;
    replay_free(replay);
    return NULL;
}

void replay_free(struct replay *replay)
{
    buffer_destroy(&replay->trace);
    free(replay->calls);
    free(replay);
}

size_t replay_count(const struct replay *replay)
{
    return replay->count;
}

uint64_t replay_marked(const struct replay *replay, size_t cut)
{
    uint64_t number = 0;
    for (size_t i = 0; i < cut; i++)
        if (replay->calls[i].record.kind == TRACE_MARK)
            number = replay->calls[i].record.offset;
    return number;
}

static bool is_content(const struct call *call)
{
    return call->record.kind == TRACE_WRITE || call->record.kind == TRACE_TRUNCATE;
}

static bool is_name(const struct call *call)
{
    return call->record.kind == TRACE_MAKE || call->record.kind == TRACE_DIRECTORY ||
           call->record.kind == TRACE_RENAME || call->record.kind == TRACE_REMOVE;
}

static enum fate first_fate(const struct call *call)
{
    if (!is_content(call))
        return FATE_PENDING;
    if (call->record.flags & TRACE_FAILED)
        return FATE_FORSAKEN;
    return call->record.flags & TRACE_DURABLE ? FATE_DURABLE : FATE_PENDING;
}

/* A sync decides on what is pending before it: content of its file, or names. */
static void apply_sync(const struct replay *replay, enum fate *fates, size_t sync)
{
    const struct trace_record *record = &replay->calls[sync].record;
    bool failed = (record->flags & TRACE_FAILED) != 0;
    for (size_t i = 0; i < sync; i++) {
        const struct call *call = &replay->calls[i];
        bool meant = record->kind == TRACE_NAMES ? is_name(call) && !failed
                                                 : is_content(call) && call->record.file == record->file;
        if (meant && fates[i] == FATE_PENDING)
            fates[i] = failed ? FATE_FORSAKEN : FATE_DURABLE;
    }
}

/* The call that the cut strikes may have begun, whatever it would have promised in the end. NULL: no memory.
 */
static enum fate *find_fates(const struct replay *replay, size_t cut)
{
    enum fate *fates = calloc(replay->count + 1, sizeof *fates);
    if (fates == NULL)
        return NULL;
    for (size_t i = 0; i < cut; i++) {
        fates[i] = first_fate(&replay->calls[i]);
        if (replay->calls[i].record.kind == TRACE_SYNC || replay->calls[i].record.kind == TRACE_NAMES)
            apply_sync(replay, fates, i);
    }
    return fates;
}

/* One rebuilding. */
struct building {
    const struct replay *replay;
    const enum fate *fates;
    size_t end; /* calls that have at least begun */
    enum replay_loss loss;
    struct random_state *random;
    const char *directory;
};

static bool flip(const struct building *building)
{
    return (random_next(building->random) & 1) != 0;
}

static bool is_lucky(const struct building *building)
{
    switch (building->loss) {
    case REPLAY_NOTHING:
        return true;
    case REPLAY_UNSYNCED:
    case REPLAY_LOSSES:
        return false;
    case REPLAY_SOME:
    case REPLAY_TORN:
        break;
    }
    return flip(building);
}

/* Sets the length; what comes in is zeros. */
static bool resize(struct buffer *content, size_t length)
{
    if (length > content->length) {
        size_t before = content->length;
        char *more = buffer_extend(content, length - before);
        if (more != NULL)
            memset(more, 0, length - before);
    }
    content->length = length;
    return !content->failed;
}

static bool put_bytes(struct buffer *content, size_t offset, const char *bytes, size_t length)
{
    if (offset + length > content->length && !resize(content, offset + length))
        return false;
    memcpy(content->bytes + offset, bytes, length);
    return true;
}

/* Sector by sector, each one or not. */
static bool put_torn(const struct building *building, struct buffer *content, const struct call *call)
{
    size_t offset = call->record.offset, end = offset + call->record.length;
    while (offset < end) {
        size_t next = (offset / SECTOR + 1) * SECTOR;
        size_t length = (next < end ? next : end) - offset;
        if (flip(building) &&
            !put_bytes(content, offset, call->bytes + (offset - call->record.offset), length))
            return false;
        offset += length;
    }
    return true;
}

static bool put_content(const struct building *building, size_t index, struct buffer *content)
{
    const struct call *call = &building->replay->calls[index];
    bool is_sure = building->fates[index] == FATE_DURABLE;
    if (!is_sure && building->loss == REPLAY_TORN && call->record.kind == TRACE_WRITE)
        return put_torn(building, content, call);
    if (!is_sure && !is_lucky(building))
        return true;
    if (call->record.kind == TRACE_TRUNCATE)
        return resize(content, call->record.offset);
    return put_bytes(content, call->record.offset, call->bytes, call->record.length);
}

/* An inode's number may have been another file's before, and may be another's later. */
static bool find_content(const struct building *building, size_t made, struct buffer *content)
{
    uint64_t file = building->replay->calls[made].record.file;
    for (size_t i = made + 1; i < building->end; i++) {
        const struct call *call = &building->replay->calls[i];
        if (call->record.file != file)
            continue;
        if (call->record.kind == TRACE_MAKE)
            break;
        if (is_content(call) && !put_content(building, i, content))
            return false;
    }
    return true;
}

static bool write_whole(int descriptor, const struct buffer *content)
{
    for (size_t done = 0; done < content->length;) {
        ssize_t written = write(descriptor, content->bytes + done, content->length - done);
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return true;
}

static bool make_file(const struct building *building, size_t made, const char *path)
{
    struct buffer content;
    buffer_create(&content);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool whole =
        descriptor != -1 && find_content(building, made, &content) && write_whole(descriptor, &content);
    if (descriptor != -1)
        close(descriptor);
    buffer_destroy(&content);
    return whole;
}

static bool apply_name(const struct building *building, size_t index)
{
    const struct call *call = &building->replay->calls[index];
    const char *second = call->bytes + strlen(call->bytes) + 1;
    char path[4096], to[4096];
    snprintf(path, sizeof path, "%s/%s", building->directory, call->bytes);
    if (call->record.kind == TRACE_MAKE)
        return make_file(building, index, path);
    if (call->record.kind == TRACE_DIRECTORY)
        return mkdir(path, 0700) == 0;
    if (call->record.kind == TRACE_REMOVE)
        return unlink(path) == 0 || rmdir(path) == 0;
    snprintf(to, sizeof to, "%s/%s", building->directory, second);
    return rename(path, to) == 0;
}

/* Once a name is lost, all that came later are. */
static bool apply_names(const struct building *building)
{
    bool lost = false;
    for (size_t i = 0; i < building->end; i++) {
        if (!is_name(&building->replay->calls[i]))
            continue;
        if (building->fates[i] != FATE_DURABLE)
            lost = lost || !is_lucky(building);
        if (!lost && !apply_name(building, i))
            return false;
    }
    return true;
}

bool replay_build(const struct replay *replay, size_t cut, enum replay_loss loss, struct random_state *random,
                  const char *directory, struct error *error)
{
    enum fate *fates = find_fates(replay, cut);
    struct building building = {
        replay, fates, cut < replay->count ? cut + 1 : cut, loss, random, directory,
    };
    errno = 0;
    bool built = fates != NULL && apply_names(&building);
    free(fates);
    return built || error_set_errno(error, "files of the cut at %zu in %s", cut, directory);
}
