/* Customers with a past, as the store would remember them. */
#ifndef SENDA_TESTS_SCRIPT_HISTORY_BUILDER_H
#define SENDA_TESTS_SCRIPT_HISTORY_BUILDER_H

#include "model/customer.h"

/* Nobody yet, as of `now_ms`; `arena` holds all that is added. */
struct customer *history_new(struct arena *arena, int64_t now_ms);

void history_did(struct customer *customer, const char *event, int64_t at_ms);
void history_touched(struct customer *customer, const char *offer, const char *kind, enum touch_kind touch,
                     int64_t at_ms);
void history_entered(struct customer *customer, struct text journey, struct text stage, int64_t since_ms);

#endif
