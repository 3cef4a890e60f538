/*
 * Erases customers from the decision log, a bounded step at a time.
 *
 * Of each decision about them the personal part is overwritten in place. What is damaged cannot be told from
 * theirs and cannot be read anyway: it is overwritten with zeros. A crash in the middle leaves frames that
 * are erased, or damaged; the erasure then has to be begun anew. When a step says that all is done, it is on
 * the disk: every segment was synced after it was walked through, whoever wrote to it last, and the names of
 * segments that were deleted are gone, too.
 *
 * What a failed sync gave up stays in the system's memory as it was written, and counts as clean, while the
 * disk may have what was there before. No later sync changes that. So whoever comes after an erasure that
 * failed or was broken off writes once more what is erased already.
 */
#ifndef SENDA_DECISIONLOG_LOG_REDACTION_H
#define SENDA_DECISIONLOG_LOG_REDACTION_H

#include "base/text_set.h"
#include "decisionlog/log_writer.h"

struct log_redaction {
    struct log_writer *writer; /* borrowed */
    struct text_set customers; /* their ids */
    struct segment_file file;  /* the one that is walked through */
    bool walking;              /* there is one */
    int64_t passed_us;         /* the name of the segment that was opened last; -1: none */
    bool renews;               /* what was overwritten before is written once more */
    uint64_t redacted;         /* decisions whose personal part was overwritten */
    uint64_t wiped;            /* damaged bytes that were overwritten */
};

enum log_redaction_state {
    LOG_REDACTION_MORE,   /* another step is needed */
    LOG_REDACTION_DONE,   /* nothing of them is left in what was appended before this step */
    LOG_REDACTION_FAILED, /* the disk refuses; worth another try from the beginning, which renews */
};

/* Copies the ids: all that a customer was ever known by. ERROR_INTERNAL: memory is out. */
MUST_CHECK bool log_redaction_create(struct log_redaction *redaction, struct log_writer *writer,
                                     const struct text *customers, size_t count, struct error *error);
void log_redaction_destroy(struct log_redaction *redaction);

/* Before the first step: an earlier one was not gone through to its end. */
void log_redaction_renew(struct log_redaction *redaction);

/* Goes through about so many bytes. Between two steps records may be appended and segments deleted. */
enum log_redaction_state log_redaction_step(struct log_redaction *redaction, size_t bytes,
                                            struct error *error);

#endif
