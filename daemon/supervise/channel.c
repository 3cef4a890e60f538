/* Packets: a header, the text behind it, a descriptor beside it. */
#include "supervise/channel.h"

#include <errno.h>
#include <stdalign.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct header {
    uint32_t type;       /* enum channel_type */
    uint32_t generation; /* as in the message */
    uint64_t ticket;     /* as in the message */
    uint64_t tickets;    /* as in the message */
};

_Static_assert(sizeof(struct header) <= sizeof(struct channel_inbox) - CHANNEL_MOST_TEXT,
               "a packet fits into the inbox");

struct control {
    alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(int))]; /* room for one descriptor */
};

bool channel_pair(int ends[2], struct error *error)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return error_set_errno(error, "can't make a channel to a worker");
    return true;
}

static const struct text cut_here = TEXT("… the rest is too long to be told here\n");

/* Cuts behind the last whole line that leaves room for saying so. */
static struct text shorten(struct text text)
{
    size_t room = CHANNEL_MOST_TEXT - cut_here.length;
    if (text.length <= CHANNEL_MOST_TEXT)
        return text;
    const char *end = memrchr(text.bytes, '\n', room);
    return end != NULL ? (struct text){text.bytes, (size_t)(end - text.bytes) + 1}
                       : text_drop_cut_character((struct text){text.bytes, room});
}

static struct iovec part_of(struct text text)
{
    return (struct iovec){(void *)(uintptr_t)text.bytes, text.length};
}

static void attach(struct msghdr *packet, struct control *control, int fd)
{
    memset(control, 0, sizeof *control);
    packet->msg_control = control->bytes;
    packet->msg_controllen = sizeof control->bytes;
    struct cmsghdr *part = CMSG_FIRSTHDR(packet);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(part), &fd, sizeof fd);
}

bool channel_send(int channel, const struct channel_message *message, struct error *error)
{
    struct header header = {message->type, message->generation, message->ticket, message->tickets};
    struct text text = shorten(message->text);
    bool cut = text.length < message->text.length;
    struct iovec parts[] = {{&header, sizeof header}, part_of(text), part_of(cut_here)};
    struct msghdr packet = {.msg_iov = parts, .msg_iovlen = cut ? 3 : text.length > 0 ? 2 : 1};
    struct control control;
    ssize_t sent;
    if (message->fd >= 0)
        attach(&packet, &control, message->fd);
    do
        sent = sendmsg(channel, &packet, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return true;
    int reason = errno;
    error_set_errno(error, "can't send on a channel");
    errno = reason;
    return false;
}

/* The descriptor that came along, or -1. */
static int detach(struct msghdr *packet)
{
    int fd = -1;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(packet); part != NULL; part = CMSG_NXTHDR(packet, part))
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
            memcpy(&fd, CMSG_DATA(part), sizeof fd);
    return fd;
}

static bool unpack(const char *bytes, size_t length, int fd, struct channel_message *message)
{
    struct header header;
    if (length < sizeof header)
        return false;
    memcpy(&header, bytes, sizeof header);
    message->type = (enum channel_type)header.type;
    message->generation = header.generation;
    message->ticket = header.ticket;
    message->tickets = header.tickets;
    message->text = (struct text){bytes + sizeof header, length - sizeof header};
    message->fd = fd;
    return header.type >= CHANNEL_ACCESS && header.type <= CHANNEL_RELOAD;
}

enum channel_receipt channel_receive(int channel, struct channel_inbox *inbox,
                                     struct channel_message *message)
{
    struct iovec part = {inbox->bytes, sizeof inbox->bytes};
    struct control control;
    struct msghdr packet = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t length;
    do
        length = recvmsg(channel, &packet, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return CHANNEL_EMPTY;
    if (length <= 0)
        return CHANNEL_CLOSED;
    int fd = detach(&packet);
    if (unpack(inbox->bytes, (size_t)length, fd, message))
        return CHANNEL_MESSAGE;
    if (fd >= 0)
        close(fd);
    return CHANNEL_CLOSED;
}
