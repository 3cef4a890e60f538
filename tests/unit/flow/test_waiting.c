/* flow/waiting: tickets that come back in nearly the order in which they went. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/random.h"
#include "flow/waiting.h"

enum { MANY = 100000 };

static const struct flow_peer peer = {.errors = REPLY_ERRORS_PAIR, .scope = SCOPE_ADMIN};
static const struct text nothing = {NULL, 0};

static struct waiting *make(uint32_t id, uint32_t parts)
{
    struct waiting *waiting = waiting_new(METHOD_TRACK, &peer, id, nothing, parts);
    assert_non_null(waiting);
    return waiting;
}

static void add(struct waiting_queue *queue, uint64_t ticket, struct waiting *waiting, uint32_t part)
{
    assert_true(waiting_queue_reserve(queue, 1));
    waiting_queue_add(queue, ticket, waiting, part);
}

/* Takes the ticket of a request that waits for it alone; its id. */
static uint32_t take(struct waiting_queue *queue, uint64_t ticket)
{
    uint32_t part = 99;
    struct waiting *waiting = waiting_queue_take(queue, ticket, &part);
    assert_non_null(waiting);
    assert_int_equal(part, 0);
    uint32_t id = waiting->message_id;
    waiting_free(waiting);
    return id;
}

static void test_waiting_keeps_what_was_asked(void **state)
{
    (void)state;
    char id[] = "ada";
    struct waiting *waiting = waiting_new(METHOD_PROFILE_GET, &peer, 7, text_from(id), 0);
    id[0] = 'x'; /* the message is gone by then */
    assert_true(text_equal(waiting->subject, TEXT("ada")));
    assert_int_equal(waiting->method, METHOD_PROFILE_GET);
    assert_int_equal(waiting->message_id, 7);
    assert_int_equal(waiting->peer.errors, REPLY_ERRORS_PAIR);
    assert_false(waiting->batch);
    waiting_free(waiting);
}

static void test_waiting_takes_in_any_order(void **state)
{
    struct waiting_queue queue;
    uint32_t part;
    (void)state;
    waiting_queue_create(&queue);
    assert_null(waiting_queue_oldest(&queue));
    assert_null(waiting_queue_take(&queue, 1, &part));
    for (uint32_t i = 0; i < 10; i++)
        add(&queue, 100 * i, make(i, 0), 0);
    assert_int_equal(take(&queue, 500), 5);
    assert_null(waiting_queue_take(&queue, 500, &part));
    assert_null(waiting_queue_take(&queue, 501, &part));
    assert_null(waiting_queue_take(&queue, 5000, &part));
    assert_int_equal(waiting_queue_oldest(&queue)->ticket, 0);
    assert_int_equal(take(&queue, 0), 0);
    assert_int_equal(waiting_queue_oldest(&queue)->ticket, 100);
    for (uint32_t i = 9; i > 0; i--)
        if (i != 5)
            assert_int_equal(take(&queue, 100 * i), i);
    assert_null(waiting_queue_oldest(&queue));
    waiting_queue_destroy(&queue);
}

static void test_waiting_batch_has_many_tickets(void **state)
{
    struct waiting_queue queue;
    uint32_t part;
    (void)state;
    waiting_queue_create(&queue);
    struct waiting *batch = make(1, 3);
    assert_true(batch->batch);
    assert_true(waiting_queue_reserve(&queue, 3));
    for (uint32_t i = 0; i < 3; i++)
        waiting_queue_add(&queue, 10 + i, batch, i);
    assert_int_equal(batch->left, 3);
    assert_ptr_equal(waiting_queue_take(&queue, 11, &part), batch);
    assert_int_equal(part, 1);
    batch->left--;
    waiting_queue_destroy(&queue); /* frees it once, with the last of those that are left */
}

static void test_waiting_disowns(void **state)
{
    struct waiting_queue queue;
    int gone, stays;
    (void)state;
    waiting_queue_create(&queue);
    struct waiting *first = make(1, 0), *second = make(2, 0);
    first->owner = &gone;
    second->owner = &stays;
    add(&queue, 1, first, 0);
    add(&queue, 2, second, 0);
    waiting_queue_disown(&queue, &gone);
    assert_null(first->owner);
    assert_ptr_equal(second->owner, &stays);
    waiting_queue_destroy(&queue);
}

/* Neither of whoever is gone is anything kept, nor is it counted any more. */
static void test_waiting_keeps_no_results_for_nobody(void **state)
{
    struct waiting_queue queue;
    int gone;
    (void)state;
    waiting_queue_create(&queue);
    struct waiting *waiting = make(1, 2);
    waiting->owner = &gone;
    buffer_append(&waiting->results, "refused", 7);
    waiting->kept = waiting->results.capacity;
    add(&queue, 1, waiting, 0);
    add(&queue, 2, waiting, 1);
    waiting_queue_disown(&queue, &gone);
    assert_int_equal(waiting->kept, 0);
    assert_int_equal(waiting->results.capacity, 0);
    assert_null(waiting->parts);
    assert_false(waiting->batch);
    waiting_queue_destroy(&queue);
}

/* One that waits long keeps nothing of what went past it. */
static void test_waiting_stays_small_behind_one_that_waits(void **state)
{
    struct waiting_queue queue;
    (void)state;
    waiting_queue_create(&queue);
    add(&queue, 1, make(1, 0), 0);
    for (uint32_t i = 2; i < MANY; i++) {
        add(&queue, i, make(i, 0), 0);
        assert_int_equal(take(&queue, i), i);
    }
    assert_true(queue.capacity < 100);
    assert_int_equal(take(&queue, 1), 1);
    waiting_queue_destroy(&queue);
}

/* Thousands at once, in nearly the order in which they were asked. */
static void test_waiting_many_at_random(void **state)
{
    struct waiting_queue queue;
    struct random_state random = {1};
    enum { OPEN = 8192 };
    uint64_t *open = calloc(OPEN, sizeof *open), ticket = 0;
    size_t count = 0;
    (void)state;
    assert_non_null(open);
    waiting_queue_create(&queue);
    for (int i = 0; i < MANY; i++) {
        if (count < OPEN && random_next(&random) % 8 < 5) {
            ticket += 1 + random_next(&random) % 100;
            add(&queue, ticket, make((uint32_t)ticket, 0), 0);
            open[count++] = ticket;
        } else if (count > 0) {
            size_t place = random_next(&random) % (count < 50 ? count : 50);
            assert_int_equal(take(&queue, open[place]), (uint32_t)open[place]);
            memmove(open + place, open + place + 1, (--count - place) * sizeof *open);
        }
        assert_true(count == 0 || waiting_queue_oldest(&queue)->ticket == open[0]);
    }
    assert_true(queue.capacity <= 4 * OPEN);
    while (count > 0)
        take(&queue, open[--count]);
    waiting_queue_destroy(&queue);
    free(open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waiting_keeps_what_was_asked),
        cmocka_unit_test(test_waiting_takes_in_any_order),
        cmocka_unit_test(test_waiting_batch_has_many_tickets),
        cmocka_unit_test(test_waiting_disowns),
        cmocka_unit_test(test_waiting_keeps_no_results_for_nobody),
        cmocka_unit_test(test_waiting_stays_small_behind_one_that_waits),
        cmocka_unit_test(test_waiting_many_at_random),
    };
    return cmocka_run_group_tests_name("flow/waiting", tests, NULL, NULL);
}
