/* Digests by HMAC-SHA256, compared without looking where they differ. */
#include "flow/tokens.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

void tokens_create(struct tokens *tokens, const uint8_t key[TOKENS_KEY])
{
    memset(tokens, 0, sizeof *tokens);
    memcpy(tokens->key, key, TOKENS_KEY);
}

static bool digest(const struct tokens *tokens, struct text token, uint8_t out[TOKENS_DIGEST])
{
    return HMAC(EVP_sha256(), tokens->key, TOKENS_KEY, (const unsigned char *)token.bytes, token.length, out,
                NULL) != NULL;
}

/* Every entry is looked at, and every byte of each. */
static const struct token *find_digest(const struct tokens *tokens, const uint8_t wanted[TOKENS_DIGEST])
{
    const struct token *found = NULL;
    for (uint32_t i = 0; i < tokens->count; i++)
        if (CRYPTO_memcmp(tokens->list[i].digest, wanted, TOKENS_DIGEST) == 0)
            found = &tokens->list[i];
    return found;
}

static const struct token *find_name(const struct tokens *tokens, struct text name)
{
    for (uint32_t i = 0; i < tokens->count; i++)
        if (text_equal(text_from(tokens->list[i].name), name))
            return &tokens->list[i];
    return NULL;
}

static bool check_name(const struct tokens *tokens, struct text name, struct error *error)
{
    if (name.length == 0 || name.length > TOKENS_NAME_MOST)
        return error_set(error, ERROR_INVALID, "expected a name of 1 to %d bytes, got %zu", TOKENS_NAME_MOST,
                         name.length);
    if (find_name(tokens, name) != NULL)
        return error_set(error, ERROR_INVALID, "two tokens are called '%.*s'", (int)name.length, name.bytes);
    if (tokens->count == TOKENS_MOST)
        return error_set(error, ERROR_INVALID, "expected at most %d tokens", TOKENS_MOST);
    return true;
}

bool tokens_add(struct tokens *tokens, enum scope scope, struct text name, struct text token,
                struct error *error)
{
    struct token *entry = &tokens->list[tokens->count];
    uint8_t bytes[TOKENS_DIGEST];
    if (!check_name(tokens, name, error))
        return false;
    if (!digest(tokens, token, bytes))
        return error_set(error, ERROR_INTERNAL, "no digest can be made of a token");
    const struct token *same = find_digest(tokens, bytes);
    if (same != NULL)
        return error_set(error, ERROR_INVALID, "'%s' and '%.*s' are the same token", same->name,
                         (int)name.length, name.bytes);
    memset(entry, 0, sizeof *entry);
    memcpy(entry->digest, bytes, sizeof bytes);
    memcpy(entry->name, name.bytes, name.length);
    entry->scope = scope;
    tokens->count++;
    return true;
}

const struct token *tokens_find(const struct tokens *tokens, struct text shown)
{
    uint8_t bytes[TOKENS_DIGEST];
    return digest(tokens, shown, bytes) ? find_digest(tokens, bytes) : NULL;
}

uint64_t tokens_number(const struct token *token)
{
    uint64_t number;
    memcpy(&number, token->digest, sizeof number);
    return number | 1;
}

bool tokens_have(const struct tokens *tokens, uint64_t number, enum scope scope)
{
    for (uint32_t i = 0; i < tokens->count; i++)
        if (tokens_number(&tokens->list[i]) == number && tokens->list[i].scope == scope)
            return true;
    return false;
}
