/*
 * Reads the decision log, in any process, while another one writes it.
 *
 * Segments that disappear meanwhile (they were too old) are passed over in silence, and so is an end that is
 * still being written. Damaged bytes are reported and skipped.
 */
#ifndef SENDA_DECISIONLOG_LOG_READER_H
#define SENDA_DECISIONLOG_LOG_READER_H

#include "decisionlog/log_folder.h"
#include "decisionlog/segment_file.h"

/* Which decisions are wanted. */
struct log_query {
    int64_t from_us;              /* the earliest clock; INT64_MIN: all */
    int64_t to_us;                /* this clock and later ones are not; INT64_MAX: all */
    const struct text *customers; /* ids, of which any will do; borrowed */
    size_t customer_count;        /* 0: everybody's */
};

#define LOG_QUERY_ALL ((struct log_query){INT64_MIN, INT64_MAX, NULL, 0})

/* Bytes of a segment that hold no good frame, or a segment (or the folder) that cannot be read at all. */
struct log_damage {
    const char *file;    /* its name in the folder, or the folder's */
    uint64_t offset;     /* where the damage begins */
    uint64_t bytes;      /* that were skipped */
    const char *problem; /* why it cannot be read; NULL: what is there is not what was written */
};

typedef void (*log_damage_cb)(void *context, const struct log_damage *damage);

struct log_reader {
    struct log_query query;
    struct log_folder folder; /* the segments as they were listed last */
    struct segment_file file; /* the one that is read */
    bool reading;             /* there is one */
    bool last;                /* no later one was listed: its end may still be written */
    int64_t passed_us;        /* the first clock of the segment that was opened last; -1: none */
    int64_t end_us;           /* the first clock of the last segment to be read; INT64_MAX: all that come */
    uint64_t end_at;          /* where its part that is to be read ends */
    log_damage_cb damaged;    /* NULL: nobody wants to know */
    void *context;            /* handed to it */
    uint64_t damages;         /* reported until now */
};

/* Decisions of the log in `state_directory`. ERROR_NOT_FOUND where there is no log. */
MUST_CHECK bool log_reader_create(struct log_reader *reader, const char *state_directory,
                                  const struct log_query *query, log_damage_cb damaged, void *context,
                                  struct error *error);
void log_reader_destroy(struct log_reader *reader);

/*
 * The next record, in the order in which they were written (that of their clocks, but for some that took a
 * moment longer on their way); its bytes live until the next call. False at the end, where it may be called
 * again later.
 */
bool log_reader_next(struct log_reader *reader, struct text *record);

enum log_reading {
    LOG_READING_RECORD, /* there it is */
    LOG_READING_MORE,   /* it has gone through as many bytes as it was to */
    LOG_READING_END,    /* there are no more */
};

/*
 * The same for who has other things to do: goes through about *bytes of the log at most, and takes what it
 * went through from them. Damaged bytes, of which there are as many as a segment has at most, are passed over
 * at once.
 */
enum log_reading log_reader_step(struct log_reader *reader, uint64_t *bytes, struct text *record);

/* From now on, what is written later is not read: whoever reads slowly comes to an end all the same. */
void log_reader_stop_here(struct log_reader *reader);

#endif
