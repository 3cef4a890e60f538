/* lmdb: the contract, its files, formats, backups and compaction. */
#include "../cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asking_builder.h"
#include "contract_builder.h"
#include "directory_builder.h"
#include "store/limits.h"

enum {
    MIB = 1024 * 1024,
    MANY = 2000,
    NOBODY = 65534 /* the user of that name */
};

static const struct text MISSING = {NULL, 0};

static struct store *open_as(const char *path, enum store_access access)
{
    struct error error;
    struct store *store = store_lmdb_open(path, access, 0, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

static struct store *contract_open(void **context)
{
    struct directory *directory = malloc(sizeof *directory);
    assert_non_null(directory);
    directory_create(directory);
    *context = directory;
    return open_as(directory->store, STORE_WRITER);
}

static void contract_close(struct store *store, void *context)
{
    struct directory *directory = context;
    store_close(store);
    directory_destroy(directory);
    free(directory);
}

/* Test fixture: *state is a struct directory. */
static int setup(void **state)
{
    *state = malloc(sizeof(struct directory));
    assert_non_null(*state);
    directory_create(*state);
    return 0;
}

static int teardown(void **state)
{
    directory_destroy(*state);
    free(*state);
    return 0;
}

static void assert_not_opened(const char *path, enum store_access access, enum error_code code,
                              const char *words)
{
    struct error error;
    assert_null(store_lmdb_open(path, access, 0, &error));
    if (strstr(error.message, words) == NULL || strstr(error.message, path) == NULL)
        fail_msg("'%s' doesn't say '%s' and '%s'", error.message, words, path);
    assert_int_equal(error.code, code);
}

static void test_lmdb_reopen_finds_what_was_written(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_as(directory->store, STORE_WRITER);
    asking_put(store, TEXT("a"), TEXT("1"));
    asking_put(store, TEXT("b"), TEXT("2"));
    store_close(store);
    store = open_as(directory->store, STORE_WRITER);
    assert_true(asking_finds(store, TEXT("a"), TEXT("1")));
    asking_delete(store, TEXT("a"));
    store_close(store);
    store = open_as(directory->store, STORE_READER);
    assert_true(asking_finds(store, TEXT("a"), MISSING));
    assert_true(asking_finds(store, TEXT("b"), TEXT("2")));
    store_close(store);
}

static void test_lmdb_files_are_for_their_owner_alone(void **state)
{
    const struct directory *directory = *state;
    mode_t mask = umask(0);
    struct error error;
    size_t files;
    struct store *store = open_as(directory->store, STORE_WRITER);
    asking_put(store, TEXT("a"), TEXT("1"));
    assert_true(store_backup(store, directory->elsewhere, &error));
    store_close(store);
    assert_true(store_lmdb_compact(directory->store, &error));
    umask(mask);
    assert_int_equal(directory_count_open_files(directory->path, &files), 0);
    assert_int_equal(files, 3); /* data and lock, data of the backup */
}

static void test_lmdb_reader_writes_nothing(void **state)
{
    const struct directory *directory = *state;
    const struct store_write write = {TEXT("a"), TEXT("1")};
    struct error error;
    store_close(open_as(directory->store, STORE_WRITER));
    struct store *store = open_as(directory->store, STORE_READER);
    assert_false(asking_write(store, &write, 1, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    store_tend(store);
    store_close(store);
}

static void test_lmdb_refuses_a_directory_that_is_not_there(void **state)
{
    const struct directory *directory = *state;
    const char *path = directory_below(directory->store, "nowhere");
    assert_not_opened(path, STORE_WRITER, ERROR_NOT_FOUND, "No such file or directory");
    assert_not_opened(path, STORE_READER, ERROR_UNAVAILABLE, "expected its writer to make it");
}

static void test_lmdb_reader_waits_for_the_writer(void **state)
{
    const struct directory *directory = *state;
    size_t files;
    assert_not_opened(directory->store, STORE_READER, ERROR_UNAVAILABLE, "no store in");
    directory_count_open_files(directory->path, &files);
    assert_int_equal(files, 0);
    store_close(open_as(directory->store, STORE_WRITER));
    store_close(open_as(directory->store, STORE_READER));
}

/* In a process without root's privileges. */
static int open_without_permission(const char *path)
{
    struct error error;
    if (geteuid() == 0 && seteuid(NOBODY) != 0)
        return 1;
    struct store *store = store_lmdb_open(path, STORE_WRITER, 0, &error);
    if (store != NULL)
        return 2;
    if (error.code != ERROR_UNAVAILABLE || strstr(error.message, "Permission denied") == NULL)
        return 3;
    return strstr(error.message, path) == NULL ? 4 : 0;
}

static void test_lmdb_refuses_a_directory_that_cannot_be_written(void **state)
{
    const struct directory *directory = *state;
    int status;
    assert_int_equal(chmod(directory->path, 0755), 0);
    assert_int_equal(chmod(directory->store, 0555), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(open_without_permission(directory->store));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void test_lmdb_refuses_a_second_writer(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_as(directory->store, STORE_WRITER);
    assert_not_opened(directory->store, STORE_WRITER, ERROR_UNAVAILABLE, "one writer at a time");
    asking_put(store, TEXT("a"), TEXT("1"));
    store_close(store);
    store_close(open_as(directory->store, STORE_WRITER));
}

static void write_file(const char *path, struct text content)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(content.bytes, 1, content.length, file), content.length);
    assert_int_equal(fclose(file), 0);
}

static void test_lmdb_refuses_what_is_no_store(void **state)
{
    const struct directory *directory = *state;
    static const char zeros[16384];
    write_file(directory_below(directory->store, "data.mdb"), (struct text){zeros, sizeof zeros});
    assert_not_opened(directory->store, STORE_WRITER, ERROR_INTERNAL, "isn't a store, or is damaged");
    assert_not_opened(directory->store, STORE_READER, ERROR_INTERNAL, "isn't a store, or is damaged");
}

static void test_lmdb_refuses_a_newer_format(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_as(directory->store, STORE_WRITER);
    assert_true(asking_finds(store, STORE_FORMAT_KEY, TEXT("\0\0\0\2")));
    asking_put(store, STORE_FORMAT_KEY, TEXT("\0\0\0\3"));
    store_close(store);
    assert_not_opened(directory->store, STORE_WRITER, ERROR_INVALID,
                      "format is 3, this senda reads formats up to 2");
    assert_not_opened(directory->store, STORE_READER, ERROR_INVALID,
                      "format is 3, this senda reads formats up to 2");
}

static void fill(struct store *store, size_t count, size_t length)
{
    char *value = malloc(length), key[32];
    assert_non_null(value);
    for (size_t i = 0; i < count; i++) {
        snprintf(key, sizeof key, "c%08zu", i * 7919 % count);
        memset(value, (int)('a' + i % 26), length);
        asking_put(store, text_from(key), (struct text){value, length});
    }
    free(value);
}

static void test_lmdb_map_grows_by_itself(void **state)
{
    const struct directory *directory = *state;
    struct store_figures before, after;
    struct error error;
    struct store *store = store_lmdb_open(directory->store, STORE_WRITER, MIB, &error);
    assert_non_null(store);
    assert_true(store_figures(store, &before, &error));
    assert_int_equal(before.capacity, MIB);
    fill(store, MANY, 100000);
    assert_true(store_figures(store, &after, &error));
    assert_true(after.bytes > (uint64_t)MANY * 100000);
    assert_true(after.capacity > after.bytes);
    assert_int_equal(after.keys, before.keys + MANY);
    store_close(store);
    store = open_as(directory->store, STORE_WRITER);
    assert_true(store_figures(store, &before, &error));
    assert_int_equal(before.keys, after.keys);
    store_close(store);
}

static void assert_backup_refused(struct store *store, const char *path, const char *words)
{
    struct error error;
    assert_false(store_backup(store, path, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    if (strstr(error.message, words) == NULL || strstr(error.message, "expected an empty directory") == NULL)
        fail_msg("'%s' doesn't say '%s'", error.message, words);
}

static void test_lmdb_backup_goes_into_an_empty_directory_alone(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_as(directory->store, STORE_WRITER);
    assert_backup_refused(store, directory_below(directory->elsewhere, "nowhere"), "No such file");
    assert_backup_refused(store, directory->store, "something in it");
    write_file(directory_below(directory->elsewhere, ".hidden"), TEXT("mine"));
    assert_backup_refused(store, directory->elsewhere, "something in it");
    store_close(store);
}

static void test_lmdb_backup_is_a_store(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    struct store *store = open_as(directory->store, STORE_WRITER);
    fill(store, MANY * 3, 100);
    asking_put(store, TEXT("large"), TEXT("before"));
    assert_true(store_backup(store, directory->elsewhere, &error));
    struct store *backup = open_as(directory->elsewhere, STORE_WRITER);
    assert_true(asking_same(store, backup));
    asking_put(store, TEXT("large"), TEXT("behind"));
    assert_true(asking_finds(backup, TEXT("large"), TEXT("before")));
    store_close(backup);
    store_close(store);
}

/* Secrets that share pages with what stays, that had pages of their own, and that were written over. */
static void write_and_delete_secrets(struct store *store)
{
    char large[20000], key[32];
    memset(large, 's', sizeof large);
    memcpy(large + sizeof large - 16, "the-large-secret", 16);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "c%04d", i);
        asking_put(store, text_from(key), i % 2 == 0 ? TEXT("this is kept") : TEXT("the-small-secret"));
    }
    asking_put(store, TEXT("large"), (struct text){large, sizeof large});
    asking_put(store, TEXT("the-key-secret"), TEXT("x"));
    for (int i = 1; i < 200; i += 2) {
        snprintf(key, sizeof key, "c%04d", i);
        asking_delete(store, text_from(key));
    }
    asking_put(store, TEXT("large"), TEXT("written over"));
    asking_delete(store, TEXT("the-key-secret"));
}

static bool holds_a_secret(const char *path)
{
    return directory_holds(path, TEXT("the-small-secret")) ||
           directory_holds(path, TEXT("the-large-secret")) || directory_holds(path, TEXT("the-key-secret"));
}

static void test_lmdb_compact_leaves_nothing_deleted(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    struct store *store = open_as(directory->store, STORE_WRITER);
    write_and_delete_secrets(store);
    assert_true(holds_a_secret(directory->store));
    assert_true(store_backup(store, directory->elsewhere, &error));
    assert_false(holds_a_secret(directory->elsewhere));
    store_close(store);
    if (!store_lmdb_compact(directory->store, &error))
        fail_msg("%s", error.message);
    assert_false(holds_a_secret(directory->store));
    assert_true(directory_holds(directory->store, TEXT("this is kept")));
    store = open_as(directory->store, STORE_WRITER);
    struct store *backup = open_as(directory->elsewhere, STORE_WRITER);
    assert_true(asking_same(store, backup));
    store_close(backup);
    store_close(store);
}

static void test_lmdb_compact_refuses_a_store_in_use(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    int status, ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store = store_lmdb_open(directory->store, STORE_WRITER, 0, &error);
        store_close(store);
        store = store_lmdb_open(directory->store, STORE_READER, 0, &error);
        bool told = store != NULL && write(ready[1], "r", 1) == 1;
        if (!told)
            _exit(1);
        for (;;)
            pause();
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_false(store_lmdb_compact(directory->store, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "expected senda to be stopped"));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(store_lmdb_compact(directory->store, &error));
    close(ready[0]);
    close(ready[1]);
}

static void test_lmdb_compact_needs_a_store(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    size_t files;
    assert_false(store_lmdb_compact(directory->store, &error));
    assert_non_null(strstr(error.message, "No such file"));
    assert_false(store_lmdb_compact(directory_below(directory->store, "nowhere"), &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    directory_count_open_files(directory->path, &files);
    assert_int_equal(files, 0);
}

/* A rewrite that was cut off has left its half file; the store is as it was. */
static void test_lmdb_open_clears_up_behind_a_rewrite(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_as(directory->store, STORE_WRITER);
    asking_put(store, TEXT("a"), TEXT("1"));
    store_close(store);
    const char *workshop = directory_below(directory->store, "rewrite.tmp");
    assert_int_equal(mkdir(workshop, 0700), 0);
    write_file(directory_below(workshop, "data.mdb"), TEXT("half"));
    store = open_as(directory->store, STORE_WRITER);
    assert_int_equal(access(workshop, F_OK), -1);
    assert_true(asking_finds(store, TEXT("a"), TEXT("1")));
    store_close(store);
}

int main(void)
{
    const struct contract_kind kind = {"store/lmdb: the contract", contract_open, contract_close};
#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(test_lmdb_reopen_finds_what_was_written),
        WITH_DIRECTORY(test_lmdb_files_are_for_their_owner_alone),
        WITH_DIRECTORY(test_lmdb_reader_writes_nothing),
        WITH_DIRECTORY(test_lmdb_refuses_a_directory_that_is_not_there),
        WITH_DIRECTORY(test_lmdb_reader_waits_for_the_writer),
        WITH_DIRECTORY(test_lmdb_refuses_a_directory_that_cannot_be_written),
        WITH_DIRECTORY(test_lmdb_refuses_a_second_writer),
        WITH_DIRECTORY(test_lmdb_refuses_what_is_no_store),
        WITH_DIRECTORY(test_lmdb_refuses_a_newer_format),
        WITH_DIRECTORY(test_lmdb_map_grows_by_itself),
        WITH_DIRECTORY(test_lmdb_backup_goes_into_an_empty_directory_alone),
        WITH_DIRECTORY(test_lmdb_backup_is_a_store),
        WITH_DIRECTORY(test_lmdb_compact_leaves_nothing_deleted),
        WITH_DIRECTORY(test_lmdb_compact_refuses_a_store_in_use),
        WITH_DIRECTORY(test_lmdb_compact_needs_a_store),
        WITH_DIRECTORY(test_lmdb_open_clears_up_behind_a_rewrite),
    };
#undef WITH_DIRECTORY
    return contract_run(&kind) + cmocka_run_group_tests_name("store/lmdb", tests, NULL, NULL);
}
