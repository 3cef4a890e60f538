/*
 * Reading one segment frame by frame, whatever its state.
 *
 * It may be damaged anywhere, and another process may be writing it. Frames that do not hold what was written
 * are skipped up to the next one that does. Read with pread, never mapped: a writer that takes back what did
 * not fit on its disk shortens the file.
 */
#ifndef SENDA_DECISIONLOG_SEGMENT_FILE_H
#define SENDA_DECISIONLOG_SEGMENT_FILE_H

#include "base/buffer.h"
#include "base/error.h"
#include "decisionlog/segment.h"
#include "decisionlog/segment_index.h"
#include "model/record.h"

/* Bytes that hold no good frame. */
struct segment_gap {
    uint64_t offset; /* where they begin in the file */
    uint64_t bytes;  /* 0: there are none */
};

struct segment_file {
    int fd;                             /* owned */
    char name[SEGMENT_NAME_LENGTH + 1]; /* of the file */
    bool known;                         /* the marker was found; else nothing can be read */
    uint64_t marker;                    /* of this segment */
    uint64_t at;                        /* where the next frame is looked for */
    struct segment_gap gap;             /* what the last step had to skip */
    struct buffer window;               /* bytes of the file */
    uint64_t window_at;                 /* where they begin in it */
    bool starved;                       /* something could not be read because memory was out */
};

/* A good frame. */
struct segment_piece {
    enum segment_kind kind; /* of its content */
    uint64_t offset;        /* of the frame in the file */
    struct text content;    /* lives until the next step */
};

enum segment_step {
    SEGMENT_STEP_PIECE,  /* there it is; file->gap was skipped in front of it */
    SEGMENT_STEP_END,    /* no further good frame; file->gap is what comes instead. May be tried again */
    SEGMENT_STEP_FAILED, /* the file cannot be read */
};

/*
 * `access`: O_RDONLY or O_RDWR. ERROR_NOT_FOUND where there is no such file, ERROR_UNAVAILABLE where it
 * cannot be read, or its format is newer than this program.
 */
MUST_CHECK bool segment_file_open(struct segment_file *file, int folder, const char *name, int access,
                                  struct error *error);
void segment_file_close(struct segment_file *file);

/* The frame at file->at, or the next good one behind it. */
enum segment_step segment_file_next(struct segment_file *file, struct segment_piece *piece,
                                    struct error *error);

/* What the last step cost, which began at `before`: bytes that it went over, or looked through in vain. */
uint64_t segment_file_spent(const struct segment_file *file, uint64_t before);

/* Bytes that were read ahead are read anew: what is personal in them may be erased by the next step. */
void segment_file_forget(struct segment_file *file);

/* The frame at `offset`; false where there is no good one. */
bool segment_file_read_at(struct segment_file *file, uint64_t offset, struct segment_piece *piece);

/* False where the segment is not finished. */
bool segment_file_summary(const struct segment_file *file, struct segment_summary *summary);

/* Whether it is the record of the decision of that clock and seed. */
bool segment_piece_is_of(const struct segment_piece *piece, const struct record_key *key);

enum segment_finding {
    SEGMENT_FINDING_RECORD,   /* there it is */
    SEGMENT_FINDING_NOTHING,  /* the index does not have it */
    SEGMENT_FINDING_NO_INDEX, /* or a damaged one, or it leads to what cannot be read: whoever looks for it
                                 has to read the segment through */
};

/* Looks the record of the decision of that clock and seed up in the index. */
enum segment_finding segment_file_find(struct segment_file *file, const struct record_key *key,
                                       struct segment_piece *piece);

/* Writes over bytes of the file, which has to be open for that. */
MUST_CHECK bool segment_file_overwrite(struct segment_file *file, uint64_t offset, struct text bytes,
                                       struct error *error);

#endif
