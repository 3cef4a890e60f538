/* Setting, checking and showing the options. */
#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "config/address.h"
#include "config/secret_file.h"
#include "config/value.h"

enum { MOST_ADDRESSES = 64 };

static const char token_credential[] = "token"; /* the credential's name, as in LoadCredential=token:FILE */

#define VISIBLE_OPEN false
#define VISIBLE_SECRET true

static const struct option_description descriptions[OPTION_COUNT] = {
#define X(name, type, fallback, lowest, highest, argument, visibility, help)                                 \
    {#name,                                                                                                  \
     OPTION_##type,                                                                                          \
     fallback,                                                                                               \
     lowest,                                                                                                 \
     highest,                                                                                                \
     argument,                                                                                               \
     VISIBLE_##visibility,                                                                                   \
     help,                                                                                                   \
     offsetof(struct config, name)},
    OPTIONS(X)
#undef X
};

const struct option_description *option_describe(enum option_id id)
{
    return &descriptions[id];
}

static void *field(const struct config *config, const struct option_description *option)
{
    return (char *)(uintptr_t)config + option->offset;
}

static bool is_list(enum option_type type)
{
    return type == OPTION_ADDRESSES;
}

static bool is_number(enum option_type type)
{
    return type == OPTION_NUMBER || type == OPTION_BYTES || type == OPTION_MODE;
}

const char *config_expectation(enum option_id id, char *out, size_t size)
{
    const struct option_description *option = &descriptions[id];
    switch (option->type) {
    case OPTION_PATH:
        snprintf(out, size, "a path in quotes");
        break;
    case OPTION_TEXT:
        snprintf(out, size, "a text in quotes");
        break;
    case OPTION_LEVEL:
        snprintf(out, size, "\"error\", \"warning\", \"notice\", \"info\" or \"debug\"");
        break;
    case OPTION_ADDRESS:
        snprintf(out, size, "an address in quotes");
        break;
    case OPTION_ADDRESSES:
        snprintf(out, size, "an address in quotes, or a list of them in braces");
        break;
    case OPTION_NUMBER:
        snprintf(out, size, "a number from %" PRIu64 " to %" PRIu64, option->lowest, option->highest);
        break;
    case OPTION_BYTES:
        snprintf(out, size, "bytes from %" PRIu64 " to %" PRIu64 ", as in 65536 or \"64 KiB\"",
                 option->lowest, option->highest);
        break;
    case OPTION_MODE:
        snprintf(out, size, "octal digits in quotes, as in \"0660\"");
        break;
    }
    return out;
}

static bool refuse(const struct option_description *option, const char *value, struct error *error)
{
    char expected[128];
    config_expectation((enum option_id)(option - descriptions), expected, sizeof expected);
    return error_set(error, ERROR_INVALID, "%s: expected %s, got '%.100s'", option->name, expected,
                     option->secret ? "…" : value);
}

static bool set_number(struct config *config, const struct option_description *option, const char *value,
                       struct error *error)
{
    uint64_t number = 0;
    bool fine = option->type == OPTION_NUMBER  ? value_parse_number(value, &number)
                : option->type == OPTION_BYTES ? value_parse_bytes(value, &number)
                                               : value_parse_mode(value, &number);
    if (!fine || number < option->lowest || number > option->highest)
        return refuse(option, value, error);
    *(uint64_t *)field(config, option) = number;
    return true;
}

/* The one option of a single address is for operators. */
static bool check_address(const struct option_description *option, const char *value, struct error *error)
{
    struct address address;
    if (!address_parse(value, &address, error))
        return error_prefix(error, "%s: ", option->name);
    return option->type == OPTION_ADDRESSES || address.kind == ADDRESS_UNIX ||
           error_set(error, ERROR_INVALID,
                     "%s: expected unix:PATH, got '%.200s'; a file's mode guards what operators may do",
                     option->name, value);
}

static bool check_text(const struct option_description *option, const char *value, struct error *error)
{
    enum log_level level;
    bool address_due = option->type == OPTION_ADDRESSES || (option->type == OPTION_ADDRESS && *value != '\0');
    if (address_due && !check_address(option, value, error))
        return false;
    if (option->type == OPTION_LEVEL && !log_level_parse(value, &level))
        return refuse(option, value, error);
    return true;
}

static bool out_of_memory(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "out of memory for the configuration");
}

static bool set_text(struct config *config, const struct option_description *option, const char *value,
                     struct error *error)
{
    char **text = field(config, option);
    char *copy;
    if (!check_text(option, value, error))
        return false;
    copy = strdup(value);
    if (copy == NULL)
        return out_of_memory(error);
    free(*text);
    *text = copy;
    return true;
}

static void list_destroy(struct config_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct config_list){NULL, 0};
}

static bool list_fill(struct config_list *list, const struct option_description *option,
                      const char *const *values, size_t count, struct error *error)
{
    list->items = calloc(count, sizeof *list->items);
    if (list->items == NULL)
        return out_of_memory(error);
    for (; list->count < count; list->count++) {
        if (!check_text(option, values[list->count], error))
            return false;
        list->items[list->count] = strdup(values[list->count]);
        if (list->items[list->count] == NULL)
            return out_of_memory(error);
    }
    return true;
}

static bool set_list(struct config *config, const struct option_description *option,
                     const char *const *values, size_t count, struct error *error)
{
    struct config_list list = {NULL, 0};
    if (count == 0 || count > MOST_ADDRESSES)
        return error_set(error, ERROR_INVALID, "%s: expected 1 to %d addresses, got %zu", option->name,
                         MOST_ADDRESSES, count);
    if (!list_fill(&list, option, values, count, error)) {
        list_destroy(&list);
        return false;
    }
    list_destroy(field(config, option));
    *(struct config_list *)field(config, option) = list;
    return true;
}

bool config_set(struct config *config, enum option_id id, const char *const *values, size_t count,
                struct config_origin origin, struct error *error)
{
    const struct option_description *option = &descriptions[id];
    bool set;
    if (is_list(option->type))
        set = set_list(config, option, values, count, error);
    else if (is_number(option->type))
        set = set_number(config, option, values[0], error);
    else
        set = set_text(config, option, values[0], error);
    if (set)
        config->origins[id] = origin;
    return set;
}

bool config_create(struct config *config, struct error *error)
{
    memset(config, 0, sizeof *config);
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (!config_set(config, (enum option_id)i, &descriptions[i].fallback, 1,
                        (struct config_origin){CONFIG_DEFAULT, 0}, error)) {
            config_destroy(config);
            return false;
        }
    return true;
}

void config_destroy(struct config *config)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_description *option = &descriptions[i];
        if (is_list(option->type))
            list_destroy(field(config, option));
        else if (!is_number(option->type))
            free(*(char **)field(config, option));
    }
    free(config->file);
    memset(config, 0, sizeof *config);
}

static bool read_token(struct config *config, const char *path, enum config_source source,
                       struct error *error)
{
    char *token = secret_token_read(path, error);
    const char *value = token;
    bool set = token != NULL &&
               config_set(config, OPTION_ID_token, &value, 1, (struct config_origin){source, 0}, error);
    secret_free(token);
    return set;
}

/* Only where nothing else was said, and only if the service was given such a credential. */
static bool read_credential(struct config *config, struct error *error)
{
    char path[SECRET_PATH_SIZE];
    return *config->token != '\0' || !secret_credential(token_credential, path) ||
           read_token(config, path, CONFIG_CREDENTIAL, error);
}

static bool set_credential(struct config *config, enum option_id id, const char *path, struct error *error)
{
    return config_set(config, id, &path, 1, (struct config_origin){CONFIG_CREDENTIAL, 0}, error);
}

/* Those that stand in for options that name files do so from here on. */
static bool place_credentials(struct config *config, struct error *error)
{
    char path[SECRET_PATH_SIZE], key[SECRET_PATH_SIZE];
    if (*config->tokens_file == '\0' && secret_credential("tokens", path) &&
        !set_credential(config, OPTION_ID_tokens_file, path, error))
        return false;
    if (*config->tls_certificate != '\0' || *config->tls_key != '\0' ||
        !secret_credential("tls-certificate", path) || !secret_credential("tls-key", key))
        return true;
    return set_credential(config, OPTION_ID_tls_certificate, path, error) &&
           set_credential(config, OPTION_ID_tls_key, key, error);
}

static bool fetch_token(struct config *config, struct error *error)
{
    if (*config->token_file == '\0')
        return read_credential(config, error);
    if (*config->token != '\0')
        return error_set(error, ERROR_INVALID, "token and token_file: expected one of them, got both");
    return read_token(config, config->token_file, CONFIG_TOKEN_FILE, error);
}

bool config_require_site(const struct config *config, struct error *error)
{
    return *config->site != '\0' ||
           error_set(error, ERROR_INVALID,
                     "site: no site to serve; expected --site DIR, or site = \"DIR\" in the configuration");
}

void config_forget_token(struct config *config)
{
    explicit_bzero(config->token, strlen(config->token));
}

static bool check_tls(const struct config *config, struct error *error)
{
    if ((*config->tls_certificate == '\0') == (*config->tls_key == '\0'))
        return true;
    return error_set(error, ERROR_INVALID, "%s: expected together with %s",
                     *config->tls_key == '\0' ? "tls_certificate" : "tls_key",
                     *config->tls_key == '\0' ? "tls_key" : "tls_certificate");
}

static bool check_deadlines(const struct config *config, struct error *error)
{
    return config->kill_after_ms > config->deadline_ms ||
           error_set(error, ERROR_INVALID,
                     "kill_after_ms: expected more than deadline_ms (%" PRIu64 "), got %" PRIu64,
                     config->deadline_ms, config->kill_after_ms);
}

static bool check_log(const struct config *config, struct error *error)
{
    return config->log_bytes == 0 || config->log_bytes >= (uint64_t)CONFIG_LOG_MIB_LEAST << 20 ||
           error_set(error, ERROR_INVALID,
                     "log_bytes: expected at least \"%d MiB\", or 0 for no log, got %" PRIu64 " bytes",
                     CONFIG_LOG_MIB_LEAST, config->log_bytes);
}

/* Of two that are the same the second would find the first, and take it for another daemon. */
static bool is_same_place(const char *one, const char *other)
{
    struct address a, b;
    if (!address_parse(one, &a, NULL) || !address_parse(other, &b, NULL) ||
        (a.kind == ADDRESS_UNIX) != (b.kind == ADDRESS_UNIX))
        return false;
    if (a.kind == ADDRESS_UNIX)
        return strcmp(a.path, b.path) == 0;
    return strcmp(a.host, b.host) == 0 && strcmp(a.port, b.port) == 0 && strtoul(a.port, NULL, 10) != 0;
}

static bool check_listen(const struct config *config, struct error *error)
{
    const struct config_list *listen = &config->listen;
    for (size_t i = 0; i < listen->count; i++) {
        if (is_same_place(config->control, listen->items[i]))
            return error_set(error, ERROR_INVALID,
                             "control: expected another address than those of listen, got '%.200s'",
                             config->control);
        for (size_t other = 0; other < i; other++)
            if (is_same_place(listen->items[other], listen->items[i]))
                return error_set(error, ERROR_INVALID,
                                 "listen: expected each address once, got '%.200s' twice", listen->items[i]);
    }
    return true;
}

bool config_finish(struct config *config, struct faults *faults)
{
    size_t before = faults->count;
    struct error error;
    if (!check_deadlines(config, &error))
        faults_add(faults, &error);
    if (!check_log(config, &error))
        faults_add(faults, &error);
    if (!check_listen(config, &error))
        faults_add(faults, &error);
    if (!check_tls(config, &error))
        faults_add(faults, &error);
    if (!fetch_token(config, &error))
        faults_add(faults, &error);
    if (!place_credentials(config, &error))
        faults_add(faults, &error);
    return faults->count == before;
}

unsigned config_workers(const struct config *config)
{
    cpu_set_t set;
    if (config->workers > 0)
        return (unsigned)config->workers;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (unsigned)CPU_COUNT(&set);
    return 1;
}

void config_site_name(const struct config *config, char name[CONFIG_NAME_SIZE])
{
    const char *end = config->site + strlen(config->site);
    while (end > config->site + 1 && end[-1] == '/')
        end--;
    const char *slash = memrchr(config->site, '/', (size_t)(end - config->site));
    const char *start = slash != NULL && slash + 1 < end ? slash + 1 : config->site;
    snprintf(name, CONFIG_NAME_SIZE, "%.*s", (int)(end - start), start);
}
