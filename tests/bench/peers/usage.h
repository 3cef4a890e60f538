/* The clock, and how much processor time this program and others have used. */
#ifndef SENDA_BENCH_USAGE_H
#define SENDA_BENCH_USAGE_H

#include <stdint.h>
#include <sys/types.h>

/* Nanoseconds since some moment before the program started. */
uint64_t usage_now(void);

/* Seconds of processor time that this program has used. */
double usage_own_seconds(void);

/* Seconds of processor time that the processes have used, all their threads together. */
double usage_seconds_of(const pid_t *pids, unsigned count);

#endif
