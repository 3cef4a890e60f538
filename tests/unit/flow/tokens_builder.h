/* Tokens for tests. */
#ifndef SENDA_TESTS_FLOW_TOKENS_BUILDER_H
#define SENDA_TESTS_FLOW_TOKENS_BUILDER_H

#include "flow/tokens.h"

/* No tokens yet, under a key of the tests'. */
void tokens_build(struct tokens *tokens);

/* One more, named as it is spelled; it has to be taken. */
void tokens_build_add(struct tokens *tokens, enum scope scope, const char *token);

/* One token of the scope admin; lives until the next call. */
const struct tokens *tokens_of(const char *token);

#endif
