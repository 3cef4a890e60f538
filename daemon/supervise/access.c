/* From files to a memory file, and from there to what a worker uses. */
#include "supervise/access.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/secrets.h"

/* In front of the two PEM texts, each with its NUL. Both ends are this program, so that the layout is ours.
 */
struct image {
    struct tokens tokens;
    uint64_t certificate_size; /* bytes with the NUL; 0: neither is there */
    uint64_t key_size;         /* likewise */
};

static bool add_tokens(struct tokens *tokens, const struct secrets *secrets, struct error *error)
{
    for (size_t i = 0; i < secrets->token_count; i++) {
        const struct secret_token *token = &secrets->tokens[i];
        if (!tokens_add(tokens, token->scope, text_from(token->name), text_from(token->value), error))
            return error_prefix(error, "tokens: ");
    }
    return true;
}

static bool write_part(int fd, const void *bytes, size_t length, struct error *error)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = write(fd, next, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set_errno(error, "can't write the memory file of tokens");
        next += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_image(int fd, const struct image *image, const struct secrets *secrets, struct error *error)
{
    static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (!write_part(fd, image, sizeof *image, error) ||
        !write_part(fd, secrets->certificate, image->certificate_size, error) ||
        !write_part(fd, secrets->key, image->key_size, error))
        return false;
    return fcntl(fd, F_ADD_SEALS, seals) == 0 ||
           error_set_errno(error, "can't seal the memory file of tokens");
}

static size_t size_of(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static int make_file(const struct secrets *secrets, const uint8_t key[TOKENS_KEY], struct error *error)
{
    struct image image = {.certificate_size = size_of(secrets->certificate),
                          .key_size = size_of(secrets->key)};
    tokens_create(&image.tokens, key);
    if (!add_tokens(&image.tokens, secrets, error))
        return -1;
    int fd = memfd_create("senda-access", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        error_set_errno(error, "can't make a memory file for the tokens");
        return -1;
    }
    if (write_image(fd, &image, secrets, error))
        return fd;
    close(fd);
    return -1;
}

/* A pair that does not fit is found here, before any worker hears of it. */
static bool is_good(int fd, struct error *error)
{
    struct access *access = access_open(fd, error);
    access_free(access);
    return access != NULL;
}

static bool is_enough(const struct secrets *secrets, bool needs_token, bool needs_tls, struct error *error)
{
    if (needs_token && secrets->token_count == 0)
        return error_set(error, ERROR_INVALID, "token: expected one, as there was when the daemon started");
    return !needs_tls || secrets->certificate != NULL ||
           error_set(error, ERROR_INVALID,
                     "listen: tls: needs a certificate and its key (options tls_certificate and tls_key, or "
                     "the credentials \"tls-certificate\" and \"tls-key\")");
}

int access_read(const struct config *config, const uint8_t key[TOKENS_KEY], bool needs_token, bool needs_tls,
                struct error *error)
{
    struct secrets secrets;
    if (!secrets_read(config, &secrets, error))
        return -1;
    int fd = is_enough(&secrets, needs_token, needs_tls, error) ? make_file(&secrets, key, error) : -1;
    secrets_destroy(&secrets);
    if (fd < 0 || is_good(fd, error))
        return fd;
    close(fd);
    return -1;
}

static bool is_whole(const struct image *image, size_t size)
{
    size_t texts = size - sizeof *image;
    const char *end = (const char *)image + size;
    return image->tokens.count <= TOKENS_MOST && image->certificate_size <= texts &&
           image->key_size == texts - image->certificate_size && (texts == 0 || end[-1] == '\0');
}

static bool fill(struct access *access, const struct image *image, size_t size, struct error *error)
{
    const char *certificate = (const char *)(image + 1), *key = certificate + image->certificate_size;
    if (!is_whole(image, size))
        return error_set(error, ERROR_INTERNAL, "the memory file of tokens is damaged");
    access->tokens = image->tokens;
    if (image->certificate_size == 0)
        return true;
    access->tls = tls_new(certificate, key, error);
    return access->tls != NULL;
}

/* The mapping holds a private key, which must not get into a core file. */
static struct image *map(int fd, size_t *size, struct error *error)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size < (off_t)sizeof(struct image)) {
        error_set(error, ERROR_INTERNAL, "the memory file of tokens is damaged");
        return NULL;
    }
    *size = (size_t)status.st_size;
    void *image = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (image == MAP_FAILED) {
        error_set_errno(error, "can't map the memory file of tokens");
        return NULL;
    }
    madvise(image, *size, MADV_DONTDUMP);
    return image;
}

struct access *access_open(int fd, struct error *error)
{
    size_t size;
    struct image *image = map(fd, &size, error);
    struct access *access = image != NULL ? calloc(1, sizeof *access) : NULL;
    if (image != NULL && access == NULL)
        error_set(error, ERROR_INTERNAL, "out of memory for the tokens");
    bool filled = access != NULL && fill(access, image, size, error);
    if (image != NULL)
        munmap(image, size);
    if (filled)
        return access;
    free(access);
    return NULL;
}

void access_free(struct access *access)
{
    if (access == NULL)
        return;
    tls_free(access->tls);
    free(access);
}
