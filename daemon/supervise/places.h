/* Where sockets are to be: names looked up, and places refused where none may be opened. Nothing is opened
 * here. */
#ifndef SENDA_SUPERVISE_PLACES_H
#define SENDA_SUPERVISE_PLACES_H

#include <netdb.h>
#include <sys/socket.h>

#include "config/address.h"
#include "config/config.h"

/* Whether a socket may have that address: what other machines can reach needs a token. */
bool places_guard(const struct config *config, const struct sockaddr *address, const char *name,
                  struct error *error) MUST_CHECK;

/*
 * All addresses that tcp:HOST:PORT or tls:HOST:PORT stands for, each of which may have a socket; the host *
 * is every address of this machine. The caller frees it with freeaddrinfo; NULL on failure.
 */
struct addrinfo *places_find(const struct config *config, const struct address *address, const char *name,
                             struct error *error) MUST_CHECK;

/* Whether there is a socket's file at that path already; anything else there is refused. */
bool places_look(const char *path, bool *taken, struct error *error) MUST_CHECK;

/*
 * Adds to the faults whatever of the configuration's addresses may or can have no socket, as far as that
 * shows without opening one. Somebody may listen there: a daemon that is running.
 */
void places_check(const struct config *config, struct faults *faults);

#endif
