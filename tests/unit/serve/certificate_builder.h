/* Certificates for tests, made on the spot. */
#ifndef SENDA_TESTS_SERVE_CERTIFICATE_BUILDER_H
#define SENDA_TESTS_SERVE_CERTIFICATE_BUILDER_H

/* One that signs itself, and its key; PEM. */
struct certificate {
    char *certificate, *key; /* owned */
};

struct certificate certificate_build(const char *name);
void certificate_destroy(struct certificate *certificate);

#endif
