/* Addresses as people write them: unix:PATH, tcp:HOST:PORT and tls:HOST:PORT, IPv6 hosts in brackets. */
#ifndef SENDA_CONFIG_ADDRESS_H
#define SENDA_CONFIG_ADDRESS_H

#include <netdb.h>
#include <sys/un.h>

#include "base/error.h"

enum address_kind { ADDRESS_UNIX, ADDRESS_TCP, ADDRESS_TLS /* TLS over TCP */ };

struct address {
    enum address_kind kind;                                  /* which of the members below count */
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path]; /* of a Unix socket */
    char host[NI_MAXHOST];                                   /* name or number, without brackets */
    char port[NI_MAXSERV];                                   /* decimal digits, 0 to 65535 */
};

/* Checks the form alone; names are looked up later. */
bool address_parse(const char *text, struct address *address, struct error *error) MUST_CHECK;

#endif
