/* Waiting, and the signals that end it: they are taken here instead of interrupting anything. */
#ifndef SENDA_CTL_DEMO_PAUSE_H
#define SENDA_CTL_DEMO_PAUSE_H

enum demo_wake {
    DEMO_WAKE_TIME,  /* the time is over */
    DEMO_WAKE_STOP,  /* Ctrl-C, or whatever else ends a program */
    DEMO_WAKE_CHILD, /* a child process ended */
};

/* From now on signals wait for demo_pause; writing to who does not read any more fails with EPIPE. To be
 * called before the first child is started. */
void demo_pause_create(void);

/* To be called in a new child: it takes signals as usual. */
void demo_pause_forget(void);

/* Waits up to `milliseconds`; 0 only looks. */
enum demo_wake demo_pause(unsigned milliseconds);

#endif
