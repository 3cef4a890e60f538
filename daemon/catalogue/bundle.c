/* Mapping a sealed memory file and finding things in it; packing one from memory. */
#include "catalogue/bundle.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "catalogue/bundle_writer.h"

struct bundle {
    const char *bytes;                  /* the mapping; owned */
    size_t size;                        /* its bytes */
    const struct bundle_header *header; /* at its start */
    const struct bundle_entry *entries; /* behind the header: files, ignored names, unread ones */
};

static int compare_files(const void *a, const void *b)
{
    return text_compare(((const struct bundle_file *)a)->path, ((const struct bundle_file *)b)->path);
}

static bool pack_files(struct bundle_writer *writer, const struct bundle_file *files, size_t count,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!bundle_writer_begin(writer, files[i].path, error) ||
            !bundle_writer_append(writer, files[i].content, error) || !bundle_writer_end(writer, error))
            return false;
    return true;
}

static int pack_sorted(const struct bundle_file *files, size_t count, struct error *error)
{
    struct bundle_writer writer;
    int fd = -1;
    if (!bundle_writer_create(&writer, count, 0, 0, error))
        return -1;
    if (pack_files(&writer, files, count, error))
        fd = bundle_writer_finish(&writer, error);
    bundle_writer_destroy(&writer);
    return fd;
}

int bundle_pack(const struct bundle_file *files, size_t count, struct error *error)
{
    struct bundle_file *sorted = calloc(count + 1, sizeof *sorted);
    if (sorted == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory for the site's files");
        return -1;
    }
    if (count > 0)
        memcpy(sorted, files, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_files);
    int fd = pack_sorted(sorted, count, error);
    free(sorted);
    return fd;
}

/* Only a memory file that nobody can change any more may be read without copying. */
static bool is_sealed(int fd)
{
    const int needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & needed) == needed;
}

/* All of it is in the file, and so is the NUL behind it. */
static bool run_fits(const struct bundle *bundle, uint64_t offset, uint64_t length)
{
    return offset <= bundle->size && length < bundle->size - offset && bundle->bytes[offset + length] == '\0';
}

/* bundle_find looks for files by halves. */
static bool is_in_order(const struct bundle *bundle, uint64_t index)
{
    return index == 0 || index >= bundle->header->file_count ||
           text_compare(bundle_file(bundle, index - 1).path, bundle_file(bundle, index).path) < 0;
}

/* An ignored name has no content. */
static bool is_entry(const struct bundle *bundle, uint64_t index)
{
    const struct bundle_header *header = bundle->header;
    const struct bundle_entry *entry = &bundle->entries[index];
    bool ignored = index >= header->file_count && index - header->file_count < header->ignored_count;
    bool has_content = !ignored ? run_fits(bundle, entry->content, entry->content_length)
                                : entry->content == 0 && entry->content_length == 0;
    return has_content && run_fits(bundle, entry->path, entry->path_length) && is_in_order(bundle, index);
}

static bool is_sound(const struct bundle *bundle)
{
    const struct bundle_header *header = bundle->header;
    uint64_t room = (bundle->size - sizeof *header) / sizeof *bundle->entries;
    if (memcmp(header->magic, BUNDLE_MAGIC, sizeof header->magic) != 0 || header->size != bundle->size)
        return false;
    if (memchr(header->version, '\0', BUNDLE_VERSION_SIZE) == NULL)
        return false;
    if (header->file_count > room || header->ignored_count > room - header->file_count ||
        header->unread_count > room - header->file_count - header->ignored_count)
        return false;
    for (uint64_t i = 0; i < header->file_count + header->ignored_count + header->unread_count; i++)
        if (!is_entry(bundle, i))
            return false;
    return true;
}

static bool map_bytes(struct bundle *bundle, int fd, struct error *error)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return error_set_errno(error, "can't look at the site's memory file");
    if (!is_sealed(fd) || status.st_size < (off_t)sizeof *bundle->header)
        return error_set(error, ERROR_INTERNAL, "the site's memory file isn't a sealed bundle");
    bundle->size = (size_t)status.st_size;
    void *bytes = mmap(NULL, bundle->size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return error_set_errno(error, "can't map the site's memory file");
    bundle->bytes = bytes;
    bundle->header = bytes;
    bundle->entries = (const struct bundle_entry *)(bundle->header + 1);
    return true;
}

struct bundle *bundle_map(int fd, struct error *error)
{
    struct bundle *bundle = calloc(1, sizeof *bundle);
    if (bundle == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory for the site's files");
        return NULL;
    }
    if (!map_bytes(bundle, fd, error)) {
        free(bundle);
        return NULL;
    }
    if (!is_sound(bundle)) {
        error_set(error, ERROR_INTERNAL, "the site's memory file is damaged");
        bundle_unmap(bundle);
        return NULL;
    }
    return bundle;
}

void bundle_unmap(struct bundle *bundle)
{
    if (bundle == NULL)
        return;
    munmap((void *)(uintptr_t)bundle->bytes, bundle->size);
    free(bundle);
}

const char *bundle_version(const struct bundle *bundle)
{
    return bundle->header->version;
}

size_t bundle_count(const struct bundle *bundle)
{
    return (size_t)bundle->header->file_count;
}

struct bundle_file bundle_file(const struct bundle *bundle, size_t index)
{
    const struct bundle_entry *entry = &bundle->entries[index];
    return (struct bundle_file){
        .path = {bundle->bytes + entry->path, (size_t)entry->path_length},
        .content = {bundle->bytes + entry->content, (size_t)entry->content_length},
    };
}

bool bundle_find(const struct bundle *bundle, struct text path, struct bundle_file *file)
{
    size_t low = 0, high = bundle_count(bundle);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        *file = bundle_file(bundle, middle);
        int order = text_compare(file->path, path);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

size_t bundle_ignored_count(const struct bundle *bundle)
{
    return (size_t)bundle->header->ignored_count;
}

struct text bundle_ignored(const struct bundle *bundle, size_t index)
{
    return bundle_file(bundle, bundle_count(bundle) + index).path;
}

size_t bundle_unread_count(const struct bundle *bundle)
{
    return (size_t)bundle->header->unread_count;
}

struct bundle_file bundle_unread(const struct bundle *bundle, size_t index)
{
    return bundle_file(bundle, bundle_count(bundle) + bundle_ignored_count(bundle) + index);
}
