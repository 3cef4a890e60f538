/* Which files are watched, by their paths. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static char watched[PATH_MAX]; /* canonical, with a slash behind; empty: nothing is */
static const char *plan_path;  /* the environment's; NULL: the program makes its plans itself */

bool faults_watch(const char *directory)
{
    char path[PATH_MAX];
    watched[0] = '\0';
    if (directory == NULL)
        return true;
    if (realpath(directory, path) == NULL)
        return false;
    return snprintf(watched, sizeof watched, "%s/", path) < (int)sizeof watched;
}

bool faults_is_watching(void)
{
    if (watched[0] == '\0')
        return false;
    int before = errno; /* LMDB looks at what an earlier call left there */
    if (plan_path != NULL)
        faults_follow_plan(plan_path);
    errno = before;
    return true;
}

/* "" for the directory itself. */
static const char *below(const char *path)
{
    size_t length = strlen(watched);
    if (strncmp(path, watched, length) == 0)
        return path + length;
    return strlen(path) + 1 == length && strncmp(path, watched, length - 1) == 0 ? "" : NULL;
}

const char *faults_path_of(int descriptor, char *out)
{
    char link[64];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    errno = before;
    if (length < 0)
        return NULL;
    out[length] = '\0';
    return below(out);
}

/* The folder that a relative name begins in. */
static bool begin_of(int directory, char *out)
{
    char link[64];
    if (directory == AT_FDCWD)
        return getcwd(out, PATH_MAX) != NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    out[length < 0 ? 0 : length] = '\0';
    return length >= 0;
}

static const char *resolve(int directory, const char *name, char *out)
{
    char whole[2 * PATH_MAX], parent[PATH_MAX], begin[PATH_MAX] = "";
    if (name[0] != '/' && !begin_of(directory, begin))
        return NULL;
    snprintf(whole, sizeof whole, "%s/%s", begin, name);
    char *last = strrchr(whole, '/');
    *last++ = '\0';
    if (realpath(whole[0] == '\0' ? "/" : whole, parent) == NULL)
        return NULL;
    if (snprintf(out, PATH_MAX, "%s/%s", parent, last) >= PATH_MAX)
        return NULL;
    return below(out);
}

const char *faults_path_named(int directory, const char *name, char *out)
{
    int before = errno;
    const char *path = resolve(directory, name, out);
    errno = before;
    return path;
}

/* What a program that knows nothing of this library is told by its environment. */
__attribute__((constructor)) static void obey_environment(void)
{
    const char *directory = getenv("SENDA_FAULTS_DIRECTORY");
    plan_path = getenv("SENDA_FAULTS_PLAN");
    faults_record(getenv("SENDA_FAULTS_TRACE"));
    if (directory != NULL && !faults_watch(directory))
        fprintf(stderr, "faults: %s: %s\n", directory, strerror(errno));
}
