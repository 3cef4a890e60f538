/* Self-signed certificates on the curve P-256. */
#include "certificate_builder.h"

#include "../cmocka_all.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { A_DAY = 86400 };

static char *text_of(BIO *pem)
{
    char *bytes;
    long length = BIO_get_mem_data(pem, &bytes);
    char *text = strndup(bytes, (size_t)length);
    BIO_free(pem);
    return text;
}

static X509 *sign(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -A_DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), A_DAY);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

struct certificate certificate_build(const char *name)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = sign(key, name);
    BIO *certificate_pem = BIO_new(BIO_s_mem()), *key_pem = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(certificate_pem, certificate), 1);
    assert_int_equal(PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return (struct certificate){text_of(certificate_pem), text_of(key_pem)};
}

void certificate_destroy(struct certificate *certificate)
{
    free(certificate->certificate);
    free(certificate->key);
}
