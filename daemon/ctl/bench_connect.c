/* Connecting for the bench; see bench_connect.h. */
#include "ctl/bench_connect.h"

#include "client/address.h"
#include "client/frame.h"
#include "client/reply.h"
#include "client/scan.h"
#include "senda/client.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LONGEST_ANSWER = 4096 }; /* bytes of the answer to `auth` */

static int connect_one(const struct addrinfo *address, unsigned timeout)
{
    struct timeval limit = {timeout / 1000, (timeout % 1000) * 1000L};
    int on = 1;
    int descriptor = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (descriptor < 0)
        return -1;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); /* connect() heeds it too */
    if (address->ai_family != AF_UNIX)
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0)
        return descriptor;
    int failure = errno;
    close(descriptor);
    errno = failure;
    return -1;
}

static int connect_any(const char *text, unsigned timeout, struct error *error)
{
    struct client_address address;
    char problem[256] = "";
    int descriptor = -1;
    bool parsed = client_address_create(&address, text);
    if (!parsed || address.tls) {
        error_set(error, ERROR_INVALID, "'%s' is no address for bench: unix:/path or tcp:host:port", text);
        client_address_destroy(&address);
        return -1;
    }
    struct addrinfo *list = client_address_resolve(&address, problem, sizeof problem);
    for (struct addrinfo *entry = list; entry != NULL && descriptor < 0; entry = entry->ai_next) {
        descriptor = connect_one(entry, timeout);
        if (descriptor < 0)
            error_set(error, ERROR_UNAVAILABLE, "%s: %s", text, strerror(errno));
    }
    if (list == NULL)
        error_set(error, ERROR_UNAVAILABLE, "%s", problem);
    client_address_free_list(list);
    client_address_destroy(&address);
    return descriptor;
}

static bool send_token(int descriptor, const char *token)
{
    struct client_frame frame = {.method = "auth", .method_length = 4};
    unsigned char bytes[LONGEST_ANSWER + 64];
    bool sent = false;
    senda_request *request = senda_request_new();
    if (request == NULL)
        return false;
    senda_request_string(request, "token", token);
    frame.params = senda_request_bytes(request, &frame.params_length);
    if (frame.params != NULL && client_frame_length(&frame) <= sizeof bytes) {
        client_frame_encode(&frame, bytes);
        size_t length = client_frame_length(&frame);
        sent = send(descriptor, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
    }
    senda_request_free(request);
    return sent;
}

/* Reads exactly one message; nothing else is on its way yet. */
static senda_reply *read_answer(int descriptor)
{
    unsigned char bytes[LONGEST_ANSWER];
    size_t length = 0;
    struct client_scan scan;
    enum client_scan_result result = CLIENT_SCAN_MORE;
    enum senda_status status;
    client_scan_start(&scan);
    while (result == CLIENT_SCAN_MORE && length < sizeof bytes) {
        ssize_t count = recv(descriptor, bytes + length, sizeof bytes - length, 0);
        if (count <= 0)
            return NULL;
        length += (size_t)count;
        result = client_scan_continue(&scan, bytes, length, sizeof bytes);
    }
    return result == CLIENT_SCAN_WHOLE ? client_reply_decode(bytes, scan.offset, &status) : NULL;
}

static bool authenticate(int descriptor, const char *token, struct error *error)
{
    senda_reply *reply = send_token(descriptor, token) ? read_answer(descriptor) : NULL;
    if (reply == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "the daemon did not answer `auth`");
    bool taken = senda_reply_status(reply) == SENDA_OK;
    if (!taken)
        error_set(error, ERROR_UNAUTHORIZED, "%s: %s", senda_reply_code(reply), senda_reply_message(reply));
    senda_reply_unref(reply);
    return taken;
}

int bench_connect(const char *address, const char *token, unsigned timeout, struct error *error)
{
    int descriptor = connect_any(address, timeout, error);
    if (descriptor < 0)
        return -1;
    if (token != NULL && !authenticate(descriptor, token, error)) {
        close(descriptor);
        return -1;
    }
    if (fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        return descriptor;
    error_set_errno(error, "%s", address);
    close(descriptor);
    return -1;
}
