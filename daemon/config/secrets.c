/* Where each secret is looked for, and the lines of the file of tokens. */
#include "config/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "config/secret_file.h"

enum {
    LARGEST_FILE = 256 * 1024, /* bytes of a file of tokens or certificates */
    MOST_TOKENS = 256,
};

static bool out_of_memory(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "out of memory for the tokens");
}

/* Takes `value` over, also when it fails; NULL: reading it has failed. */
static bool add_token(struct secrets *secrets, enum scope scope, struct text name, char *value,
                      struct error *error)
{
    struct secret_token token = {scope, NULL, value};
    struct secret_token *list = NULL;
    if (value == NULL)
        return false;
    token.name = strndup(name.bytes, name.length);
    if (token.name != NULL)
        list = realloc(secrets->tokens, (secrets->token_count + 1) * sizeof *list);
    if (list == NULL) {
        free(token.name);
        secret_free(value);
        return out_of_memory(error);
    }
    secrets->tokens = list;
    list[secrets->token_count++] = token;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the next word off the front of a line. */
static struct text take_word(struct text *line)
{
    size_t begin = 0, end;
    while (begin < line->length && is_blank(line->bytes[begin]))
        begin++;
    for (end = begin; end < line->length && !is_blank(line->bytes[end]);)
        end++;
    struct text word = {line->bytes + begin, end - begin};
    *line = (struct text){line->bytes + end, line->length - end};
    return word;
}

/* The rest of a line, which may have blanks inside. */
static struct text trim(struct text rest)
{
    while (rest.length > 0 && is_blank(rest.bytes[0]))
        rest = (struct text){rest.bytes + 1, rest.length - 1};
    while (rest.length > 0 && is_blank(rest.bytes[rest.length - 1]))
        rest.length--;
    return rest;
}

/* "site shop 3f9c…"; what stands there is never shown, since it may be a token in the wrong place. */
static bool take_line(struct secrets *secrets, struct text line, const char *path, size_t number,
                      struct error *error)
{
    enum scope scope;
    struct text first = take_word(&line);
    if (first.length == 0 || first.bytes[0] == '#')
        return true;
    struct text name = take_word(&line), value = trim(line);
    if (!scope_parse(first, &scope))
        return error_set(error, ERROR_INVALID, "%s:%zu: expected a scope first, 'site' or 'admin'", path,
                         number);
    if (value.length == 0 || value.length > SECRET_LONGEST_TOKEN)
        return error_set(error, ERROR_INVALID,
                         "%s:%zu: expected a scope, a name and a token of at most %d bytes", path, number,
                         SECRET_LONGEST_TOKEN);
    if (secrets->token_count == MOST_TOKENS)
        return error_set(error, ERROR_INVALID, "%s:%zu: expected at most %d tokens", path, number,
                         MOST_TOKENS);
    char *copy = strndup(value.bytes, value.length);
    return copy != NULL ? add_token(secrets, scope, name, copy, error) : out_of_memory(error);
}

static bool take_lines(struct secrets *secrets, const char *text, const char *path, struct error *error)
{
    size_t before = secrets->token_count;
    for (size_t number = 1; *text != '\0'; number++) {
        size_t length = strcspn(text, "\n");
        if (!take_line(secrets, (struct text){text, length}, path, number, error))
            return false;
        text += length + (text[length] == '\n');
    }
    return secrets->token_count > before ||
           error_set(error, ERROR_INVALID, "%s: expected tokens, got none", path);
}

static bool read_lines(struct secrets *secrets, const char *path, struct error *error)
{
    secret_file_warn(path);
    char *text = secret_file_read(path, LARGEST_FILE, error);
    bool taken = text != NULL && take_lines(secrets, text, path, error);
    secret_free(text);
    return taken;
}

static bool read_line(struct secrets *secrets, enum scope scope, const char *name, const char *path,
                      struct error *error)
{
    secret_file_warn(path);
    return add_token(secrets, scope, text_from(name), secret_token_read(path, error), error);
}

/* What the configuration file itself says stays as it was read; it is not read again. */
static bool read_only_token(const struct config *config, struct secrets *secrets, struct error *error)
{
    char path[SECRET_PATH_SIZE];
    if (*config->token_file != '\0')
        return read_line(secrets, SCOPE_ADMIN, "token", config->token_file, error);
    if (*config->token != '\0' && config->origins[OPTION_ID_token].source != CONFIG_CREDENTIAL) {
        if (config->file != NULL)
            secret_file_warn(config->file);
        char *copy = strdup(config->token);
        return copy != NULL ? add_token(secrets, SCOPE_ADMIN, TEXT("token"), copy, error)
                            : out_of_memory(error);
    }
    return !secret_credential("token", path) || read_line(secrets, SCOPE_ADMIN, "token", path, error);
}

static bool read_tokens(const struct config *config, struct secrets *secrets, struct error *error)
{
    char path[SECRET_PATH_SIZE];
    if (!read_only_token(config, secrets, error))
        return false;
    if (secret_credential("site-token", path) && !read_line(secrets, SCOPE_SITE, "site-token", path, error))
        return false;
    return *config->tokens_file == '\0' || read_lines(secrets, config->tokens_file, error);
}

static bool read_tls(const struct config *config, struct secrets *secrets, struct error *error)
{
    if (*config->tls_certificate == '\0')
        return true;
    secret_file_warn(config->tls_key);
    secrets->certificate = secret_file_read(config->tls_certificate, LARGEST_FILE, error);
    if (secrets->certificate != NULL)
        secrets->key = secret_file_read(config->tls_key, LARGEST_FILE, error);
    return secrets->key != NULL;
}

bool secrets_read(const struct config *config, struct secrets *secrets, struct error *error)
{
    *secrets = (struct secrets){0};
    if (read_tokens(config, secrets, error) && read_tls(config, secrets, error))
        return true;
    secrets_destroy(secrets);
    return false;
}

void secrets_destroy(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->token_count; i++) {
        free(secrets->tokens[i].name);
        secret_free(secrets->tokens[i].value);
    }
    free(secrets->tokens);
    secret_free(secrets->certificate);
    secret_free(secrets->key);
    *secrets = (struct secrets){0};
}

bool secrets_need_token(const struct config *config)
{
    char path[SECRET_PATH_SIZE];
    return *config->token != '\0' || *config->token_file != '\0' || *config->tokens_file != '\0' ||
           secret_credential("token", path) || secret_credential("site-token", path);
}
