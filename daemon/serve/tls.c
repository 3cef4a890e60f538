/* What this daemon speaks: TLS 1.2 with forward secrecy, and 1.3; nothing that can be talked out of it. */
#include "serve/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "serve/tls_internal.h"

/* Of TLS 1.2; those of 1.3 are all fine. */
static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

/*
 * Sessions are not resumed: websites keep their connections, tickets would need a key that all workers share
 * and somebody has to change, and a session's memory would outlive its connection.
 */
enum {
    OPTIONS = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
              SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF,
    MODES = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS,
};

/* What OpenSSL said last, behind `what`; forgets it. Returns false. */
static bool fail(struct error *error, const char *what)
{
    unsigned long code = ERR_get_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return error_set(error, ERROR_INVALID, "%s: %s", what, reason != NULL ? reason : "refused by OpenSSL");
}

static bool configure(SSL_CTX *context, struct error *error)
{
    SSL_CTX_set_options(context, OPTIONS | SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_mode(context, MODES);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1); /* one system call for many small records */
    return (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
            SSL_CTX_set_cipher_list(context, ciphers) == 1 && SSL_CTX_set_num_tickets(context, 0) == 1) ||
           fail(error, "TLS can't be set up");
}

/* Nobody is there to be asked. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

/* The first certificate is ours, the others lead to its root. */
static bool use_certificates(SSL_CTX *context, BIO *pem, struct error *error)
{
    X509 *certificate = PEM_read_bio_X509_AUX(pem, NULL, no_passphrase, NULL);
    bool used = certificate != NULL && SSL_CTX_use_certificate(context, certificate) == 1;
    X509_free(certificate);
    if (!used)
        return fail(error, "tls_certificate: expected a certificate in PEM form");
    while ((certificate = PEM_read_bio_X509(pem, NULL, no_passphrase, NULL)) != NULL)
        if (SSL_CTX_add0_chain_cert(context, certificate) != 1) {
            X509_free(certificate);
            return fail(error, "tls_certificate");
        }
    bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!ended)
        return fail(error, "tls_certificate: a certificate behind the first can't be read");
    ERR_clear_error();
    return true;
}

static bool use_key(SSL_CTX *context, BIO *pem, struct error *error)
{
    EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, no_passphrase, NULL);
    if (key == NULL)
        return fail(error, "tls_key: expected a private key in PEM form, without a passphrase");
    bool used = SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    return used || fail(error, "tls_key: not the key of the certificate");
}

static bool use_pair(SSL_CTX *context, const char *certificate, const char *key, struct error *error)
{
    BIO *certificate_pem = BIO_new_mem_buf(certificate, -1), *key_pem = BIO_new_mem_buf(key, -1);
    bool used = certificate_pem != NULL && key_pem != NULL &&
                use_certificates(context, certificate_pem, error) && use_key(context, key_pem, error);
    if (certificate_pem == NULL || key_pem == NULL)
        error_set(error, ERROR_INTERNAL, "out of memory for TLS");
    BIO_free(certificate_pem);
    BIO_free(key_pem);
    return used;
}

static SSL_CTX *new_context(const char *certificate, const char *key, struct error *error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        fail(error, "TLS can't be set up");
        return NULL;
    }
    if (configure(context, error) && use_pair(context, certificate, key, error))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

struct tls *tls_new(const char *certificate, const char *key, struct error *error)
{
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory for TLS");
        return NULL;
    }
    ERR_clear_error();
    tls->context = new_context(certificate, key, error);
    if (tls->context != NULL)
        return tls;
    free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (tls != NULL)
        SSL_CTX_free(tls->context);
    free(tls);
}
