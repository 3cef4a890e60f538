/* One datagram a notification, to the socket that $NOTIFY_SOCKET names. */
#include "supervise/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "config/value.h"

/* A name that begins with '@' is abstract: its first byte is NUL. False where there is none. */
static bool find_socket(struct sockaddr_un *address, socklen_t *length)
{
    const char *name = getenv("NOTIFY_SOCKET");
    if (name == NULL || (name[0] != '/' && name[0] != '@') || strlen(name) >= sizeof address->sun_path)
        return false;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, name, strlen(name));
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    if (name[0] == '@')
        address->sun_path[0] = '\0';
    return true;
}

/* Nobody can be told that telling failed. */
static void notify(const char *state)
{
    struct sockaddr_un address;
    socklen_t length;
    if (!find_socket(&address, &length))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, length);
    (void)sent;
    close(fd);
}

void notify_ready(const char *status)
{
    char state[256];
    snprintf(state, sizeof state, "READY=1\nSTATUS=%s\n", status);
    notify(state);
}

void notify_reloading(void)
{
    char state[128];
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\nSTATUS=Loading the site again\n",
             clock_monotonic_ns() / 1000);
    notify(state);
}

void notify_stopping(void)
{
    notify("STOPPING=1\nSTATUS=Finishing open requests\n");
}

void notify_watchdog(void)
{
    notify("WATCHDOG=1\n");
}

uint64_t notify_watchdog_interval_us(void)
{
    const char *limit = getenv("WATCHDOG_USEC"), *process = getenv("WATCHDOG_PID");
    uint64_t microseconds, pid;
    if (limit == NULL || !value_parse_number(limit, &microseconds))
        return 0;
    if (process != NULL && (!value_parse_number(process, &pid) || pid != (uint64_t)getpid()))
        return 0;
    return microseconds / 2;
}
