/* A site's folder for tests, made below /tmp and removed at the end. */
#ifndef SENDA_TESTS_CTL_FOLDER_H
#define SENDA_TESTS_CTL_FOLDER_H

#include "../cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char root[64]; /* made by mkdtemp */
    char path[96]; /* the site's folder: my-site, in that one */
};

static inline const char *folder_below(const struct folder *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return path;
}

static inline void folder_put(const struct folder *folder, const char *name, const char *content)
{
    FILE *file = fopen(folder_below(folder, name), "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A good site of one journey, two placements and four offers; its two tests pass. */
static inline void folder_fill(const struct folder *folder)
{
    static const char *const folders[] = {"journeys", "offers", "strategies", "tests"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(folder_below(folder, folders[i]), 0700), 0);
    folder_put(folder, "site.lua", "site { locale = 'en' }\n");
    folder_put(folder, "journeys/walk.lua",
               "journey 'walk' {\n"
               "  stage 'start' {},\n"
               "  stage 'end' { no_offer = 'It is over.', enter = { on = 'purchase' } },\n"
               "}\n");
    folder_put(folder, "placements.lua",
               "placement 'hero' { fallback = 'house' }\n"
               "placement 'foot' { kinds = { 'article' }, fallback = 'house' }\n");
    folder_put(folder, "offers/all.lua",
               "offer 'house' { kind = 'article', title = 'House', url = '/', placements = {} }\n"
               "offer 'big' { kind = 'tool', title = 'Big', url = '/big', value = 9, stages = { 'start' } }\n"
               "offer 'note' { kind = 'article', title = 'Note', url = '/n', stages = { 'start' },"
               " consent = 'mail' }\n"
               "offer 'small' { kind = 'tool', title = 'Small', url = '/small', stages = { 'start' } }\n");
    folder_put(
        folder, "strategies/all.lua",
        "strategy 'careful' { stage = 'start', placements = { 'hero' },\n"
        "  eligible = function(c, o) return o.id ~= 'big' or c.context.brave == true, 'too big' end }\n");
    folder_put(folder, "tests/all.lua",
               "test 'the brave get the big one' {\n"
               "  given = { context = { brave = true } }, at = 'hero', expect = { offer = 'big' } }\n"
               "test 'others the small one' { given = {}, at = 'hero', expect = { offer = 'small' } }\n");
}

/* Test fixture: *state is a struct folder that holds the good site. */
static inline int folder_setup(void **state)
{
    struct folder *folder = malloc(sizeof *folder);
    if (folder == NULL)
        return -1;
    strcpy(folder->root, "/tmp/senda-XXXXXX");
    if (mkdtemp(folder->root) == NULL)
        return -1;
    snprintf(folder->path, sizeof folder->path, "%s/my-site", folder->root);
    if (mkdir(folder->path, 0700) != 0)
        return -1;
    *state = folder;
    folder_fill(folder);
    return 0;
}

static inline int folder_remove_one(const char *path, const struct stat *status, int kind,
                                    struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;
    int result = nftw(folder->root, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
    return result;
}

#endif
