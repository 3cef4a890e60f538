/* OpenSSL with a buffer at each end; see tls.h. */
#include "client/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client_tls {
    SSL_CTX *context; /* owned */
    SSL *session;     /* owned, and with it the two below */
    BIO *from_host;   /* what came and was not looked at yet */
    BIO *to_host;     /* what is to be sent */
};

static bool fail(char *problem, size_t size, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    snprintf(problem, size, "%s: %s", what, reason != NULL ? reason : "memory is out");
    return false;
}

/* OpenSSL alone would say "system lib". */
static bool can_read(const char *file, char *problem, size_t size)
{
    FILE *opened = fopen(file, "re");
    if (opened == NULL) {
        snprintf(problem, size, "%s: cannot be read: %s", file, strerror(errno));
        return false;
    }
    fclose(opened);
    return true;
}

static bool trust(SSL_CTX *context, const char *ca, char *problem, size_t size)
{
    if (ca != NULL && !can_read(ca, problem, size))
        return false;
    bool done = ca != NULL ? SSL_CTX_load_verify_file(context, ca) == 1
                           : SSL_CTX_set_default_verify_paths(context) == 1;
    return done || fail(problem, size, ca != NULL ? ca : "the system's root certificates");
}

static bool make_context(struct client_tls *tls, const char *ca, char *problem, size_t size)
{
    tls->context = SSL_CTX_new(TLS_client_method());
    if (tls->context == NULL || SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1)
        return fail(problem, size, "TLS");
    SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    return trust(tls->context, ca, problem, size);
}

/* A certificate for a name does not do for an address, and the other way round. */
static bool expect_host(SSL *session, const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1;
    return SSL_set1_host(session, host) == 1 && SSL_set_tlsext_host_name(session, host) == 1;
}

static bool make_session(struct client_tls *tls, const char *host, char *problem, size_t size)
{
    tls->session = SSL_new(tls->context);
    tls->from_host = BIO_new(BIO_s_mem());
    tls->to_host = BIO_new(BIO_s_mem());
    if (tls->session == NULL || tls->from_host == NULL || tls->to_host == NULL) {
        BIO_free(tls->from_host);
        BIO_free(tls->to_host);
        return fail(problem, size, "TLS");
    }
    BIO_set_mem_eof_return(tls->from_host, -1); /* empty is not the end */
    SSL_set_bio(tls->session, tls->from_host, tls->to_host);
    SSL_set_connect_state(tls->session);
    return expect_host(tls->session, host) || fail(problem, size, host);
}

struct client_tls *client_tls_new(const char *host, const char *ca, char *problem, size_t size)
{
    struct client_tls *tls = calloc(1, sizeof *tls);
    ERR_clear_error();
    if (tls == NULL) {
        fail(problem, size, "TLS");
        return NULL;
    }
    if (make_context(tls, ca, problem, size) && make_session(tls, host, problem, size))
        return tls;
    client_tls_free(tls);
    return NULL;
}

void client_tls_free(struct client_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_free(tls->session);
    SSL_CTX_free(tls->context);
    free(tls);
}

bool client_tls_is_greeting(const struct client_tls *tls)
{
    return !SSL_is_init_finished(tls->session);
}

bool client_tls_greet(struct client_tls *tls, char *problem, size_t size)
{
    ERR_clear_error();
    int result = SSL_do_handshake(tls->session);
    if (result == 1 || SSL_get_error(tls->session, result) == SSL_ERROR_WANT_READ)
        return true;
    long verdict = SSL_get_verify_result(tls->session);
    if (verdict == X509_V_OK)
        return fail(problem, size, "TLS");
    snprintf(problem, size, "its certificate: %s", X509_verify_cert_error_string(verdict));
    ERR_clear_error();
    return false;
}

bool client_tls_take(struct client_tls *tls, const void *bytes, size_t length)
{
    return BIO_write(tls->from_host, bytes, (int)length) == (int)length;
}

ssize_t client_tls_read(struct client_tls *tls, void *bytes, size_t size)
{
    ERR_clear_error();
    int result = SSL_read(tls->session, bytes, size < INT_MAX ? (int)size : INT_MAX);
    if (result > 0)
        return result;
    int error = SSL_get_error(tls->session, result);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ)
        return CLIENT_TLS_NOTHING;
    return error == SSL_ERROR_ZERO_RETURN ? 0 : CLIENT_TLS_BROKEN;
}

bool client_tls_write(struct client_tls *tls, const void *bytes, size_t length)
{
    size_t written = 0;
    ERR_clear_error();
    bool done = length == 0 || SSL_write_ex(tls->session, bytes, length, &written) == 1;
    ERR_clear_error();
    return done && written == length;
}

const void *client_tls_pending(struct client_tls *tls, size_t *length)
{
    char *bytes;
    *length = (size_t)BIO_get_mem_data(tls->to_host, &bytes);
    return bytes;
}

void client_tls_sent(struct client_tls *tls)
{
    (void)BIO_reset(tls->to_host);
}
