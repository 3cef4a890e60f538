/* serve/peer_address: which addresses count as one. */
#include "../cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "serve/peer_address.h"

static uint64_t key_of(const char *text)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(1234)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(4321)};
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
        return peer_address_key((struct sockaddr *)&ipv4, 1);
    assert_int_equal(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
    return peer_address_key((struct sockaddr *)&ipv6, 1);
}

static void test_peer_address_tells_ipv4_addresses_apart(void **state)
{
    (void)state;
    assert_true(key_of("192.0.2.1") != key_of("192.0.2.2"));
    assert_true(key_of("192.0.2.1") == key_of("192.0.2.1"));
    assert_true(key_of("::ffff:192.0.2.1") == key_of("192.0.2.1"));
}

static void test_peer_address_takes_an_ipv6_network_as_one(void **state)
{
    (void)state;
    assert_true(key_of("2001:db8:1:2::1") == key_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_true(key_of("2001:db8:1:2::1") != key_of("2001:db8:1:3::1"));
}

static void test_peer_address_differs_with_the_seed(void **state)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    (void)state;
    assert_true(peer_address_key((struct sockaddr *)&ipv4, 1) !=
                peer_address_key((struct sockaddr *)&ipv4, 2));
    assert_true(peer_address_key((struct sockaddr *)&local, 1) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peer_address_tells_ipv4_addresses_apart),
        cmocka_unit_test(test_peer_address_takes_an_ipv6_network_as_one),
        cmocka_unit_test(test_peer_address_differs_with_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
