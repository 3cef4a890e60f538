/* Opening, inheriting and checking listeners. */
#include "supervise/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "config/address.h"
#include "config/value.h"
#include "supervise/places.h"
#include "supervise/sockets_name.h"

enum { FIRST_INHERITED = 3, MOST_INHERITED = 64, PAUSE_MS = 10, PAUSES = 100 };

/* What systemd calls a socket says what it is for. */
enum inherited_kind { INHERITED_PLAIN, INHERITED_TLS, INHERITED_CONTROL };

static bool add(struct sockets *sockets, struct listener listener, struct error *error)
{
    struct listener *list = realloc(sockets->list, (sockets->count + 1) * sizeof *list);
    if (list != NULL) {
        sockets->list = list;
        listener.name = socket_name(listener.fd, listener.tls);
    }
    if (list == NULL || listener.name == NULL) {
        close(listener.fd);
        free(listener.path);
        return error_set(error, ERROR_INTERNAL, "out of memory for the listening sockets");
    }
    sockets->list[sockets->count++] = listener;
    return true;
}

static bool is_listening_stream(int fd)
{
    int listening = 0, type = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) < 0 || !listening)
        return false;
    size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static bool inherit_one(struct sockets *sockets, const struct config *config, int fd,
                        enum inherited_kind kind, struct error *error)
{
    bool control = kind == INHERITED_CONTROL;
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (!is_listening_stream(fd) || getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return error_set(error, ERROR_INVALID, "descriptor %d from systemd isn't a listening stream socket",
                         fd);
    if (control && address.ss_family != AF_UNIX)
        return error_set(error, ERROR_INVALID, "descriptor %d from systemd: control has to be a Unix socket",
                         fd);
    if (!places_guard(config, (struct sockaddr *)&address, "a socket from systemd", error))
        return false;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        return error_set_errno(error, "can't take over descriptor %d from systemd", fd);
    return add(
        sockets,
        (struct listener){.fd = fd, .control = control, .tls = kind == INHERITED_TLS, .inherited = true},
        error);
}

/* How many descriptors were passed to this very process. */
static int inherited_count(void)
{
    const char *process = getenv("LISTEN_PID"), *passed = getenv("LISTEN_FDS");
    uint64_t pid, count;
    if (process == NULL || passed == NULL || !value_parse_number(process, &pid) || pid != (uint64_t)getpid())
        return 0;
    return value_parse_number(passed, &count) && count <= MOST_INHERITED ? (int)count : 0;
}

/* What the name in front of the list says of its socket; moves the list on. */
static enum inherited_kind next_kind(const char **names)
{
    struct text name = {*names, strcspn(*names, ":")};
    *names += name.length + ((*names)[name.length] == ':');
    if (text_equal(name, TEXT("control")))
        return INHERITED_CONTROL;
    return text_equal(name, TEXT("tls")) ? INHERITED_TLS : INHERITED_PLAIN;
}

/* Serving sockets first: the control socket closes the list. */
static bool inherit(struct sockets *sockets, const struct config *config, bool control, struct error *error)
{
    const char *passed_names = getenv("LISTEN_FDNAMES"), *names = passed_names != NULL ? passed_names : "";
    int count = inherited_count();
    for (int fd = FIRST_INHERITED; fd < FIRST_INHERITED + count; fd++) {
        enum inherited_kind kind = next_kind(&names);
        if ((kind == INHERITED_CONTROL) == control && !inherit_one(sockets, config, fd, kind, error))
            return false;
    }
    return true;
}

static int new_socket(int family, struct error *error)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        error_set_errno(error, "can't make a socket");
    return fd;
}

/* IPv4 and IPv6 are bound apart, so that tcp:[::]:P and tcp:0.0.0.0:P may stand side by side. */
static bool bind_tcp(int fd, const struct addrinfo *found, const struct config *config, const char *name,
                     struct error *error)
{
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        (found->ai_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0) ||
        bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, (int)config->backlog) < 0)
        return error_set_errno(error, "can't listen on %s", name);
    return true;
}

static bool open_found(struct sockets *sockets, const struct config *config, const struct addrinfo *found,
                       bool tls, const char *name, struct error *error)
{
    int fd = new_socket(found->ai_family, error);
    if (fd < 0)
        return false;
    if (!bind_tcp(fd, found, config, name, error)) {
        int reason = errno;
        close(fd);
        errno = reason;
        return false;
    }
    return add(sockets, (struct listener){.fd = fd, .tls = tls}, error);
}

/* A name may stand for several addresses; the machine needs to have one of them. */
static bool open_all_found(struct sockets *sockets, const struct config *config, const struct addrinfo *list,
                           bool tls, const char *name, struct error *error)
{
    size_t before = sockets->count;
    for (const struct addrinfo *found = list; found != NULL; found = found->ai_next)
        if (!open_found(sockets, config, found, tls, name, error) && errno != EADDRNOTAVAIL &&
            errno != EAFNOSUPPORT)
            return false;
    return sockets->count > before;
}

static bool open_tcp(struct sockets *sockets, const struct config *config, const struct address *address,
                     const char *name, struct error *error)
{
    struct addrinfo *list = places_find(config, address, name, error);
    if (list == NULL)
        return false;
    bool opened = open_all_found(sockets, config, list, address->kind == ADDRESS_TLS, name, error);
    freeaddrinfo(list);
    return opened;
}

static bool somebody_listens(int fd, const struct sockaddr_un *address)
{
    return connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno != ECONNREFUSED;
}

/* Workers of a daemon that was killed listen on for a moment. */
static bool stays_listened_to(const struct sockaddr_un *address, struct error *error)
{
    static const struct timespec pause = {0, PAUSE_MS * 1000000L};
    bool listens = true;
    for (int i = 0; i <= PAUSES && listens; i++) {
        int fd = new_socket(AF_UNIX, error);
        if (fd < 0)
            return true;
        listens = somebody_listens(fd, address);
        close(fd);
        if (listens)
            nanosleep(&pause, NULL);
    }
    if (listens)
        error_set(error, ERROR_UNAVAILABLE, "another process listens there");
    return listens;
}

/* The file of a daemon that is gone is removed; one that somebody answers on is not. */
static bool clear_path(const struct sockaddr_un *address, const char *name, struct error *error)
{
    bool taken;
    if (!places_look(address->sun_path, &taken, error))
        return false;
    if (!taken)
        return true;
    if (stays_listened_to(address, error))
        return error_prefix(error, "%s: ", name);
    return unlink(address->sun_path) == 0 || errno == ENOENT ||
           error_set_errno(error, "can't remove the old socket %s", name);
}

/* The mode holds from the first moment on, since the file is made with it. */
static bool bind_unix(int fd, const struct sockaddr_un *address, mode_t mode)
{
    mode_t before = umask(0777 & ~mode);
    bool bound = bind(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    umask(before);
    return bound;
}

static bool listen_unix(int fd, const struct sockaddr_un *address, const struct config *config, mode_t mode,
                        struct listener *listener)
{
    struct stat status;
    if (!bind_unix(fd, address, mode) || listen(fd, (int)config->backlog) < 0 ||
        stat(address->sun_path, &status) < 0)
        return false;
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
    listener->path = strdup(address->sun_path);
    return listener->path != NULL;
}

static bool open_unix(struct sockets *sockets, const struct config *config, const struct address *address,
                      bool control, struct error *error)
{
    struct sockaddr_un unix_address = {.sun_family = AF_UNIX};
    mode_t mode = (mode_t)(control ? config->control_mode : config->socket_mode);
    memcpy(unix_address.sun_path, address->path, sizeof address->path);
    if (!clear_path(&unix_address, address->path, error))
        return false;
    struct listener listener = {.fd = new_socket(AF_UNIX, error), .control = control};
    if (listener.fd < 0)
        return false;
    if (!listen_unix(listener.fd, &unix_address, config, mode, &listener)) {
        error_set_errno(error, "can't listen on unix:%s", address->path);
        close(listener.fd);
        return false;
    }
    return add(sockets, listener, error);
}

static bool open_one(struct sockets *sockets, const struct config *config, const char *name, bool control,
                     struct error *error)
{
    struct address address;
    if (!address_parse(name, &address, error))
        return false;
    switch (address.kind) {
    case ADDRESS_UNIX:
        return open_unix(sockets, config, &address, control, error);
    case ADDRESS_TCP:
    case ADDRESS_TLS:
        return open_tcp(sockets, config, &address, name, error);
    }
    return false;
}

static bool open_listen(struct sockets *sockets, const struct config *config, struct error *error)
{
    if (!inherit(sockets, config, false, error))
        return false;
    if (sockets->count > 0)
        return true;
    for (size_t i = 0; i < config->listen.count; i++)
        if (!open_one(sockets, config, config->listen.items[i], false, error))
            return false;
    return true;
}

static bool open_control(struct sockets *sockets, const struct config *config, struct error *error)
{
    size_t before = sockets->count;
    if (!inherit(sockets, config, true, error))
        return false;
    if (sockets->count > before || *config->control == '\0')
        return true;
    return open_one(sockets, config, config->control, true, error);
}

bool sockets_open(struct sockets *sockets, const struct config *config, struct error *error)
{
    *sockets = (struct sockets){NULL, 0};
    bool opened = open_listen(sockets, config, error) && open_control(sockets, config, error);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (!opened)
        sockets_close(sockets);
    return opened;
}

bool sockets_are_all_inherited(const struct sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (!sockets->list[i].inherited)
            return false;
    return sockets->count > 0;
}

static void remove_file(const struct listener *listener)
{
    struct stat status;
    if (listener->path != NULL && lstat(listener->path, &status) == 0 && status.st_dev == listener->device &&
        status.st_ino == listener->inode)
        unlink(listener->path);
}

void sockets_close(struct sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++) {
        remove_file(&sockets->list[i]);
        close(sockets->list[i].fd);
        free(sockets->list[i].name);
        free(sockets->list[i].path);
    }
    free(sockets->list);
    *sockets = (struct sockets){NULL, 0};
}
