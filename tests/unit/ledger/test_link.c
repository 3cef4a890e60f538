/* ledger/link: a worker's end, against a ledger that the test plays. */
#include "../cmocka_all.h"

#include <poll.h>
#include <stdlib.h>

#include "../model/records.h"
#include "ledger/link.h"

struct linking {
    struct shared *shared; /* owned */
    struct link link;
    uint64_t tickets[64]; /* that were taken */
    size_t taken;
    bool unknown; /* nobody waits for any of them */
};

static int setup(void **state)
{
    struct linking *linking = calloc(1, sizeof *linking);
    struct error error;
    if (linking == NULL || (linking->shared = shared_new(2, &error)) == NULL)
        return -1;
    atomic_store(&linking->shared->state->ledger_serves, true);
    link_create(&linking->link, linking->shared, 1);
    *state = linking;
    return 0;
}

static int teardown(void **state)
{
    struct linking *linking = *state;
    shared_free(linking->shared);
    free(linking);
    return 0;
}

static uint64_t send(struct linking *linking)
{
    struct command command = {.type = COMMAND_TRACK, .name = TEXT("view"), .customer = TEXT("ada")};
    struct error error;
    uint64_t ticket;
    if (!link_send(&linking->link, &command, &ticket, &error))
        fail_msg("%s", error.message);
    return ticket;
}

static void answer(struct linking *linking, uint64_t ticket)
{
    struct outcome outcome = {.ticket = ticket, .accepted = true};
    struct ring *ring = linking->shared->lanes[1].outcomes;
    void *room = ring_reserve(ring, outcome_size(&outcome));
    assert_non_null(room);
    outcome_encode(&outcome, room);
    ring_commit(ring, outcome_size(&outcome));
    shared_wake_worker(linking->shared, 1);
}

static bool take_cb(void *context, const struct outcome *outcome)
{
    struct linking *linking = context;
    assert_true(linking->taken < sizeof linking->tickets / sizeof *linking->tickets);
    linking->tickets[linking->taken++] = outcome->ticket;
    return !linking->unknown;
}

static size_t take(struct linking *linking)
{
    linking->taken = 0;
    assert_true(link_take(&linking->link, UINT64_MAX, take_cb, linking));
    return linking->taken;
}

static bool is_woken(const struct linking *linking)
{
    struct pollfd wait = {.fd = link_wake_fd(&linking->link), .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void test_link_sends_into_its_own_lane(void **state)
{
    struct linking *linking = *state;
    const struct ring *ring = linking->shared->lanes[1].commands;
    uint64_t ticket = send(linking), position = 0, carried;
    struct command command;
    struct text bytes;
    assert_true(ring_read(ring, &position, ring_end(ring), &bytes));
    memcpy(&carried, bytes.bytes, sizeof carried);
    assert_int_equal(carried, ticket);
    assert_true(command_decode(
        &command, (struct text){bytes.bytes + sizeof carried, bytes.length - sizeof carried}, NULL));
    assert_true(text_equal(command.customer, TEXT("ada")));
    assert_int_equal(ring_end(linking->shared->lanes[0].commands), 0);
    assert_true(send(linking) > ticket);
}

static void test_link_records_decisions(void **state)
{
    struct linking *linking = *state;
    struct ring *ring = linking->shared->lanes[1].decisions;
    struct record record = records_one();
    struct text bytes;
    uint64_t position = 0;
    assert_true(link_record(&linking->link, &record));
    assert_true(ring_read(ring, &position, ring_end(ring), &bytes));
    assert_true(record_is_of(bytes, record.customer));
    while (link_record(&linking->link, &record))
        continue;
    assert_true(ring_end(ring) > SHARED_DECISIONS / 2);
    ring_release(ring, ring_end(ring));
    assert_true(link_record(&linking->link, &record));
}

static void test_link_takes_answers_in_order(void **state)
{
    struct linking *linking = *state;
    uint64_t first = send(linking), second = send(linking);
    assert_int_equal(take(linking), 0);
    answer(linking, second);
    answer(linking, first);
    assert_true(is_woken(linking));
    assert_int_equal(take(linking), 2);
    assert_false(is_woken(linking));
    assert_int_equal(linking->tickets[0], second);
    assert_int_equal(linking->tickets[1], first);
    assert_int_equal(linking->link.open, 0);
    assert_int_equal(take(linking), 0);
}

/* Time was up before it began: each time one is taken, and what is left rings again. */
static void test_link_leaves_answers_for_later(void **state)
{
    enum { MANY = 3 };
    struct linking *linking = *state;
    uint64_t tickets[MANY];
    for (size_t i = 0; i < MANY; i++)
        tickets[i] = send(linking);
    for (size_t i = 0; i < MANY; i++)
        answer(linking, tickets[i]);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(is_woken(linking));
        assert_int_equal(link_take(&linking->link, 0, take_cb, linking), i + 1 == MANY);
        assert_int_equal(linking->taken, i + 1);
        assert_int_equal(linking->tickets[i], tickets[i]);
        assert_int_equal(linking->link.open, MANY - i - 1);
    }
    assert_false(is_woken(linking));
}

/* A ledger that came back answers again. */
static void test_link_counts_an_answer_once(void **state)
{
    struct linking *linking = *state;
    uint64_t first = send(linking);
    send(linking);
    answer(linking, first);
    take(linking);
    linking->unknown = true;
    answer(linking, first);
    answer(linking, first);
    answer(linking, first);
    assert_int_equal(take(linking), 3);
    assert_int_equal(linking->link.open, 1);
    link_give_up(&linking->link);
    assert_int_equal(linking->link.open, 0);
    send(linking);
}

static void test_link_leaves_what_another_worker_asked(void **state)
{
    struct linking *linking = *state;
    uint64_t lost = send(linking), late = send(linking);
    answer(linking, lost);
    link_create(&linking->link, linking->shared, 1);
    assert_int_equal(ring_done(linking->shared->lanes[1].outcomes),
                     ring_end(linking->shared->lanes[1].outcomes));
    uint64_t own = send(linking);
    answer(linking, late);
    answer(linking, own);
    assert_int_equal(take(linking), 1);
    assert_int_equal(linking->tickets[0], own);
    assert_int_equal(linking->link.open, 0);
}

static void test_link_sends_nothing_without_a_ledger(void **state)
{
    struct linking *linking = *state;
    struct command flush = {.type = COMMAND_FLUSH};
    struct error error;
    uint64_t ticket;
    atomic_store(&linking->shared->state->ledger_serves, false);
    assert_false(link_is_served(&linking->link));
    assert_false(link_send(&linking->link, &flush, &ticket, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_int_equal(ring_end(linking->shared->lanes[1].commands), 0);
    assert_int_equal(linking->link.open, 0);
}

static void test_link_refuses_too_much(void **state)
{
    struct linking *linking = *state;
    struct command flush = {.type = COMMAND_FLUSH};
    struct error error;
    uint64_t ticket, first = 0;
    for (uint32_t i = 0; i < LINK_OPEN_MOST; i++) {
        assert_true(link_send(&linking->link, &flush, &ticket, &error));
        first = i == 0 ? ticket : first;
    }
    assert_false(link_send(&linking->link, &flush, &ticket, &error));
    assert_int_equal(error.code, ERROR_OVERLOADED);
    answer(linking, first);
    take(linking);
    assert_true(link_send(&linking->link, &flush, &ticket, &error));
}

/* One alone has two batches, or half of all; each of several stops where as much is left as it has. */
static void test_link_is_crowded_by_what_is_left(void **state)
{
    struct linking *linking = *state;
    struct link *link = &linking->link;
    atomic_store(&linking->shared->state->batch_most, LINK_OPEN_MOST);
    link->open = LINK_OPEN_MOST / 2 - 1;
    assert_false(link_is_crowded(link, link->open, 0));
    link->open = LINK_OPEN_MOST / 2;
    assert_true(link_is_crowded(link, link->open, 0));
    atomic_store(&linking->shared->state->batch_most, 3 * LINK_SHARE);
    link->open = 6 * LINK_SHARE - 1;
    assert_false(link_is_crowded(link, link->open, 0));
    link->open = 6 * LINK_SHARE;
    assert_true(link_is_crowded(link, link->open, 0));
    link->open = 3 * (LINK_OPEN_MOST / 4);
    assert_false(link_is_crowded(link, 1, 0));
    link->open = LINK_OPEN_MOST - 10;
    assert_false(link_is_crowded(link, 9, 0));
    assert_true(link_is_crowded(link, 10, 0));
    link->open = 0;
}

static void test_link_is_crowded_by_bytes(void **state)
{
    struct linking *linking = *state;
    char *text = calloc(1, LINK_BYTES_MOST);
    struct command command = {.type = COMMAND_TRACK, .properties = {text, LINK_BYTES_MOST - 1000}};
    struct error error;
    uint64_t ticket;
    size_t bytes = 0;
    uint32_t sent = 0;
    assert_non_null(text);
    for (; !link_is_crowded(&linking->link, sent, bytes); sent++) {
        assert_true(link_send(&linking->link, &command, &ticket, &error));
        bytes += command_size(&command);
    }
    assert_true(bytes >= SHARED_COMMANDS / 2 && bytes <= SHARED_COMMANDS / 2 + 2 * LINK_BYTES_MOST);
    assert_false(link_is_crowded(&linking->link, 1, command_size(&command)));
    free(text);
}

/* A share is all that is to be had while somebody else waits, who waits behind it. */
static void test_link_is_crowded_while_others_wait(void **state)
{
    struct linking *linking = *state;
    struct link *link = &linking->link;
    atomic_store(&linking->shared->state->batch_most, 2 * LINK_SHARE);
    link->open = LINK_SHARE;
    assert_false(link_is_crowded(link, LINK_SHARE, 0));
    link->open = LINK_SHARE + 1;
    assert_true(link_is_crowded(link, LINK_SHARE, 0));
    assert_false(link_is_crowded(link, LINK_SHARE - 1, 0));
    assert_false(link_is_crowded(link, 1, 0));
    link->open = 0;
}

static void test_link_refuses_what_never_fits(void **state)
{
    struct linking *linking = *state;
    char *long_text = calloc(1, LINK_BYTES_MOST);
    struct command command = {.type = COMMAND_TRACK, .properties = {long_text, LINK_BYTES_MOST}};
    struct error error;
    uint64_t ticket;
    assert_non_null(long_text);
    assert_false(link_send(&linking->link, &command, &ticket, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_int_equal(linking->link.open, 0);
    command.properties.length -= 1000;
    assert_true(link_send(&linking->link, &command, &ticket, &error));
    free(long_text);
}

/* What is damaged is lost; what comes after it is not. */
static void test_link_walks_over_damage(void **state)
{
    struct linking *linking = *state;
    struct ring *ring = linking->shared->lanes[1].outcomes;
    uint64_t first = send(linking), second = send(linking);
    memset(ring_reserve(ring, 12), 0xEE, 12);
    ring_commit(ring, 12);
    answer(linking, first);
    assert_int_equal(take(linking), 1);
    uint64_t length = SHARED_OUTCOMES;
    size_t head = ring_end(ring);
    answer(linking, 1);
    memcpy(ring->bytes + head, &length, sizeof length);
    assert_int_equal(take(linking), 0);
    answer(linking, second);
    assert_int_equal(take(linking), 1);
    assert_int_equal(linking->tickets[0], second);
}

static void test_link_wakes_the_ledger_once(void **state)
{
    struct linking *linking = *state;
    struct pollfd wait = {.fd = linking->shared->wake_ledger, .events = POLLIN};
    atomic_store(&linking->shared->state->ledger_sleep, SHARED_SLEEPING);
    link_flush(&linking->link);
    assert_int_equal(poll(&wait, 1, 0), 0);
    send(linking);
    send(linking);
    assert_int_equal(poll(&wait, 1, 0), 0);
    link_flush(&linking->link);
    assert_int_equal(poll(&wait, 1, 0), 1);
    shared_drain_wakes(linking->shared->wake_ledger);
    atomic_store(&linking->shared->state->ledger_sleep, SHARED_SLEEPING);
    link_flush(&linking->link);
    assert_int_equal(poll(&wait, 1, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_link_##name, setup, teardown)
        TEST(sends_into_its_own_lane),
        TEST(records_decisions),
        TEST(takes_answers_in_order),
        TEST(leaves_answers_for_later),
        TEST(counts_an_answer_once),
        TEST(leaves_what_another_worker_asked),
        TEST(sends_nothing_without_a_ledger),
        TEST(refuses_too_much),
        TEST(refuses_what_never_fits),
        TEST(is_crowded_by_what_is_left),
        TEST(is_crowded_by_bytes),
        TEST(is_crowded_while_others_wait),
        TEST(walks_over_damage),
        TEST(wakes_the_ledger_once),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/link", tests, NULL, NULL);
}
