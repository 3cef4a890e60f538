/* Sockets are told not to wait call by call, pipes and terminals once, by an open file that nobody else has.
 */
#include "base/log_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opened anew, lest whoever shares the old one finds that it does not wait any more. */
void log_output_open(void)
{
    struct stat status;
    if (fstat(STDERR_FILENO, &status) != 0 || !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
        return;
    int fd = open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return;
    dup2(fd, STDERR_FILENO);
    close(fd);
}

static ssize_t offer(struct text text)
{
    ssize_t sent = send(STDERR_FILENO, text.bytes, text.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 && errno == ENOTSOCK ? write(STDERR_FILENO, text.bytes, text.length) : sent;
}

static bool wait_for_reader(int patience_ms)
{
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};
    return patience_ms > 0 && poll(&log, 1, patience_ms) > 0;
}

size_t log_output_give(struct text text, int patience_ms)
{
    size_t all = text.length;
    bool waited = false;
    while (text.length > 0) {
        ssize_t taken = offer(text);
        if (taken > 0) {
            text = (struct text){text.bytes + taken, text.length - (size_t)taken};
            waited = false;
        } else if (taken == 0 || (errno != EAGAIN && errno != EINTR)) {
            return all;
        } else if (errno == EAGAIN) {
            if (waited || !wait_for_reader(patience_ms))
                break;
            waited = true;
        }
    }
    return all - text.length;
}
