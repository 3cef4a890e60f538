/* client/address: what is an address, and its parts. */
#include "../cmocka_all.h"

#include "client/address.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void test_address_takes_unix_paths(void **state)
{
    (void)state;
    struct client_address address;
    char problem[64] = "";
    assert_true(client_address_create(&address, "unix:/run/x:1"));
    assert_string_equal(address.path, "/run/x:1");
    assert_string_equal(address.text, "unix:/run/x:1");
    struct addrinfo *list = client_address_resolve(&address, problem, sizeof problem);
    assert_non_null(list);
    assert_null(list->ai_next);
    assert_string_equal(((struct sockaddr_un *)(void *)list->ai_addr)->sun_path, "/run/x:1");
    client_address_free_list(list);
    client_address_destroy(&address);
}

static void test_address_takes_hosts_and_ports(void **state)
{
    (void)state;
    struct client_address address;
    char problem[64] = "";
    assert_true(client_address_create(&address, "tcp:[::1]:7711"));
    assert_string_equal(address.host, "::1");
    assert_string_equal(address.port, "7711");
    client_address_destroy(&address);
    assert_true(client_address_create(&address, "tls:host:https"));
    client_address_destroy(&address);
    assert_true(client_address_create(&address, "tcp:host:65535"));
    client_address_destroy(&address);
    assert_true(client_address_create(&address, "tcp:127.0.0.1:80"));
    assert_string_equal(address.host, "127.0.0.1");
    struct addrinfo *list = client_address_resolve(&address, problem, sizeof problem);
    assert_non_null(list);
    assert_int_equal(list->ai_family, AF_INET);
    client_address_free_list(list);
    client_address_destroy(&address);
}

static void test_address_refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "unix:",
                                       "tcp:",
                                       "tcp:host",
                                       "tcp:host:",
                                       "tcp::80",
                                       "tcp:[]:80",
                                       "tcp:host:0",
                                       "/run/x",
                                       "http://x",
                                       "tcp:host:65536",
                                       "tls:host:70000",
                                       "tcp:host:18446744073709551696"};
    struct client_address address;
    char longest[200] = "unix:";
    memset(longest + 5, 'x', 150);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(client_address_create(&address, none[i]));
    assert_false(client_address_create(&address, longest)); /* does not fit into a socket address */
    assert_false(client_address_create(&address, NULL));
}

static void test_address_says_why_it_cannot_be_resolved(void **state)
{
    (void)state;
    struct client_address address;
    char problem[128] = "";
    assert_true(client_address_create(&address, "tcp:127.0.0.1:no-such-service-name"));
    assert_null(client_address_resolve(&address, problem, sizeof problem));
    assert_non_null(strstr(problem, "no-such-service-name"));
    client_address_destroy(&address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_takes_unix_paths),
        cmocka_unit_test(test_address_takes_hosts_and_ports),
        cmocka_unit_test(test_address_refuses_what_is_none),
        cmocka_unit_test(test_address_says_why_it_cannot_be_resolved),
    };
    return cmocka_run_group_tests_name("client/address", tests, NULL, NULL);
}
