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

enum { STATE_SIZE = 1024 /* bytes of a notification; a longer status is cut */ };

/* How long it may take when systemd is busy: what must not be lost is worth a moment of standing still. */
enum patience { AT_ONCE, A_MOMENT };

static const struct timeval moment = {1, 0};

/* Nobody can be told that telling failed. */
static void notify(const char *state, enum patience patience)
{
    struct sockaddr_un address;
    socklen_t length;
    if (!find_socket(&address, &length))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment);
    int flags = MSG_NOSIGNAL | (patience == AT_ONCE ? MSG_DONTWAIT : 0);
    ssize_t sent = sendto(fd, state, strlen(state), flags, (struct sockaddr *)&address, length);
    (void)sent;
    close(fd);
}

void notify_ready(const char *status)
{
    char state[STATE_SIZE];
    snprintf(state, sizeof state, "READY=1\nSTATUS=%s", status);
    notify(state, A_MOMENT);
}

void notify_reloading(const char *status)
{
    char state[STATE_SIZE];
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\nSTATUS=%s",
             clock_monotonic_ns() / 1000, status);
    notify(state, A_MOMENT);
}

void notify_status(const char *status)
{
    char state[STATE_SIZE];
    snprintf(state, sizeof state, "STATUS=%s", status);
    notify(state, AT_ONCE);
}

void notify_stopping(const char *status, uint64_t more_us)
{
    char state[STATE_SIZE];
    snprintf(state, sizeof state, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRIu64 "\nSTATUS=%s", more_us, status);
    notify(state, A_MOMENT);
}

void notify_extend(const char *status, uint64_t more_us)
{
    char state[STATE_SIZE];
    snprintf(state, sizeof state, "EXTEND_TIMEOUT_USEC=%" PRIu64 "\nSTATUS=%s", more_us, status);
    notify(state, AT_ONCE);
}

void notify_watchdog(void)
{
    notify("WATCHDOG=1", AT_ONCE);
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

void notify_forget(void)
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}
