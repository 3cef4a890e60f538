/* Saying which address a socket has, and whether other machines can reach it. */
#ifndef SENDA_SUPERVISE_SOCKETS_NAME_H
#define SENDA_SUPERVISE_SOCKETS_NAME_H

#include <stdbool.h>
#include <sys/socket.h>

/* As people write it: "tcp:[::1]:7420" (tls: where it speaks TLS), "unix:/run/senda.sock". The caller frees
 * it; NULL: out of memory. */
char *socket_name(int fd, bool tls);

/* Unix sockets and loopback addresses, IPv4 ones in IPv6 clothes too. */
bool socket_address_is_local(const struct sockaddr *address);

#endif
