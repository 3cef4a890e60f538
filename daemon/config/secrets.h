/* What is kept in files of its own so that nobody sees it: tokens, the certificate and its private key. */
#ifndef SENDA_CONFIG_SECRETS_H
#define SENDA_CONFIG_SECRETS_H

#include "base/scope.h"
#include "config/config.h"

struct secret_token {
    enum scope scope; /* what it lets a client do */
    char *name;       /* owned */
    char *value;      /* owned; text of at most SECRET_LONGEST_TOKEN bytes */
};

struct secrets {
    struct secret_token *tokens; /* owned */
    size_t token_count;
    char *certificate; /* PEM; owned; NULL: there is none, nor a key */
    char *key;         /* PEM; owned; NULL likewise */
};

/*
 * Reads all files anew: those that the options name (config_finish lets credentials stand in for them), and
 * the systemd credentials `token`, where no option speaks of the same, and `site-token`. Messages name files
 * and lines, never what is in them.
 */
MUST_CHECK bool secrets_read(const struct config *config, struct secrets *secrets, struct error *error);

/* Overwrites and frees. */
void secrets_destroy(struct secrets *secrets);

/* Whether clients on TCP have to show a token: some source of tokens is configured. */
bool secrets_need_token(const struct config *config);

#endif
