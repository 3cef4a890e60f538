/*
 * One visit to a shop, as web analytics records it: the columns of the Online Shoppers Purchasing Intention
 * data set (Sakar and others 2018, in the UCI repository).
 *
 * What a visit says about where its visitor stands, and nothing that it does not say:
 *
 *   purchase       the visit ended in a purchase (Revenue)
 *   decision       none, but it saw pages that visits with a purchase had gone through (PageValues > 0)
 *   consideration  neither, but DEMO_PAGES_TO_COMPARE product pages or more
 *   awareness      anything else
 *
 * What comes after the purchase (experience, retention, advocacy) cannot be told from one visit. Numbers that
 * stand for something nobody documented (OperatingSystems, Browser, Region, TrafficType) stay numbers.
 */
#ifndef SENDA_CTL_DEMO_SESSION_H
#define SENDA_CTL_DEMO_SESSION_H

#include "senda/client.h"

enum demo_page { DEMO_ADMINISTRATIVE, DEMO_INFORMATIONAL, DEMO_PRODUCT, DEMO_PAGE_KINDS };

enum demo_visitor_type { DEMO_NEW, DEMO_RETURNING, DEMO_OTHER };

/* Where a visitor stands: the seven moments that the most detailed journey tells apart, in their order. */
enum demo_phase {
    DEMO_AWARENESS,
    DEMO_CONSIDERATION,
    DEMO_DECISION,
    DEMO_PURCHASE,
    DEMO_EXPERIENCE,
    DEMO_RETENTION,
    DEMO_ADVOCACY,
    DEMO_PHASES,
};

enum {
    DEMO_PAGES_TO_COMPARE = 8, /* product pages from which on a visit counts as comparing */
};

struct demo_session {
    unsigned pages[DEMO_PAGE_KINDS]; /* seen, by enum demo_page */
    double seconds[DEMO_PAGE_KINDS]; /* spent on them */
    double bounce_rate;              /* 0 to 1, mean of the pages seen */
    double exit_rate;                /* 0 to 1, mean of the pages seen */
    double page_value;  /* mean worth of the pages seen, by the purchases that went through them */
    double special_day; /* 0 to 1, how near a day of presents is */
    char month[8];      /* "Feb", "June"; "": unknown */
    unsigned system;    /* code of the operating system */
    unsigned browser;   /* code */
    unsigned region;    /* code */
    unsigned traffic;   /* code of where the visitor came from */
    enum demo_visitor_type visitor;
    bool weekend;
    bool purchased; /* before the visit ended */
};

enum demo_phase demo_session_phase(const struct demo_session *session);

/* How many visits a strategy is told: 1 for new visitors; 2, as "at least", for returning ones; 0: nothing is
 * told. */
unsigned demo_session_visits(const struct demo_session *session);

/* Puts all that is known of the visit itself into an open map; `_history`: what it says of earlier visits. */
void demo_session_put(const struct demo_session *session, senda_request *request);
void demo_session_put_history(const struct demo_session *session, senda_request *request);

#endif
