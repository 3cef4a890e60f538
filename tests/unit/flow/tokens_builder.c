/* Tables of tokens as a supervisor would hand them over. */
#include "tokens_builder.h"

#include "../cmocka_all.h"

void tokens_build(struct tokens *tokens)
{
    static const uint8_t key[TOKENS_KEY] = "a key for tests";
    tokens_create(tokens, key);
}

void tokens_build_add(struct tokens *tokens, enum scope scope, const char *token)
{
    struct error error;
    if (!tokens_add(tokens, scope, text_from(token), text_from(token), &error))
        fail_msg("%s", error.message);
}

const struct tokens *tokens_of(const char *token)
{
    static struct tokens tokens;
    tokens_build(&tokens);
    tokens_build_add(&tokens, SCOPE_ADMIN, token);
    return &tokens;
}
