/* What a customer has to do to come into another stage: one of the rules that the site has for it, and events
 * that fulfil it. Nothing is known of any particular journey. */
#ifndef SENDA_CTL_DEMO_WISH_H
#define SENDA_CTL_DEMO_WISH_H

#include "ctl/demo_plan.h"
#include "senda/client.h"

/*
 * A rule of the next stage behind `stage` (a number in the site) that has any, or with `skip` of the one
 * behind that, if there is one. `draw`, from 0 to 1, says which of several. NULL: nothing leads on from
 * there.
 */
const struct enter_rule *demo_wish_pick(const struct snapshot *site, uint32_t stage, bool skip, double draw);

/* How many of the events belong into one visit: all of them, unless there is much time for them. */
unsigned demo_wish_events(const struct enter_rule *rule);

/* True where it asks for money. */
bool demo_wish_buys(const struct enter_rule *rule);

/* Puts into an open event what the rule asks for: `event`, `value` and `properties`. `value` is taken where
 * the rule leaves it open; 0: none. */
void demo_wish_put(const struct enter_rule *rule, double value, senda_request *event);

#endif
