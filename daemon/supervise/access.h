/*
 * Who is let in, and under which certificate: read by the supervisor, who may have rights that the workers
 * have not, and handed to them as a sealed memory file along with a site, so that both change together.
 */
#ifndef SENDA_SUPERVISE_ACCESS_H
#define SENDA_SUPERVISE_ACCESS_H

#include "config/config.h"
#include "flow/tokens.h"
#include "serve/tls.h"

struct access {
    struct tokens tokens; /* none: nobody needs one */
    struct tls *tls;      /* owned; NULL: no listener speaks TLS */
};

/*
 * Reads the files that the configuration names, tries what is in them, and returns the memory file, which the
 * caller closes; -1 on failure. `key` is that of the tokens' digests. `needs_token`: no token at all is a
 * mistake. `needs_tls`: so is no certificate.
 */
int access_read(const struct config *config, const uint8_t key[TOKENS_KEY], bool needs_token, bool needs_tls,
                struct error *error) MUST_CHECK;

/* What is in the memory file, on the heap; the caller closes `fd`. NULL on failure. */
struct access *access_open(int fd, struct error *error) MUST_CHECK;

/* NULL is fine. */
void access_free(struct access *access);

#endif
