/* Looking up and looking at what sockets would be bound to. */
#include "supervise/places.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/secrets.h"
#include "supervise/sockets_name.h"

bool places_guard(const struct config *config, const struct sockaddr *address, const char *name,
                  struct error *error)
{
    if (secrets_need_token(config) || socket_address_is_local(address))
        return true;
    return error_set(error, ERROR_INVALID,
                     "listen: %s can be reached from other machines; expected a token (option token_file, or "
                     "the credential \"token\") or an address of this machine such as 127.0.0.1",
                     name);
}

/* The resolver takes the host * for none, which is this machine alone unless it is told to be passive. */
static struct addrinfo *look_up(const struct address *address, const char *name, struct error *error)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *list = NULL;
    int failed = getaddrinfo(address->host, address->port, &hints, &list);
    if (failed == 0)
        return list;
    error_set(error, ERROR_INVALID, "listen: %s: %s", name, gai_strerror(failed));
    return NULL;
}

struct addrinfo *places_find(const struct config *config, const struct address *address, const char *name,
                             struct error *error)
{
    struct addrinfo *list = look_up(address, name, error);
    for (const struct addrinfo *found = list; found != NULL; found = found->ai_next)
        if (!places_guard(config, found->ai_addr, name, error)) {
            freeaddrinfo(list);
            return NULL;
        }
    return list;
}

bool places_look(const char *path, bool *taken, struct error *error)
{
    struct stat status;
    *taken = lstat(path, &status) == 0;
    if (!*taken)
        return errno == ENOENT || error_set_errno(error, "can't look at %s", path);
    return S_ISSOCK(status.st_mode) ||
           error_set(error, ERROR_INVALID, "%s: there is a file of that name that isn't a socket", path);
}

/* The folder of a path, which may be the one that we are in. */
static void cut_name(const char *path, char folder[sizeof((struct address *)NULL)->path])
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : slash != NULL ? (size_t)(slash - path) : 0;
    memcpy(folder, length > 0 ? path : ".", length > 0 ? length : 1);
    folder[length > 0 ? length : 1] = '\0';
}

static bool check_unix(const struct address *address, struct error *error)
{
    char folder[sizeof address->path];
    bool taken;
    if (!places_look(address->path, &taken, error))
        return false;
    cut_name(address->path, folder);
    return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 ||
           error_set_errno(error, "can't listen on unix:%s", address->path);
}

static bool check_tcp(const struct config *config, const struct address *address, const char *name,
                      struct error *error)
{
    struct addrinfo *list = places_find(config, address, name, error);
    if (list == NULL)
        return false;
    freeaddrinfo(list);
    return true;
}

static void check_one(const struct config *config, const char *name, struct faults *faults)
{
    struct address address;
    struct error error;
    bool good = address_parse(name, &address, &error);
    if (good)
        good = address.kind == ADDRESS_UNIX ? check_unix(&address, &error)
                                            : check_tcp(config, &address, name, &error);
    if (!good)
        faults_add(faults, &error);
}

void places_check(const struct config *config, struct faults *faults)
{
    for (size_t i = 0; i < config->listen.count; i++)
        check_one(config, config->listen.items[i], faults);
    if (*config->control != '\0')
        check_one(config, config->control, faults);
}
