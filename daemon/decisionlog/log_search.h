/*
 * Looks for one decision in the log, in any process, while another one writes it: in small steps, since a
 * segment that is not finished has no index and has to be read through.
 *
 * First comes the segment that should have it by its name, then those with an index, then the others. Clocks
 * that went back make names wrong, so that all are looked into before it counts as not there.
 */
#ifndef SENDA_DECISIONLOG_LOG_SEARCH_H
#define SENDA_DECISIONLOG_LOG_SEARCH_H

#include "decisionlog/log_folder.h"
#include "decisionlog/segment_file.h"
#include "model/decision_id.h"

struct log_search {
    struct decision_id id;    /* of what is looked for */
    struct log_folder folder; /* the segments as they were listed at the beginning */
    bool *passed;             /* by position in the folder: there is nothing more to look for; owned */
    size_t turn;              /* segments that were come to; each but the likely one is twice */
    struct segment_file file; /* the one that is being read through */
    bool reading;             /* there is one */
    struct error problem;     /* the first segment that could not be read, and why; ERROR_NONE: all could */
};

/* ERROR_NOT_FOUND where there is no log. What is written later need not be found. */
MUST_CHECK bool log_search_create(struct log_search *search, const char *state_directory,
                                  const struct decision_id *id, struct error *error);
void log_search_destroy(struct log_search *search);

enum log_searching {
    LOG_SEARCHING_FOUND,  /* its record's bytes were appended */
    LOG_SEARCHING_MORE,   /* it has gone through as many bytes as it was to */
    LOG_SEARCHING_OVER,   /* the log does not have it */
    LOG_SEARCHING_UNREAD, /* it was not found, but some segment could not be read; see `problem` */
    LOG_SEARCHING_FAILED, /* memory is out */
};

/*
 * Goes through about so many bytes of the log at most; opening a segment counts as many as could be read in
 * that time. Damaged bytes, of which there are as many as a segment has at most, are passed over at once.
 */
enum log_searching log_search_step(struct log_search *search, uint64_t bytes, struct buffer *out);

#endif
