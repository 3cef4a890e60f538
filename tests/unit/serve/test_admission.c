/*
 * serve/admission: the rules one by one, then whole workers on a made-up clock: what they still answer, and
 * how soon, under loads that they can carry and such that they cannot.
 */
#include "../cmocka_all.h"

#include "simulated_worker.h"

enum { MS = 1000000 };

/* ---- The rules ---- */

/* A turn in which one request is asked for; true where it is taken. It costs a millisecond. */
static bool ask(struct admission *admission, struct admission_account *account, uint64_t now_ns,
                uint64_t stood_ns)
{
    struct admission_turn turn;
    admission_begin_turn(admission, account, now_ns, stood_ns, &turn);
    bool admitted = admission_admits(admission, &turn, false);
    admission_end_turn(admission, &turn, admitted ? MS : 0);
    return admitted;
}

/* Ten connections of which each asks once in every pass, for so many milliseconds; how many were refused. */
static unsigned run_passes(struct admission *admission, struct admission_account *accounts, uint64_t *now_ns,
                           unsigned ms, uint64_t stood_ns)
{
    unsigned refused = 0;
    for (uint64_t end_ns = *now_ns + (uint64_t)ms * MS; *now_ns < end_ns; *now_ns += MS) {
        admission_begin_pass(admission, 10);
        for (int i = 0; i < 10; i++)
            refused += !ask(admission, &accounts[i], *now_ns, stood_ns);
    }
    return refused;
}

static void test_admission_takes_all_while_nothing_stands(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    assert_int_equal(run_passes(&admission, accounts, &now_ns, 10000, 4 * MS), 0);
    assert_false(admission.refusing);
}

static void test_admission_lets_bursts_pass(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(run_passes(&admission, accounts, &now_ns, 80, 40 * MS), 0);
        assert_int_equal(run_passes(&admission, accounts, &now_ns, 20, 0), 0);
    }
}

static void test_admission_refuses_where_a_queue_stands(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    assert_int_equal(run_passes(&admission, accounts, &now_ns, 99, 40 * MS), 0);
    assert_true(run_passes(&admission, accounts, &now_ns, 50, 40 * MS) > 0);
    assert_true(admission.refusing);
    run_passes(&admission, accounts, &now_ns, 300, 0);
    assert_false(admission.refusing);
}

/* One burst, a long silence, and one more request that did not wait: no queue has stood. */
static void test_admission_takes_silence_for_what_it_is(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    run_passes(&admission, accounts, &now_ns, 50, 40 * MS);
    now_ns += 3600000ULL * MS;
    assert_int_equal(run_passes(&admission, accounts, &now_ns, 1, 0), 0);
    assert_false(admission.refusing);
}

static void test_admission_refuses_what_has_stood_too_long(void **state)
{
    struct admission admission;
    struct admission_account account = {0};
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    admission_begin_pass(&admission, 2);
    assert_true(ask(&admission, &account, MS, 80 * MS));
    assert_false(ask(&admission, &account, 2 * MS, 81 * MS));
    assert_true(admission.refusing);
}

static void test_admission_refuses_nobody_where_it_is_switched_off(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 0, 100 * MS, 1);
    assert_int_equal(run_passes(&admission, accounts, &now_ns, 1000, 5000ULL * MS), 0);
}

static void test_admission_refuses_nobody_who_is_alone(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}}, alone = {0};
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    run_passes(&admission, accounts, &now_ns, 150, 40 * MS);
    assert_true(admission.refusing);
    for (int i = 0; i < 300; i++, now_ns += MS) {
        admission_begin_pass(&admission, 1);
        assert_true(ask(&admission, &alone, now_ns, 0));
    }
    assert_false(admission.refusing);
}

/* What was begun goes before what is new, but not for ever. */
static void test_admission_prefers_what_was_begun(void **state)
{
    struct admission admission;
    struct admission_account accounts[10] = {{0}};
    struct admission_turn turn;
    uint64_t now_ns = MS;
    (void)state;
    admission_create(&admission, 5 * MS, 100 * MS, 1);
    run_passes(&admission, accounts, &now_ns, 150, 40 * MS);
    admission_begin_turn(&admission, &accounts[0], now_ns, 10 * MS, &turn);
    while (admission_admits(&admission, &turn, false))
        continue;
    assert_true(admission_admits(&admission, &turn, true));
    unsigned more = 0;
    while (admission_admits(&admission, &turn, true) && more < 1000)
        more++;
    assert_true(more < 1000);
}

/* ---- Workers ---- */

struct outcome {
    double goodput;                   /* part of the time that went into answers */
    double refused;                   /* part of the requests */
    double admitted_p99, refused_p99; /* milliseconds from arriving to the reply */
    double onset_p99;                 /* the same of what was answered in the first second */
};

static struct outcome simulate(size_t clients, uint64_t cost_us, double load, bool varies)
{
    struct simulated_worker worker;
    struct outcome outcome;
    simulated_create(&worker, clients, cost_us * 1000, load, 42);
    worker.varies = varies;
    simulated_run(&worker, 1);
    outcome.onset_p99 = simulated_percentile(&worker.admitted, 99);
    simulated_count(&worker);
    simulated_run(&worker, 2);
    outcome.goodput = simulated_goodput(&worker);
    outcome.refused = (double)worker.refused.count / (double)(worker.refused.count + worker.admitted.count);
    outcome.admitted_p99 = simulated_percentile(&worker.admitted, 99);
    outcome.refused_p99 = simulated_percentile(&worker.refused, 99);
    simulated_destroy(&worker);
    print_message(
        "%4zu clients, %4llu us each, load %5.2f: goodput %.3f, refused %4.1f %%, p99 %.1f and %.1f ms\n",
        clients, (unsigned long long)cost_us, load, outcome.goodput, 100 * outcome.refused,
        outcome.admitted_p99, outcome.refused_p99);
    return outcome;
}

static void test_admission_worker_refuses_nobody_while_it_keeps_up(void **state)
{
    static const size_t clients[] = {1, 2, 8, 50, 200};
    static const uint64_t costs_us[] = {2, 20, 100, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
        for (size_t j = 0; j < sizeof costs_us / sizeof *costs_us; j++) {
            struct outcome outcome = simulate(clients[i], costs_us[j], 0.5, false);
            assert_true(outcome.refused == 0);
            assert_true(outcome.goodput > 0.45);
        }
}

/* The figures that are promised, where refusing is cheap beside answering. */
static void test_admission_worker_keeps_its_promises(void **state)
{
    static const size_t clients[] = {8, 50};
    static const double loads[] = {2, 10};
    (void)state;
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
        for (size_t j = 0; j < sizeof loads / sizeof *loads; j++)
            for (int varies = 0; varies < 2; varies++) {
                struct outcome outcome = simulate(clients[i], 150, loads[j], varies);
                assert_true(outcome.goodput >= 0.9);
                assert_true(outcome.admitted_p99 <= 10);
                assert_true(outcome.refused_p99 <= 6);
                assert_true(outcome.onset_p99 <= 100);
            }
}

/* Elsewhere goodput suffers from the bytes that have to be read; that answers come soon does not. */
static void test_admission_worker_answers_soon_at_any_load(void **state)
{
    static const size_t clients[] = {8, 50, 200};
    static const uint64_t costs_us[] = {20, 100, 1000};
    static const double loads[] = {1.05, 1.5, 3, 10};
    (void)state;
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
        for (size_t j = 0; j < sizeof costs_us / sizeof *costs_us; j++)
            for (size_t k = 0; k < sizeof loads / sizeof *loads; k++) {
                struct outcome outcome = simulate(clients[i], costs_us[j], loads[k], true);
                assert_true(outcome.admitted_p99 <= 100);
                assert_true(outcome.refused_p99 <= 100);
                assert_true(outcome.goodput >= 0.6);
            }
}

/* One who asks for ten times what there is, and many who ask for little: they hardly notice. */
static void test_admission_worker_shares_fairly(void **state)
{
    struct simulated_worker worker;
    uint64_t admitted = 0, refused = 0;
    (void)state;
    simulated_create(&worker, 50, 100000, 12, 42);
    for (size_t i = 0; i < 50; i++) {
        worker.clients[i].share = i < 2 ? 0.5 * 11.5 / 12 : 0.5 / 12 / 48; /* 11.5 and 0.5 of what there is */
        worker.clients[i].next_ns = simulated_gap(&worker, worker.clients[i].share);
    }
    simulated_run(&worker, 4);
    for (size_t i = 2; i < 50; i++) {
        admitted += worker.clients[i].admitted;
        refused += worker.clients[i].refused;
    }
    print_message("of those who ask for little %.2f %% were refused, of the others %.1f %%\n",
                  100.0 * (double)refused / (double)(admitted + refused),
                  100.0 * (double)worker.clients[0].refused /
                      (double)(worker.clients[0].refused + worker.clients[0].admitted));
    assert_true(refused * 50 < admitted);
    assert_true(worker.clients[0].refused > worker.clients[0].admitted);
    assert_true(worker.clients[0].admitted < 2 * worker.clients[1].admitted);
    assert_true(worker.clients[1].admitted < 2 * worker.clients[0].admitted);
    simulated_destroy(&worker);
}

/* Nobody is refused for what nobody else suffers from. */
static void test_admission_worker_slows_down_who_is_alone(void **state)
{
    struct outcome outcome;
    (void)state;
    outcome = simulate(1, 100, 2, false);
    assert_true(outcome.refused == 0);
    assert_true(outcome.goodput > 0.95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_admission_takes_all_while_nothing_stands),
        cmocka_unit_test(test_admission_lets_bursts_pass),
        cmocka_unit_test(test_admission_refuses_where_a_queue_stands),
        cmocka_unit_test(test_admission_takes_silence_for_what_it_is),
        cmocka_unit_test(test_admission_refuses_what_has_stood_too_long),
        cmocka_unit_test(test_admission_refuses_nobody_where_it_is_switched_off),
        cmocka_unit_test(test_admission_refuses_nobody_who_is_alone),
        cmocka_unit_test(test_admission_prefers_what_was_begun),
        cmocka_unit_test(test_admission_worker_refuses_nobody_while_it_keeps_up),
        cmocka_unit_test(test_admission_worker_keeps_its_promises),
        cmocka_unit_test(test_admission_worker_answers_soon_at_any_load),
        cmocka_unit_test(test_admission_worker_shares_fairly),
        cmocka_unit_test(test_admission_worker_slows_down_who_is_alone),
    };
    return cmocka_run_group_tests_name("serve/admission", tests, NULL, NULL);
}
