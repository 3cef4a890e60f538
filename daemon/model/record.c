/*
 * The bytes of a record: a head, the personal texts, the other texts, claims, heads of items and candidates,
 * and their texts. Numbers are little-endian. What is personal lies together, right behind the head, so that
 * it can be overwritten in one go; nothing is aligned.
 */
#include "model/record.h"

#include <endian.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    FORMAT = 1,
    FLAG_REDACTED = 1,
    PERSONAL_TEXTS = 4,
    ITEM_TEXTS = 3,
    ITEM_STOCKED = 1,
    ITEM_RESERVES = 2,
};

/* In the order in which they are written; the personal ones come first. */
static const size_t text_members[] = {
    offsetof(struct record, customer), offsetof(struct record, request),  offsetof(struct record, state),
    offsetof(struct record, because),  offsetof(struct record, version),  offsetof(struct record, journey),
    offsetof(struct record, stage),    offsetof(struct record, persona),  offsetof(struct record, placement),
    offsetof(struct record, locale),   offsetof(struct record, strategy), offsetof(struct record, fallback),
};

enum { TEXTS = sizeof text_members / sizeof *text_members };

struct head {
    uint16_t format;         /* of all that follows */
    uint16_t flags;          /* FLAG_REDACTED */
    uint32_t length;         /* bytes of the record */
    uint64_t customer;       /* hash of the id; 0: anonymous, or erased */
    uint64_t clock_us;       /* see struct record_key */
    uint64_t seed;           /* the same */
    uint32_t lengths[TEXTS]; /* bytes of each text */
    uint32_t items;          /* how many */
    uint32_t candidates;     /* how many */
    uint32_t claims;         /* how many */
    uint32_t none;           /* 0 */
};

struct item_head {
    uint64_t score, propensity;   /* bits of doubles */
    uint32_t lengths[ITEM_TEXTS]; /* of offer, kind, strategy */
    uint32_t flags;               /* ITEM_STOCKED, ITEM_RESERVES */
};

struct candidate_head {
    uint64_t score;  /* bits of a double */
    uint32_t length; /* of offer */
    uint32_t gate;   /* as in struct record_candidate */
};

_Static_assert(sizeof(struct head) == 96, "the head has no gaps");
_Static_assert(sizeof(struct item_head) == 32 && sizeof(struct candidate_head) == 16, "nor have these");

static const struct text *text_of(const struct record *record, size_t index)
{
    return (const struct text *)(const void *)((const char *)record + text_members[index]);
}

static uint64_t customer_hash(struct text customer)
{
    if (customer.length == 0)
        return 0;
    uint64_t hash = XXH3_64bits(customer.bytes, customer.length);
    return hash != 0 ? hash : 1;
}

/* ---- Writing ---- */

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return htole64(bits);
}

static char *put(char *to, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(to, bytes, length);
    return to + length;
}

static char *put_text(char *to, struct text text)
{
    return put(to, text.bytes, text.length);
}

size_t record_size(const struct record *record)
{
    size_t size = sizeof(struct head) + record->claim_count * sizeof *record->claims +
                  record->item_count * sizeof(struct item_head) +
                  record->candidate_count * sizeof(struct candidate_head);
    for (size_t i = 0; i < TEXTS; i++)
        size += text_of(record, i)->length;
    for (uint32_t i = 0; i < record->item_count; i++)
        size +=
            record->items[i].offer.length + record->items[i].kind.length + record->items[i].strategy.length;
    for (uint32_t i = 0; i < record->candidate_count; i++)
        size += record->candidates[i].offer.length;
    return size;
}

static char *put_head(const struct record *record, char *to)
{
    struct head head = {
        .format = htole16(FORMAT),
        .length = htole32((uint32_t)record_size(record)),
        .customer = htole64(customer_hash(record->customer)),
        .clock_us = htole64((uint64_t)record->clock_us),
        .seed = htole64(record->seed),
        .items = htole32(record->item_count),
        .candidates = htole32(record->candidate_count),
        .claims = htole32(record->claim_count),
    };
    for (size_t i = 0; i < TEXTS; i++)
        head.lengths[i] = htole32((uint32_t)text_of(record, i)->length);
    return put(to, &head, sizeof head);
}

static char *put_item_head(char *to, const struct record_item *item)
{
    struct item_head head = {
        .score = bits_of(item->score),
        .propensity = bits_of(item->propensity),
        .lengths = {htole32((uint32_t)item->offer.length), htole32((uint32_t)item->kind.length),
                    htole32((uint32_t)item->strategy.length)},
        .flags = htole32((item->stocked ? ITEM_STOCKED : 0) | (item->reserves ? ITEM_RESERVES : 0)),
    };
    return put(to, &head, sizeof head);
}

static char *put_candidate_head(char *to, const struct record_candidate *candidate)
{
    struct candidate_head head = {
        .score = bits_of(candidate->score),
        .length = htole32((uint32_t)candidate->offer.length),
        .gate = htole32(candidate->gate),
    };
    return put(to, &head, sizeof head);
}

void record_encode(const struct record *record, void *out)
{
    char *to = put_head(record, out);
    for (size_t i = 0; i < TEXTS; i++)
        to = put_text(to, *text_of(record, i));
    for (uint32_t i = 0; i < record->claim_count; i++) {
        uint32_t place = htole32(record->claims[i]);
        to = put(to, &place, sizeof place);
    }
    for (uint32_t i = 0; i < record->item_count; i++)
        to = put_item_head(to, &record->items[i]);
    for (uint32_t i = 0; i < record->candidate_count; i++)
        to = put_candidate_head(to, &record->candidates[i]);
    for (uint32_t i = 0; i < record->item_count; i++) {
        const struct record_item *item = &record->items[i];
        to = put_text(put_text(put_text(to, item->offer), item->kind), item->strategy);
    }
    for (uint32_t i = 0; i < record->candidate_count; i++)
        to = put_text(to, record->candidates[i].offer);
}

void record_stamp(void *bytes, const struct record_key *key)
{
    uint64_t clock_us = htole64((uint64_t)key->clock_us), seed = htole64(key->seed);
    memcpy((char *)bytes + offsetof(struct head, clock_us), &clock_us, sizeof clock_us);
    memcpy((char *)bytes + offsetof(struct head, seed), &seed, sizeof seed);
}

/* ---- Reading ---- */

/* What is left of a record, and whether all that was taken was there. */
struct source {
    const char *at;  /* what is taken next */
    const char *end; /* behind the record */
    bool short_of;   /* something was not there */
};

/* NULL, and remembered, where so many bytes are not there. */
static const char *take(struct source *source, size_t length)
{
    const char *bytes = source->at;
    if (source->short_of || length > (size_t)(source->end - bytes)) {
        source->short_of = true;
        return NULL;
    }
    source->at += length;
    return bytes;
}

static struct text take_text(struct source *source, uint32_t length)
{
    const char *bytes = length > 0 ? take(source, length) : NULL;
    return bytes != NULL ? (struct text){bytes, length} : (struct text){NULL, 0};
}

static double number_of(uint64_t bits)
{
    double number;
    bits = le64toh(bits);
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The head in this machine's byte order; false where it can be none. */
static bool read_head(struct text bytes, struct head *head)
{
    if (bytes.length < sizeof *head)
        return false;
    memcpy(head, bytes.bytes, sizeof *head);
    head->format = le16toh(head->format);
    head->flags = le16toh(head->flags);
    head->length = le32toh(head->length);
    head->customer = le64toh(head->customer);
    head->clock_us = le64toh(head->clock_us);
    head->seed = le64toh(head->seed);
    for (size_t i = 0; i < TEXTS; i++)
        head->lengths[i] = le32toh(head->lengths[i]);
    head->items = le32toh(head->items);
    head->candidates = le32toh(head->candidates);
    head->claims = le32toh(head->claims);
    return head->format == FORMAT && head->length == bytes.length;
}

static bool counts_are_possible(const struct head *head)
{
    return head->items <= RECORD_ITEMS_MOST && head->candidates <= RECORD_CANDIDATES_MOST &&
           head->claims <= RECORD_CLAIMS_MOST && head->none == 0 && (head->flags & ~FLAG_REDACTED) == 0;
}

static void take_texts(struct source *source, const struct head *head, struct record *record)
{
    for (size_t i = 0; i < TEXTS; i++) {
        struct text text = take_text(source, head->lengths[i]);
        if (i >= PERSONAL_TEXTS || record->personal)
            memcpy((char *)record + text_members[i], &text, sizeof text);
    }
}

static void take_claims(struct source *source, uint32_t count, uint32_t *claims)
{
    const char *bytes = take(source, count * sizeof *claims);
    if (bytes != NULL && count > 0)
        memcpy(claims, bytes, count * sizeof *claims);
    for (uint32_t i = 0; bytes != NULL && i < count; i++)
        claims[i] = le32toh(claims[i]);
}

/* `heads`: where the heads of all items are. */
static bool take_items(struct source *source, const char *heads, uint32_t count, struct record_item *items)
{
    for (uint32_t i = 0; i < count; i++) {
        struct item_head head;
        memcpy(&head, heads + i * sizeof head, sizeof head);
        uint32_t flags = le32toh(head.flags);
        items[i] = (struct record_item){
            .offer = take_text(source, le32toh(head.lengths[0])),
            .score = number_of(head.score),
            .propensity = number_of(head.propensity),
            .stocked = (flags & ITEM_STOCKED) != 0,
            .reserves = (flags & ITEM_RESERVES) != 0,
        };
        items[i].kind = take_text(source, le32toh(head.lengths[1]));
        items[i].strategy = take_text(source, le32toh(head.lengths[2]));
        if ((flags & ~(uint32_t)(ITEM_STOCKED | ITEM_RESERVES)) != 0)
            return false;
    }
    return true;
}

static bool take_candidates(struct source *source, const char *heads, uint32_t count,
                            struct record_candidate *candidates)
{
    for (uint32_t i = 0; i < count; i++) {
        struct candidate_head head;
        memcpy(&head, heads + i * sizeof head, sizeof head);
        uint32_t gate = le32toh(head.gate);
        candidates[i] = (struct record_candidate){take_text(source, le32toh(head.length)), (uint8_t)gate,
                                                  number_of(head.score)};
        if (gate > UINT8_MAX)
            return false;
    }
    return true;
}

/* All behind the texts of the record itself, into arrays that have room for it. */
static bool take_arrays(struct source *source, const struct head *head, uint32_t *claims,
                        struct record_item *items, struct record_candidate *candidates)
{
    take_claims(source, head->claims, claims);
    const char *item_heads = take(source, head->items * sizeof(struct item_head));
    const char *candidate_heads = take(source, head->candidates * sizeof(struct candidate_head));
    if (item_heads == NULL || candidate_heads == NULL)
        return false;
    return take_items(source, item_heads, head->items, items) &&
           take_candidates(source, candidate_heads, head->candidates, candidates) && !source->short_of &&
           source->at == source->end;
}

bool record_decode(struct record *record, struct arena *arena, struct text bytes, struct error *error)
{
    struct head head;
    if (!read_head(bytes, &head) || !counts_are_possible(&head))
        return error_set(error, ERROR_INVALID, "no record of a decision");
    struct source source = {bytes.bytes + sizeof head, bytes.bytes + bytes.length, false};
    struct record_item *items = arena_allocate(arena, (head.items + 1) * sizeof *items);
    struct record_candidate *candidates = arena_allocate(arena, (head.candidates + 1) * sizeof *candidates);
    uint32_t *claims = arena_allocate(arena, (head.claims + 1) * sizeof *claims);
    if (items == NULL || candidates == NULL || claims == NULL)
        return error_set(error, ERROR_INTERNAL, "memory is out");
    *record = (struct record){
        .clock_us = (int64_t)head.clock_us,
        .seed = head.seed,
        .personal = (head.flags & FLAG_REDACTED) == 0,
        .items = items,
        .item_count = head.items,
        .candidates = candidates,
        .candidate_count = head.candidates,
        .claims = claims,
        .claim_count = head.claims,
    };
    take_texts(&source, &head, record);
    if (!take_arrays(&source, &head, claims, items, candidates))
        return error_set(error, ERROR_INVALID, "a damaged record of a decision");
    return true;
}

uint32_t record_read_claims(struct text bytes, uint32_t *claims)
{
    struct head head;
    uint64_t before = sizeof head;
    if (!read_head(bytes, &head) || !counts_are_possible(&head))
        return 0;
    for (size_t i = 0; i < TEXTS; i++)
        before += head.lengths[i];
    if (before > bytes.length)
        return 0;
    struct source source = {bytes.bytes + before, bytes.bytes + bytes.length, false};
    take_claims(&source, head.claims, claims);
    return source.short_of ? 0 : head.claims;
}

bool record_read_key(struct text bytes, struct record_key *key)
{
    struct head head;
    if (!read_head(bytes, &head))
        return false;
    *key = (struct record_key){(int64_t)head.clock_us, head.seed};
    return true;
}

void record_redact(void *bytes, size_t length)
{
    struct head head;
    uint64_t personal = 0;
    if (!read_head((struct text){bytes, length}, &head)) {
        memset(bytes, 0, length);
        return;
    }
    for (size_t i = 0; i < PERSONAL_TEXTS; i++)
        personal += head.lengths[i];
    if (personal > length - sizeof head)
        personal = length - sizeof head;
    memset((char *)bytes + sizeof head, 0, personal);
    memset((char *)bytes + offsetof(struct head, customer), 0, sizeof head.customer);
    uint16_t flags = htole16(head.flags | FLAG_REDACTED);
    memcpy((char *)bytes + offsetof(struct head, flags), &flags, sizeof flags);
}

bool record_is_redacted(struct text bytes)
{
    struct head head;
    return read_head(bytes, &head) && (head.flags & FLAG_REDACTED) != 0;
}

/* False for nobody's; `hash` is of the id. */
static bool read_customer(struct text bytes, uint64_t *hash, struct text *customer)
{
    struct head head;
    if (!read_head(bytes, &head) || head.customer == 0)
        return false;
    struct source source = {bytes.bytes + sizeof head, bytes.bytes + bytes.length, false};
    *customer = take_text(&source, head.lengths[0]);
    *hash = head.customer;
    return !source.short_of;
}

bool record_read_customer(struct text bytes, struct text *customer)
{
    uint64_t hash;
    return read_customer(bytes, &hash, customer) && hash == customer_hash(*customer);
}

bool record_is_of_any(struct text bytes, const struct text *customers, size_t count)
{
    uint64_t hash;
    struct text customer;
    if (!read_customer(bytes, &hash, &customer))
        return false;
    for (size_t i = 0; i < count; i++)
        if (hash == customer_hash(customers[i]) && text_equal(customer, customers[i]))
            return true;
    return false;
}

bool record_is_of(struct text bytes, struct text customer)
{
    return record_is_of_any(bytes, &customer, 1);
}
