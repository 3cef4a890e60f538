/*
 * Writes the decision log: the one writer of the segments in a state directory.
 *
 * Records are collected and written together when a batch ends. They are synced to the disk at most once a
 * second and when a segment is finished: a power cut may take the last second of the log with it, while
 * events that were acknowledged are never lost. Where the disk is full or broken the log pauses. It says so
 * once, keeps what fits into its memory, counts what it had to drop, and tries again every second; the rest
 * of the daemon goes on. Whatever happens, a segment holds whole frames, one behind the other, and a torn one
 * is only ever at its end.
 */
#ifndef SENDA_DECISIONLOG_LOG_WRITER_H
#define SENDA_DECISIONLOG_LOG_WRITER_H

#include "decisionlog/log_folder.h"
#include "decisionlog/segment_file.h"

#define LOG_SEGMENT_BYTES_DEFAULT (UINT64_C(16) << 20)
#define LOG_TOTAL_BYTES_DEFAULT (UINT64_C(1) << 30)
#define LOG_KEEP_US_DEFAULT (INT64_C(30) * 86400 * 1000000)

enum {
    LOG_WAITING_MOST = 1 << 20, /* bytes that are collected before they are written, or kept in a pause, where
                                   a segment is not smaller: no more than that */
    LOG_RETRY_MS = 1000,        /* between attempts in a pause */
    LOG_SYNC_MS = 1000,         /* between syncs */
};

/* The decisions of a segment are no further apart, so that whole segments grow old. */
#define LOG_SEGMENT_SPAN_US (INT64_C(86400) * 1000000)

struct log_options {
    uint64_t segment_bytes; /* a segment that would grow beyond is finished, and a new one begun */
    uint64_t total_bytes;   /* of all segments; the oldest are deleted to stay below */
    int64_t keep_us;        /* microseconds; segments without a younger decision are deleted; 0: kept */
};

struct log_status {
    bool paused;          /* nothing can be written at the moment */
    struct error problem; /* why it paused last; ERROR_NONE: it never did */
    uint64_t written;     /* records since the writer was made */
    uint64_t dropped;     /* records that found no room in a pause, or were lost with a segment */
    uint64_t deleted;     /* segments that were too old or too many */
    uint64_t segments;    /* there are now */
    uint64_t bytes;       /* in them */
    uint64_t cut;         /* bytes of a torn end that were taken away when the writer was made */
};

/* Called when the log pauses, and when it goes on. */
typedef void (*log_status_cb)(void *context, const struct log_status *status);

struct log_segment {
    int64_t first_us; /* its name; later than what is in it where a clock was once ahead */
    int64_t last_us;  /* the latest decision in it; INT64_MIN: there is none yet */
    uint64_t bytes;   /* on the disk */
};

struct log_writer {
    struct log_options options;
    struct log_folder folder;     /* where the segments are; its list is of when the writer was made */
    struct log_segment *segments; /* owned; in order; the last is the open one, if there is one */
    size_t count;                 /* segments in use */
    size_t room;                  /* there is room for */
    bool open;                    /* a segment is being written */
    int fd;                       /* of the open segment; -1: its file is still to be made */
    int64_t earliest_us;          /* decision in the open segment; INT64_MAX: there is none */
    uint64_t marker;              /* of the open segment */
    struct buffer waiting;        /* what comes behind the bytes on the disk; whole frames */
    uint64_t waiting_records;     /* in it */
    struct segment_index index;   /* of the open segment, what is waiting included */
    uint64_t now_ms;              /* monotonic; as the caller said last */
    uint64_t retry_ms, synced_ms; /* of the next attempt, and of the last sync */
    bool dirty;                   /* written and not synced */
    struct log_status status;     /* for whoever asks */
    log_status_cb changed;        /* NULL: nobody listens */
    void *context;                /* handed to it */
};

/*
 * In a state directory that this process alone writes. Cuts a torn end off the last segment and goes on in
 * it. `changed` may be NULL. Stays where it is.
 */
MUST_CHECK bool log_writer_create(struct log_writer *writer, const char *state_directory,
                                  const struct log_options *options, log_status_cb changed, void *context,
                                  struct error *error);

/* Writes and syncs what is waiting. */
void log_writer_destroy(struct log_writer *writer);

/* Takes a copy of an encoded record. What is none counts as dropped. */
void log_writer_append(struct log_writer *writer, struct text record);

/*
 * To be called at the end of each batch, and about once a second where there is none: writes what is waiting,
 * syncs where that is due. `now_ms`: a monotonic clock.
 */
void log_writer_flush(struct log_writer *writer, uint64_t now_ms);

/* To be called about once a minute: finishes and deletes what is too old. */
void log_writer_tend(struct log_writer *writer, int64_t now_us);

const struct log_status *log_writer_status(const struct log_writer *writer);

#endif
