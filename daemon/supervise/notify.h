/* What systemd wants to hear from a service (sd_notify's datagrams); silent where nobody listens. */
#ifndef SENDA_SUPERVISE_NOTIFY_H
#define SENDA_SUPERVISE_NOTIFY_H

#include <stdint.h>

void notify_ready(const char *status);
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);

/* Microseconds between two calls of notify_watchdog that keep the service alive; 0: no watchdog. */
uint64_t notify_watchdog_interval_us(void);

#endif
