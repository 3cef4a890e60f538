/* serve/credentials: who may use the control socket, by the mode of its file. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/credentials.h"

enum { ROOT = 0, DAEMON = 500, STRANGER = 1000, GROUP = 600, OTHER_GROUP = 700 };

static bool allowed(uid_t uid, gid_t group, mode_t mode)
{
    struct credentials peer = {.uid = uid, .gid = OTHER_GROUP, .groups = {1, group}, .group_count = 2};
    struct stat file = {.st_uid = DAEMON, .st_gid = GROUP, .st_mode = S_IFSOCK | mode};
    return credentials_allow(&peer, DAEMON, &file);
}

static void test_credentials_allows_root_and_the_daemon(void **state)
{
    (void)state;
    assert_true(allowed(ROOT, OTHER_GROUP, 0));
    assert_true(allowed(DAEMON, OTHER_GROUP, 0));
    struct credentials peer = {.uid = DAEMON};
    assert_true(credentials_allow(&peer, DAEMON, NULL));
}

static void test_credentials_goes_by_the_mode_for_others(void **state)
{
    (void)state;
    assert_false(allowed(STRANGER, GROUP, 0600));
    assert_true(allowed(STRANGER, GROUP, 0660));
    assert_false(allowed(STRANGER, OTHER_GROUP, 0660));
    assert_true(allowed(STRANGER, OTHER_GROUP, 0666));
    assert_false(allowed(STRANGER, GROUP, 0606));
}

static void test_credentials_without_a_file(void **state)
{
    struct credentials peer = {.uid = STRANGER};
    (void)state;
    assert_false(credentials_allow(&peer, DAEMON, NULL));
}

static void test_credentials_are_read_from_a_socket(void **state)
{
    int fds[2];
    struct credentials peer;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    assert_true(credentials_read(fds[0], &peer));
    assert_int_equal(peer.uid, getuid());
    assert_int_equal(peer.gid, getgid());
    assert_int_equal(peer.pid, getpid());
    close(fds[0]);
    close(fds[1]);
    assert_false(credentials_read(fds[0], &peer));
}

/* The file of a real listener counts, and what its mode is now. */
static void test_credentials_looks_for_the_file(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char folder[] = "/tmp/senda-credentials-XXXXXX";
    struct credentials stranger = {.uid = geteuid() + 1, .gid = getegid() + 1};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(chmod(address.sun_path, 0666), 0);
    assert_true(credentials_may_enter(&stranger, fd));
    assert_int_equal(chmod(address.sun_path, 0600), 0);
    assert_false(credentials_may_enter(&stranger, fd));
    unlink(address.sun_path);
    assert_false(credentials_may_enter(&stranger, fd));
    rmdir(folder);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credentials_allows_root_and_the_daemon),
        cmocka_unit_test(test_credentials_goes_by_the_mode_for_others),
        cmocka_unit_test(test_credentials_without_a_file),
        cmocka_unit_test(test_credentials_are_read_from_a_socket),
        cmocka_unit_test(test_credentials_looks_for_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
