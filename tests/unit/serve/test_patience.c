/* serve/patience: who began first is over first, on a clock of the test's own. */
#include "../cmocka_all.h"

#include "base/random.h"
#include "serve/patience.h"

static void test_patience_is_over_in_the_order_of_beginning(void **state)
{
    struct patience patience;
    struct patience_node nodes[3];
    (void)state;
    patience_create(&patience, 100);
    for (int i = 0; i < 3; i++) {
        patience_node_create(&nodes[i]);
        patience_begin(&patience, &nodes[i], 1000 + 10 * (uint64_t)i);
    }
    assert_null(patience_first_over(&patience, 1099));
    assert_ptr_equal(patience_first_over(&patience, 1100), &nodes[0]);
    patience_end(&nodes[0]);
    assert_null(patience_first_over(&patience, 1109));
    assert_ptr_equal(patience_first_over(&patience, 2000), &nodes[1]);
    patience_end(&nodes[1]);
    patience_end(&nodes[2]);
    assert_null(patience_first_over(&patience, 2000));
}

/* Clocks are read one after the other, so that somebody may begin behind the time that is looked from. */
static void test_patience_is_not_over_before_it_began(void **state)
{
    struct patience patience;
    struct patience_node node;
    (void)state;
    patience_create(&patience, 100);
    patience_node_create(&node);
    patience_begin(&patience, &node, 1001);
    assert_null(patience_first_over(&patience, 1000));
    patience_end(&node);
}

static void test_patience_begins_anew(void **state)
{
    struct patience patience;
    struct patience_node early, late;
    (void)state;
    patience_create(&patience, 100);
    patience_node_create(&early);
    patience_node_create(&late);
    assert_false(patience_is_waiting(&early));
    patience_end(&early); /* that did not wait */
    patience_begin(&patience, &early, 0);
    patience_begin(&patience, &late, 50);
    patience_begin(&patience, &early, 90); /* it moved */
    assert_true(patience_is_waiting(&early));
    assert_ptr_equal(patience_first_over(&patience, 150), &late);
    patience_end(&late);
    assert_null(patience_first_over(&patience, 189));
    assert_ptr_equal(patience_first_over(&patience, 190), &early);
    patience_end(&early);
    assert_false(patience_is_waiting(&early));
}

/* Beginnings and ends at random: nobody is over too early, and nobody is forgotten. */
static void test_patience_at_random(void **state)
{
    enum { MANY = 50, STEPS = 20000, LONG = 300 };
    struct patience patience;
    struct patience_node nodes[MANY];
    struct random_state random = {7};
    uint64_t now = 1;
    (void)state;
    patience_create(&patience, LONG);
    for (int i = 0; i < MANY; i++)
        patience_node_create(&nodes[i]);
    for (int step = 0; step < STEPS; step++) {
        struct patience_node *node = &nodes[random_next(&random) % MANY], *over;
        now += random_next(&random) % 20;
        while ((over = patience_first_over(&patience, now)) != NULL) {
            assert_true(now - over->since_ms >= LONG);
            patience_end(over);
        }
        for (int i = 0; i < MANY; i++)
            assert_true(!patience_is_waiting(&nodes[i]) || now - nodes[i].since_ms < LONG);
        if (random_next(&random) % 3 == 0)
            patience_end(node);
        else
            patience_begin(&patience, node, now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patience_is_over_in_the_order_of_beginning),
        cmocka_unit_test(test_patience_is_not_over_before_it_began),
        cmocka_unit_test(test_patience_begins_anew),
        cmocka_unit_test(test_patience_at_random),
    };
    return cmocka_run_group_tests_name("serve/patience", tests, NULL, NULL);
}
