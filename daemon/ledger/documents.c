/* How records become customers, and customers records. */
#include "ledger/documents.h"

#include "ledger/keys.h"

void documents_create(struct documents *documents, struct entries *entries)
{
    *documents = (struct documents){.entries = entries};
}

void documents_clear(struct documents *documents)
{
    documents_create(documents, documents->entries);
}

static void append(struct documents *documents, struct document *document)
{
    if (documents->last == NULL)
        documents->first = document;
    else
        documents->last->next = document;
    documents->last = document;
    if (documents->undecoded == NULL)
        documents->undecoded = document;
    documents->count++;
}

static struct document *make_document(struct documents *documents, struct entry *entry)
{
    struct document *document = arena_allocate_zeroed(documents->entries->arena, 1, sizeof *document);
    if (document == NULL) {
        documents->entries->failed = true;
        return NULL;
    }
    document->id = (struct text){entry->key.bytes + KEY_RECORD_HEAD, entry->key.length - KEY_RECORD_FRAME};
    document->entry = entry;
    entry->document = document;
    append(documents, document);
    return document;
}

struct document *documents_want(struct documents *documents, struct text id)
{
    struct key key;
    key_customer(&key, id);
    struct entry *entry = entries_want(documents->entries, key_text(&key));
    if (entry == NULL)
        return NULL;
    return entry->document != NULL ? entry->document : make_document(documents, entry);
}

static bool decode_alias(struct documents *documents, struct document *document, struct text id)
{
    document->state = DOCUMENT_DAMAGED;
    if (id.length > CUSTOMER_ID_MOST)
        return true;
    document->canonical = documents_want(documents, id);
    if (document->canonical != NULL)
        document->state = DOCUMENT_ALIAS;
    return document->canonical != NULL;
}

static bool decode(struct documents *documents, struct document *document)
{
    struct text bytes = document->entry->value;
    if (bytes.bytes == NULL) {
        document->state = DOCUMENT_MISSING;
        return true;
    }
    struct text alias_of = customer_record_alias(bytes);
    if (alias_of.bytes != NULL)
        return decode_alias(documents, document, alias_of);
    bool decoded = customer_decode(&document->customer, documents->entries->arena, bytes, NULL);
    document->state = decoded ? DOCUMENT_PRESENT : DOCUMENT_DAMAGED;
    return true;
}

bool documents_decode(struct documents *documents)
{
    struct document *document = documents->undecoded;
    for (; document != NULL && document->entry->known; document = document->next) {
        if (document->state == DOCUMENT_UNREAD && !decode(documents, document))
            return false;
    }
    documents->undecoded = document;
    return true;
}

struct document *document_canonical(struct document *document)
{
    struct document *canonical = document;
    for (int hops = 0; canonical->state == DOCUMENT_ALIAS; hops++) {
        if (hops == DOCUMENTS_HOPS_MOST)
            return NULL;
        canonical = canonical->canonical;
    }
    if (document->state == DOCUMENT_ALIAS && document->canonical != canonical) {
        document->canonical = canonical;
        document->changed = true;
    }
    return canonical;
}

void document_become_alias(struct document *document, struct document *canonical)
{
    document->state = DOCUMENT_ALIAS;
    document->canonical = canonical;
    document->changed = true;
    document->moved = false;
    document->known = NULL;
}

void document_remove(struct document *document)
{
    document->state = DOCUMENT_MISSING;
    document->changed = document->moved = false;
    document->known = NULL;
    entries_delete(document->entry);
}

void document_own(struct document *document, struct entry *entry)
{
    if (entry == NULL || entry->owned)
        return;
    entry->owned = true;
    entry->beside = document->beside;
    document->beside = entry;
}

bool document_is_hash(const struct document *document, uint64_t hash)
{
    if (hash == key_hash(document->id))
        return true;
    if (document->state != DOCUMENT_PRESENT)
        return false;
    for (uint32_t i = 0; i < document->customer.alias_count; i++) {
        if (hash == key_hash(document->customer.aliases[i]))
            return true;
    }
    return false;
}

static void encode(struct document *document, struct buffer *out)
{
    document->encoded_at = out->length;
    if (document->state == DOCUMENT_ALIAS) {
        customer_encode_alias(document->canonical->id, out);
    } else {
        document->customer.revision++;
        customer_encode(&document->customer, out);
    }
    document->entry->value.length = out->length - document->encoded_at;
}

/* The buffer moves while it grows, so values are pointed at when all is in it. */
bool documents_encode(struct documents *documents, struct buffer *out)
{
    for (struct document *document = documents->first; document != NULL; document = document->next) {
        if (document->changed)
            encode(document, out);
    }
    for (struct document *document = documents->first; document != NULL; document = document->next) {
        if (document->changed && !out->failed)
            entries_put_borrowed(document->entry, (struct text){out->bytes + document->encoded_at,
                                                                document->entry->value.length});
    }
    return !out->failed;
}
