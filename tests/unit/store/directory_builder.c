/* Directories for stores. */
#include "directory_builder.h"

#include "../cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEW_DESCRIPTORS = 8 };

/* One process, one walk at a time: nftw hands nothing to its callback. */
static struct {
    struct text bytes; /* looked for */
    bool found;        /* them */
    size_t files;      /* seen */
    size_t open;       /* to others */
} walk;

static void create_below(struct directory *directory, const char *parent)
{
    snprintf(directory->path, sizeof directory->path, "%s/senda-store-XXXXXX", parent);
    assert_non_null(mkdtemp(directory->path));
    snprintf(directory->store, sizeof directory->store, "%s/store", directory->path);
    snprintf(directory->elsewhere, sizeof directory->elsewhere, "%s/elsewhere", directory->path);
    assert_int_equal(mkdir(directory->store, 0700), 0);
    assert_int_equal(mkdir(directory->elsewhere, 0700), 0);
}

void directory_create(struct directory *directory)
{
    create_below(directory, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

void directory_create_on_disk(struct directory *directory)
{
    create_below(directory, "/tmp");
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status, (void)type;
    return position->level == 0 ? 0 : remove(path);
}

void directory_empty(const char *path)
{
    assert_int_equal(nftw(path, remove_one, FEW_DESCRIPTORS, FTW_DEPTH | FTW_PHYS), 0);
}

void directory_destroy(struct directory *directory)
{
    directory_empty(directory->path);
    assert_int_equal(rmdir(directory->path), 0);
}

const char *directory_below(const char *path, const char *name)
{
    static char paths[2][512];
    static unsigned turn;
    char *out = paths[turn++ % 2];
    snprintf(out, sizeof paths[0], "%s/%s", path, name);
    return out;
}

static int look_into(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)position;
    if (type != FTW_F)
        return 0;
    FILE *file = fopen(path, "re");
    size_t size = (size_t)status->st_size;
    char *content = malloc(size + 1);
    assert_non_null(file);
    assert_non_null(content);
    assert_int_equal(fread(content, 1, size, file), size);
    walk.found |= memmem(content, size, walk.bytes.bytes, walk.bytes.length) != NULL;
    free(content);
    return fclose(file);
}

bool directory_holds(const char *path, struct text bytes)
{
    walk.bytes = bytes;
    walk.found = false;
    assert_int_equal(nftw(path, look_into, FEW_DESCRIPTORS, FTW_PHYS), 0);
    return walk.found;
}

static int look_at_mode(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)path, (void)position;
    walk.files += type == FTW_F;
    walk.open += type == FTW_F && (status->st_mode & (S_IRWXG | S_IRWXO)) != 0;
    return 0;
}

size_t directory_count_open_files(const char *path, size_t *files)
{
    walk.files = walk.open = 0;
    assert_int_equal(nftw(path, look_at_mode, FEW_DESCRIPTORS, FTW_PHYS), 0);
    *files = walk.files;
    return walk.open;
}
