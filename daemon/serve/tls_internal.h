/* What a struct tls is, for the files that know OpenSSL. */
#ifndef SENDA_SERVE_TLS_INTERNAL_H
#define SENDA_SERVE_TLS_INTERNAL_H

#include <openssl/ssl.h>

struct tls {
    SSL_CTX *context; /* owned; sessions keep it alive */
};

#endif
