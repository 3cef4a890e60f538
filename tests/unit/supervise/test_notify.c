/* notify: datagrams to the socket that the environment names, and the watchdog's rhythm. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervise/notify.h"

static int listen_abstract(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    memcpy(address.sun_path + 1, name, strlen(name));
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    return fd;
}

static void assert_heard(int fd, const char *beginning)
{
    char bytes[512] = "";
    assert_true(recv(fd, bytes, sizeof bytes - 1, 0) > 0);
    assert_memory_equal(bytes, beginning, strlen(beginning));
}

static void test_notify_tells_every_step(void **state)
{
    char name[64], variable[80];
    (void)state;
    snprintf(name, sizeof name, "senda-notify-%d", (int)getpid());
    snprintf(variable, sizeof variable, "@%s", name);
    int fd = listen_abstract(name);
    setenv("NOTIFY_SOCKET", variable, 1);
    notify_ready("Serving");
    assert_heard(fd, "READY=1\nSTATUS=Serving");
    notify_reloading("Reading");
    assert_heard(fd, "RELOADING=1\nMONOTONIC_USEC=");
    notify_status("Better");
    assert_heard(fd, "STATUS=Better");
    notify_extend("Large", 250);
    assert_heard(fd, "EXTEND_TIMEOUT_USEC=250\nSTATUS=Large");
    notify_stopping("Over", 5000000);
    assert_heard(fd, "STOPPING=1\nEXTEND_TIMEOUT_USEC=5000000\nSTATUS=Over");
    notify_watchdog();
    assert_heard(fd, "WATCHDOG=1");
    notify_forget();
    notify_watchdog();
    char byte;
    assert_int_equal(recv(fd, &byte, 1, 0), -1);
    close(fd);
}

static void test_notify_watchdog_interval_is_half_of_the_limit(void **state)
{
    char pid[32];
    (void)state;
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(notify_watchdog_interval_us(), 0);
    setenv("WATCHDOG_USEC", "3000000", 1);
    assert_int_equal(notify_watchdog_interval_us(), 1500000);
    setenv("WATCHDOG_PID", "1", 1);
    assert_int_equal(notify_watchdog_interval_us(), 0);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("WATCHDOG_PID", pid, 1);
    assert_int_equal(notify_watchdog_interval_us(), 1500000);
    setenv("WATCHDOG_USEC", "soon", 1);
    assert_int_equal(notify_watchdog_interval_us(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notify_tells_every_step),
        cmocka_unit_test(test_notify_watchdog_interval_is_half_of_the_limit),
    };
    return cmocka_run_group_tests_name("supervise/notify", tests, NULL, NULL);
}
