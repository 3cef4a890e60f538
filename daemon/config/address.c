/* Taking addresses apart. */
#include "config/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(const char *text, const char *reason, struct error *error)
{
    return error_set(error, ERROR_INVALID,
                     "address '%.200s': %s; expected unix:PATH, tcp:HOST:PORT or tls:HOST:PORT", text,
                     reason);
}

static bool copy(char *out, size_t size, const char *bytes, size_t length)
{
    if (length == 0 || length >= size)
        return false;
    memcpy(out, bytes, length);
    out[length] = '\0';
    return true;
}

static bool parse_unix(const char *text, const char *path, struct address *address, struct error *error)
{
    address->kind = ADDRESS_UNIX;
    if (*path == '\0')
        return refuse(text, "no path", error);
    if (!copy(address->path, sizeof address->path, path, strlen(path)))
        return refuse(text, "the path is longer than a Unix socket's may be (107 bytes)", error);
    return true;
}

static bool is_port(const char *port)
{
    return *port != '\0' && strlen(port) <= 5 && strspn(port, "0123456789") == strlen(port) &&
           strtoul(port, NULL, 10) <= 65535;
}

static bool parse_tcp(const char *text, const char *rest, struct address *address, struct error *error)
{
    const char *colon = strrchr(rest, ':');
    if (colon == NULL || !is_port(colon + 1))
        return refuse(text, "no port from 0 to 65535 behind the last colon", error);
    copy(address->port, sizeof address->port, colon + 1, strlen(colon + 1));
    size_t length = (size_t)(colon - rest);
    bool brackets = length >= 2 && rest[0] == '[' && rest[length - 1] == ']';
    if (!brackets && memchr(rest, ':', length) != NULL)
        return refuse(text, "an IPv6 address goes in brackets, as in tcp:[::1]:7420", error);
    if (!copy(address->host, sizeof address->host, rest + brackets, length - 2 * (size_t)brackets))
        return refuse(text, "no host", error);
    if (strpbrk(address->host, "[]") != NULL)
        return refuse(text, "brackets go around an IPv6 address, once", error);
    return true;
}

bool address_parse(const char *text, struct address *address, struct error *error)
{
    memset(address, 0, sizeof *address);
    if (strncmp(text, "unix:", 5) == 0)
        return parse_unix(text, text + 5, address, error);
    address->kind = strncmp(text, "tls:", 4) == 0 ? ADDRESS_TLS : ADDRESS_TCP;
    if (address->kind == ADDRESS_TLS || strncmp(text, "tcp:", 4) == 0)
        return parse_tcp(text, text + 4, address, error);
    return refuse(text, "no kind in front", error);
}
