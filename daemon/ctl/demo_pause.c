/* Taking signals when they suit; see demo_pause.h. */
#include "ctl/demo_pause.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static sigset_t waited_for(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    return set;
}

void demo_pause_create(void)
{
    sigset_t set = waited_for();
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

void demo_pause_forget(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

enum demo_wake demo_pause(unsigned milliseconds)
{
    sigset_t set = waited_for();
    struct timespec limit = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    int number = sigtimedwait(&set, NULL, &limit);
    if (number < 0)
        return DEMO_WAKE_TIME;
    return number == SIGCHLD ? DEMO_WAKE_CHILD : DEMO_WAKE_STOP;
}
