/* backup/restore: what takes whose place, and all that keeps it from doing so. */
#include "copying.h"

#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "backup/backup.h"
#include "backup/backup_parts.h"
#include "backup/restore.h"
#include "base/state.h"

static int setup(void **state)
{
    struct backup_result result;
    struct error error;
    int code = copying_setup(state);
    const struct copying *copying = *state;
    assert_true(backup_make(&result, copying->state, copying->copy, &error));
    return code;
}

static struct restore_result restore(const struct copying *copying, const char *target, bool force)
{
    struct restore_result result;
    struct error error = {0};
    if (!restore_make(&result, copying->copy, target, force, &error))
        fail_msg("%s", error.message);
    return result;
}

static void assert_refused(const struct copying *copying, const char *target, bool force,
                           enum error_code code, const char *words)
{
    struct restore_result result;
    struct error error = {0};
    assert_false(restore_make(&result, copying->copy, target, force, &error));
    if (strstr(error.message, words) == NULL)
        fail_msg("expected '%s' in: %s", words, error.message);
    assert_int_equal(error.code, code);
}

static void test_restore_makes_the_directory(void **state)
{
    const struct copying *copying = *state;
    struct restore_result result = restore(copying, copying->target, false);
    assert_int_equal(result.note.customers, COPYING_CUSTOMERS);
    assert_string_equal(result.aside, "");
    copying_assert_whole(copying, copying->target);
    assert_false(copying_is_there(copying->target, "restore.tmp"));
    assert_false(copying_is_there(copying->target, BACKUP_NOTE_FILE));
    copying_assert_whole(copying, copying->copy); /* which stays as it was */
}

/* A memory that the backup's has to stand aside for. */
static void make_other_memory(const char *target)
{
    struct scratch scratch = {0};
    struct error error;
    assert_int_equal(mkdir(target, 0700), 0);
    struct store *store = store_lmdb_open(target, STORE_WRITER, 0, &error);
    assert_non_null(store);
    asking_put(store, TEXT("mother"), TEXT("memory"));
    store_close(store);
    snprintf(scratch.state, sizeof scratch.state, "%s", target);
    scratch_fill(&scratch, 1);
}

static void assert_other_memory(const char *target)
{
    struct error error;
    struct store *store = store_lmdb_open(target, STORE_READER, 0, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    assert_true(asking_finds(store, TEXT("mother"), TEXT("memory")));
    store_close(store);
    assert_false(copying_is_there(target, "restore.tmp"));
}

static void test_restore_moves_aside_only_when_told(void **state)
{
    const struct copying *copying = *state;
    make_other_memory(copying->target);
    assert_refused(copying, copying->target, false, ERROR_INVALID, "has a memory already");
    assert_other_memory(copying->target);
    struct restore_result result = restore(copying, copying->target, true);
    copying_assert_whole(copying, copying->target);
    assert_non_null(strstr(result.aside, "/target/before-2"));
    assert_other_memory(result.aside);
    assert_true(copying_is_there(result.aside, SEGMENT_FOLDER));
}

static void test_restore_waits_for_the_daemon_and_for_readers(void **state)
{
    const struct copying *copying = *state;
    struct error error;
    make_other_memory(copying->target);
    int lock = state_lock(copying->target, &error);
    assert_refused(copying, copying->target, true, ERROR_UNAVAILABLE, "is held by another sendad");
    close(lock);
    struct store *reader = store_lmdb_open(copying->target, STORE_READER, 0, &error);
    assert_refused(copying, copying->target, true, ERROR_UNAVAILABLE, "a process reads the store");
    store_close(reader);
    assert_other_memory(copying->target);
    restore(copying, copying->target, true);
    copying_assert_whole(copying, copying->target);
}

static void test_restore_refuses_what_is_damaged(void **state)
{
    const struct copying *copying = *state;
    make_other_memory(copying->target);
    const char *data = directory_below(copying->copy, STORE_LMDB_FILE);
    scratch_turn_bits(data, 5000, 4);
    assert_refused(copying, copying->target, true, ERROR_UNAVAILABLE, "is damaged");
    scratch_turn_bits(data, 5000, 4);
    struct scratch there = {0};
    snprintf(there.state, sizeof there.state, "%s", copying->copy);
    assert_int_equal(unlink(scratch_path(&there, SCRATCH_NOON)), 0);
    assert_refused(copying, copying->target, true, ERROR_UNAVAILABLE, "is damaged");
    assert_int_equal(unlink(data), 0);
    assert_refused(copying, copying->target, true, ERROR_INTERNAL, "data.mdb can't be read");
    assert_other_memory(copying->target);
}

static void test_restore_refuses_what_is_unfinished(void **state)
{
    const struct copying *copying = *state;
    assert_int_equal(unlink(directory_below(copying->copy, BACKUP_NOTE_FILE)), 0);
    assert_refused(copying, copying->target, false, ERROR_NOT_FOUND, "is no finished backup");
    assert_false(copying_is_there(copying->directory.path, "target"));
    directory_empty(copying->copy);
    assert_int_equal(rmdir(copying->copy), 0);
    assert_refused(copying, copying->target, false, ERROR_NOT_FOUND, "No such file or directory");
}

/* As a later senda would write it: the note is true, but the store's format is unknown here. */
static void test_restore_refuses_a_newer_format(void **state)
{
    const struct copying *copying = *state;
    struct backup_note note;
    struct error error;
    make_other_memory(copying->target);
    struct store *store = store_lmdb_open(copying->copy, STORE_WRITER, 0, &error);
    assert_non_null(store);
    asking_put(store, TEXT("mformat"), (struct text){"\0\0\0\7", 4});
    store_close(store);
    assert_true(backup_note_read(&note, copying->copy, &error));
    assert_true(backup_transfer(&note, copying->copy, NULL, &error));
    assert_int_equal(unlink(directory_below(copying->copy, BACKUP_NOTE_FILE)), 0);
    int folder = open(copying->copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(backup_note_write(&note, folder, &error));
    close(folder);
    assert_refused(copying, copying->target, true, ERROR_UNAVAILABLE,
                   "its format is 7, this senda reads formats up to 1");
    assert_other_memory(copying->target);
}

/* In a process that is killed when its file may grow no further; then once more, whole. */
static void test_restore_that_was_cut_off_can_be_repeated(void **state)
{
    const struct copying *copying = *state;
    make_other_memory(copying->target);
    for (rlim_t bytes = 0; bytes < 12 * 1024; bytes += 3 * 1024) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            struct restore_result result;
            struct error error;
            const struct rlimit limit = {bytes, bytes};
            signal(SIGXFSZ, bytes / 1024 % 2 == 0 ? SIG_DFL : SIG_IGN);
            bool restored = setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                            restore_make(&result, copying->copy, copying->target, true, &error);
            _exit(restored ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_not_equal(status, 0);
        struct error error;
        struct store *store = store_lmdb_open(copying->target, STORE_READER, 0, &error);
        assert_non_null(store);
        assert_true(asking_finds(store, TEXT("mother"), TEXT("memory")));
        store_close(store);
    }
    restore(copying, copying->target, true);
    copying_assert_whole(copying, copying->target);
    assert_false(copying_is_there(copying->target, "restore.tmp"));
}

static void test_restore_belongs_to_the_owner_of_the_state(void **state)
{
    const struct copying *copying = *state;
    if (geteuid() != 0)
        skip(); /* files can't be given away */
    assert_int_equal(mkdir(copying->target, 0700), 0);
    assert_int_equal(chown(copying->target, 12345, 12345), 0);
    assert_refused(copying, copying->target, false, ERROR_INVALID, "sudo");
    assert_false(copying_is_there(copying->target, "lock"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, copying_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_restore_makes_the_directory),
        TEST(test_restore_moves_aside_only_when_told),
        TEST(test_restore_waits_for_the_daemon_and_for_readers),
        TEST(test_restore_refuses_what_is_damaged),
        TEST(test_restore_refuses_what_is_unfinished),
        TEST(test_restore_refuses_a_newer_format),
        TEST(test_restore_that_was_cut_off_can_be_repeated),
        TEST(test_restore_belongs_to_the_owner_of_the_state),
    };
    return cmocka_run_group_tests_name("backup/restore", tests, NULL, NULL);
}
