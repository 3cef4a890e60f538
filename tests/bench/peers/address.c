/* Connects to an address written as `unix:PATH` or `tcp:HOST:PORT`. */
#include "address.h"

#include <err.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int address_connect_unix(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(name.sun_path))
        errx(1, "%s: longer than a socket's path may be", path);
    strcpy(name.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&name, sizeof(name)) != 0)
        err(1, "%s", path);
    return fd;
}

static int address_connect_tcp(const char *host_port)
{
    char host[256];
    const char *colon = strrchr(host_port, ':');
    if (!colon || (size_t)(colon - host_port) >= sizeof(host))
        errx(1, "%s: expected HOST:PORT", host_port);
    snprintf(host, sizeof(host), "%.*s", (int)(colon - host_port), host_port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int failure = getaddrinfo(host, colon + 1, &hints, &found);
    if (failure != 0)
        errx(1, "%s: %s", host_port, gai_strerror(failure));
    int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
    int on = 1;
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
        err(1, "%s", host_port);
    freeaddrinfo(found);
    return fd;
}

int address_connect(const char *address)
{
    if (strncmp(address, "unix:", 5) == 0)
        return address_connect_unix(address + 5);
    if (strncmp(address, "tcp:", 4) == 0)
        return address_connect_tcp(address + 4);
    errx(1, "%s: expected unix:PATH or tcp:HOST:PORT", address);
}
