/* address: what is taken, and what is said about the rest. */
#include "../cmocka_all.h"

#include <string.h>

#include "config/address.h"

static void assert_tcp(const char *text, const char *host, const char *port)
{
    struct address address;
    struct error error;
    assert_true(address_parse(text, &address, &error));
    assert_int_equal(address.kind, ADDRESS_TCP);
    assert_string_equal(address.host, host);
    assert_string_equal(address.port, port);
}

static void assert_refused(const char *text, const char *part)
{
    struct address address;
    struct error error;
    assert_false(address_parse(text, &address, &error));
    if (strstr(error.message, part) == NULL)
        fail_msg("'%s' doesn't say '%s'", error.message, part);
}

static void test_address_parse_takes_tcp(void **state)
{
    (void)state;
    assert_tcp("tcp:127.0.0.1:7420", "127.0.0.1", "7420");
    assert_tcp("tcp:localhost:0", "localhost", "0");
    assert_tcp("tcp:[::1]:65535", "::1", "65535");
}

static void test_address_parse_takes_unix(void **state)
{
    struct address address;
    struct error error;
    (void)state;
    assert_true(address_parse("unix:/run/senda.sock", &address, &error));
    assert_int_equal(address.kind, ADDRESS_UNIX);
    assert_string_equal(address.path, "/run/senda.sock");
}

static void test_address_parse_says_what_is_wrong(void **state)
{
    char path[200] = "unix:/";
    (void)state;
    memset(path + 6, 'a', sizeof path - 7);
    path[sizeof path - 1] = '\0';
    assert_refused(path, "longer than a Unix socket's");
    assert_refused("unix:", "no path");
    assert_refused("127.0.0.1:7420", "no kind in front; expected unix:PATH, tcp:HOST:PORT or tls:HOST:PORT");
    assert_refused("tcp:7420", "no port");
    assert_refused("tcp:localhost:", "no port");
    assert_refused("tcp:localhost:65536", "no port from 0 to 65535");
    assert_refused("tcp:localhost:+1", "no port");
    assert_refused("tcp::7420", "no host");
    assert_refused("tcp:[[::1]]:7420", "brackets go around an IPv6 address, once");
    assert_refused("tcp:[]:7420", "no host");
    assert_refused("tcp:::1:7420", "in brackets");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_parse_takes_tcp),
        cmocka_unit_test(test_address_parse_takes_unix),
        cmocka_unit_test(test_address_parse_says_what_is_wrong),
    };
    return cmocka_run_group_tests_name("config/address", tests, NULL, NULL);
}
