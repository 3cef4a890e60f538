/* TLS for listeners: a certificate with its key, from which connections get their sessions. */
#ifndef SENDA_SERVE_TLS_H
#define SENDA_SERVE_TLS_H

#include "base/error.h"

struct tls; /* immutable; shared by all connections that were accepted with it */

/* From PEM texts: the certificate, then those between it and its root; the key has to be its. NULL on
 * failure. */
struct tls *tls_new(const char *certificate, const char *key, struct error *error) MUST_CHECK;

/* Sessions that were made of it go on. NULL is fine. */
void tls_free(struct tls *tls);

#endif
