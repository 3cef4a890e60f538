/* sockets_name: what is local, and how sockets are called. */
#include "../cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervise/sockets_name.h"

static bool local_ipv4(const char *host)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, host, &address.sin_addr), 1);
    return socket_address_is_local((struct sockaddr *)&address);
}

static bool local_ipv6(const char *host)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    assert_int_equal(inet_pton(AF_INET6, host, &address.sin6_addr), 1);
    return socket_address_is_local((struct sockaddr *)&address);
}

static void test_socket_address_is_local_on_loopback_only(void **state)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    (void)state;
    assert_true(local_ipv4("127.0.0.1"));
    assert_true(local_ipv4("127.8.9.10"));
    assert_false(local_ipv4("0.0.0.0"));
    assert_false(local_ipv4("192.168.1.1"));
    assert_true(local_ipv6("::1"));
    assert_false(local_ipv6("::"));
    assert_true(local_ipv6("::ffff:127.0.0.1"));
    assert_false(local_ipv6("::ffff:10.0.0.1"));
    assert_true(socket_address_is_local((struct sockaddr *)&path));
}

static void assert_bound_name(int family, const void *address, socklen_t size, const char *name)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, address, size), 0);
    char *found = socket_name(fd, false);
    assert_memory_equal(found, name, strlen(name));
    free(found);
    close(fd);
}

static void test_socket_name_says_it_as_people_write_it(void **state)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0senda-name"};
    (void)state;
    assert_bound_name(AF_INET, &ipv4, sizeof ipv4, "tcp:127.0.0.1:");
    assert_bound_name(AF_UNIX, &abstract, offsetof(struct sockaddr_un, sun_path) + 11, "unix:@senda-name");
}

static void test_socket_name_of_what_is_no_socket(void **state)
{
    char *name = socket_name(-1, false);
    (void)state;
    assert_string_equal(name, "unknown");
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_socket_address_is_local_on_loopback_only),
        cmocka_unit_test(test_socket_name_says_it_as_people_write_it),
        cmocka_unit_test(test_socket_name_of_what_is_no_socket),
    };
    return cmocka_run_group_tests_name("supervise/sockets_name", tests, NULL, NULL);
}
