/* What one visit says; see demo_session.h. */
#include "ctl/demo_session.h"

enum demo_phase demo_session_phase(const struct demo_session *session)
{
    if (session->purchased)
        return DEMO_PURCHASE;
    if (session->page_value > 0)
        return DEMO_DECISION;
    return session->pages[DEMO_PRODUCT] >= DEMO_PAGES_TO_COMPARE ? DEMO_CONSIDERATION : DEMO_AWARENESS;
}

unsigned demo_session_visits(const struct demo_session *session)
{
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

void demo_session_put(const struct demo_session *session, senda_request *request)
{
    put_pages(session, request);
    put_circumstances(session, request);
}

void demo_session_put_history(const struct demo_session *session, senda_request *request)
{
    unsigned visits = demo_session_visits(session);
    if (session->visitor != DEMO_OTHER)
        senda_request_boolean(request, "returning", session->visitor == DEMO_RETURNING);
    if (visits > 0)
        senda_request_integer(request, "visits", visits);
}
