/* store/lmdb: opening, writing, reading and copying while memory runs out: done, or refused and unchanged. */
#include "../scarce_points.h"
#include "store/store.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { MAP_BYTES = 1 << 20, VALUE_BYTES = 60000, WRITES = 40, PATH_BYTES = 128 };

struct files {
    char folder[PATH_BYTES];
    struct store *store; /* NULL: closed */
    unsigned number;     /* of the attempt, and what it writes */
    char found;          /* what the last read saw; 0: nothing, or it failed */
    bool failed;         /* it did */
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static void remove_all(const char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void open_store(struct files *files)
{
    struct error error;
    files->store = store_lmdb_open(files->folder, STORE_WRITER, MAP_BYTES, &error);
    if (files->store == NULL)
        fail_msg("%s", error.message);
}

static void done_cb(void *context, const struct error *error)
{
    struct files *files = context;
    files->failed = error != NULL;
}

/* Many large values, so that the map has to grow at times; each holds the attempt's letter. */
static bool write_many(struct files *files, char letter)
{
    static char keys[WRITES][8], value[VALUE_BYTES];
    struct store_write writes[WRITES];
    memset(value, letter, sizeof value);
    for (int i = 0; i < WRITES; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        writes[i] = (struct store_write){text_from(keys[i]), {value, sizeof value}};
    }
    store_write(files->store, writes, WRITES, done_cb, files);
    return !files->failed;
}

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct files *files = context;
    files->failed = error != NULL;
    files->found = 0;
    for (size_t i = 0; error == NULL && i < count; i++) {
        assert_true(i == 0 || values[i].bytes[0] == values[0].bytes[0]);
        files->found = values[i].bytes[0];
    }
}

/* All of one batch. */
static bool read_many(struct files *files)
{
    static char names[WRITES][8];
    struct text keys[WRITES];
    for (int i = 0; i < WRITES; i++) {
        snprintf(names[i], sizeof names[i], "k%d", i);
        keys[i] = text_from(names[i]);
    }
    store_read(files->store, keys, WRITES, read_cb, files);
    return !files->failed;
}

static char letter_of(unsigned number)
{
    return (char)('a' + number % 26);
}

/* What was refused has changed nothing, and the next one succeeds. */
static bool attempt_write(void *context)
{
    struct files *files = context;
    char before = letter_of(files->number), after = letter_of(++files->number);
    scarce_here();
    bool written = write_many(files, after);
    scarce_over();
    assert_true(read_many(files));
    assert_int_equal(files->found, written ? after : before);
    assert_true(written || write_many(files, after));
    return written;
}

static bool attempt_read(void *context)
{
    struct files *files = context;
    scarce_here();
    bool whole = read_many(files);
    scarce_over();
    assert_true(!whole || files->found == letter_of(files->number));
    return whole;
}

/* The one that is there, or with a new folder one that is made. */
static bool attempt_open(void *context)
{
    struct files *files = context;
    struct error error = {.code = ERROR_NONE};
    scarce_here();
    struct store *store = store_lmdb_open(files->folder, STORE_WRITER, MAP_BYTES, &error);
    scarce_over();
    assert_true(store != NULL || error.code == ERROR_UNAVAILABLE);
    if (store != NULL)
        store_close(store);
    return store != NULL;
}

static bool attempt_make(void *context)
{
    struct files *files = context;
    struct files new = {.folder = ""};
    snprintf(new.folder, sizeof new.folder, "%s/new", files->folder);
    assert_int_equal(mkdir(new.folder, 0700), 0);
    bool made = attempt_open(&new);
    open_store(&new);
    store_close(new.store);
    remove_all(new.folder);
    return made;
}

static bool attempt_backup(void *context)
{
    struct files *files = context;
    struct error error = {.code = ERROR_NONE};
    char copy[PATH_BYTES + 8];
    snprintf(copy, sizeof copy, "%s/copy", files->folder);
    assert_int_equal(mkdir(copy, 0700), 0);
    scarce_here();
    bool made = store_backup(files->store, copy, &error);
    scarce_over();
    assert_true(made || error.code != ERROR_NONE);
    assert_true(made || rmdir(copy) == 0); /* nothing is left of one that failed */
    remove_all(copy);
    return made;
}

static bool attempt_compact(void *context)
{
    struct files *files = context;
    struct error error = {.code = ERROR_NONE};
    scarce_here();
    bool done = store_lmdb_compact(files->folder, &error);
    scarce_over();
    assert_true(done || error.code != ERROR_NONE);
    open_store(files);
    assert_true(read_many(files));
    assert_int_equal(files->found, letter_of(files->number));
    store_close(files->store);
    return done;
}

static void test_lmdb_scarce(void **state)
{
    struct files files = {.folder = "/tmp/senda-XXXXXX"};
    (void)state;
    assert_non_null(mkdtemp(files.folder));
    open_store(&files);
    assert_true(write_many(&files, letter_of(0)));
    scarce_try_all(attempt_write, &files, 1);
    scarce_try_all(attempt_read, &files, 1);
    scarce_try_all(attempt_backup, &files, 1);
    store_close(files.store);
    scarce_try_all(attempt_open, &files, 1);
    scarce_try_all(attempt_make, &files, 1);
    scarce_try_all(attempt_compact, &files, 1);
    scarce_assert_no_leak();
    remove_all(files.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lmdb_scarce),
    };
    return scarce_report("the store", cmocka_run_group_tests(tests, NULL, NULL));
}
