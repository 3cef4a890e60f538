/* serve/tls: certificates and keys that fit, and those that do not. */
#include "certificate_builder.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/tls.h"
#include "serve/tls_internal.h"

static struct certificate one, other;

static int setup(void **state)
{
    (void)state;
    one = certificate_build("one");
    other = certificate_build("other");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    certificate_destroy(&one);
    certificate_destroy(&other);
    return 0;
}

static void test_tls_takes_a_pair(void **state)
{
    struct error error;
    (void)state;
    struct tls *tls = tls_new(one.certificate, one.key, &error);
    assert_non_null(tls);
    tls_free(tls);
    tls_free(NULL);
}

static char *both(const char *first, const char *second)
{
    char *text;
    assert_true(asprintf(&text, "%s%s", first, second) > 0);
    return text;
}

static void test_tls_takes_a_chain(void **state)
{
    struct error error;
    STACK_OF(X509) *chain = NULL;
    (void)state;
    char *certificates = both(one.certificate, other.certificate);
    struct tls *tls = tls_new(certificates, one.key, &error);
    assert_non_null(tls);
    SSL_CTX_get0_chain_certs(tls->context, &chain);
    assert_int_equal(sk_X509_num(chain), 1);
    tls_free(tls);
    free(certificates);
}

static void assert_refused(const char *certificate, const char *key, const char *part)
{
    struct error error;
    assert_null(tls_new(certificate, key, &error));
    if (strstr(error.message, part) == NULL)
        fail_msg("'%s' doesn't say '%s'", error.message, part);
}

static void test_tls_refuses_what_does_not_fit(void **state)
{
    (void)state;
    assert_refused(one.certificate, other.key, "tls_key: not the key of the certificate");
    assert_refused("", one.key, "tls_certificate: expected a certificate in PEM form");
    assert_refused(one.key, one.key, "tls_certificate: expected a certificate in PEM form");
    assert_refused(one.certificate, "", "tls_key: expected a private key in PEM form");
    assert_refused(one.certificate, one.certificate, "tls_key: expected a private key in PEM form");
    char *broken = both(one.certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_refused(broken, one.key, "tls_certificate: a certificate behind the first can't be read");
    free(broken);
}

static void test_tls_says_nothing_of_a_key(void **state)
{
    struct error error;
    char secret[] = "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n";
    (void)state;
    assert_null(tls_new(one.certificate, secret, &error));
    assert_null(strstr(error.message, "s3cret"));
}

static void test_tls_resumes_and_renegotiates_nothing(void **state)
{
    struct error error;
    (void)state;
    struct tls *tls = tls_new(one.certificate, one.key, &error);
    uint64_t options = SSL_CTX_get_options(tls->context);
    assert_true(options & SSL_OP_NO_RENEGOTIATION);
    assert_true(options & SSL_OP_NO_COMPRESSION);
    assert_true(options & SSL_OP_NO_TICKET);
    assert_int_equal(SSL_CTX_get_session_cache_mode(tls->context), SSL_SESS_CACHE_OFF);
    assert_int_equal(SSL_CTX_get_min_proto_version(tls->context), TLS1_2_VERSION);
    tls_free(tls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tls_takes_a_pair),
        cmocka_unit_test(test_tls_takes_a_chain),
        cmocka_unit_test(test_tls_refuses_what_does_not_fit),
        cmocka_unit_test(test_tls_says_nothing_of_a_key),
        cmocka_unit_test(test_tls_resumes_and_renegotiates_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
