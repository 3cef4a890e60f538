/*
 * Addresses: the daemon's and libsenda's parsers take the same apart in the same way, and put together again
 * it is the same address.
 */
#include "client/address.h"
#include "config/address.h"
#include "fuzz.h"
#include "input.h"

static void spell(const struct address *address, char *out, size_t size)
{
    bool brackets = strchr(address->host, ':') != NULL;
    switch (address->kind) {
    case ADDRESS_UNIX:
        snprintf(out, size, "unix:%s", address->path);
        break;
    case ADDRESS_TCP:
    case ADDRESS_TLS:
        snprintf(out, size, "%s:%s%s%s:%s", address->kind == ADDRESS_TLS ? "tls" : "tcp", brackets ? "[" : "",
                 address->host, brackets ? "]" : "", address->port);
        break;
    }
}

static void check_again(const struct address *address)
{
    char spelled[sizeof address->host + sizeof address->port + sizeof "tcp:[]:"];
    struct address again;
    struct error error;
    spell(address, spelled, sizeof spelled);
    REQUIRE(address_parse(spelled, &again, &error) && again.kind == address->kind);
    REQUIRE(strcmp(again.path, address->path) == 0 && strcmp(again.host, address->host) == 0 &&
            strcmp(again.port, address->port) == 0);
}

/* What the daemon listens on, a client can be told, but for port 0, which is any that is free. */
static void check_client(const char *text, const struct address *address)
{
    struct client_address client;
    if (address->kind != ADDRESS_UNIX && strtoul(address->port, NULL, 10) == 0) {
        REQUIRE(!client_address_create(&client, text));
        return;
    }
    REQUIRE(client_address_create(&client, text));
    if (address->kind == ADDRESS_UNIX)
        REQUIRE(client.path != NULL && strcmp(client.path, address->path) == 0);
    else
        REQUIRE(strcmp(client.host, address->host) == 0 && strcmp(client.port, address->port) == 0 &&
                client.tls == (address->kind == ADDRESS_TLS));
    client_address_destroy(&client);
}

static void check_client_alone(const char *text)
{
    struct client_address client;
    if (!client_address_create(&client, text))
        return;
    REQUIRE(strcmp(client.text, text) == 0 && (client.path != NULL) != (client.host != NULL));
    REQUIRE(client.host == NULL || (client.host[0] != '\0' && client.port[0] != '\0'));
    client_address_destroy(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = input_string((struct text){(const char *)bytes, length});
    struct address address;
    struct error error = {0};
    if (address_parse(text, &address, &error)) {
        check_again(&address);
        check_client(text, &address);
    } else {
        REQUIRE(error.code == ERROR_INVALID && error.message[0] != '\0');
        check_client_alone(text);
    }
    free(text);
    return 0;
}
