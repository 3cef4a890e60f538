/* Where a client comes from, as one number. */
#ifndef SENDA_SERVE_PEER_ADDRESS_H
#define SENDA_SERVE_PEER_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>

/*
 * The same for all of an IPv4 address, and for all of an IPv6 network of 64 bits, which is what one customer
 * of a provider has; differs with the seed, so that nobody can choose it. Never 0.
 */
uint64_t peer_address_key(const struct sockaddr *address, uint64_t seed);

#endif
