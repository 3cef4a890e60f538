/* Reading a small file that holds a secret, without leaving copies of it in memory. */
#ifndef SENDA_CONFIG_SECRET_FILE_H
#define SENDA_CONFIG_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
    SECRET_PATH_SIZE = 4096,
    SECRET_LONGEST_TOKEN = 1024, /* bytes */
};

/* The path of a systemd credential of that name; false where the service was not given one. */
bool secret_credential(const char *name, char path[SECRET_PATH_SIZE]);

/* The whole text, NUL-terminated, at most `most` bytes; the caller gives it to secret_free. NULL on failure.
 */
char *secret_file_read(const char *path, size_t most, struct error *error) MUST_CHECK;

/* The token that is a file's only line, without the newline that editors leave; likewise. */
char *secret_token_read(const char *path, struct error *error) MUST_CHECK;

/* Says in the log where everybody on the machine could read the file. */
void secret_file_warn(const char *path);

/* Overwrites and frees a text; NULL is fine. */
void secret_free(char *text);

#endif
