/*
 * Ids of a customer's events in pieces, as bytes: hashes in the order in which they came.
 *
 * The newest ids are in one small piece beside the record, which changes with every event. When it is full it
 * goes elsewhere, under its customer and the moment of its first id, and is never changed again.
 *
 *     recent   u64 newest, u64 closed, u64 first, then ids
 *     closed   u64 newest, then ids; `first` is in the key
 *     id       u64 hash, u32 milliseconds since `first`
 *
 * `newest` and `first` are when the newest and the first id came (ms), `closed` when the newest one did that
 * is not in the recent piece (0: never). All numbers are big-endian.
 */
#ifndef SENDA_LEDGER_KNOWN_PIECE_H
#define SENDA_LEDGER_KNOWN_PIECE_H

#include "ledger/entries.h"

enum {
    PIECE_IDS = 64,                    /* that the recent piece holds at most */
    PIECE_HEAD = 3 * sizeof(uint64_t), /* its bytes before the first of them */
};

/* One id as it is kept. */
struct piece_id {
    uint64_t hash;
    int64_t received_ms;
};

bool piece_is_recent(const struct entry *entry);
bool piece_is_closed(const struct entry *entry);

/* When the newest id of a piece came, or the one id of an event without customer; 0 for what is too short. */
int64_t piece_newest_ms(struct text value);
/* Of a recent piece: when the newest id came that is in none but closed pieces; 0: none is. */
int64_t piece_closed_ms(struct text value);

size_t piece_count(const struct entry *piece);
struct piece_id piece_at(const struct entry *piece, size_t index);
/* Of a recent piece with any id: the first one's hash, and what times are told from. */
struct piece_id piece_first(const struct entry *recent);

/* Whether it has the hash of an id that came at `after_ms` or later. */
bool piece_has(const struct entry *piece, uint64_t hash, int64_t after_ms);

/* A recent piece without ids, PIECE_HEAD bytes: the newest one, which is in a closed piece, came then. */
void piece_write_head(char *bytes, int64_t closed_ms);

/*
 * ---- Changing. The entry's value becomes bytes of the arena of `entries`; out of memory is noted there.
 * ----
 */

/* One more id in the recent piece; false, and nothing has changed, where there is no place for it. */
bool piece_add(struct entries *entries, struct entry *recent, const struct piece_id *id);

/* Keeps those ids alone in the recent piece that came at `after_ms` or later. */
void piece_renew(struct entries *entries, struct entry *recent, int64_t after_ms);

/* Notes in the recent piece that a closed one has an id that came then. */
void piece_note_closed(struct entries *entries, struct entry *recent, int64_t newest_ms);

/* Makes `closed`, whose key is of the recent piece's first id, a closed piece with the same ids. */
void piece_close(struct entries *entries, struct entry *closed, const struct entry *recent);

#endif
