/* Runs a fuzz target over files and folders of inputs, without a fuzzer: PROGRAM FILE|FOLDER… */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { LARGEST = 1024 * 1024 };

/* An input in memory of exactly its size, so that reading behind it is noticed. */
static unsigned replay_file(const char *path)
{
    uint8_t *room = malloc(LARGEST), *bytes = NULL;
    FILE *file = fopen(path, "rbe");
    REQUIRE(room != NULL && file != NULL);
    size_t length = fread(room, 1, LARGEST, file);
    fclose(file);
    bytes = malloc(length);
    REQUIRE(bytes != NULL || length == 0);
    if (length > 0)
        memcpy(bytes, room, length);
    free(room);
    LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
    return 1;
}

static unsigned replay(const char *path)
{
    char below[4096];
    unsigned count = 0;
    struct stat status;
    REQUIRE(stat(path, &status) == 0);
    if (!S_ISDIR(status.st_mode))
        return replay_file(path);
    DIR *folder = opendir(path);
    REQUIRE(folder != NULL);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            count += replay(below);
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("%u inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
