/* documents: records become customers once, aliases lead to whom they are about. */
#include "../cmocka_all.h"
#include "ledger/documents.h"
#include "ledger/keys.h"

struct fixture {
    struct arena arena;
    struct entries entries;
    struct documents documents;
    struct buffer out;
};

static int setup(void **state)
{
    static struct fixture fixture;
    arena_create(&fixture.arena, 4096);
    entries_create(&fixture.entries, &fixture.arena);
    documents_create(&fixture.documents, &fixture.entries);
    buffer_create(&fixture.out);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    entries_destroy(&fixture->entries);
    arena_destroy(&fixture->arena);
    buffer_destroy(&fixture->out);
    return 0;
}

static struct document *want(struct fixture *fixture, const char *id)
{
    struct document *document = documents_want(&fixture->documents, text_from(id));
    assert_non_null(document);
    return document;
}

/* As if the store had that value. */
static struct document *read_as(struct fixture *fixture, const char *id, struct text value)
{
    struct document *document = want(fixture, id);
    assert_true(entries_learn(&fixture->entries, document->entry, value));
    return document;
}

static struct document *read_alias(struct fixture *fixture, const char *id, const char *canonical)
{
    struct buffer record;
    buffer_create(&record);
    customer_encode_alias(text_from(canonical), &record);
    struct document *document = read_as(fixture, id, (struct text){record.bytes, record.length});
    buffer_destroy(&record);
    return document;
}

static void decode(struct fixture *fixture)
{
    assert_true(documents_decode(&fixture->documents));
}

static void test_documents_want_is_one_for_each_id(void **state)
{
    struct fixture *fixture = *state;
    struct document *ada = want(fixture, "ada");
    assert_true(text_equal(ada->id, TEXT("ada")));
    assert_ptr_equal(want(fixture, "ada"), ada);
    assert_ptr_not_equal(want(fixture, "bea"), ada);
    assert_int_equal(fixture->documents.count, 2);
    assert_int_equal(ada->state, DOCUMENT_UNREAD);
}

static void test_documents_decode_tells_what_is_there(void **state)
{
    struct fixture *fixture = *state;
    struct customer customer;
    customer_create(&customer, &fixture->arena, TEXT("ada"), 1790000000000);
    customer_encode(&customer, &fixture->out);
    struct document *ada = read_as(fixture, "ada", (struct text){fixture->out.bytes, fixture->out.length});
    struct document *nobody = read_as(fixture, "nobody", (struct text){NULL, 0});
    struct document *broken = read_as(fixture, "broken", TEXT("\x01x"));
    struct document *later = want(fixture, "later");
    decode(fixture);
    assert_int_equal(ada->state, DOCUMENT_PRESENT);
    assert_int_equal(ada->customer.created_ms, 1790000000000);
    assert_int_equal(nobody->state, DOCUMENT_MISSING);
    assert_int_equal(broken->state, DOCUMENT_DAMAGED);
    assert_int_equal(later->state, DOCUMENT_UNREAD);
    read_as(fixture, "later", (struct text){NULL, 0});
    decode(fixture);
    assert_int_equal(later->state, DOCUMENT_MISSING);
}

static void test_document_canonical_follows_and_shortens(void **state)
{
    struct fixture *fixture = *state;
    struct document *a = read_alias(fixture, "a", "b");
    decode(fixture);
    struct document *b = read_alias(fixture, "b", "c");
    decode(fixture);
    struct document *c = read_as(fixture, "c", (struct text){NULL, 0});
    decode(fixture);
    assert_ptr_equal(document_canonical(a), c);
    assert_ptr_equal(a->canonical, c);
    assert_true(a->changed && !b->changed);
    assert_ptr_equal(document_canonical(c), c);
    assert_true(documents_encode(&fixture->documents, &fixture->out));
    assert_true(text_equal(customer_record_alias(a->entry->value), TEXT("c")));
}

static void test_document_canonical_ends_in_circles(void **state)
{
    struct fixture *fixture = *state;
    struct document *a = read_alias(fixture, "a", "b"), *b = read_alias(fixture, "b", "a");
    decode(fixture);
    assert_null(document_canonical(a));
    assert_null(document_canonical(b));
}

static void test_document_canonical_follows_so_many(void **state)
{
    struct fixture *fixture = *state;
    char from[] = "a", to[] = "b";
    struct document *first = want(fixture, "a"), *second = want(fixture, "b");
    for (; from[0] <= 'a' + DOCUMENTS_HOPS_MOST; from[0]++, to[0]++)
        read_alias(fixture, from, to);
    struct document *last = read_as(fixture, from, (struct text){NULL, 0});
    decode(fixture);
    assert_null(document_canonical(first));
    assert_ptr_equal(document_canonical(second), last);
}

static void test_documents_encode_what_has_changed(void **state)
{
    struct fixture *fixture = *state;
    struct document *ada = read_as(fixture, "ada", (struct text){NULL, 0});
    struct document *bea = read_as(fixture, "bea", (struct text){NULL, 0});
    decode(fixture);
    for (int i = 0; i < 2; i++) {
        struct document *document = i == 0 ? ada : bea;
        customer_create(&document->customer, &fixture->arena, document->id, 1);
        document->state = DOCUMENT_PRESENT;
    }
    ada->changed = true;
    assert_true(documents_encode(&fixture->documents, &fixture->out));
    struct customer customer;
    assert_true(ada->entry->changed && !bea->entry->changed);
    assert_true(customer_decode(&customer, &fixture->arena, ada->entry->value, NULL));
    assert_true(text_equal(customer.id, TEXT("ada")));
    assert_int_equal(customer.revision, 1);
}

static void test_document_remove_deletes_its_record(void **state)
{
    struct fixture *fixture = *state;
    struct document *a = read_alias(fixture, "a", "b");
    decode(fixture);
    document_remove(a);
    assert_int_equal(a->state, DOCUMENT_MISSING);
    assert_true(a->entry->changed && a->entry->value.bytes == NULL);
}

static void test_document_own_holds_each_entry_once(void **state)
{
    struct fixture *fixture = *state;
    struct document *a = want(fixture, "a");
    struct entry *x = entries_at(&fixture->entries, TEXT("x")), *y = entries_at(&fixture->entries, TEXT("y"));
    document_own(a, x);
    document_own(a, y);
    document_own(a, x);
    document_own(a, NULL);
    assert_ptr_equal(a->beside, y);
    assert_ptr_equal(y->beside, x);
    assert_null(x->beside);
}

static void test_document_is_hash_knows_aliases(void **state)
{
    struct fixture *fixture = *state;
    struct document *ada = read_as(fixture, "ada", (struct text){NULL, 0});
    decode(fixture);
    assert_true(document_is_hash(ada, key_hash(TEXT("ada"))));
    assert_false(document_is_hash(ada, key_hash(TEXT("visitor"))));
    customer_create(&ada->customer, &fixture->arena, ada->id, 1);
    assert_true(customer_add_alias(&ada->customer, TEXT("visitor")));
    ada->state = DOCUMENT_PRESENT;
    assert_true(document_is_hash(ada, key_hash(TEXT("visitor"))));
    assert_false(document_is_hash(ada, key_hash(TEXT("bea"))));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_documents_want_is_one_for_each_id),       TEST(test_documents_decode_tells_what_is_there),
        TEST(test_document_canonical_follows_and_shortens), TEST(test_document_canonical_ends_in_circles),
        TEST(test_document_canonical_follows_so_many),      TEST(test_documents_encode_what_has_changed),
        TEST(test_document_remove_deletes_its_record),      TEST(test_document_own_holds_each_entry_once),
        TEST(test_document_is_hash_knows_aliases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
