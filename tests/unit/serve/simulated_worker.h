/*
 * A worker whose clock and clients are made up: what serve/turns does with serve/admission and
 * serve/standing, with requests that arrive at random and take a given time. Hours pass in seconds, and
 * nothing disturbs it.
 */
#ifndef SENDA_TESTS_SERVE_SIMULATED_WORKER_H
#define SENDA_TESTS_SERVE_SIMULATED_WORKER_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "serve/admission.h"
#include "serve/standing.h"

enum {
    SIMULATED_READ = 1000,           /* requests that one read brings at most */
    SIMULATED_TURN_MESSAGES = 64,    /* as serve/turns.c has it */
    SIMULATED_TURN_NS = 1000000,     /* likewise */
    SIMULATED_SLICE_NS = 1000000,    /* likewise */
    SIMULATED_PAUSE_NS = 200000,     /* likewise */
    SIMULATED_TURN_COST_NS = 5000,   /* reading and writing */
    SIMULATED_REFUSAL_COST_NS = 400, /* finding a message's end, and a short answer */
    SIMULATED_POLL_COST_NS = 2000,   /* the loop itself */
    SIMULATED_SAMPLES = 1 << 22,     /* latencies kept of each kind */
};

/* Requests of one client that were not read yet or wait for its turn, by when they came. */
struct simulated_client {
    double share;            /* of all requests, that are its own */
    uint64_t next_ns;        /* when its next one comes */
    uint64_t *arrivals;      /* owned; a ring */
    size_t first, end, size; /* of it; ever growing */
    size_t read;             /* of these, how many were read and wait */
    bool waits;              /* is in the list */
    struct standing standing;
    struct admission_account account;
    uint64_t admitted, refused; /* its requests so far */
};

struct simulated_latencies {
    uint32_t *us; /* owned */
    size_t count;
};

struct simulated_worker {
    struct admission admission;
    struct simulated_client *clients; /* owned */
    size_t client_count;
    size_t *list, list_first, list_count; /* a ring of who waits; owned */
    size_t pass_left;
    uint64_t now_ns, left_ns, served_ns, served_then_ns, since_ns;
    uint64_t cost_ns; /* of one request */
    double rate;      /* requests a second, all clients together */
    bool varies;      /* costs are drawn at random about cost_ns */
    struct random_state random;
    uint64_t counted_from_ns; /* latencies before are not kept */
    struct simulated_latencies admitted, refused;
    uint64_t done_ns; /* of requests that were answered, since then */
};

static inline uint64_t simulated_gap(struct simulated_worker *worker, double share)
{
    double mean = 1e9 / (worker->rate * share);
    return (uint64_t)(-log(1 - random_unit(&worker->random)) * mean) + 1;
}

static inline void simulated_arrive(struct simulated_client *client, uint64_t at_ns)
{
    if (client->end - client->first == client->size) {
        uint64_t *larger = malloc(2 * client->size * sizeof *larger);
        for (size_t i = client->first; i < client->end; i++)
            larger[i % (2 * client->size)] = client->arrivals[i % client->size];
        free(client->arrivals);
        client->arrivals = larger;
        client->size *= 2;
    }
    client->arrivals[client->end++ % client->size] = at_ns;
}

static inline void simulated_create(struct simulated_worker *worker, size_t clients, uint64_t cost_ns,
                                    double load, uint64_t seed)
{
    memset(worker, 0, sizeof *worker);
    worker->random.value = seed;
    worker->client_count = clients;
    worker->clients = calloc(clients, sizeof *worker->clients);
    worker->list = calloc(clients, sizeof *worker->list);
    worker->cost_ns = cost_ns;
    worker->rate = load * 1e9 / (double)cost_ns;
    worker->admitted.us = calloc(SIMULATED_SAMPLES, sizeof *worker->admitted.us);
    worker->refused.us = calloc(SIMULATED_SAMPLES, sizeof *worker->refused.us);
    admission_create(&worker->admission, 5000000, 100000000, seed);
    for (size_t i = 0; i < clients; i++) {
        struct simulated_client *client = &worker->clients[i];
        client->size = 64;
        client->arrivals = calloc(client->size, sizeof *client->arrivals);
        client->share = 1.0 / (double)clients;
        client->next_ns = simulated_gap(worker, client->share);
    }
}

static inline void simulated_destroy(struct simulated_worker *worker)
{
    for (size_t i = 0; i < worker->client_count; i++)
        free(worker->clients[i].arrivals);
    free(worker->clients);
    free(worker->list);
    free(worker->admitted.us);
    free(worker->refused.us);
}

/* What came until now is in the sockets. */
static inline void simulated_receive(struct simulated_worker *worker, struct simulated_client *client)
{
    while (client->share > 0 && client->next_ns <= worker->now_ns) {
        simulated_arrive(client, client->next_ns);
        client->next_ns += simulated_gap(worker, client->share);
    }
}

static inline void simulated_wait(struct simulated_worker *worker)
{
    uint64_t next_ns = UINT64_MAX;
    for (size_t i = 0; i < worker->client_count; i++)
        if (worker->clients[i].share > 0 && worker->clients[i].next_ns < next_ns)
            next_ns = worker->clients[i].next_ns;
    if (next_ns > worker->now_ns)
        worker->now_ns = next_ns;
}

static inline bool simulated_announce(struct simulated_worker *worker)
{
    for (size_t i = 0; i < worker->client_count; i++) {
        struct simulated_client *client = &worker->clients[i];
        simulated_receive(worker, client);
        if (client->waits || client->first == client->end)
            continue;
        standing_announce(&client->standing, worker->since_ns);
        client->waits = true;
        worker->list[(worker->list_first + worker->list_count++) % worker->client_count] = i;
    }
    return worker->list_count > 0;
}

static inline void simulated_look(struct simulated_worker *worker)
{
    worker->since_ns = worker->served_then_ns;
    worker->now_ns += SIMULATED_POLL_COST_NS;
    if (!simulated_announce(worker)) {
        simulated_wait(worker);
        uint64_t idle_ns = worker->now_ns - worker->left_ns;
        bool waited = idle_ns > SIMULATED_PAUSE_NS;
        if (waited)
            admission_rest(&worker->admission, idle_ns);
        worker->since_ns = waited ? worker->served_ns : worker->served_then_ns;
        simulated_announce(worker);
    }
    worker->served_then_ns = worker->served_ns;
}

static inline void simulated_keep(struct simulated_worker *worker, struct simulated_latencies *latencies,
                                  uint64_t arrived_ns)
{
    if (arrived_ns >= worker->counted_from_ns && latencies->count < SIMULATED_SAMPLES)
        latencies->us[latencies->count++] = (uint32_t)((worker->now_ns - arrived_ns) / 1000);
}

static inline uint64_t simulated_cost(struct simulated_worker *worker)
{
    if (!worker->varies)
        return worker->cost_ns;
    return (uint64_t)(-log(1 - random_unit(&worker->random)) * (double)worker->cost_ns);
}

static inline void simulated_turn(struct simulated_worker *worker, struct simulated_client *client)
{
    struct admission_turn turn;
    uint64_t began_ns = worker->now_ns, taken[SIMULATED_READ];
    size_t count = 0, answered = 0;
    bool admits[SIMULATED_READ];
    admission_begin_turn(&worker->admission, &client->account, worker->now_ns,
                         standing_at(&client->standing, worker->served_ns), &turn);
    worker->now_ns += SIMULATED_TURN_COST_NS;
    if (client->read == 0) {
        client->read = client->end - client->first;
        bool filled = client->read > SIMULATED_READ;
        client->read = filled ? SIMULATED_READ : client->read;
        standing_read(&client->standing, worker->served_ns, filled);
    }
    bool goes_on = true;
    while (client->read > 0 && goes_on) {
        uint64_t cost_ns = simulated_cost(worker);
        taken[count] = client->arrivals[client->first++ % client->size];
        client->read--;
        admits[count] = admission_admits(&worker->admission, &turn, false);
        worker->now_ns += admits[count] ? cost_ns : SIMULATED_REFUSAL_COST_NS;
        worker->done_ns += admits[count] && worker->now_ns >= worker->counted_from_ns ? cost_ns : 0;
        answered += admits[count] && !turn.bounded;
        bool refuses = !admits[count] || (turn.bounded && client->account.credit_ns <= 0);
        goes_on =
            answered < SIMULATED_TURN_MESSAGES && (refuses || worker->now_ns - began_ns < SIMULATED_TURN_NS);
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        simulated_keep(worker, admits[i] ? &worker->admitted : &worker->refused, taken[i]);
        *(admits[i] ? &client->admitted : &client->refused) += 1;
    }
    standing_spend(&client->standing, worker->served_ns, worker->now_ns - began_ns);
    admission_end_turn(&worker->admission, &turn, worker->now_ns - began_ns);
    worker->served_ns += worker->now_ns - began_ns;
}

static inline void simulated_work(struct simulated_worker *worker)
{
    uint64_t ends_ns = worker->now_ns + SIMULATED_SLICE_NS;
    for (size_t left = worker->list_count; left > 0 && worker->now_ns < ends_ns; left--) {
        size_t number = worker->list[worker->list_first];
        struct simulated_client *client = &worker->clients[number];
        if (worker->pass_left == 0) {
            worker->pass_left = worker->list_count;
            admission_begin_pass(&worker->admission, worker->list_count);
        }
        worker->list_first = (worker->list_first + 1) % worker->client_count;
        worker->list_count--;
        worker->pass_left--;
        client->waits = false;
        simulated_turn(worker, client);
        if (client->read > 0) {
            client->waits = true;
            worker->list[(worker->list_first + worker->list_count++) % worker->client_count] = number;
        }
    }
    worker->left_ns = worker->now_ns;
}

/* Runs on until so many seconds have passed on its clock. */
static inline void simulated_run(struct simulated_worker *worker, double seconds)
{
    uint64_t ends_ns = worker->now_ns + (uint64_t)(seconds * 1e9);
    while (worker->now_ns < ends_ns) {
        simulated_look(worker);
        simulated_work(worker);
    }
}

/* From now on latencies and work count. */
static inline void simulated_count(struct simulated_worker *worker)
{
    worker->counted_from_ns = worker->now_ns;
    worker->admitted.count = worker->refused.count = 0;
    worker->done_ns = 0;
}

/* The part of the time that went into requests that were answered. */
static inline double simulated_goodput(const struct simulated_worker *worker)
{
    return (double)worker->done_ns / (double)(worker->now_ns - worker->counted_from_ns);
}

static inline int simulated_by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Milliseconds below which so many of a hundred are; sorts them. */
static inline double simulated_percentile(struct simulated_latencies *latencies, double percent)
{
    if (latencies->count == 0)
        return 0;
    qsort(latencies->us, latencies->count, sizeof *latencies->us, simulated_by_size);
    return latencies->us[(size_t)((double)(latencies->count - 1) * percent / 100)] / 1e3;
}

#endif
