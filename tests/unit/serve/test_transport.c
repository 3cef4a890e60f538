/* serve/transport: a plain socket's bytes, its end, and a peer that is gone. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/transport.h"

struct pair {
    struct transport ours;
    int theirs; /* -1: closed */
};

static struct pair pair_of(void)
{
    int fds[2];
    struct pair pair;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    transport_create(&pair.ours, fds[0]);
    pair.theirs = fds[1];
    return pair;
}

static void test_transport_carries_bytes_unchanged(void **state)
{
    struct pair pair = pair_of();
    char bytes[16];
    (void)state;
    assert_int_equal(transport_send(&pair.ours, "abc", 3), 3);
    assert_int_equal(recv(pair.theirs, bytes, sizeof bytes, 0), 3);
    assert_memory_equal(bytes, "abc", 3);
    assert_int_equal(send(pair.theirs, "xyz", 3, 0), 3);
    assert_int_equal(transport_receive(&pair.ours, bytes, 2), 2);
    assert_int_equal(transport_receive(&pair.ours, bytes + 2, 2), 1);
    assert_memory_equal(bytes, "xyz", 3);
    assert_false(transport_holds_input(&pair.ours));
    transport_destroy(&pair.ours);
    close(pair.theirs);
}

static void test_transport_waits(void **state)
{
    struct pair pair = pair_of();
    char bytes[4096] = {0};
    ssize_t taken;
    (void)state;
    assert_int_equal(transport_receive(&pair.ours, bytes, sizeof bytes), TRANSPORT_LATER);
    assert_false(transport_receive_needs_room(&pair.ours));
    while ((taken = transport_send(&pair.ours, bytes, sizeof bytes)) > 0)
        continue;
    assert_int_equal(taken, TRANSPORT_LATER);
    assert_false(transport_send_needs_input(&pair.ours));
    transport_destroy(&pair.ours);
    close(pair.theirs);
}

static void test_transport_ends_one_side(void **state)
{
    struct pair pair = pair_of();
    char bytes[4];
    (void)state;
    transport_end(&pair.ours);
    assert_int_equal(recv(pair.theirs, bytes, sizeof bytes, 0), 0);
    assert_int_equal(send(pair.theirs, "a", 1, 0), 1);
    assert_int_equal(transport_receive(&pair.ours, bytes, sizeof bytes), 1);
    transport_destroy(&pair.ours);
    close(pair.theirs);
}

/* With the signal as it is by default, which would end the process. */
static void test_transport_survives_who_is_gone(void **state)
{
    struct pair pair = pair_of();
    char bytes[4];
    (void)state;
    close(pair.theirs);
    assert_int_equal(transport_send(&pair.ours, "a", 1), TRANSPORT_BROKEN);
    assert_int_equal(transport_receive(&pair.ours, bytes, sizeof bytes), 0);
    transport_destroy(&pair.ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transport_carries_bytes_unchanged),
        cmocka_unit_test(test_transport_waits),
        cmocka_unit_test(test_transport_ends_one_side),
        cmocka_unit_test(test_transport_survives_who_is_gone),
    };
    return cmocka_run_group_tests_name("serve/transport", tests, NULL, NULL);
}
