/* The configuration file: refused with a reason, or read; and what is printed of it reads as the same again.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"
#include "fuzz.h"

/* A file in memory that holds the bytes; `path` names it. */
static int put_file(const void *bytes, size_t length, char *path, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    snprintf(path, size, "/proc/self/fd/%d", fd);
    return fd;
}

/* Reads the bytes as a file, and prints what came of it without the origins; NULL where it is refused. */
static char *read_and_print(const void *bytes, size_t length, size_t *printed)
{
    char path[64], *text = NULL;
    struct config config;
    struct error error = {0};
    int fd = put_file(bytes, length, path, sizeof path);
    REQUIRE(config_create(&config, &error));
    if (config_read_file(&config, path, &error) && config.token[0] == '\0') {
        FILE *out = open_memstream(&text, printed);
        REQUIRE(out != NULL);
        config_print(&config, out);
        REQUIRE(fclose(out) == 0 && text != NULL);
    } else {
        REQUIRE(error.message[0] != '\0' || config.token[0] != '\0');
    }
    config_destroy(&config);
    close(fd);
    return text;
}

/* Cuts the comments that say where each value is from. */
static void cut_origins(char *text)
{
    char *out = text;
    for (char *line = text; *line != '\0';) {
        char *end = strchr(line, '\n');
        REQUIRE(end != NULL);
        *end = '\0';
        char *origin = NULL;
        for (char *next = line; (next = strstr(next, " -- ")) != NULL; next++)
            origin = next;
        REQUIRE(origin != NULL);
        memmove(out, line, (size_t)(origin - line));
        out += origin - line;
        *out++ = '\n';
        line = end + 1;
    }
    *out = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    size_t size;
    char *once = read_and_print(bytes, length, &size);
    if (once == NULL)
        return 0;
    char *twice = read_and_print(once, size, &size);
    REQUIRE(twice != NULL);
    cut_origins(once);
    cut_origins(twice);
    REQUIRE(strcmp(once, twice) == 0);
    free(once);
    free(twice);
    return 0;
}
