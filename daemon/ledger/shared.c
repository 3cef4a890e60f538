/* Mapping the shared memory and waking each other. */
#include "ledger/shared.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { PAGE = 4096 };

static size_t rounded(size_t size)
{
    return (size + PAGE - 1) / PAGE * PAGE;
}

static size_t lane_size(void)
{
    return rounded(ring_size(SHARED_COMMANDS)) + rounded(ring_size(SHARED_DECISIONS)) +
           rounded(ring_size(SHARED_OUTCOMES));
}

static struct ring *take_ring(unsigned char **memory, size_t capacity)
{
    struct ring *ring = (struct ring *)*memory;
    ring_create(ring, capacity);
    *memory += rounded(ring_size(capacity));
    return ring;
}

static bool open_wake(int *wake, struct error *error)
{
    *wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return *wake >= 0 || error_set_errno(error, "can't make an eventfd");
}

/* Pages that nobody touches take no memory. */
static bool map(struct shared *shared, struct error *error)
{
    shared->size = rounded(sizeof *shared->state) + rounded(shared->workers * sizeof *shared->abandoned) +
                   rounded(sizeof *shared->claims) + rounded(sizeof *shared->forgotten) +
                   shared->workers * lane_size();
    unsigned char *memory =
        mmap(NULL, shared->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return error_set_errno(error, "can't map %zu bytes between workers and ledger", shared->size);
    shared->state = (struct shared_state *)memory;
    memory += rounded(sizeof *shared->state);
    shared->abandoned = (_Atomic uint64_t *)memory;
    memory += rounded(shared->workers * sizeof *shared->abandoned);
    shared->claims = (struct claims *)memory;
    memory += rounded(sizeof *shared->claims);
    shared->forgotten = (struct forgotten *)memory;
    memory += rounded(sizeof *shared->forgotten);
    for (size_t i = 0; i < shared->workers; i++) {
        shared->lanes[i].commands = take_ring(&memory, SHARED_COMMANDS);
        shared->lanes[i].decisions = take_ring(&memory, SHARED_DECISIONS);
        shared->lanes[i].outcomes = take_ring(&memory, SHARED_OUTCOMES);
    }
    return getrandom(&shared->state->incarnation, sizeof shared->state->incarnation, 0) > 0 ||
           error_set_errno(error, "no random numbers");
}

static bool fill(struct shared *shared, struct error *error)
{
    if (!map(shared, error) || !open_wake(&shared->wake_ledger, error))
        return false;
    for (size_t i = 0; i < shared->workers; i++)
        if (!open_wake(&shared->lanes[i].wake, error))
            return false;
    return true;
}

struct shared *shared_new(size_t workers, struct error *error)
{
    struct shared *shared = calloc(1, sizeof *shared);
    if (shared != NULL)
        shared->lanes = calloc(workers, sizeof *shared->lanes);
    if (shared == NULL || shared->lanes == NULL) {
        free(shared);
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    shared->workers = workers;
    shared->wake_ledger = -1;
    for (size_t i = 0; i < workers; i++)
        shared->lanes[i].wake = -1;
    if (fill(shared, error))
        return shared;
    shared_free(shared);
    return NULL;
}

void shared_free(struct shared *shared)
{
    for (size_t i = 0; i < shared->workers; i++)
        if (shared->lanes[i].wake >= 0)
            close(shared->lanes[i].wake);
    if (shared->wake_ledger >= 0)
        close(shared->wake_ledger);
    if (shared->state != NULL)
        munmap(shared->state, shared->size);
    free(shared->lanes);
    free(shared);
}

static void ring_bell(int eventfd)
{
    uint64_t one = 1;
    ssize_t written = write(eventfd, &one, sizeof one);
    (void)written; /* it fails only where it rings already */
}

/* The fence orders what was written into a ring before the look at whether the other side sleeps. */
void shared_wake_ledger(struct shared *shared, bool commands)
{
    atomic_thread_fence(memory_order_seq_cst);
    int sleep = atomic_load_explicit(&shared->state->ledger_sleep, memory_order_relaxed);
    if (sleep == SHARED_AWAKE || (sleep == SHARED_DOZING && !commands))
        return;
    if (atomic_exchange(&shared->state->ledger_sleep, SHARED_AWAKE) != SHARED_AWAKE)
        ring_bell(shared->wake_ledger);
}

void shared_wake_worker(struct shared *shared, size_t worker)
{
    ring_bell(shared->lanes[worker].wake);
}

void shared_drain_wakes(int eventfd)
{
    uint64_t count;
    ssize_t length = read(eventfd, &count, sizeof count);
    (void)length; /* nothing has come: a wake that was taken before */
}
