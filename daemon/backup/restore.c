/* A copy beside, a look at it, and its way into place. */
#include "backup/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup/backup_files.h"
#include "backup/backup_parts.h"
#include "base/state.h"
#include "decisionlog/segment.h"
#include "store/store.h"

enum { FOLDER_MODE = 0700 };

/* In the state directory, so that it is on the same disk. */
#define STAGE "restore.tmp"
#define ASIDE_FORMAT "before-%Y%m%dT%H%M%SZ"

struct restore {
    const char *backup;            /* borrowed */
    const char *state_directory;   /* borrowed */
    char stage[PATH_MAX];          /* where the copy is looked at */
    int folder;                    /* descriptor of the state directory */
    struct restore_result *result; /* borrowed */
};

static bool exists(int folder, const char *name)
{
    return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool has_memory(const struct restore *restore)
{
    return exists(restore->folder, STORE_LMDB_FILE) || exists(restore->folder, SEGMENT_FOLDER);
}

/* ---- The copy ---- */

static void clear_stage(const struct restore *restore)
{
    backup_clear(restore->stage);
    unlinkat(restore->folder, STAGE, AT_REMOVEDIR);
}

static bool is_same(const struct backup_note *a, const struct backup_note *b)
{
    return a->keys == b->keys && a->segments == b->segments && a->bytes == b->bytes && a->sum == b->sum;
}

static bool check_stage(const struct restore *restore, struct backup_note *seen, struct error *error)
{
    const struct backup_note *said = &restore->result->note;
    struct error problem;
    if (seen->sum != said->sum || seen->bytes != said->bytes)
        return error_set(error, ERROR_UNAVAILABLE,
                         "%s is damaged: %" PRIu64 " bytes, sum %016" PRIx64 ": expected %" PRIu64
                         " bytes, sum %016" PRIx64,
                         restore->backup, seen->bytes, seen->sum, said->bytes, said->sum);
    if (!backup_count(seen, restore->stage, &problem))
        return error_set(error, ERROR_UNAVAILABLE, "%s can't be opened: %s", restore->backup,
                         problem.message);
    return is_same(seen, said) ||
           error_set(error, ERROR_UNAVAILABLE, "%s is damaged: it isn't what its note says", restore->backup);
}

static bool fill_stage(const struct restore *restore, struct error *error)
{
    struct backup_note seen = {0};
    clear_stage(restore); /* of a restore that was cut off */
    if (mkdirat(restore->folder, STAGE, FOLDER_MODE) != 0)
        return error_set_errno(error, "%s can't be made", restore->stage);
    return backup_transfer(&seen, restore->backup, restore->stage, error) &&
           check_stage(restore, &seen, error);
}

/* ---- Into place ---- */

static bool choose_aside(const struct restore *restore, char name[64], struct error *error)
{
    time_t now = time(NULL);
    struct tm moment;
    char *out = restore->result->aside;
    gmtime_r(&now, &moment);
    strftime(name, 64, ASIDE_FORMAT, &moment);
    if (snprintf(out, PATH_MAX, "%s/%s", restore->state_directory, name) >= PATH_MAX)
        return error_set(error, ERROR_INVALID, "%s: too long a path", restore->state_directory);
    return true;
}

/* The store gets a second name, so that there is one in place at any moment. */
static bool keep_old(const struct restore *restore, struct error *error)
{
    char name[64];
    if (!choose_aside(restore, name, error))
        return false;
    if (mkdirat(restore->folder, name, FOLDER_MODE) != 0)
        return error_set_errno(error, "%s can't be made", restore->result->aside);
    int aside = openat(restore->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept =
        aside >= 0 &&
        (linkat(restore->folder, STORE_LMDB_FILE, aside, STORE_LMDB_FILE, 0) == 0 || errno == ENOENT) &&
        (renameat(restore->folder, SEGMENT_FOLDER, aside, SEGMENT_FOLDER) == 0 || errno == ENOENT) &&
        fsync(aside) == 0;
    if (!kept)
        error_set_errno(error, "what is in %s can't be moved aside", restore->state_directory);
    if (aside >= 0)
        close(aside);
    return kept;
}

/* LMDB's lock file is about the old store; whoever opens the new one makes another. */
static bool put_new(const struct restore *restore, struct error *error)
{
    unlinkat(restore->folder, STORE_LMDB_LOCK_FILE, 0);
    bool put = (renameat(restore->folder, STAGE "/" SEGMENT_FOLDER, restore->folder, SEGMENT_FOLDER) == 0 ||
                errno == ENOENT) &&
               renameat(restore->folder, STAGE "/" STORE_LMDB_FILE, restore->folder, STORE_LMDB_FILE) == 0 &&
               fsync(restore->folder) == 0;
    return put || error_set_errno(error, "the backup can't take its place in %s", restore->state_directory);
}

static bool change_over(const struct restore *restore, struct error *error)
{
    int held = -1;
    if (exists(restore->folder, STORE_LMDB_FILE)) {
        held = store_lmdb_hold(restore->state_directory, error);
        if (held < 0)
            return false;
    }
    bool changed = (!has_memory(restore) || keep_old(restore, error)) && put_new(restore, error);
    if (held >= 0)
        close(held);
    return changed;
}

/* ---- All of it ---- */

static bool run(struct restore *restore, bool force, struct error *error)
{
    if (has_memory(restore) && !force)
        return error_set(error, ERROR_INVALID,
                         "%s has a memory already: expected an empty directory, or --force, which moves it "
                         "aside",
                         restore->state_directory);
    bool restored = fill_stage(restore, error) && change_over(restore, error);
    clear_stage(restore);
    return restored;
}

static bool run_in_folder(struct restore *restore, bool force, struct error *error)
{
    if (snprintf(restore->stage, sizeof restore->stage, "%s/" STAGE, restore->state_directory) >=
        (int)sizeof restore->stage)
        return error_set(error, ERROR_INVALID, "%s: too long a path", restore->state_directory);
    restore->folder = backup_folder_open(restore->state_directory, error);
    if (restore->folder < 0)
        return false;
    bool restored = run(restore, force, error);
    close(restore->folder);
    return restored;
}

bool restore_make(struct restore_result *result, const char *backup, const char *state_directory, bool force,
                  struct error *error)
{
    struct restore restore = {.backup = backup, .state_directory = state_directory, .result = result};
    *result = (struct restore_result){0};
    if (!backup_note_read(&result->note, backup, error) || !backup_check_owner(state_directory, error))
        return false;
    int lock = state_lock(state_directory, error);
    if (lock < 0)
        return false;
    bool restored = run_in_folder(&restore, force, error);
    close(lock);
    return restored;
}
