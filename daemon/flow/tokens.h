/*
 * The tokens that let clients in. Kept are keyed digests, never the tokens: whoever reads this memory learns
 * none of them. Plain bytes, so that one process can hand them to another.
 */
#ifndef SENDA_FLOW_TOKENS_H
#define SENDA_FLOW_TOKENS_H

#include <stdint.h>

#include "base/error.h"
#include "base/scope.h"

enum {
    TOKENS_MOST = 256,    /* tokens at once */
    TOKENS_DIGEST = 32,   /* bytes of HMAC-SHA256 */
    TOKENS_KEY = 32,      /* bytes of its key */
    TOKENS_NAME_MOST = 64 /* bytes of a token's name */
};

struct token {
    uint8_t digest[TOKENS_DIGEST];
    char name[TOKENS_NAME_MOST + 1]; /* by which people know it */
    uint32_t scope;                  /* enum scope: what it lets its client do */
};

struct tokens {
    uint8_t
        key[TOKENS_KEY]; /* of the digests; stays as long as the daemon, so that digests can be compared */
    uint32_t count;      /* of the list; 0: nobody has to show one */
    struct token list[TOKENS_MOST];
};

void tokens_create(struct tokens *tokens, const uint8_t key[TOKENS_KEY]);

/* Refused: too many, and a name or a token that is there already. The token itself is not kept. */
MUST_CHECK bool tokens_add(struct tokens *tokens, enum scope scope, struct text name, struct text token,
                           struct error *error);

/* The token's entry, or NULL. Takes as long whichever it is, and whether it is one or not. */
const struct token *tokens_find(const struct tokens *tokens, struct text shown);

/* A number that stands for the token for as long as the key stays; never 0. */
uint64_t tokens_number(const struct token *token);

/* Whether the token of that number is still there, and still has that scope. */
bool tokens_have(const struct tokens *tokens, uint64_t number, enum scope scope);

#endif
