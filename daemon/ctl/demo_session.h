/*
 * One visit to a shop, as web analytics records it: the columns of the Online Shoppers Purchasing Intention
 * data set (Sakar and others 2018, in the UCI repository), and what only visitors that the demo makes up
 * tell.
 *
 * What a visit says about where its visitor stands, and nothing that it does not say:
 *
 *   purchase       the visit ended in a purchase (Revenue)
 *   decision       no purchase, but it saw pages that visits with a purchase had gone through (PageValues >
 * 0) consideration  neither, but DEMO_PAGES_TO_COMPARE product pages or more awareness      anything else
 *
 * What comes after the purchase (experience, retention, advocacy) cannot be told from one visit; only made-up
 * visitors, whose earlier orders are known, come there. Numbers that stand for something nobody documented
 * (OperatingSystems, Browser, Region, TrafficType) stay numbers.
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
    DEMO_DAYS_OF_NEWNESS = 14, /* days after an order in which what was bought is still new */
};

/* What the data set does not tell; all zero: unknown. */
struct demo_past {
    unsigned visits;    /* this one included */
    unsigned orders;    /* before this visit */
    unsigned days;      /* since the last order; without orders meaningless */
    unsigned delivered; /* days since the last delivery; without orders meaningless */
    bool recommends;    /* has recommended the shop */
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
    bool purchased;        /* before the visit ended */
    struct demo_past past; /* of made-up visitors */
};

enum demo_phase demo_session_phase(const struct demo_session *session);

/* How many visits a strategy is told: 1 for new visitors; 2, as "at least", for returning ones of whom no
 * more is known; 0: nothing is told. */
unsigned demo_session_visits(const struct demo_session *session);

/* Puts everything that is known of it under "context" and "traits". */
void demo_session_put(const struct demo_session *session, senda_request *request);

/* "returning · 12 product pages and 3 others in 4 min · no purchase"; cut where it would not fit. */
void demo_session_describe(const struct demo_session *session, char *out, size_t size);

#endif
