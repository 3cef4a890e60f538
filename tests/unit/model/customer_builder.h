/* Customers for tests: a typical one, records, and names that tests can tell apart. */
#ifndef SENDA_TESTS_MODEL_CUSTOMER_BUILDER_H
#define SENDA_TESTS_MODEL_CUSTOMER_BUILDER_H

#include "model/customer.h"

/* A moment that counts as now. */
#define BUILDER_NOW INT64_C(1790000000000)
#define BUILDER_DAY INT64_C(86400000)

/* The name with a number behind it: "offer-7"; lives until the arena ends. */
struct text builder_name(struct arena *arena, const char *name, unsigned number);

/* A customer "maria" of 5 events, 20 offers, 60 touches and 2 journeys, with something in every field. */
void builder_typical(struct customer *customer, struct arena *arena);

/* The customer's record in memory of exactly its size, so that reading behind it is noticed; the caller
 * frees.
 */
struct text builder_record(const struct customer *customer);

/* Fails unless the texts are equal, and says what they are. */
#define builder_assert_text(actual, expected) builder_assert_texts(actual, expected, __FILE__, __LINE__)
void builder_assert_texts(struct text actual, struct text expected, const char *file, int line);

/* Fails unless touches, moments and reservations are in order and all within the bounds, no name twice. */
void builder_assert_sound(const struct customer *customer);

/* What the tests of a customer begin with: one never seen before called "maria", and another, "anonymous". */
struct builder_fixture {
    struct arena arena;
    struct customer customer, other;
    struct error error;
};

int builder_set_up(void **state);
int builder_tear_down(void **state);

#define BUILDER_TEST(name) cmocka_unit_test_setup_teardown(name, builder_set_up, builder_tear_down)

#endif
