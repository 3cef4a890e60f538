/* The request mix: the arguments of each request as MessagePack, the same bytes for every system. */
#include "mix.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "skip.h"

static uint8_t *mix_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        err(1, "%s", path);
    long size = ftell(file);
    if (size <= 0)
        errx(1, "%s: no requests", path);
    rewind(file);
    uint8_t *data = malloc((size_t)size);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
        err(1, "%s", path);
    fclose(file);
    *length = (size_t)size;
    return data;
}

static void mix_add(struct mix *mix, const uint8_t *data, size_t length)
{
    struct bytes *grown = realloc(mix->entries, (mix->count + 1) * sizeof(*grown));
    if (!grown)
        err(1, "requests");
    mix->entries = grown;
    mix->entries[mix->count++] = (struct bytes){data, length};
}

void mix_load(struct mix *mix, const char *path)
{
    size_t length;
    *mix = (struct mix){0};
    mix->file = mix_read(path, &length);
    for (size_t at = 0; at < length;) {
        struct skip skip;
        skip_start(&skip, 0);
        if (skip_run(&skip, mix->file + at, length - at) != SKIP_DONE)
            errx(1, "%s: not a MessagePack value at byte %zu", path, at);
        mix_add(mix, mix->file + at, skip.at);
        at += skip.at;
    }
}

void mix_unload(struct mix *mix)
{
    free(mix->entries);
    free(mix->file);
}
