/* ledger/compaction: what was erased leaves the file when somebody noted it, and nobody is kept out. */
#include "../cmocka_all.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../store/asking_builder.h"
#include "../store/directory_builder.h"
#include "ledger/compaction.h"
#include "ledger/keys.h"

#define SECRET TEXT("nobody is to read this after today")

static int setup(void **state)
{
    static struct directory directory;
    directory_create(&directory);
    *state = &directory;
    return 0;
}

static int teardown(void **state)
{
    directory_destroy(*state);
    return 0;
}

static struct store *open_store(const struct directory *directory, enum store_access access)
{
    struct error error;
    struct store *store = store_lmdb_open(directory->store, access, 0, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

static struct text note(void)
{
    static struct key key;
    key_meta(&key, TEXT("erased"));
    return key_text(&key);
}

/* A store in whose file the secret is though nobody can ask for it any more. */
static void leave_secret(const struct directory *directory, bool noted)
{
    struct store *store = open_store(directory, STORE_WRITER);
    asking_put(store, TEXT("other"), TEXT("stays"));
    asking_put(store, TEXT("secret"), SECRET);
    asking_delete(store, TEXT("secret"));
    if (noted)
        asking_put(store, note(), TEXT("12345678"));
    store_close(store);
    assert_true(directory_holds(directory->store, SECRET));
}

static struct compaction open_compacting(const struct directory *directory)
{
    struct compaction compaction;
    struct error error;
    struct store *store = compaction_open(directory->store, &compaction, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    store_close(store);
    return compaction;
}

static void test_compaction_follows_a_note(void **state)
{
    const struct directory *directory = *state;
    leave_secret(directory, true);
    struct compaction compaction = open_compacting(directory);
    assert_true(compaction.wanted && compaction.done);
    assert_int_equal(compaction.problem.code, ERROR_NONE);
    assert_true(compaction.bytes_before > 0 && compaction.bytes_after > 0);
    assert_false(directory_holds(directory->store, SECRET));
    struct store *store = open_store(directory, STORE_READER);
    assert_true(asking_finds(store, note(), (struct text){NULL, 0}));
    assert_true(asking_finds(store, TEXT("other"), TEXT("stays")));
    store_close(store);
    assert_false(open_compacting(directory).wanted);
}

static void test_compaction_rests_without_a_note(void **state)
{
    const struct directory *directory = *state;
    assert_false(open_compacting(directory).wanted); /* a new store */
    leave_secret(directory, false);
    assert_false(open_compacting(directory).wanted);
    assert_true(directory_holds(directory->store, SECRET));
}

static void test_compaction_waits_while_somebody_reads(void **state)
{
    const struct directory *directory = *state;
    leave_secret(directory, true);
    struct store *reader = open_store(directory, STORE_READER);
    pid_t child = fork();
    if (child == 0) { /* locks are seen by other processes only */
        struct compaction compaction;
        struct error error;
        struct store *store = compaction_open(directory->store, &compaction, &error);
        bool as_expected = store != NULL && compaction.wanted && !compaction.done &&
                           strstr(compaction.problem.message, "has the store in") != NULL;
        _exit(as_expected ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store_close(reader);
    assert_true(open_compacting(directory).done);
    assert_false(directory_holds(directory->store, SECRET));
}

static void test_compaction_cannot_open_what_is_not_there(void **state)
{
    const struct directory *directory = *state;
    struct compaction compaction;
    struct error error;
    assert_null(compaction_open(directory_below(directory->store, "nowhere"), &compaction, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_false(compaction.wanted);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_compaction_follows_a_note),
        TEST(test_compaction_rests_without_a_note),
        TEST(test_compaction_waits_while_somebody_reads),
        TEST(test_compaction_cannot_open_what_is_not_there),
    };
    return cmocka_run_group_tests_name("ledger/compaction", tests, NULL, NULL);
}
