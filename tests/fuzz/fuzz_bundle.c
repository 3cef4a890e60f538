/*
 * The memory file by which a site goes from process to process. The first byte of an input chooses: 0, the
 * rest is the file, which is refused or read without leaving it; else the rest is files (a length and a path,
 * a length and a content), which come out sorted, each found, as they went in.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalogue/bundle.h"
#include "fuzz.h"
#include "input.h"

enum { FILES_MOST = 32 };

/* The memory file has these bytes; sealed, as the packer's are. */
static int sealed_file(struct text bytes)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(fd >= 0 && write(fd, bytes.bytes, bytes.length) == (ssize_t)bytes.length);
    REQUIRE(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0);
    return fd;
}

static struct bundle *map(int fd, struct error *error)
{
    struct bundle *bundle = bundle_map(fd, error);
    close(fd);
    return bundle;
}

/* Every byte is there, and a NUL behind each text. */
static void walk(const struct bundle *bundle)
{
    struct bundle_file found;
    REQUIRE(strlen(bundle_version(bundle)) < BUNDLE_VERSION_SIZE);
    for (size_t i = 0; i < bundle_count(bundle); i++) {
        struct bundle_file file = bundle_file(bundle, i);
        REQUIRE(file.path.bytes[file.path.length] == '\0' && file.content.bytes[file.content.length] == '\0');
        REQUIRE(bundle_find(bundle, file.path, &found) && text_equal(found.path, file.path));
    }
    for (size_t i = 0; i < bundle_ignored_count(bundle); i++) {
        struct text ignored = bundle_ignored(bundle, i);
        REQUIRE(ignored.bytes[ignored.length] == '\0');
    }
    for (size_t i = 0; i < bundle_unread_count(bundle); i++) {
        struct bundle_file unread = bundle_unread(bundle, i);
        REQUIRE(unread.path.bytes[unread.path.length] == '\0' &&
                unread.content.bytes[unread.content.length] == '\0');
    }
}

static void read_file(struct text bytes)
{
    struct error error = {0};
    struct bundle *bundle = map(sealed_file(bytes), &error);
    if (bundle == NULL)
        REQUIRE(error.code == ERROR_INTERNAL && error.message[0] != '\0');
    else
        walk(bundle);
    bundle_unmap(bundle);
}

static bool is_new(const struct bundle_file *files, size_t count, struct text path)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(files[i].path, path))
            return false;
    return true;
}

static void pack_files(struct input input)
{
    struct bundle_file files[FILES_MOST], found;
    struct error error = {0};
    size_t count = 0;
    while (input.length > 0 && count < FILES_MOST) {
        struct bundle_file file = {.path = input_piece(&input, 1)};
        file.content = input_piece(&input, 2);
        if (is_new(files, count, file.path))
            files[count++] = file;
    }
    struct bundle *bundle = map(bundle_pack(files, count, &error), &error);
    REQUIRE(bundle != NULL && bundle_count(bundle) == count && bundle_ignored_count(bundle) == 0);
    walk(bundle);
    for (size_t i = 0; i < count; i++) {
        REQUIRE(bundle_find(bundle, files[i].path, &found));
        REQUIRE(text_equal(found.path, files[i].path) && text_equal(found.content, files[i].content));
    }
    bundle_unmap(bundle);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    if (bytes[0] == 0)
        read_file((struct text){(const char *)bytes + 1, length - 1});
    else
        pack_files((struct input){bytes + 1, length - 1});
    return 0;
}
