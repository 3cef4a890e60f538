/* Store, log, note: in this order, each on the disk before the next. */
#include "backup/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_files.h"
#include "backup/backup_parts.h"
#include "backup/log_copy.h"
#include "base/clock.h"
#include "store/store.h"

enum { FOLDER_MODE = 0700 };

/* Whoever opens a store that is not there for reading would leave a lock file behind. */
static bool check_state(const char *state_directory, struct error *error)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/" STORE_LMDB_FILE, state_directory) >= (int)sizeof path)
        return error_set(error, ERROR_INVALID, "%s: too long a path", state_directory);
    if (access(path, F_OK) != 0)
        return error_set(error, ERROR_NOT_FOUND, "%s is no daemon's state: %s: %s", state_directory,
                         STORE_LMDB_FILE, strerror(errno));
    return backup_check_owner(state_directory, error);
}

static bool make_folder(const char *directory, bool *made, struct error *error)
{
    *made = mkdir(directory, FOLDER_MODE) == 0;
    return *made || errno == EEXIST ||
           error_set(error, ERROR_INVALID, "%s can't be made: %s", directory, strerror(errno));
}

static bool copy_store(const char *state_directory, const char *directory, struct error *error)
{
    struct error problem;
    struct store *store = store_lmdb_open(state_directory, STORE_READER, 0, &problem);
    if (store == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "%s", problem.message);
    bool copied = store_backup(store, directory, error);
    store_close(store);
    return copied;
}

static bool copy_rest(struct backup_result *result, const char *state_directory, const char *directory,
                      struct error *error)
{
    struct log_copy copy;
    if (!log_copy(&copy, state_directory, directory, error))
        return false;
    result->damaged = copy.damaged;
    return backup_count(&result->note, directory, error) &&
           backup_transfer(&result->note, directory, NULL, error);
}

static bool write_note(const struct backup_result *result, const char *directory, struct error *error)
{
    int folder = backup_folder_open(directory, error);
    if (folder < 0)
        return false;
    bool written = backup_note_write(&result->note, folder, error);
    close(folder);
    return written;
}

/* That there is such a directory has to last as well. */
static bool sync_parent(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", directory);
    const char *parent = dirname(path);
    int folder = backup_folder_open(parent, error);
    if (folder < 0)
        return false;
    bool synced = fsync(folder) == 0 || error_set_errno(error, "%s", parent);
    close(folder);
    return synced;
}

static bool fill(struct backup_result *result, const char *state_directory, const char *directory,
                 struct error *error)
{
    result->note.made = clock_wall_us() / 1000000;
    if (!copy_store(state_directory, directory, error))
        return false;
    if (copy_rest(result, state_directory, directory, error) && sync_parent(directory, error) &&
        write_note(result, directory, error))
        return true;
    backup_clear(directory);
    return false;
}

bool backup_make(struct backup_result *result, const char *state_directory, const char *directory,
                 struct error *error)
{
    bool made;
    *result = (struct backup_result){0};
    if (!check_state(state_directory, error) || !make_folder(directory, &made, error))
        return false;
    if (fill(result, state_directory, directory, error))
        return true;
    if (made)
        rmdir(directory);
    return false;
}
