/* sendad's configuration: the value of every option, and where each came from. */
#ifndef SENDA_CONFIG_CONFIG_H
#define SENDA_CONFIG_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/error.h"
#include "config/faults.h"
#include "config/options.h"

/* Of log_bytes, where it is not 0: the oldest go in whole files of a quarter of it. */
#define CONFIG_LOG_MIB_LEAST 1

struct config_list {
    char **items; /* owned, as is the array */
    size_t count; /* how many */
};

/* From the weakest to the strongest. */
enum config_source {
    CONFIG_DEFAULT,    /* the table */
    CONFIG_CREDENTIAL, /* a file in $CREDENTIALS_DIRECTORY, as systemd provides it */
    CONFIG_FILE,       /* the configuration file */
    CONFIG_FLAG,       /* the command line */
    CONFIG_TOKEN_FILE, /* the file that the option token_file names */
};

struct config_origin {
    enum config_source source; /* who set the value */
    int line;                  /* in the configuration file; 0 elsewhere */
};

#define CONFIG_FIELD_PATH char *
#define CONFIG_FIELD_TEXT char *
#define CONFIG_FIELD_LEVEL char *
#define CONFIG_FIELD_ADDRESS char *
#define CONFIG_FIELD_ADDRESSES struct config_list
#define CONFIG_FIELD_NUMBER uint64_t
#define CONFIG_FIELD_BYTES uint64_t
#define CONFIG_FIELD_MODE uint64_t

struct config {
#define X(name, type, ...) CONFIG_FIELD_##type name; /* see OPTIONS and enum option_type */
    OPTIONS(X)
#undef X
    char *file;            /* the configuration file's name; owned; NULL: none was read */
    struct stat file_seen; /* what that file was when it was read */
    struct config_origin origins[OPTION_COUNT]; /* who set each value */
};

/* Sets every default. */
bool config_create(struct config *config, struct error *error) MUST_CHECK;
void config_destroy(struct config *config);

/* Sets an option from texts as one would write them on the command line; only lists take more than one. */
bool config_set(struct config *config, enum option_id id, const char *const *values, size_t count,
                struct config_origin origin, struct error *error) MUST_CHECK;

/*
 * Runs a configuration file: Lua without any library, where every assignment sets an option. Whatever is
 * wrong is added to the faults; what is right is set all the same.
 */
bool config_read_file(struct config *config, const char *path, struct faults *faults) MUST_CHECK;

/* Whether the file is another by now than the one that was read, or is gone. */
bool config_file_has_changed(const struct config *config);

/* Whether there is a site to serve. */
bool config_require_site(const struct config *config, struct error *error) MUST_CHECK;

/*
 * After all config_set: fetches the token from where it is kept, lets credentials stand in for options that
 * were not set, and checks what concerns several options. Whatever is wrong is added to the faults.
 */
bool config_finish(struct config *config, struct faults *faults) MUST_CHECK;

/* Overwrites the token, once nothing needs it any more in this process. */
void config_forget_token(struct config *config);

/* How many workers are meant: the option, or the cores that this process may use. */
unsigned config_workers(const struct config *config);

enum { CONFIG_NAME_SIZE = 256 }; /* bytes of a folder's name with its NUL */

/* The last part of the site's path: what a site is called that doesn't name itself. */
void config_site_name(const struct config *config, char name[CONFIG_NAME_SIZE]);

/*
 * Writes every option as the configuration file would have it, with its origin. A secret is masked, and in a
 * comment, so that nobody's mask becomes a token.
 */
void config_print(const struct config *config, FILE *out);

/* Describes what a value should look like: "a number from 1 to 10000". Returns out. */
const char *config_expectation(enum option_id id, char *out, size_t size);

#endif
