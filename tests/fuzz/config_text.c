/* Printing a configuration, and reading it from a file that is no file. */
#include "config_text.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

bool config_text_read(struct config *config, const void *bytes, size_t length, struct faults *faults)
{
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    REQUIRE(config_create(config, NULL));
    bool read = config_read_file(config, path, faults);
    close(fd);
    return read;
}

/* Cuts the comments that say where each value is from. */
static void cut_origins(char *text)
{
    char *out = text, *next;
    for (char *line = text; *line != '\0'; line = next) {
        next = strchr(line, '\n');
        REQUIRE(next != NULL);
        *next++ = '\0';
        char *origin = NULL;
        for (char *at = line; (at = strstr(at, " -- ")) != NULL; at++)
            origin = at;
        REQUIRE(origin != NULL);
        memmove(out, line, (size_t)(origin - line));
        out += origin - line;
        *out++ = '\n';
    }
    *out = '\0';
}

char *config_text_print(const struct config *config, bool with_origins)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    REQUIRE(out != NULL);
    config_print(config, out);
    REQUIRE(fclose(out) == 0 && text != NULL);
    if (!with_origins)
        cut_origins(text);
    return text;
}

void config_text_check(const struct config *config)
{
    struct config again;
    struct faults faults;
    faults_create(&faults);
    char *file = config_text_print(config, true), *once = config_text_print(config, false);
    REQUIRE(config_text_read(&again, file, strlen(file), &faults));
    char *twice = config_text_print(&again, false);
    REQUIRE(strcmp(once, twice) == 0);
    config_destroy(&again);
    free(file);
    free(once);
    free(twice);
}
