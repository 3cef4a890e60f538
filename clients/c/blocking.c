/* Asks what one customer should see, the simplest way. Usage: blocking ADDRESS PLACEMENT [CUSTOMER] */
#include <senda/client.h>

#include <stdio.h>

static void print_items(const senda_value *result)
{
    const senda_value *items = senda_value_get(result, "items");
    for (size_t i = 0; i < senda_value_count(items); i++) {
        const senda_value *item = senda_value_at(items, i);
        const char *title = senda_value_string(senda_value_get(item, "title"), NULL);
        const char *url = senda_value_string(senda_value_get(item, "url"), NULL);
        printf("%s  %s\n", title != NULL ? title : "-", url != NULL ? url : "-");
    }
}

static void put_text(senda_request *event, const char *name, const senda_value *text)
{
    const char *bytes = senda_value_string(text, NULL);
    if (bytes != NULL)
        senda_request_string(event, name, bytes);
}

/* Tells the daemon that the first item was shown. A notification: nobody waits for an answer. */
static void tell_impression(senda_client *client, const char *placement, const char *customer,
                            const senda_value *result)
{
    const senda_value *first = senda_value_at(senda_value_get(result, "items"), 0);
    senda_request *event = senda_request_new();
    if (event == NULL)
        return;
    senda_request_string(event, "event", "impression");
    senda_request_string(event, "placement", placement);
    if (customer != NULL)
        senda_request_string(event, "customer", customer);
    put_text(event, "decision", senda_value_get(result, "decision"));
    put_text(event, "offer", senda_value_get(first, "offer"));
    if (first == NULL || senda_client_notify(client, "track", event) != SENDA_OK ||
        senda_client_wait(client, 1000) != SENDA_OK)
        fputs("the impression was not told\n", stderr);
    senda_request_free(event);
}

static bool ask(senda_client *client, const char *placement, const char *customer)
{
    senda_request *request = senda_request_new();
    senda_reply *reply = NULL;
    if (request == NULL)
        return false;
    senda_request_string(request, "placement", placement);
    if (customer != NULL)
        senda_request_string(request, "customer", customer);
    enum senda_status status = senda_client_call(client, "recommend", request, &reply);
    if (status == SENDA_OK) {
        print_items(senda_reply_result(reply));
        tell_impression(client, placement, customer, senda_reply_result(reply));
    } else {
        fprintf(stderr, "%s: %s\n", senda_status_text(status),
                reply != NULL ? senda_reply_message(reply) : "nothing was sent");
    }
    senda_reply_unref(reply);
    senda_request_free(request);
    return status == SENDA_OK;
}

int main(int argc, char **argv)
{
    senda_client *client;
    if (argc < 3 || senda_client_new(&client, argv[1], NULL) != SENDA_OK) {
        fprintf(stderr, "usage: %s unix:/path|tcp:host:port|tls:host:port PLACEMENT [CUSTOMER]\n", argv[0]);
        return 2;
    }
    senda_client_set_timeout(client, 200);
    bool answered = ask(client, argv[2], argc > 3 ? argv[3] : NULL);
    senda_client_free(client);
    return answered ? 0 : 1;
}
