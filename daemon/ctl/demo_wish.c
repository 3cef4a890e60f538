/* Reading the site's rules from the customer's side; see demo_wish.h. */
#include "ctl/demo_wish.h"

#include <stdio.h>

#define LONG_SECONDS (30 * 86400.0) /* rules with more time than that are fulfilled in several visits */

/* The first stage from `position` on that can be entered by an event; NULL: none. */
static const struct stage *find_stage(const struct snapshot *site, const struct journey *journey,
                                      uint32_t position)
{
    for (; position < journey->stage_count; position++)
        if (site->stages[journey->first_stage + position].enter_count > 0)
            return &site->stages[journey->first_stage + position];
    return NULL;
}

const struct enter_rule *demo_wish_pick(const struct snapshot *site, uint32_t stage, bool skip, double draw)
{
    const struct stage *here = &site->stages[stage];
    const struct journey *journey = &site->journeys[here->journey];
    const struct stage *next = find_stage(site, journey, here->position + 1);
    const struct stage *farther = next != NULL && skip ? find_stage(site, journey, next->position + 1) : NULL;
    if (farther != NULL)
        next = farther;
    return next != NULL ? &next->enter[(uint32_t)(draw * next->enter_count)] : NULL;
}

unsigned demo_wish_events(const struct enter_rule *rule)
{
    return rule->within <= LONG_SECONDS ? rule->times : 1;
}

bool demo_wish_buys(const struct enter_rule *rule)
{
    return text_equal(rule->event, TEXT("purchase"));
}

static bool is_value(const struct rule_where *where)
{
    return text_equal(where->key, TEXT("value"));
}

static void put_where(const struct rule_where *where, senda_request *request)
{
    char key[256];
    snprintf(key, sizeof key, "%.*s", (int)where->key.length, where->key.bytes);
    senda_request_raw(request, key, where->value.bytes, where->value.length);
}

void demo_wish_put(const struct enter_rule *rule, double value, senda_request *event)
{
    bool asked = false;
    senda_request_string_of(event, "event", rule->event.bytes, rule->event.length);
    senda_request_open_map(event, "properties");
    for (uint32_t i = 0; i < rule->where_count; i++) {
        asked |= is_value(&rule->where[i]);
        if (!is_value(&rule->where[i]))
            put_where(&rule->where[i], event);
    }
    senda_request_close(event);
    for (uint32_t i = 0; i < rule->where_count; i++)
        if (is_value(&rule->where[i]))
            put_where(&rule->where[i], event);
    if (!asked && value > 0)
        senda_request_number(event, "value", value);
}
