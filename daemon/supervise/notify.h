/* What systemd wants to hear from a service (sd_notify's datagrams); silent where nobody listens. */
#ifndef SENDA_SUPERVISE_NOTIFY_H
#define SENDA_SUPERVISE_NOTIFY_H

#include <stdint.h>

/* `status` is one line for whoever looks at the service; it may be cut. */
void notify_ready(const char *status);
void notify_reloading(const char *status);
void notify_status(const char *status);
void notify_watchdog(void);

/* `more_us`: microseconds from now on that starting, reloading or stopping may take yet. */
void notify_stopping(const char *status, uint64_t more_us);
void notify_extend(const char *status, uint64_t more_us);

/* Microseconds between two calls of notify_watchdog that keep the service alive; 0: no watchdog. */
uint64_t notify_watchdog_interval_us(void);

/* For a process that has nothing to tell: it must not feed the watchdog in the place of its parent. */
void notify_forget(void);

#endif
