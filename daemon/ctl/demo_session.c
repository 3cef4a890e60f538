/* What one visit says; see demo_session.h. */
#include "ctl/demo_session.h"

#include "ctl/figures.h"

#include <stdio.h>

enum demo_phase demo_session_phase(const struct demo_session *session)
{
    const struct demo_past *past = &session->past;
    if (session->purchased)
        return DEMO_PURCHASE;
    if (past->recommends)
        return DEMO_ADVOCACY;
    if (past->orders > 0)
        return past->days <= DEMO_DAYS_OF_NEWNESS ? DEMO_EXPERIENCE : DEMO_RETENTION;
    if (session->page_value > 0)
        return DEMO_DECISION;
    return session->pages[DEMO_PRODUCT] >= DEMO_PAGES_TO_COMPARE ? DEMO_CONSIDERATION : DEMO_AWARENESS;
}

unsigned demo_session_visits(const struct demo_session *session)
{
    if (session->past.visits > 0)
        return session->past.visits;
    switch (session->visitor) {
    case DEMO_NEW:
        return 1;
    case DEMO_RETURNING:
        return 2;
    case DEMO_OTHER:
        break;
    }
    return 0;
}

/* ---- The request ---- */

static void put_pages(const struct demo_session *session, senda_request *request)
{
    static const char *const pages[DEMO_PAGE_KINDS] = {"administrative_pages", "informational_pages",
                                                       "product_pages"};
    static const char *const seconds[DEMO_PAGE_KINDS] = {"administrative_seconds", "informational_seconds",
                                                         "product_seconds"};
    for (int kind = 0; kind < DEMO_PAGE_KINDS; kind++) {
        senda_request_integer(request, pages[kind], session->pages[kind]);
        senda_request_number(request, seconds[kind], session->seconds[kind]);
    }
    senda_request_number(request, "bounce_rate", session->bounce_rate);
    senda_request_number(request, "exit_rate", session->exit_rate);
    senda_request_number(request, "page_value", session->page_value);
}

static void put_circumstances(const struct demo_session *session, senda_request *request)
{
    senda_request_number(request, "special_day", session->special_day);
    if (session->month[0] != '\0')
        senda_request_string(request, "month", session->month);
    senda_request_boolean(request, "weekend", session->weekend);
    senda_request_integer(request, "operating_system", session->system);
    senda_request_integer(request, "browser", session->browser);
    senda_request_integer(request, "region", session->region);
    senda_request_integer(request, "traffic_source", session->traffic);
}

static void put_history(const struct demo_session *session, senda_request *request)
{
    unsigned visits = demo_session_visits(session);
    if (session->visitor != DEMO_OTHER)
        senda_request_boolean(request, "returning", session->visitor == DEMO_RETURNING);
    if (visits > 0)
        senda_request_integer(request, "visits", visits);
    if (session->past.orders == 0)
        return;
    senda_request_integer(request, "days_since_order", session->past.days);
    senda_request_integer(request, "days_since_delivery", session->past.delivered);
}

void demo_session_put(const struct demo_session *session, senda_request *request)
{
    senda_request_open_map(request, "context");
    put_pages(session, request);
    put_circumstances(session, request);
    put_history(session, request);
    senda_request_close(request);
    if (session->past.orders == 0)
        return;
    senda_request_open_map(request, "traits");
    senda_request_integer(request, "orders", session->past.orders);
    senda_request_close(request);
}

/* ---- In words ---- */

static const char *visitor_words(enum demo_visitor_type visitor)
{
    switch (visitor) {
    case DEMO_NEW:
        return "new · ";
    case DEMO_RETURNING:
        return "returning · ";
    case DEMO_OTHER:
        break;
    }
    return "";
}

static void describe_pages(const struct demo_session *session, char *out, size_t size)
{
    unsigned others = session->pages[DEMO_ADMINISTRATIVE] + session->pages[DEMO_INFORMATIONAL];
    double seconds = 0;
    char also[64] = "", stay[64] = "";
    for (int kind = 0; kind < DEMO_PAGE_KINDS; kind++)
        seconds += session->seconds[kind];
    if (others > 0)
        snprintf(also, sizeof also, " and %s", figures_of(others, "other").text);
    if (seconds >= 1)
        snprintf(stay, sizeof stay, " in %s", figures_stay(seconds).text);
    snprintf(out, size, "%s%s%s", figures_of(session->pages[DEMO_PRODUCT], "product page").text, also, stay);
}

static void describe_end(const struct demo_session *session, char *out, size_t size)
{
    const struct demo_past *past = &session->past;
    const char *also = past->recommends ? ", recommends the shop" : "";
    if (session->purchased)
        snprintf(out, size, "bought just now");
    else if (past->orders > 0)
        snprintf(out, size, "%s, last %s ago%s", figures_of(past->orders, "order").text,
                 figures_of(past->days, "day").text, also);
    else if (session->page_value > 0)
        snprintf(out, size, "near a purchase");
    else
        snprintf(out, size, "no purchase yet");
}

void demo_session_describe(const struct demo_session *session, char *out, size_t size)
{
    char pages[160], end[160];
    describe_pages(session, pages, sizeof pages);
    describe_end(session, end, sizeof end);
    snprintf(out, size, "%s%s · %s", visitor_words(session->visitor), pages, end);
}
