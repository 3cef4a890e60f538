/*
 * Tells what a visitor did, several events in one message; says who the visitor turned out to be; and shows
 * what is known of them then. Usage: remember ADDRESS VISITOR CUSTOMER
 */
#include <senda/client.h>

#include <stdio.h>
#include <stdlib.h>

/* Asks, and prints the result as JSON, or why there is none. Frees the request; NULL: memory was out. */
static bool show(senda_client *client, const char *method, senda_request *request)
{
    senda_reply *reply = NULL;
    enum senda_status status = SENDA_NO_MEMORY;
    if (request != NULL)
        status = senda_client_call(client, method, request, &reply);
    char *json = status == SENDA_OK ? senda_value_to_json(senda_reply_result(reply), 0) : NULL;
    if (json != NULL)
        printf("%s %s\n", method, json);
    else
        fprintf(stderr, "%s: %s: %s\n", method, senda_status_text(status),
                reply != NULL ? senda_reply_message(reply) : "nothing was sent");
    free(json);
    senda_reply_unref(reply);
    senda_request_free(request);
    return status == SENDA_OK;
}

/* `id` makes an event count once, however often it is sent. */
static void add_event(senda_request *events, const char *event, const char *customer, const char *id)
{
    senda_request_open_map(events, NULL);
    senda_request_string(events, "event", event);
    senda_request_string(events, "customer", customer);
    senda_request_string(events, "id", id);
    senda_request_close(events);
}

static senda_request *two_events(const char *customer)
{
    senda_request *events = senda_request_new_list();
    if (events == NULL)
        return NULL;
    add_event(events, "page_view", customer, "visit-1");
    add_event(events, "download", customer, "visit-2");
    return events;
}

/* `name` NULL: only the customer. */
static senda_request *about(const char *customer, const char *name, const char *value)
{
    senda_request *request = senda_request_new();
    if (request == NULL)
        return NULL;
    senda_request_string(request, "customer", customer);
    if (name != NULL)
        senda_request_string(request, name, value);
    return request;
}

int main(int argc, char **argv)
{
    senda_client *client;
    if (argc != 4 || senda_client_new(&client, argv[1], NULL) != SENDA_OK) {
        fprintf(stderr, "usage: %s unix:/path|tcp:host:port|tls:host:port VISITOR CUSTOMER\n", argv[0]);
        return 2;
    }
    bool told = show(client, "track", two_events(argv[2])) &&
                show(client, "identify", about(argv[3], "anonymous", argv[2])) &&
                show(client, "profile.get", about(argv[3], NULL, NULL));
    senda_client_free(client);
    return told ? 0 : 1;
}
