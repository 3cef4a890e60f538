/* Adding to a customer; see history_builder.h. */
#include "history_builder.h"

#include "../cmocka_all.h"

struct customer *history_new(struct arena *arena, int64_t now_ms)
{
    struct customer *customer = arena_allocate(arena, sizeof *customer);
    assert_non_null(customer);
    customer_create(customer, arena, TEXT("c-1"), now_ms);
    return customer;
}

void history_did(struct customer *customer, const char *event, int64_t at_ms)
{
    assert_true(customer_add_event(customer, text_from(event), at_ms, 0));
}

void history_touched(struct customer *customer, const char *offer, const char *kind, enum touch_kind touch,
                     int64_t at_ms)
{
    assert_true(customer_add_touch(customer, text_from(offer), text_from(kind), touch, at_ms));
}

void history_entered(struct customer *customer, struct text journey, struct text stage, int64_t since_ms)
{
    struct customer_journey *place = customer_new_journey(customer, journey);
    assert_non_null(place);
    place->stage = stage;
    place->since_ms = since_ms;
}
