/* Hashing what is the same for all addresses of one client. */
#include "serve/peer_address.h"

#include <netinet/in.h>
#include <xxhash.h>

enum { NETWORK_BYTES = 8, MAPPED_AT = 12, IPV4_BYTES = 4 };

static uint64_t hash(const void *bytes, size_t length, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, length, seed) | 1;
}

uint64_t peer_address_key(const struct sockaddr *address, uint64_t seed)
{
    const struct in6_addr *ipv6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
    if (address->sa_family == AF_INET)
        return hash(&((const struct sockaddr_in *)address)->sin_addr, IPV4_BYTES, seed);
    if (address->sa_family != AF_INET6)
        return hash(NULL, 0, seed);
    if (IN6_IS_ADDR_V4MAPPED(ipv6))
        return hash(&ipv6->s6_addr[MAPPED_AT], IPV4_BYTES, seed);
    return hash(ipv6, NETWORK_BYTES, seed);
}
