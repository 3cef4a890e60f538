/* Filling and sealing the memory file; see bundle_writer.h for its layout. */
#include "catalogue/bundle_writer.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalogue/bundle.h"

static size_t entry_count(const struct bundle_writer *writer)
{
    return (size_t)(writer->header.file_count + writer->header.ignored_count + writer->header.unread_count);
}

bool bundle_writer_create(struct bundle_writer *writer, size_t files, size_t ignored, size_t unread,
                          struct error *error)
{
    size_t entries = files + ignored + unread;
    *writer = (struct bundle_writer){.fd = -1};
    memcpy(writer->header.magic, BUNDLE_MAGIC, sizeof writer->header.magic);
    writer->header.file_count = files;
    writer->header.ignored_count = ignored;
    writer->header.unread_count = unread;
    writer->header.size = sizeof writer->header + entries * sizeof *writer->entries;
    writer->entries = calloc(entries + 1, sizeof *writer->entries);
    writer->hash = XXH3_createState();
    if (writer->entries == NULL || writer->hash == NULL) {
        bundle_writer_destroy(writer);
        return error_set(error, ERROR_INTERNAL, "out of memory for the site's files");
    }
    XXH3_128bits_reset(writer->hash);
    writer->fd = memfd_create("senda-site", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (writer->fd < 0) {
        error_set_errno(error, "can't make a memory file for the site");
        bundle_writer_destroy(writer);
        return false;
    }
    return true;
}

void bundle_writer_destroy(struct bundle_writer *writer)
{
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = -1;
    free(writer->entries);
    writer->entries = NULL;
    XXH3_freeState(writer->hash);
    writer->hash = NULL;
}

static bool write_at(int fd, const void *bytes, size_t length, uint64_t offset, struct error *error)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = pwrite(fd, next, length, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set_errno(error, "can't write the site's memory file");
        next += written;
        offset += (uint64_t)written;
        length -= (size_t)written;
    }
    return true;
}

static bool append(struct bundle_writer *writer, const void *bytes, size_t length, struct error *error)
{
    if (!write_at(writer->fd, bytes, length, writer->header.size, error))
        return false;
    writer->header.size += length;
    return true;
}

/* Lengths are hashed with the bytes, so that no two sites differ only in where one file ends. */
static void hash_length(struct bundle_writer *writer, uint64_t length)
{
    uint64_t portable = htole64(length);
    XXH3_128bits_update(writer->hash, &portable, sizeof portable);
}

static bool put_path(struct bundle_writer *writer, struct text path, struct error *error)
{
    struct bundle_entry *entry = &writer->entries[writer->begun++];
    entry->path = writer->header.size;
    entry->path_length = path.length;
    return append(writer, path.bytes, path.length, error) && append(writer, "", 1, error);
}

bool bundle_writer_begin(struct bundle_writer *writer, struct text path, struct error *error)
{
    if (!put_path(writer, path, error))
        return false;
    hash_length(writer, path.length);
    XXH3_128bits_update(writer->hash, path.bytes, path.length);
    writer->entries[writer->begun - 1].content = writer->header.size;
    return true;
}

bool bundle_writer_append(struct bundle_writer *writer, struct text bytes, struct error *error)
{
    writer->contents += bytes.length;
    if (writer->contents > BUNDLE_MOST_BYTES)
        return error_set(error, ERROR_TOO_LARGE, "the site's files are larger than %d MiB together",
                         BUNDLE_MOST_BYTES / 1024 / 1024);
    if (bytes.length == 0)
        return true;
    XXH3_128bits_update(writer->hash, bytes.bytes, bytes.length);
    writer->entries[writer->begun - 1].content_length += bytes.length;
    return append(writer, bytes.bytes, bytes.length, error);
}

/* The length is hashed behind the content, because it isn't known before. */
bool bundle_writer_end(struct bundle_writer *writer, struct error *error)
{
    hash_length(writer, writer->entries[writer->begun - 1].content_length);
    return append(writer, "", 1, error);
}

bool bundle_writer_ignore(struct bundle_writer *writer, struct text path, struct error *error)
{
    return put_path(writer, path, error);
}

/* A site with such a name is refused, so that its version is nothing to anybody. */
bool bundle_writer_refuse(struct bundle_writer *writer, struct text path, struct text reason,
                          struct error *error)
{
    if (!put_path(writer, path, error))
        return false;
    struct bundle_entry *entry = &writer->entries[writer->begun - 1];
    entry->content = writer->header.size;
    entry->content_length = reason.length;
    return append(writer, reason.bytes, reason.length, error) && append(writer, "", 1, error);
}

static void set_version(struct bundle_writer *writer)
{
    XXH128_hash_t hash = XXH3_128bits_digest(writer->hash);
    snprintf(writer->header.version, sizeof writer->header.version, "%016" PRIx64 "%016" PRIx64, hash.high64,
             hash.low64);
}

int bundle_writer_finish(struct bundle_writer *writer, struct error *error)
{
    set_version(writer);
    size_t index_bytes = entry_count(writer) * sizeof *writer->entries;
    if (!write_at(writer->fd, &writer->header, sizeof writer->header, 0, error) ||
        !write_at(writer->fd, writer->entries, index_bytes, sizeof writer->header, error))
        return -1;
    if (fcntl(writer->fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) {
        error_set_errno(error, "can't seal the site's memory file");
        return -1;
    }
    int fd = writer->fd;
    writer->fd = -1;
    return fd;
}
