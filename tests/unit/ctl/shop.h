/* The example shop, loaded, for what the demo does with it. */
#ifndef SENDA_TESTS_CTL_SHOP_H
#define SENDA_TESTS_CTL_SHOP_H

#include "ctl/local_site.h" /* in front of `text`, which its headers use as a parameter */

#include "../cmocka_all.h"

#include "ctl/demo_plan.h"

#include <stdlib.h>

struct shop {
    struct local_site site;
    struct demo_plan plan;
};

static inline int shop_set_up(void **state)
{
    struct shop *shop = calloc(1, sizeof *shop);
    struct error error;
    assert_non_null(shop);
    assert_true(local_site_create(&shop->site, SENDA_SOURCE_DIR "/scripts/shop", &error));
    demo_plan_create(&shop->plan, engine_snapshot(shop->site.engine));
    *state = shop;
    return 0;
}

static inline int shop_tear_down(void **state)
{
    struct shop *shop = *state;
    local_site_destroy(&shop->site);
    free(shop);
    return 0;
}

/* The number of a stage of the shop's journey. */
static inline uint32_t shop_stage(const struct shop *shop, const char *name)
{
    const struct snapshot *site = shop->plan.site;
    return symbols_find(&site->stage_names[site->default_journey], text_from(name));
}

#endif
