/* Addresses; see address.h. */
#include "client/address.h"

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* A Unix address in the form in which getaddrinfo gives the others; one allocation. */
struct unix_entry {
    struct addrinfo info; /* first, so that the list can be freed by its head; ai_family tells it apart */
    struct sockaddr_un address; /* what info.ai_addr points to */
};

/* A name of a service, which the resolver knows, or a number that TCP has. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long number = strtoul(text, NULL, 10); /* ULONG_MAX where there are more digits than it holds */
    return text[0] != '\0' && (text[digits] != '\0' || (number >= 1 && number <= UINT16_MAX));
}

/* host:port, [host]:port; the last colon parts them. */
static bool split_host(struct client_address *address, const char *text)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || !is_port(colon + 1))
        return false;
    size_t length = (size_t)(colon - text);
    if (text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length == 0)
        return false;
    address->host = strndup(text, length);
    address->port = strdup(colon + 1);
    return address->host != NULL && address->port != NULL;
}

static bool take_path(struct client_address *address, const char *path)
{
    if (path[0] == '\0' || strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return false;
    address->path = strdup(path);
    return address->path != NULL;
}

bool client_address_create(struct client_address *address, const char *text)
{
    bool done = false;
    *address = (struct client_address){0};
    if (text == NULL)
        return false;
    if (strncmp(text, "unix:", 5) == 0)
        done = take_path(address, text + 5);
    else if (strncmp(text, "tcp:", 4) == 0 || strncmp(text, "tls:", 4) == 0)
        done = split_host(address, text + 4);
    address->tls = strncmp(text, "tls:", 4) == 0;
    address->text = strdup(text);
    done = done && address->text != NULL;
    if (!done)
        client_address_destroy(address);
    return done;
}

void client_address_destroy(struct client_address *address)
{
    free(address->text);
    free(address->host);
    free(address->port);
    free(address->path);
    *address = (struct client_address){0};
}

static struct addrinfo *unix_list(const char *path)
{
    struct unix_entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return NULL;
    entry->address.sun_family = AF_UNIX;
    memcpy(entry->address.sun_path, path, strlen(path));
    entry->info.ai_family = AF_UNIX;
    entry->info.ai_socktype = SOCK_STREAM;
    entry->info.ai_addr = (struct sockaddr *)&entry->address;
    entry->info.ai_addrlen = sizeof entry->address;
    return &entry->info;
}

struct addrinfo *client_address_resolve(const struct client_address *address, char *problem, size_t size)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    if (address->path != NULL) {
        list = unix_list(address->path);
        if (list == NULL)
            snprintf(problem, size, "memory is out");
        return list;
    }
    int failure = getaddrinfo(address->host, address->port, &hints, &list);
    if (failure != 0) {
        snprintf(problem, size, "%s port %s: %s", address->host, address->port, gai_strerror(failure));
        return NULL;
    }
    return list;
}

void client_address_free_list(struct addrinfo *list)
{
    if (list == NULL)
        return;
    if (list->ai_family == AF_UNIX)
        free(list);
    else
        freeaddrinfo(list);
}
