/* Socket addresses in words. */
#include "supervise/sockets_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

enum { LOOPBACK_NETWORK = 127 }; /* 127.0.0.0/8 */

static char *name_ipv4(const struct sockaddr_in *address, const char *kind)
{
    char host[INET_ADDRSTRLEN], *name = NULL;
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    return asprintf(&name, "%s:%s:%u", kind, host, ntohs(address->sin_port)) < 0 ? NULL : name;
}

static char *name_ipv6(const struct sockaddr_in6 *address, const char *kind)
{
    char host[INET6_ADDRSTRLEN], *name = NULL;
    inet_ntop(AF_INET6, &address->sin6_addr, host, sizeof host);
    return asprintf(&name, "%s:[%s]:%u", kind, host, ntohs(address->sin6_port)) < 0 ? NULL : name;
}

/* An abstract name begins with NUL, which people write as '@'. */
static char *name_unix(const struct sockaddr_un *address, socklen_t size)
{
    size_t length = size - offsetof(struct sockaddr_un, sun_path);
    char *name = NULL;
    if (length > 0 && address->sun_path[0] == '\0')
        return asprintf(&name, "unix:@%.*s", (int)length - 1, address->sun_path + 1) < 0 ? NULL : name;
    return asprintf(&name, "unix:%.*s", (int)strnlen(address->sun_path, length), address->sun_path) < 0
               ? NULL
               : name;
}

char *socket_name(int fd, bool tls)
{
    const char *kind = tls ? "tls" : "tcp";
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        if (address.ss_family == AF_INET)
            return name_ipv4((struct sockaddr_in *)&address, kind);
        if (address.ss_family == AF_INET6)
            return name_ipv6((struct sockaddr_in6 *)&address, kind);
        if (address.ss_family == AF_UNIX)
            return name_unix((struct sockaddr_un *)&address, size);
    }
    return strdup("unknown");
}

static bool is_local_ipv6(const struct in6_addr *address)
{
    if (IN6_IS_ADDR_V4MAPPED(address))
        return address->s6_addr[12] == LOOPBACK_NETWORK;
    return IN6_IS_ADDR_LOOPBACK(address);
}

bool socket_address_is_local(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == LOOPBACK_NETWORK;
    if (address->sa_family == AF_INET6)
        return is_local_ipv6(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return address->sa_family == AF_UNIX;
}
