/* "unix:/path", "tcp:host:port" and "tls:host:port": taken apart, and turned into what connect() takes. */
#ifndef SENDA_CLIENT_ADDRESS_H
#define SENDA_CLIENT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct addrinfo;

struct client_address {
    char *text; /* owned; the address as it was given */
    char *host; /* owned; NULL for a Unix socket */
    char *port; /* owned; the port's number or service name; NULL for a Unix socket */
    char *path; /* owned; the socket's path; NULL for TCP */
    bool tls;   /* TLS goes over TCP there */
};

/* False, and nothing to destroy, where `text` is no address or memory is out. */
bool client_address_create(struct client_address *address, const char *text);
void client_address_destroy(struct client_address *address);

/*
 * A list to try in order, to be given back with client_address_free_list; NULL where there is none, and then
 * `problem` (`size` bytes) says why. May ask the resolver, and so block.
 */
struct addrinfo *client_address_resolve(const struct client_address *address, char *problem, size_t size);
void client_address_free_list(struct addrinfo *list);

#endif
