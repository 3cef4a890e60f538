/* The timer and its signal handler; see deadline.h. */
#include "script/deadline.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* Returns false where the timer could not be set. Safe in a signal handler. */
static bool deadline_set_timer(struct deadline *deadline, long period_ms)
{
    const struct timespec period = {0, period_ms * 1000000};
    const struct itimerspec every = {period, period};
    return timer_settime(deadline->timer, 0, &every, NULL) == 0;
}

static void deadline_rest(struct deadline *deadline)
{
    if (++deadline->idle < DEADLINE_IDLE_TICKS)
        return;
    deadline->idle = 0;
    deadline->armed = false;
    deadline_set_timer(deadline, 0);
}

/* Notes when the one inside entered, by counting back from now. */
static void deadline_note_entry(struct deadline *deadline, uint32_t elapsed)
{
    if (deadline->entered_ms == NULL)
        return;
    if (*deadline->entered_ms != 0 && deadline->noted == deadline->started)
        return;
    deadline->noted = deadline->started;
    *deadline->entered_ms = clock_monotonic_ms() - (uint64_t)elapsed * DEADLINE_TICK_MS;
}

static void deadline_tick_outside(struct deadline *deadline)
{
    if (deadline->entered_ms != NULL)
        *deadline->entered_ms = 0;
    deadline_rest(deadline);
}

/*
 * After 1, 2, 4, 8 … ticks past the budget. Stopping a script that called itself a million times takes longer
 * than a tick: at each tick, it would never run on to where it stops.
 */
static bool deadline_is_due(uint32_t past)
{
    return (past & (past - 1)) == 0;
}

static void deadline_tick_inside(struct deadline *deadline)
{
    uint32_t elapsed = deadline->ticks - deadline->started;
    deadline->idle = 0;
    deadline_note_entry(deadline, elapsed);
    /* The first tick may have come right after the entry. */
    if (elapsed <= deadline->budget)
        return;
    deadline->expired = true;
    if (deadline_is_due(elapsed - deadline->budget))
        deadline->expire(deadline->context);
}

/*
 * Ticks that were missed are not made up for: a process that the kernel kept waiting has not run for long.
 */
static void deadline_handle_tick(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    if (info->si_code != SI_TIMER)
        return;
    struct deadline *deadline = info->si_value.sival_ptr;
    int number = errno;
    deadline->ticks++;
    if (deadline->inside)
        deadline_tick_inside(deadline);
    else
        deadline_tick_outside(deadline);
    errno = number;
}

static bool deadline_take_signal(struct error *error)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
    action.sa_sigaction = deadline_handle_tick;
    sigfillset(&action.sa_mask);
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGRTMIN);
    if (sigaction(SIGRTMIN, &action, NULL) != 0 || sigprocmask(SIG_UNBLOCK, &taken, NULL) != 0)
        return error_set_errno(error, "cannot handle the signal of the scripts' deadline");
    return true;
}

bool deadline_create(struct deadline *deadline, struct error *error)
{
    memset(deadline, 0, sizeof *deadline);
    if (!deadline_take_signal(error))
        return false;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event.sigev_value.sival_ptr = deadline;
    event.sigev_notify_thread_id = gettid();
    if (timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) != 0)
        return error_set_errno(error, "cannot create the timer of the scripts' deadline");
    return true;
}

void deadline_destroy(struct deadline *deadline)
{
    timer_delete(deadline->timer);
}

void deadline_arm(struct deadline *deadline)
{
    deadline->idle = 0;
    deadline->armed = true;
    if (deadline_set_timer(deadline, DEADLINE_TICK_MS))
        return;
    deadline->armed = false;
    deadline->expired = true;
    deadline->expire(deadline->context);
}
