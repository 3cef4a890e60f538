/* Making up visits; see demo_visitors.h. The figures are nobody's: they make every stage turn up. */
#include "ctl/demo_visitors.h"

#include "base/random.h"

#include <stdio.h>

static unsigned between(struct random_state *random, unsigned least, unsigned most)
{
    return least + (unsigned)(random_unit(random) * (double)(most - least + 1));
}

static bool chance(struct random_state *random, double share)
{
    return random_unit(random) < share;
}

static void add_pages(struct random_state *random, struct demo_session *session, enum demo_page kind,
                      unsigned pages)
{
    session->pages[kind] = pages;
    for (unsigned i = 0; i < pages; i++)
        session->seconds[kind] += 5 + 60 * random_unit(random);
}

static void look_around(struct random_state *random, struct demo_session *session)
{
    bool compares = chance(random, 0.6);
    session->past.visits = compares ? between(random, 1, 6) : between(random, 1, 2);
    add_pages(random, session, DEMO_PRODUCT,
              compares ? between(random, DEMO_PAGES_TO_COMPARE, 40) : between(random, 0, 7));
}

static void come_near(struct random_state *random, struct demo_session *session)
{
    session->past.visits = between(random, 1, 8);
    session->page_value = 1 + 50 * random_unit(random);
    session->purchased = chance(random, 0.5);
    add_pages(random, session, DEMO_PRODUCT, between(random, 5, 60));
    add_pages(random, session, DEMO_ADMINISTRATIVE, between(random, 0, 6));
}

static void come_back(struct random_state *random, struct demo_session *session)
{
    struct demo_past *past = &session->past;
    past->orders = between(random, 1, 9);
    past->visits = past->orders + between(random, 1, 9);
    past->days = between(random, 3, 60);
    past->delivered = past->days - between(random, 2, 3);
    past->recommends = past->orders > 3 && chance(random, 0.5);
    add_pages(random, session, DEMO_PRODUCT, between(random, 1, 12));
    add_pages(random, session, DEMO_INFORMATIONAL, between(random, 0, 3));
}

static void add_circumstances(struct random_state *random, struct demo_session *session)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "June",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    session->visitor = session->past.visits > 1 ? DEMO_RETURNING : DEMO_NEW;
    session->exit_rate = 0.01 + 0.15 * random_unit(random);
    session->bounce_rate = session->exit_rate * random_unit(random);
    snprintf(session->month, sizeof session->month, "%s", months[between(random, 0, 11)]);
    session->weekend = chance(random, 2.0 / 7);
    session->system = between(random, 1, 4);
    session->browser = between(random, 1, 6);
    session->region = between(random, 1, 9);
    session->traffic = between(random, 1, 10);
}

static void make_one(struct random_state *random, struct demo_session *session)
{
    double life = random_unit(random);
    *session = (struct demo_session){.system = 0};
    if (life < 0.5)
        look_around(random, session);
    else if (life < 0.7)
        come_near(random, session);
    else
        come_back(random, session);
    add_circumstances(random, session);
}

bool demo_visitors_make(struct demo_sessions *sessions, size_t count, uint64_t seed, struct error *error)
{
    struct random_state random = {seed};
    sessions->made_up = true;
    for (size_t i = 0; i < count; i++) {
        struct demo_session session;
        make_one(&random, &session);
        if (!demo_sessions_add(sessions, &session, error))
            return false;
    }
    return true;
}
