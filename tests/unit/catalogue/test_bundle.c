/* bundle: which files make a site, what its version depends on, and that nobody can change it. */
#include "../cmocka_all.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/bundle.h"

struct folder {
    char path[64]; /* made by mkdtemp, removed at the end */
};

static const char *below(const struct folder *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return path;
}

static void put(const struct folder *folder, const char *name, const char *content)
{
    FILE *file = fopen(below(folder, name), "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    struct folder *folder = malloc(sizeof *folder);
    snprintf(folder->path, sizeof folder->path, "/tmp/senda-bundle-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    mkdir(below(folder, "offers"), 0700);
    mkdir(below(folder, "journeys"), 0700);
    put(folder, "site.lua", "site {}");
    put(folder, "offers/b.lua", "offer 'b' {}");
    put(folder, "offers/a.csv", "id,kind\n");
    put(folder, "journeys/one.lua", "");
    *state = folder;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static int teardown(void **state)
{
    struct folder *folder = *state;
    int result = nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
    return result;
}

static struct bundle *read_site(const struct folder *folder)
{
    struct error error = {0};
    int fd = bundle_read(folder->path, &error);
    if (fd < 0)
        fail_msg("%s", error.message);
    struct bundle *bundle = bundle_map(fd, &error);
    close(fd);
    if (bundle == NULL)
        fail_msg("%s", error.message);
    return bundle;
}

/* Only what is named there can't be read, for a reason with that part. */
static void assert_unread(const struct folder *folder, size_t files, const char *path, const char *part)
{
    struct bundle *bundle = read_site(folder);
    assert_int_equal(bundle_count(bundle), files);
    assert_int_equal(bundle_unread_count(bundle), 1);
    struct bundle_file unread = bundle_unread(bundle, 0);
    assert_string_equal(unread.path.bytes, path);
    assert_non_null(strstr(unread.content.bytes, part));
    assert_int_equal(unread.content.length, strlen(unread.content.bytes));
    bundle_unmap(bundle);
}

static void assert_refused(const struct folder *folder, const char *part)
{
    struct error error = {0};
    assert_int_equal(bundle_read(folder->path, &error), -1);
    assert_non_null(strstr(error.message, part));
}

static void test_bundle_read_takes_the_sites_files_sorted(void **state)
{
    static const char *const paths[] = {"journeys/one.lua", "offers/a.csv", "offers/b.lua", "site.lua"};
    struct bundle *bundle = read_site(*state);
    assert_int_equal(bundle_count(bundle), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(bundle_file(bundle, i).path.bytes, paths[i]);
    assert_string_equal(bundle_file(bundle, 2).content.bytes, "offer 'b' {}");
    assert_int_equal(bundle_file(bundle, 2).content.length, 12);
    assert_int_equal(bundle_file(bundle, 0).content.length, 0);
    assert_int_equal(strlen(bundle_version(bundle)), 32);
    bundle_unmap(bundle);
}

static void test_bundle_find_by_path(void **state)
{
    struct bundle *bundle = read_site(*state);
    struct bundle_file file;
    assert_true(bundle_find(bundle, TEXT("offers/a.csv"), &file));
    assert_string_equal(file.content.bytes, "id,kind\n");
    assert_true(bundle_find(bundle, TEXT("site.lua"), &file));
    assert_false(bundle_find(bundle, TEXT("offers/c.lua"), &file));
    assert_false(bundle_find(bundle, TEXT(""), &file));
    bundle_unmap(bundle);
}

static void test_bundle_read_lists_what_it_ignores(void **state)
{
    static const char *const ignored[] = {"README.md",   "journeys/a.csv", "offers/b.lua~",
                                          "offers/old/", "other/",         "other/site.lua"};
    enum { IGNORED = sizeof ignored / sizeof *ignored };
    struct folder *folder = *state;
    put(folder, "README.md", "hello");
    put(folder, ".hidden.lua", "no");
    put(folder, "offers/b.lua~", "no");
    put(folder, "journeys/a.csv", "no");
    mkdir(below(folder, "offers/old"), 0700);
    mkdir(below(folder, "other"), 0700);
    put(folder, "other/site.lua", "no");
    put(folder, "other/placements.lua", "no");
    struct bundle *bundle = read_site(folder);
    assert_int_equal(bundle_count(bundle), 4);
    assert_int_equal(bundle_ignored_count(bundle), IGNORED);
    for (size_t i = 0; i < IGNORED; i++)
        assert_string_equal(bundle_ignored(bundle, i).bytes, ignored[i]);
    bundle_unmap(bundle);
}

static void version_of(const struct folder *folder, char out[BUNDLE_VERSION_SIZE])
{
    struct bundle *bundle = read_site(folder);
    snprintf(out, BUNDLE_VERSION_SIZE, "%s", bundle_version(bundle));
    bundle_unmap(bundle);
}

static void test_bundle_version_follows_paths_and_contents(void **state)
{
    struct folder *folder = *state;
    char first[BUNDLE_VERSION_SIZE], same[BUNDLE_VERSION_SIZE], other[BUNDLE_VERSION_SIZE];
    version_of(folder, first);
    put(folder, "notes.txt", "no part of the site");
    version_of(folder, same);
    assert_string_equal(first, same);
    put(folder, "offers/b.lua", "offer 'b' { }");
    version_of(folder, other);
    assert_string_not_equal(first, other);
    put(folder, "offers/b.lua", "offer 'b' {}");
    char from[512];
    snprintf(from, sizeof from, "%s", below(folder, "offers/b.lua"));
    assert_int_equal(rename(from, below(folder, "offers/c.lua")), 0);
    version_of(folder, other);
    assert_string_not_equal(first, other);
}

static void test_bundle_version_knows_where_files_end(void **state)
{
    (void)state;
    struct bundle_file one[] = {{TEXT("a"), TEXT("xb")}, {TEXT("c"), TEXT("")}};
    struct bundle_file two[] = {{TEXT("a"), TEXT("x")}, {TEXT("bc"), TEXT("")}};
    int first = bundle_pack(one, 2, NULL), second = bundle_pack(two, 2, NULL);
    struct bundle *a = bundle_map(first, NULL), *b = bundle_map(second, NULL);
    assert_string_not_equal(bundle_version(a), bundle_version(b));
    bundle_unmap(a);
    bundle_unmap(b);
    close(first);
    close(second);
}

static void test_bundle_pack_sorts_and_agrees_with_read(void **state)
{
    struct bundle_file files[] = {{TEXT("site.lua"), TEXT("site {}")},
                                  {TEXT("journeys/one.lua"), TEXT("")},
                                  {TEXT("offers/b.lua"), TEXT("offer 'b' {}")},
                                  {TEXT("offers/a.csv"), TEXT("id,kind\n")}};
    int fd = bundle_pack(files, 4, NULL);
    struct bundle *packed = bundle_map(fd, NULL), *read = read_site(*state);
    assert_string_equal(bundle_version(packed), bundle_version(read));
    assert_string_equal(bundle_file(packed, 0).path.bytes, "journeys/one.lua");
    bundle_unmap(packed);
    bundle_unmap(read);
    close(fd);
}

static void test_bundle_read_follows_links_inside_only(void **state)
{
    struct folder *folder = *state;
    assert_int_equal(symlink("../offers/b.lua", below(folder, "journeys/linked.lua")), 0);
    struct bundle *bundle = read_site(folder);
    assert_int_equal(bundle_count(bundle), 5);
    assert_string_equal(bundle_file(bundle, 0).content.bytes, "offer 'b' {}");
    bundle_unmap(bundle);
    assert_int_equal(symlink("/etc/passwd", below(folder, "offers/leak.lua")), 0);
    assert_unread(folder, 5, "offers/leak.lua", "leads out of the site's folder");
    assert_int_equal(unlink(below(folder, "offers/leak.lua")), 0);
    assert_int_equal(symlink("/etc", below(folder, "tests")), 0);
    assert_unread(folder, 5, "tests/", "leads out of the site's folder");
    assert_int_equal(unlink(below(folder, "tests")), 0);
    assert_int_equal(symlink("gone.lua", below(folder, "offers/lost.lua")), 0);
    assert_unread(folder, 5, "offers/lost.lua", "leads nowhere");
}

static void test_bundle_read_tells_what_is_no_ordinary_file(void **state)
{
    struct folder *folder = *state;
    assert_int_equal(mkfifo(below(folder, "offers/pipe.lua"), 0600), 0);
    assert_unread(folder, 4, "offers/pipe.lua", "not an ordinary file");
    assert_int_equal(unlink(below(folder, "offers/pipe.lua")), 0);
    put(folder, "offers/\xFF.lua", "");
    assert_unread(folder, 4, "offers/\\xFF.lua", "isn't UTF-8");
    assert_int_equal(unlink(below(folder, "offers/\xFF.lua")), 0);
    assert_int_equal(mkdir(below(folder, "policies.lua"), 0700), 0);
    assert_unread(folder, 4, "policies.lua", "not an ordinary file");
    put(folder, "tests", "");
    struct bundle *bundle = read_site(folder);
    assert_int_equal(bundle_unread_count(bundle), 2);
    bundle_unmap(bundle);
}

static void test_bundle_read_names_a_missing_folder(void **state)
{
    struct folder missing = {"/nonexistent/site"};
    (void)state;
    assert_refused(&missing, "/nonexistent/site: No such file or directory");
}

static void test_bundle_read_takes_an_empty_folder(void **state)
{
    char path[] = "/tmp/senda-empty-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(path));
    struct error error;
    int fd = bundle_read(path, &error);
    struct bundle *bundle = bundle_map(fd, &error);
    assert_non_null(bundle);
    assert_int_equal(bundle_count(bundle), 0);
    bundle_unmap(bundle);
    close(fd);
    assert_int_equal(rmdir(path), 0);
}

static void test_bundle_pack_refuses_too_many_bytes(void **state)
{
    size_t size = (size_t)BUNDLE_MOST_BYTES + 1;
    struct error error = {0};
    char *big = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    (void)state;
    assert_ptr_not_equal(big, MAP_FAILED);
    struct bundle_file file = {TEXT("a.lua"), {big, size}};
    assert_int_equal(bundle_pack(&file, 1, &error), -1);
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    munmap(big, size);
}

static void test_bundle_is_sealed(void **state)
{
    struct error error;
    int fd = bundle_read(((struct folder *)*state)->path, &error);
    assert_int_equal(pwrite(fd, "x", 1, 0), -1);
    assert_int_equal(ftruncate(fd, 0), -1);
    assert_int_not_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    close(fd);
}

static void test_bundle_map_refuses_what_it_did_not_make(void **state)
{
    struct error error;
    (void)state;
    int fd = memfd_create("other", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_int_equal(ftruncate(fd, 4096), 0);
    assert_null(bundle_map(fd, &error)); /* not sealed */
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
    assert_null(bundle_map(fd, &error)); /* zeroes */
    close(fd);
    assert_null(bundle_map(-1, &error));
}

static void test_bundle_read_refuses_too_many_files(void **state)
{
    struct folder *folder = *state;
    char name[64];
    for (int i = 0; i < BUNDLE_MOST_FILES; i++) {
        snprintf(name, sizeof name, "offers/n%d.lua", i);
        int fd = open(below(folder, name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        assert_true(fd >= 0);
        close(fd);
    }
    assert_refused(folder, "more than 5000 files");
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(test_bundle_read_takes_the_sites_files_sorted),
        WITH_FOLDER(test_bundle_find_by_path),
        WITH_FOLDER(test_bundle_read_lists_what_it_ignores),
        WITH_FOLDER(test_bundle_version_follows_paths_and_contents),
        cmocka_unit_test(test_bundle_version_knows_where_files_end),
        WITH_FOLDER(test_bundle_pack_sorts_and_agrees_with_read),
        WITH_FOLDER(test_bundle_read_follows_links_inside_only),
        WITH_FOLDER(test_bundle_read_tells_what_is_no_ordinary_file),
        cmocka_unit_test(test_bundle_read_names_a_missing_folder),
        cmocka_unit_test(test_bundle_read_takes_an_empty_folder),
        cmocka_unit_test(test_bundle_pack_refuses_too_many_bytes),
        WITH_FOLDER(test_bundle_is_sealed),
        cmocka_unit_test(test_bundle_map_refuses_what_it_did_not_make),
        WITH_FOLDER(test_bundle_read_refuses_too_many_files),
    };
    return cmocka_run_group_tests_name("catalogue/bundle", tests, NULL, NULL);
}
