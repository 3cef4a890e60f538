/*
 * Asks for many customers at once from a libevent loop, every request on its way before the first answer is
 * back. Usage: events ADDRESS PLACEMENT CUSTOMER…
 */
#include <senda/client.h>

#include <event2/event.h>
#include <stdio.h>

struct question {
    const char *customer; /* borrowed from the command line */
    struct run *run;      /* whose it is */
};

struct run {
    struct event_base *base; /* the program's loop */
    int unanswered;          /* questions still on their way */
    int failures;            /* questions that got no answer */
};

static void on_answer(senda_client *client, senda_reply *reply, void *context)
{
    const struct question *question = context;
    struct run *run = question->run;
    (void)client;
    if (senda_reply_status(reply) == SENDA_OK) {
        const senda_value *items = senda_value_get(senda_reply_result(reply), "items");
        const char *offer = senda_value_string(senda_value_get(senda_value_at(items, 0), "offer"), NULL);
        printf("%s: %s\n", question->customer, offer != NULL ? offer : "nothing");
    } else {
        fprintf(stderr, "%s: %s: %s\n", question->customer, senda_status_text(senda_reply_status(reply)),
                senda_reply_message(reply));
        run->failures++;
    }
    if (--run->unanswered == 0)
        event_base_loopexit(run->base, NULL);
}

static bool ask(senda_client *client, const char *placement, struct question *question)
{
    senda_request *request = senda_request_new();
    if (request == NULL)
        return false;
    senda_request_string(request, "placement", placement);
    senda_request_string(request, "customer", question->customer);
    bool sent = senda_client_send(client, "recommend", request, on_answer, question, NULL) == SENDA_OK;
    senda_request_free(request);
    if (sent)
        question->run->unanswered++;
    return sent;
}

static int ask_all(struct run *run, senda_client *client, char **arguments, int count)
{
    enum { MOST = 1000 };
    struct question questions[MOST];
    if (count > MOST)
        return 2;
    for (int i = 0; i < count; i++) {
        questions[i] = (struct question){arguments[i + 1], run};
        if (!ask(client, arguments[0], &questions[i]))
            run->failures++;
    }
    if (run->unanswered > 0)
        event_base_dispatch(run->base);
    return run->failures == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct run run = {event_base_new(), 0, 0};
    senda_client *client;
    if (argc < 4 || run.base == NULL || senda_client_new(&client, argv[1], run.base) != SENDA_OK) {
        fprintf(stderr, "usage: %s unix:/path|tcp:host:port|tls:host:port PLACEMENT CUSTOMER...\n", argv[0]);
        return 2;
    }
    int code = ask_all(&run, client, argv + 2, argc - 3);
    senda_client_free(client);
    event_base_free(run.base);
    return code;
}
