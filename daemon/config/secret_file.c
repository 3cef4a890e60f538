/* Straight reads into memory that is wiped: stdio would keep a copy in a buffer of its own. */
#include "config/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

bool secret_credential(const char *name, char path[SECRET_PATH_SIZE])
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    if (directory == NULL)
        return false;
    int length = snprintf(path, SECRET_PATH_SIZE, "%s/%s", directory, name);
    return length < SECRET_PATH_SIZE && (access(path, F_OK) == 0 || errno != ENOENT);
}

void secret_free(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    free(text);
}

/* Bytes read until the end or until `size` are there; -1 on failure. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
    size_t length = 0;
    ssize_t got = 1;
    while (length < size && got != 0) {
        got = read(fd, bytes + length, size - length);
        if (got < 0 && errno != EINTR)
            return -1;
        length += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)length;
}

void secret_file_warn(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0)
        log_warning("a secret can be read by everybody on this machine", LOG_TEXT("file", path));
}

static bool check_text(const char *text, ssize_t length, size_t most, const char *path, struct error *error)
{
    if (length < 0)
        return error_set_errno(error, "can't read %s", path);
    if ((size_t)length > most)
        return error_set(error, ERROR_INVALID, "%s: expected at most %zu bytes of text", path, most);
    return strlen(text) == (size_t)length ||
           error_set(error, ERROR_INVALID, "%s: expected at most %zu bytes of text, got a NUL among them",
                     path, most);
}

static char *read_text(int fd, const char *path, size_t most, struct error *error)
{
    char *text = calloc(1, most + 2);
    if (text == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory for %s", path);
        return NULL;
    }
    ssize_t length = read_all(fd, text, most + 1);
    if (check_text(text, length, most, path, error))
        return text;
    explicit_bzero(text, most + 2);
    free(text);
    return NULL;
}

char *secret_file_read(const char *path, size_t most, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        error_set_errno(error, "can't open %s", path);
        return NULL;
    }
    char *text = read_text(fd, path, most, error);
    close(fd);
    return text;
}

/* A token can't hold a newline, so one at its end is the editor's. */
static bool trim_token(char *token, const char *path, struct error *error)
{
    size_t length = strcspn(token, "\r\n");
    if (token[length + strspn(token + length, "\r\n")] != '\0')
        return error_set(error, ERROR_INVALID, "%s: expected a token on one line, got several", path);
    token[length] = '\0';
    return length > 0 || error_set(error, ERROR_INVALID, "%s: expected a token, got an empty file", path);
}

char *secret_token_read(const char *path, struct error *error)
{
    char *token = secret_file_read(path, SECRET_LONGEST_TOKEN, error);
    if (token == NULL || trim_token(token, path, error))
        return token;
    secret_free(token);
    return NULL;
}
