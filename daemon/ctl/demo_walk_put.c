/* Writing down what a customer asks and tells; see demo_walk_put.h. */
#include "ctl/demo_walk_put.h"

#include <stdio.h>

enum { LONG_HERE = 3 }; /* visits in a stage from which on a cart counts as left behind */

static void put_text(senda_request *request, const char *key, struct text text)
{
    if (text.length > 0)
        senda_request_string_of(request, key, text.bytes, text.length);
}

void demo_walk_put_profile(const struct demo_walk *walk, senda_request *request)
{
    senda_request_string(request, "customer", walk->person.id);
    put_text(request, "persona", walk->person.persona);
    put_text(request, "locale", walk->person.locale);
    senda_request_open_map(request, "consents");
    senda_request_boolean(request, "marketing", walk->person.consents);
    senda_request_close(request);
}

/* ---- The question ---- */

/* One of the recorded visits that stand where the customer stands, if any turns up soon. */
static const struct demo_session *find_session(const struct demo_walk *walk)
{
    enum { TRIES = 16 };
    struct random_state random = walk->person.random; /* a copy: they walk the same without recorded visits */
    const struct demo_sessions *sessions = walk->sessions;
    const struct demo_session *session = NULL;
    for (int i = 0; i < TRIES && sessions->count > 0; i++) {
        double draw = random_unit(&random);
        session = &sessions->list[(size_t)(draw * (double)sessions->count)];
        if (demo_session_phase(session) == walk->visit.phase)
            break;
    }
    return session;
}

static void put_moment(const struct demo_walk *walk, senda_request *request)
{
    const struct demo_visit *visit = &walk->visit;
    senda_request_string(request, "device", walk->person.mobile ? "mobile" : "desktop");
    senda_request_integer(request, "visits", walk->visits);
    senda_request_string(request, "section", demo_habits_of(visit->phase)->section);
    if (visit->phase == DEMO_DECISION) {
        senda_request_integer(request, "cart_value", (int64_t)(20 + walk->person.number % 100));
        senda_request_boolean(request, "cart_abandoned", walk->here >= LONG_HERE);
    }
    if (visit->phase == DEMO_PURCHASE)
        senda_request_string(request, "order_status", walk->here > 1 ? "shipped" : "paid");
}

void demo_walk_put_question(const struct demo_walk *walk, senda_request *request)
{
    const struct demo_session *session = find_session(walk);
    senda_request_string(request, "customer", walk->person.id);
    put_text(request, "placement", walk->visit.placement);
    senda_request_open_map(request, "context");
    if (session != NULL)
        demo_session_put(session, request);
    put_moment(walk, request);
    senda_request_close(request);
}

/* ---- Events ---- */

struct demo_tell demo_tell_begin(struct demo_walk *walk, senda_request *list)
{
    return (struct demo_tell){walk, list, walk->visit.at_ms};
}

/* Opens an event; its id makes it harmless to tell it twice. */
static void open_event(struct demo_tell *tell)
{
    char id[64];
    snprintf(id, sizeof id, "%s/%u", tell->walk->person.id, ++tell->walk->events);
    senda_request_open_map(tell->list, NULL);
    senda_request_string(tell->list, "customer", tell->walk->person.id);
    senda_request_string(tell->list, "id", id);
    senda_request_number(tell->list, "at", (double)tell->at_ms / 1000);
    tell->at_ms += DEMO_BETWEEN_MS;
}

void demo_tell_visit(struct demo_tell *tell)
{
    open_event(tell);
    senda_request_string(tell->list, "event", "page_view");
    senda_request_open_map(tell->list, "properties");
    senda_request_string(tell->list, "section", demo_habits_of(tell->walk->visit.phase)->section);
    senda_request_close(tell->list);
    senda_request_close(tell->list);
}

void demo_tell_touch(struct demo_tell *tell, const char *event, size_t item, double value)
{
    const struct demo_visit *visit = &tell->walk->visit;
    open_event(tell);
    senda_request_string(tell->list, "event", event);
    senda_request_string(tell->list, "offer", visit->offers[item]);
    senda_request_string(tell->list, "decision", visit->decision);
    put_text(tell->list, "placement", visit->placement);
    if (value > 0)
        senda_request_number(tell->list, "value", value);
    senda_request_close(tell->list);
}

void demo_tell_wish(struct demo_tell *tell, const struct enter_rule *rule)
{
    unsigned count = demo_wish_events(rule);
    for (unsigned i = 0; i < count; i++) {
        open_event(tell);
        demo_wish_put(rule, tell->walk->visit.value, tell->list);
        senda_request_close(tell->list);
    }
}

void demo_tell_purchase(struct demo_tell *tell)
{
    open_event(tell);
    senda_request_string(tell->list, "event", "purchase");
    senda_request_number(tell->list, "value", tell->walk->visit.value);
    senda_request_close(tell->list);
}
