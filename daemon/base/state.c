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

enum { FOLDER_MODE = 0750, LOCK_MODE = 0640, PAUSE_MS = 10, PAUSES = 100 };

/* Makes the folder and those above it. */
static bool make_folders(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    if (strlen(directory) >= sizeof path)
        return error_set(error, ERROR_INVALID, "state: a path longer than %d bytes", PATH_MAX - 1);
    memcpy(path, directory, strlen(directory) + 1);
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

/* The number in the file is for people; the lock is what counts. */
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
