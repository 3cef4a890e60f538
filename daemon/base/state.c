/* A lock file in the folder; the kernel lets it go when the process ends, however it ends. */
#include "base/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700, LOCK_MODE = 0600, PAUSE_MS = 10, PAUSES = 100 };

static bool copy_path(char path[PATH_MAX], const char *directory, struct error *error)
{
    if (strlen(directory) >= PATH_MAX)
        return error_set(error, ERROR_INVALID, "state: a path longer than %d bytes", PATH_MAX - 1);
    memcpy(path, directory, strlen(directory) + 1);
    return true;
}

/* Makes the folder and those above it. */
static bool make_folders(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    if (!copy_path(path, directory, error))
        return false;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, FOLDER_MODE) < 0 && errno != EEXIST)
            return error_set_errno(error, "can't make the folder %s", path);
        *slash = '/';
    }
    if (mkdir(path, FOLDER_MODE) < 0 && errno != EEXIST)
        return error_set_errno(error, "can't make the folder %s", path);
    return true;
}

static int open_lock(const char *directory, struct error *error)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        error_set_errno(error, "can't open the state folder %s", directory);
        return -1;
    }
    int lock = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
    if (lock < 0)
        error_set_errno(error, "can't make a lock in %s", directory);
    close(folder);
    return lock;
}

static bool refuse_second(int lock, const char *directory, struct error *error)
{
    char holder[32] = "";
    ssize_t length = pread(lock, holder, sizeof holder - 1, 0);
    if (length > 0)
        holder[strcspn(holder, "\n")] = '\0';
    return error_set(error, ERROR_UNAVAILABLE, "state: %s is held by another sendad (process %s)", directory,
                     length > 0 ? holder : "unknown");
}

/* Processes of a daemon that was killed hold on for a moment. */
static bool wait_for_lock(int lock)
{
    static const struct timespec pause = {0, PAUSE_MS * 1000000L};
    bool locked = flock(lock, LOCK_EX | LOCK_NB) == 0;
    for (int i = 0; i < PAUSES && !locked && errno == EWOULDBLOCK; i++) {
        nanosleep(&pause, NULL);
        locked = flock(lock, LOCK_EX | LOCK_NB) == 0;
    }
    return locked;
}

/* The number in the file is for people; the lock is what counts. */
static bool take_lock(int lock, const char *directory, struct error *error)
{
    if (!wait_for_lock(lock))
        return errno == EWOULDBLOCK ? refuse_second(lock, directory, error)
                                    : error_set_errno(error, "can't lock %s", directory);
    if (ftruncate(lock, 0) < 0 || dprintf(lock, "%d\n", (int)getpid()) < 0)
        return error_set_errno(error, "can't write the lock in %s", directory);
    return true;
}

int state_lock(const char *directory, struct error *error)
{
    if (!make_folders(directory, error))
        return -1;
    int lock = open_lock(directory, error);
    if (lock >= 0 && !take_lock(lock, directory, error)) {
        close(lock);
        return -1;
    }
    return lock;
}

static bool may(const char *path, int rights)
{
    return faccessat(AT_FDCWD, path, rights, AT_EACCESS) == 0;
}

/* The folder is there, and so may its lock be. */
static bool check_folder(const char *directory, struct error *error)
{
    struct stat status;
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || !may(directory, W_OK | X_OK)) {
        error_set_errno(error, "can't open the state folder %s", directory);
        if (folder >= 0)
            close(folder);
        return false;
    }
    bool fine = fstatat(folder, "lock", &status, AT_SYMLINK_NOFOLLOW) != 0 ||
                faccessat(folder, "lock", R_OK | W_OK, AT_EACCESS) == 0 ||
                error_set_errno(error, "can't make a lock in %s", directory);
    close(folder);
    return fine;
}

/* Sets errno where not. */
static bool may_make_in(const char *path)
{
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    close(folder);
    return may(path, W_OK | X_OK);
}

/* Makes the path that of the folder above, which is "." or "/" in the end. */
static void cut_last(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0)
        path[length++] = '.';
    path[length] = '\0';
}

bool state_check(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    struct stat status;
    if (stat(directory, &status) == 0)
        return check_folder(directory, error);
    if (!copy_path(path, directory, error))
        return false;
    do
        cut_last(path);
    while (stat(path, &status) < 0 && errno == ENOENT && strcmp(path, "/") != 0 && strcmp(path, ".") != 0);
    if (may_make_in(path))
        return true;
    return error_set_errno(error, "can't make the folder %s", directory);
}
