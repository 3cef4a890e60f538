/* Walking a site's folder: which of its names make the site, and their bytes into a bundle. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "catalogue/bundle.h"
#include "catalogue/bundle_writer.h"

enum { ARENA_BLOCK = 16 * 1024, READ_BLOCK = 64 * 1024 };

struct paths {
    struct text *items; /* owned array; the texts are in the arena */
    size_t count, room; /* entries used and allocated */
};

/* What is wrong with a name of the site. */
struct unread {
    struct text path, reason; /* in the arena */
};

struct unread_names {
    struct unread *items; /* owned array */
    size_t count, room;   /* entries used and allocated */
};

struct walk {
    int root;                   /* the site's folder */
    const char *name;           /* its name, for messages */
    struct arena arena;         /* holds the paths */
    struct paths files;         /* what makes the site */
    struct paths ignored;       /* what doesn't */
    struct unread_names unread; /* what does and can't be read */
    char *buffer;               /* READ_BLOCK bytes; owned */
};

/* Where an open file really lies, with every link resolved; false where the kernel doesn't say. */
static bool place_of(int fd, char place[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, place, PATH_MAX - 1);
    if (length < 0)
        return false;
    place[length] = '\0';
    return true;
}

static bool is_below(int root, int fd)
{
    char folder[PATH_MAX], place[PATH_MAX];
    if (!place_of(root, folder) || !place_of(fd, place))
        return false;
    size_t length = strlen(folder);
    return strncmp(place, folder, length) == 0 &&
           (place[length] == '/' || place[length] == '\0' || strcmp(folder, "/") == 0);
}

/* The process's fault, not the file's: what it says of one file it would say of any. */
static bool is_own_failure(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOMEM;
}

static const char *why_not_opened(const struct walk *walk, const char *path, int number)
{
    struct stat status;
    bool link = number == ENOENT && fstatat(walk->root, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                S_ISLNK(status.st_mode);
    return link ? "a symbolic link that leads nowhere" : strerror(number);
}

/* Looking where the file lies after opening it leaves no moment in which a link could be swapped in. -1 and
 * why in words where it can't be opened; -1 and NULL, and errno, where that is our own failure. */
static int open_below(const struct walk *walk, const char *path, int flags, const char **why)
{
    int fd = openat(walk->root, path, flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *why = is_own_failure(errno) ? NULL : why_not_opened(walk, path, errno);
        return -1;
    }
    if (!is_below(walk->root, fd)) {
        *why = "a symbolic link that leads out of the site's folder";
        close(fd);
        return -1;
    }
    return fd;
}

/* Room for one more item of an array that doubles. */
static bool make_room(void **items, size_t count, size_t *room, size_t size, struct error *error)
{
    if (count < *room)
        return true;
    size_t more = *room == 0 ? 64 : *room * 2;
    void *grown = realloc(*items, more * size);
    if (grown == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory for the site's file names");
    *items = grown;
    *room = more;
    return true;
}

static bool keep(struct walk *walk, const char *string, struct text *out, struct error *error)
{
    const char *copy = arena_copy(&walk->arena, string, strlen(string));
    if (copy == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory for the site's file names");
    *out = text_from(copy);
    return true;
}

static bool paths_add(struct walk *walk, struct paths *paths, const char *path, struct error *error)
{
    void *items = paths->items;
    bool roomy = make_room(&items, paths->count, &paths->room, sizeof *paths->items, error);
    paths->items = items;
    return roomy && keep(walk, path, &paths->items[paths->count], error) && ++paths->count > 0;
}

static bool add_unread(struct walk *walk, const char *path, const char *why, struct error *error)
{
    struct unread_names *unread = &walk->unread;
    void *items = unread->items;
    bool roomy = make_room(&items, unread->count, &unread->room, sizeof *unread->items, error);
    unread->items = items;
    return roomy && keep(walk, path, &unread->items[unread->count].path, error) &&
           keep(walk, why, &unread->items[unread->count].reason, error) && ++unread->count > 0;
}

static bool add_file(struct walk *walk, const char *path, struct error *error)
{
    if (walk->files.count + walk->unread.count == BUNDLE_MOST_FILES)
        return error_set(error, ERROR_TOO_LARGE, "%s: more than %d files in one site", walk->name,
                         BUNDLE_MOST_FILES);
    if (!text_is_utf8(text_from(path))) {
        char escaped[4 * NAME_MAX + 64];
        return add_unread(walk, text_escape(text_from(path), escaped, sizeof escaped),
                          "the file's name isn't UTF-8", error);
    }
    return paths_add(walk, &walk->files, path, error);
}

static bool add_ignored(struct walk *walk, const char *path, bool folder, struct error *error)
{
    char shown[PATH_MAX];
    if (walk->ignored.count == BUNDLE_MOST_IGNORED)
        return true;
    snprintf(shown, sizeof shown, "%s%s", path, folder ? "/" : "");
    return paths_add(walk, &walk->ignored, shown, error);
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), wanted = strlen(ending);
    return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* Called for each name of a folder that doesn't begin with a dot; `path` is the name below the site's. */
typedef bool visit(struct walk *walk, const char *folder, const struct dirent *item, const char *path,
                   struct error *error);

static bool visit_names(struct walk *walk, const char *folder, DIR *stream, visit *visitor,
                        struct error *error)
{
    for (;;) {
        char path[PATH_MAX];
        errno = 0;
        const struct dirent *item = readdir(stream);
        if (item == NULL)
            return errno == 0 || error_set_errno(error, "can't read %s/%s", walk->name, folder);
        if (item->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s%s%s", folder, *folder == '\0' ? "" : "/", item->d_name);
        if (!visitor(walk, folder, item, path, error))
            return false;
    }
}

static bool visit_open_folder(struct walk *walk, const char *folder, int fd, visit *visitor,
                              struct error *error)
{
    DIR *stream = fdopendir(fd);
    if (stream == NULL) {
        error_set_errno(error, "can't read %s/%s", walk->name, folder);
        close(fd);
        return false;
    }
    bool visited = visit_names(walk, folder, stream, visitor, error);
    closedir(stream);
    return visited;
}

static bool visit_folder(struct walk *walk, const char *folder, visit *visitor, struct error *error)
{
    const char *why;
    char shown[PATH_MAX];
    int fd = open_below(walk, *folder == '\0' ? "." : folder, O_DIRECTORY, &why);
    if (fd >= 0)
        return visit_open_folder(walk, folder, fd, visitor, error);
    if (why == NULL || *folder == '\0')
        return error_set_errno(error, "can't open %s/%s", walk->name, folder);
    snprintf(shown, sizeof shown, "%s/", folder);
    return add_unread(walk, shown, why, error);
}

static bool visit_inner(struct walk *walk, const char *folder, const struct dirent *item, const char *path,
                        struct error *error)
{
    bool table = strcmp(folder, "offers") == 0 && ends_with(item->d_name, ".csv");
    if (item->d_type != DT_DIR && (table || ends_with(item->d_name, ".lua")))
        return add_file(walk, path, error);
    return add_ignored(walk, path, item->d_type == DT_DIR, error);
}

/* A site of its own is no part of this one, but likely what was meant: that it is there is remembered. */
static bool add_other_site(struct walk *walk, const char *folder, struct error *error)
{
    static const char *const signs[] = {"site.lua", "journeys"};
    struct stat status;
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, signs[i]);
        if (fstatat(walk->root, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
            return add_ignored(walk, path, S_ISDIR(status.st_mode), error);
    }
    return true;
}

static bool visit_outer(struct walk *walk, const char *folder, const struct dirent *item, const char *path,
                        struct error *error)
{
    static const char *const files[] = {"site.lua", "shared.lua", "placements.lua", "policies.lua", NULL};
    static const char *const folders[] = {"journeys", "personas", "offers", "strategies", "tests", NULL};
    (void)folder;
    if (is_one_of(path, files))
        return add_file(walk, path, error);
    if (is_one_of(path, folders))
        return visit_folder(walk, path, visit_inner, error);
    bool is_folder = item->d_type == DT_DIR;
    return add_ignored(walk, path, is_folder, error) && (!is_folder || add_other_site(walk, path, error));
}

static bool same_moment(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool copy_bytes(struct walk *walk, int fd, const char *path, struct bundle_writer *writer,
                       struct error *error)
{
    for (;;) {
        ssize_t length = read(fd, walk->buffer, READ_BLOCK);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return error_set_errno(error, "can't read %s/%s", walk->name, path);
        if (length == 0)
            return true;
        if (!bundle_writer_append(writer, (struct text){walk->buffer, (size_t)length}, error))
            return false;
    }
}

/* A file that changes under our hands would give a site that never was on disk. */
static bool copy_steady(struct walk *walk, int fd, const char *path, struct bundle_writer *writer,
                        struct error *error)
{
    struct stat before, after;
    if (fstat(fd, &before) < 0)
        return error_set_errno(error, "can't look at %s/%s", walk->name, path);
    if (!copy_bytes(walk, fd, path, writer, error))
        return false;
    if (fstat(fd, &after) < 0)
        return error_set_errno(error, "can't look at %s/%s", walk->name, path);
    if (!same_moment(&before, &after))
        return error_set(error, ERROR_UNAVAILABLE, "%s/%s: changed while it was read; try again", walk->name,
                         path);
    return true;
}

/* What was looked at before may have changed since; then the site is read again by whoever changes it. */
static bool copy_file(struct walk *walk, struct text path, struct bundle_writer *writer, struct error *error)
{
    const char *why;
    int fd = open_below(walk, path.bytes, 0, &why);
    if (fd < 0 && why != NULL)
        return error_set(error, ERROR_UNAVAILABLE, "%s/%s: changed while it was read; try again", walk->name,
                         path.bytes);
    if (fd < 0)
        return error_set_errno(error, "can't open %s/%s", walk->name, path.bytes);
    bool copied = bundle_writer_begin(writer, path, error) &&
                  copy_steady(walk, fd, path.bytes, writer, error) && bundle_writer_end(writer, error);
    close(fd);
    return copied;
}

/* NULL in `why`: it can be read. False on our own failure. */
static bool look_at(struct walk *walk, const char *path, const char **why, struct error *error)
{
    struct stat status;
    int fd = open_below(walk, path, 0, why);
    if (fd < 0)
        return *why != NULL || error_set_errno(error, "can't open %s/%s", walk->name, path);
    bool looked = fstat(fd, &status) == 0 || error_set_errno(error, "can't look at %s/%s", walk->name, path);
    *why = looked && !S_ISREG(status.st_mode) ? "not an ordinary file" : NULL;
    close(fd);
    return looked;
}

/* Keeps those files that can be read, and tells of the others. */
static bool sort_out(struct walk *walk, struct error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < walk->files.count; i++) {
        const char *why;
        struct text path = walk->files.items[i];
        if (!look_at(walk, path.bytes, &why, error))
            return false;
        if (why == NULL)
            walk->files.items[kept++] = path;
        else if (!add_unread(walk, path.bytes, why, error))
            return false;
    }
    walk->files.count = kept;
    return true;
}

static int compare_paths(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* What struct unread begins with is its path. */
static void unread_sort(struct unread_names *unread)
{
    if (unread->count > 0)
        qsort(unread->items, unread->count, sizeof *unread->items, compare_paths);
}

static void paths_sort(struct paths *paths)
{
    if (paths->count > 0)
        qsort(paths->items, paths->count, sizeof *paths->items, compare_paths);
}

static bool copy_all(struct walk *walk, struct bundle_writer *writer, struct error *error)
{
    for (size_t i = 0; i < walk->files.count; i++)
        if (!copy_file(walk, walk->files.items[i], writer, error))
            return false;
    for (size_t i = 0; i < walk->ignored.count; i++)
        if (!bundle_writer_ignore(writer, walk->ignored.items[i], error))
            return false;
    for (size_t i = 0; i < walk->unread.count; i++)
        if (!bundle_writer_refuse(writer, walk->unread.items[i].path, walk->unread.items[i].reason, error))
            return false;
    return true;
}

static int write_bundle(struct walk *walk, struct error *error)
{
    struct bundle_writer writer;
    int fd = -1;
    paths_sort(&walk->files);
    paths_sort(&walk->ignored);
    unread_sort(&walk->unread);
    if (!bundle_writer_create(&writer, walk->files.count, walk->ignored.count, walk->unread.count, error))
        return -1;
    if (copy_all(walk, &writer, error))
        fd = bundle_writer_finish(&writer, error);
    bundle_writer_destroy(&writer);
    return fd;
}

static bool walk_create(struct walk *walk, const char *directory, struct error *error)
{
    *walk = (struct walk){.root = -1, .name = directory};
    arena_create(&walk->arena, ARENA_BLOCK);
    walk->buffer = malloc(READ_BLOCK);
    if (walk->buffer == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory for the site's files");
    walk->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (walk->root < 0)
        return error_set_errno(error, "can't open the site's folder %s", directory);
    return true;
}

static void walk_destroy(struct walk *walk)
{
    if (walk->root >= 0)
        close(walk->root);
    free(walk->files.items);
    free(walk->ignored.items);
    free(walk->unread.items);
    free(walk->buffer);
    arena_destroy(&walk->arena);
}

int bundle_read(const char *directory, struct error *error)
{
    struct walk walk;
    int fd = -1;
    if (walk_create(&walk, directory, error) && visit_folder(&walk, "", visit_outer, error) &&
        sort_out(&walk, error))
        fd = write_bundle(&walk, error);
    walk_destroy(&walk);
    return fd;
}
