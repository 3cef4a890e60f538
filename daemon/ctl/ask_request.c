/* From the command line to the arguments of `recommend`; see ask_request.h. */
#include "ctl/ask_request.h"

#include <stddef.h>

void ask_request_destroy(struct ask_request *request)
{
    pairs_destroy(&request->traits);
    pairs_destroy(&request->consents);
    pairs_destroy(&request->context);
    pairs_destroy(&request->exclude);
}

static void put_texts(senda_request *request, const struct ask_request *ask)
{
    const struct {
        const char *name, *text;
    } texts[] = {
        {"placement", ask->placement},   {"customer", ask->customer}, {"stage", ask->stage},
        {"persona", ask->persona},       {"journey", ask->journey},   {"locale", ask->locale},
        {"touchpoint", ask->touchpoint},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].text != NULL)
            senda_request_string(request, texts[i].name, texts[i].text);
}

senda_request *ask_request_encode(const struct ask_request *ask)
{
    senda_request *request = senda_request_new();
    if (request == NULL)
        return NULL;
    put_texts(request, ask);
    pairs_put_map(request, "traits", &ask->traits);
    pairs_put_map(request, "context", &ask->context);
    pairs_put_consents(request, "consents", &ask->consents);
    pairs_put_list(request, "exclude", &ask->exclude);
    if (ask->count > 0)
        senda_request_integer(request, "count", ask->count);
    if (ask->explain)
        senda_request_boolean(request, "explain", true);
    if (ask->dry_run)
        senda_request_boolean(request, "dry_run", true);
    if (ask->at_given)
        senda_request_integer(request, "at", ask->at);
    if (ask->seed_given)
        senda_request_integer(request, "seed", ask->seed);
    return request;
}
