/* client/tls: a session against a server in memory, whom the client believes or not. */
#include "../cmocka_all.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../serve/certificate_builder.h"
#include "client/tls.h"

enum { ROUNDS = 100 };

struct meeting {
    struct certificate pair;
    char ca[64]; /* the file with the certificate */
    SSL_CTX *context;
    SSL *server;
    struct client_tls *client;
    char problem[256];
};

static void write_ca(struct meeting *meeting)
{
    snprintf(meeting->ca, sizeof meeting->ca, "/tmp/senda-ca-XXXXXX");
    int fd = mkstemp(meeting->ca);
    size_t length = strlen(meeting->pair.certificate);
    assert_int_equal(write(fd, meeting->pair.certificate, length), length);
    close(fd);
}

static void make_server(struct meeting *meeting)
{
    BIO *certificate = BIO_new_mem_buf(meeting->pair.certificate, -1);
    BIO *key = BIO_new_mem_buf(meeting->pair.key, -1);
    X509 *x509 = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
    EVP_PKEY *private = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
    meeting->context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(meeting->context, x509);
    SSL_CTX_use_PrivateKey(meeting->context, private);
    meeting->server = SSL_new(meeting->context);
    SSL_set_bio(meeting->server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(meeting->server);
    X509_free(x509);
    EVP_PKEY_free(private);
    BIO_free(certificate);
    BIO_free(key);
}

static int setup(void **state)
{
    struct meeting *meeting = calloc(1, sizeof *meeting);
    *state = meeting;
    if (meeting == NULL)
        return -1;
    meeting->pair = certificate_build("senda.example");
    write_ca(meeting);
    make_server(meeting);
    return 0;
}

static int teardown(void **state)
{
    struct meeting *meeting = *state;
    client_tls_free(meeting->client);
    SSL_free(meeting->server);
    SSL_CTX_free(meeting->context);
    unlink(meeting->ca);
    certificate_destroy(&meeting->pair);
    free(meeting);
    return 0;
}

static void begin(struct meeting *meeting, const char *host, const char *ca)
{
    meeting->client = client_tls_new(host, ca, meeting->problem, sizeof meeting->problem);
    if (meeting->client == NULL)
        fail_msg("%s", meeting->problem);
}

/* What each has for the other changes sides. */
static void exchange(struct meeting *meeting)
{
    size_t length;
    char *bytes;
    const void *pending = client_tls_pending(meeting->client, &length);
    if (length > 0)
        assert_int_equal(BIO_write(SSL_get_rbio(meeting->server), pending, (int)length), length);
    client_tls_sent(meeting->client);
    long answer = BIO_get_mem_data(SSL_get_wbio(meeting->server), &bytes);
    assert_true(answer == 0 || client_tls_take(meeting->client, bytes, (size_t)answer));
    (void)BIO_reset(SSL_get_wbio(meeting->server));
}

/* False where the client does not agree. */
static bool greet(struct meeting *meeting)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (!client_tls_greet(meeting->client, meeting->problem, sizeof meeting->problem))
            return false;
        exchange(meeting);
        SSL_do_handshake(meeting->server);
        ERR_clear_error();
        if (!client_tls_is_greeting(meeting->client) && SSL_is_init_finished(meeting->server))
            return true;
    }
    return false;
}

static void test_client_tls_talks(void **state)
{
    struct meeting *meeting = *state;
    char heard[16];
    begin(meeting, "senda.example", meeting->ca);
    assert_true(greet(meeting));
    assert_true(client_tls_write(meeting->client, "question", 8));
    exchange(meeting);
    assert_int_equal(SSL_read(meeting->server, heard, sizeof heard), 8);
    assert_int_equal(client_tls_read(meeting->client, heard, sizeof heard), CLIENT_TLS_NOTHING);
    assert_int_equal(SSL_write(meeting->server, "answer", 6), 6);
    exchange(meeting);
    assert_int_equal(client_tls_read(meeting->client, heard, sizeof heard), 6);
    assert_memory_equal(heard, "answer", 6);
    SSL_shutdown(meeting->server);
    exchange(meeting);
    assert_int_equal(client_tls_read(meeting->client, heard, sizeof heard), 0);
}

static void assert_disbelieved(struct meeting *meeting, const char *host, const char *ca, const char *part)
{
    begin(meeting, host, ca);
    assert_false(greet(meeting));
    if (strstr(meeting->problem, part) == NULL)
        fail_msg("'%s' doesn't say '%s'", meeting->problem, part);
}

static void test_client_tls_wants_a_root(void **state)
{
    assert_disbelieved(*state, "senda.example", NULL, "its certificate: self-signed certificate");
}

static void test_client_tls_wants_the_name(void **state)
{
    struct meeting *meeting = *state;
    assert_disbelieved(meeting, "other.example", meeting->ca, "its certificate: hostname mismatch");
}

static void test_client_tls_wants_the_address(void **state)
{
    struct meeting *meeting = *state;
    assert_disbelieved(meeting, "127.0.0.1", meeting->ca, "its certificate: IP address mismatch");
}

static void test_client_tls_wants_a_file_of_roots(void **state)
{
    struct meeting *meeting = *state;
    assert_null(client_tls_new("here", "/nonexistent/ca", meeting->problem, sizeof meeting->problem));
    assert_non_null(strstr(meeting->problem, "/nonexistent/ca: "));
    client_tls_free(NULL);
}

static void test_client_tls_notices_what_was_changed(void **state)
{
    struct meeting *meeting = *state;
    char *bytes, heard[16];
    begin(meeting, "senda.example", meeting->ca);
    assert_true(greet(meeting));
    assert_int_equal(SSL_write(meeting->server, "answer", 6), 6);
    BIO_get_mem_data(SSL_get_wbio(meeting->server), &bytes);
    bytes[8] ^= 1;
    exchange(meeting);
    ssize_t result = CLIENT_TLS_NOTHING;
    for (int i = 0; i < ROUNDS && result == CLIENT_TLS_NOTHING; i++)
        result = client_tls_read(meeting->client, heard, sizeof heard);
    assert_int_equal(result, CLIENT_TLS_BROKEN);
    assert_false(client_tls_write(meeting->client, "more", 4));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_client_tls_##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(talks),
        TEST(wants_a_root),
        TEST(wants_the_name),
        TEST(wants_the_address),
        TEST(wants_a_file_of_roots),
        TEST(notices_what_was_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
