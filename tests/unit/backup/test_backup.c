/* backup/backup: what is in a copy and what isn't, where it may go, and full disks. */
#include "copying.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "backup/backup.h"

static void assert_refused(const char *state, const char *directory, enum error_code code, const char *words)
{
    struct backup_result result;
    struct error error = {0};
    assert_false(backup_make(&result, state, directory, &error));
    if (strstr(error.message, words) == NULL)
        fail_msg("expected '%s' in: %s", words, error.message);
    assert_int_equal(error.code, code);
}

static struct backup_result make(const struct copying *copying)
{
    struct backup_result result;
    struct error error = {0};
    if (!backup_make(&result, copying->state, copying->copy, &error))
        fail_msg("%s", error.message);
    return result;
}

static void test_backup_is_whole(void **state)
{
    struct copying *copying = *state;
    struct backup_note note;
    struct error error;
    struct backup_result result = make(copying);
    assert_int_equal(result.note.customers, COPYING_CUSTOMERS);
    assert_int_equal(result.note.keys, COPYING_KEYS);
    assert_int_equal(result.note.segments, scratch_segments(&copying->scratch));
    assert_int_equal(result.damaged, 0);
    assert_true(backup_note_read(&note, copying->copy, &error));
    assert_memory_equal(&note, &result.note, sizeof note);
    assert_false(directory_holds(copying->copy, COPYING_SECRET));
    assert_false(copying_is_there(copying->copy, STORE_LMDB_LOCK_FILE));
    copying_assert_whole(copying, copying->copy);
}

static void test_backup_is_for_its_owner_alone(void **state)
{
    struct copying *copying = *state;
    struct stat status;
    size_t files;
    mode_t mask = umask(0);
    make(copying);
    umask(mask);
    assert_int_equal(stat(copying->copy, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(stat(directory_below(copying->copy, SEGMENT_FOLDER), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(directory_count_open_files(copying->copy, &files), 0);
    assert_true(files > 3);
}

static void test_backup_while_the_daemon_has_everything_open(void **state)
{
    struct copying *copying = *state;
    struct error error;
    struct store *store = store_lmdb_open(copying->state, STORE_WRITER, 0, &error);
    assert_non_null(store);
    asking_put(store, TEXT("mlate"), TEXT("there"));
    assert_int_equal(make(copying).note.keys, COPYING_KEYS + 1);
    store_close(store);
}

static void test_backup_wants_the_right_directories(void **state)
{
    struct copying *copying = *state;
    char nowhere[256], file[256];
    snprintf(nowhere, sizeof nowhere, "%s/no/where", copying->directory.path);
    snprintf(file, sizeof file, "%s/%s", copying->state, STORE_LMDB_FILE);
    assert_refused(copying->directory.elsewhere, copying->copy, ERROR_NOT_FOUND, "is no daemon's state");
    assert_refused(nowhere, copying->copy, ERROR_NOT_FOUND, "is no daemon's state");
    assert_refused(copying->state, nowhere, ERROR_INVALID, "No such file or directory");
    assert_refused(copying->state, file, ERROR_INVALID, "Not a directory");
    assert_refused(copying->state, copying->state, ERROR_INVALID, "there is something in it");
    assert_false(copying_is_there(copying->directory.path, "copy"));
    make(copying);
    assert_refused(copying->state, copying->copy, ERROR_INVALID, "there is something in it");
    copying_assert_whole(copying, copying->copy);
}

static void test_backup_takes_an_empty_directory(void **state)
{
    struct copying *copying = *state;
    assert_int_equal(mkdir(copying->copy, 0755), 0);
    make(copying);
    copying_assert_whole(copying, copying->copy);
}

/* In a process of its own, whose files may not grow beyond so many bytes: then it fails, or is killed. */
static int make_below(const struct copying *copying, rlim_t bytes, bool killed)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct backup_result result;
        struct error error;
        const struct rlimit limit = {bytes, bytes};
        signal(SIGXFSZ, killed ? SIG_DFL : SIG_IGN);
        bool made = setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                    backup_make(&result, copying->state, copying->copy, &error);
        _exit(made ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(killed || WIFEXITED(status));
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_backup_leaves_nothing_on_a_full_disk(void **state)
{
    struct copying *copying = *state;
    for (rlim_t bytes = 0; bytes < 12 * 1024; bytes += 1024) {
        assert_int_equal(make_below(copying, bytes, false), 1);
        assert_false(copying_is_there(copying->directory.path, "copy"));
    }
    assert_int_equal(make_below(copying, 16L * 1024 * 1024, false), 0);
    copying_assert_whole(copying, copying->copy);
}

/* What it leaves is no backup, and in the way of the next one until somebody has looked at it. */
static void test_backup_that_was_killed_is_none(void **state)
{
    struct copying *copying = *state;
    struct backup_note note;
    struct error error;
    unsigned kills = 0;
    for (rlim_t bytes = 0; bytes < 12 * 1024; bytes += 1024) {
        if (make_below(copying, bytes, true) != SIGXFSZ) /* a write that fits in part only fails */
            continue;
        assert_false(backup_note_read(&note, copying->copy, &error));
        assert_int_equal(error.code, ERROR_NOT_FOUND);
        if (copying_is_there(copying->copy, STORE_LMDB_FILE))
            assert_refused(copying->state, copying->copy, ERROR_INVALID, "there is something in it");
        directory_empty(copying->copy);
        assert_int_equal(rmdir(copying->copy), 0);
        kills++;
    }
    assert_true(kills > 0);
    make(copying);
    copying_assert_whole(copying, copying->copy);
}

static void test_backup_belongs_to_the_owner_of_the_state(void **state)
{
    struct copying *copying = *state;
    if (geteuid() != 0)
        skip(); /* files can't be given away */
    assert_int_equal(chown(copying->state, 12345, 12345), 0);
    assert_refused(copying->state, copying->copy, ERROR_INVALID, "belongs to user without a name (12345)");
    assert_false(copying_is_there(copying->directory.path, "copy"));
}

/* ---- The note ---- */

static void assert_note_refused(const struct copying *copying, const char *words, enum error_code code,
                                const char *because)
{
    struct backup_note note;
    struct error error = {0};
    scratch_write_file(directory_below(copying->directory.elsewhere, BACKUP_NOTE_FILE), text_from(words));
    assert_false(backup_note_read(&note, copying->directory.elsewhere, &error));
    assert_int_equal(error.code, code);
    if (strstr(error.message, because) == NULL)
        fail_msg("expected '%s' in: %s", because, error.message);
}

static void test_backup_note_is_read_or_refused(void **state)
{
    struct copying *copying = *state;
    struct backup_note note;
    struct error error;
    assert_false(backup_note_read(&note, copying->directory.elsewhere, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "no finished backup"));
    assert_note_refused(copying, "", ERROR_NOT_FOUND, "isn't one's");
    assert_note_refused(copying, "something else", ERROR_NOT_FOUND, "isn't one's");
    assert_note_refused(copying, "senda backup 2\nmade 1\n", ERROR_UNAVAILABLE,
                        "of format 2: expected at most format 1");
    assert_note_refused(copying, "senda backup 1\nmade 1\nkeys 2\n", ERROR_NOT_FOUND, "is damaged");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, copying_setup, copying_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_backup_is_whole),
        TEST(test_backup_is_for_its_owner_alone),
        TEST(test_backup_while_the_daemon_has_everything_open),
        TEST(test_backup_wants_the_right_directories),
        TEST(test_backup_takes_an_empty_directory),
        TEST(test_backup_leaves_nothing_on_a_full_disk),
        TEST(test_backup_that_was_killed_is_none),
        TEST(test_backup_belongs_to_the_owner_of_the_state),
        TEST(test_backup_note_is_read_or_refused),
    };
    return cmocka_run_group_tests_name("backup/backup", tests, NULL, NULL);
}
