/*
 * Keys of the store: built on the caller's stack, taken apart again by whoever walks over a range.
 *
 * Numbers are big-endian, so that ranges ascend. P(x) is a piece: one length byte and then the bytes, or, for
 * what is longer than KEY_PIECE_MOST, KEY_PIECE_HASHED and a hash of 16 bytes. Ids of customers are never
 * hashed.
 *
 *     'c' P(id) 0               customer's record, or an alias's (model/customer.h)
 *     'c' P(id) 'i'             ids of their newest events (ledger/known_piece.h)
 *     'c' P(id) 't' P(journey)  when the silence timer of that journey is due (ms)
 *     'c' 0 'i' hash64          the id of an event without customer: when it came (ms)
 *     'd' clock seed            whose decision this was, where, and its offers (ledger/decided.h)
 *     'f' day hash128(names)    counters of the funnel (ledger/funnel.h)
 *     'i' P(id) moment          ids of a customer's earlier events (ledger/known_piece.h)
 *     'm' name                  everything else: "rings", "erased" …
 *     'r' clock seed hash64     one unit of an offer's stock that was promised
 *     's' P(offer)              an offer's stock: confirmed and reserved
 *     't' due P(id) P(journey)  silence timer
 *     'x' P(id)                 erased here (ms), while the log of decisions may still know of it
 *
 * What changes with every event lies together, so that the changes of many customers share pages: a record
 * and the newest ids. Ids of earlier events, which are read and hardly ever written, are elsewhere.
 */
#ifndef SENDA_LEDGER_KEYS_H
#define SENDA_LEDGER_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "model/customer.h"

enum {
    KEY_PIECE_MOST = 200,
    KEY_PIECE_HASHED = 255,
    KEY_RECORD_HEAD = 2,  /* bytes before the id in a customer's record's key */
    KEY_RECORD_FRAME = 3, /* bytes around it */
    KEY_MOST = 1 + 8 + 1 + CUSTOMER_ID_MOST + 1 + KEY_PIECE_MOST, /* bytes of the longest: a timer's */
};

/* The first byte. */
enum key_kind {
    KEY_CUSTOMER = 'c',
    KEY_DECISION = 'd',
    KEY_IDS = 'i',
    KEY_META = 'm',
    KEY_PROMISE = 'r',
    KEY_STOCK = 's',
    KEY_DUE = 't',
    KEY_FORGET = 'x',
};

struct key {
    size_t length; /* bytes in use */
    char bytes[KEY_MOST];
};

static inline struct text key_text(const struct key *key)
{
    return (struct text){key->bytes, key->length};
}

/* The hash that stands for an id, an offer or an event's id wherever 64 bits are enough. */
uint64_t key_hash(struct text name);

/* The hash that stands for a decision where clock and seed are too long. */
uint64_t key_hash_decision(int64_t clock_us, uint64_t seed);

/* What all keys of a kind begin with. */
void key_range(struct key *key, enum key_kind kind);

/* What is behind the ids of events without customer, and before all customers. */
void key_customers(struct key *key);

/* Ids are at most CUSTOMER_ID_MOST bytes; the prefix is of all that lies beside the record. */
void key_customer(struct key *key, struct text id);
void key_customer_prefix(struct key *key, struct text id);
void key_event(struct key *key, struct text id, struct text event_id);
void key_recent(struct key *key, struct text id);
/* Of a piece that begins with this id; ascending by time. */
void key_ids(struct key *key, struct text id, int64_t received_ms, uint64_t hash);
void key_ids_prefix(struct key *key, struct text id);
void key_customer_timer(struct key *key, struct text id, struct text journey);

void key_decision(struct key *key, int64_t clock_us, uint64_t seed);
void key_reserved(struct key *key, int64_t clock_us, uint64_t seed, struct text offer);
void key_reserved_prefix(struct key *key, int64_t clock_us, uint64_t seed);
void key_stock(struct key *key, struct text offer);
void key_timer(struct key *key, int64_t due_ms, struct text id, struct text journey);

/* The timer that a customer's own key stands for: one that key_read_customer() takes for KEY_TIMER. */
void key_timer_of(struct key *key, int64_t due_ms, struct text customer_timer);

/* The same key of another customer. */
void key_ids_of(struct key *key, struct text id, struct text ids);

void key_forget(struct key *key, struct text id);

/* At most KEY_PIECE_MOST bytes of the name count. */
void key_meta(struct key *key, struct text name);

/* ---- Taking apart. False for keys of another form. Texts point into the key. ---- */

enum { KEY_RECORD = 0, KEY_EVENT = 'i', KEY_TIMER = 't' };

/* Whose it is, and which of the three above. */
bool key_read_customer(struct text key, struct text *id, char *part);

/* When the first id of a piece of earlier ones came; 0 for what is too short. */
int64_t key_read_ids_ms(struct text key);

/* Of decisions and of promised stock. */
bool key_read_decision(struct text key, int64_t *clock_us, uint64_t *seed);

/* Whom the log of decisions has to forget. */
bool key_read_forget(struct text key, struct text *id);

/* When it is due and whose it is; for the journey compare whole keys. */
bool key_read_timer(struct text key, int64_t *due_ms, struct text *id);

#endif
