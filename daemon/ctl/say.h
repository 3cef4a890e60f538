/* Saying on standard error what went wrong, with --json also on standard output. */
#ifndef SENDA_CTL_SAY_H
#define SENDA_CTL_SAY_H

#include "base/error.h"

#include <stdbool.h>

/* "sendactl: …" as one line; control bytes, which may come from a customer's id, are escaped. */
void say_problem(const char *format, ...) PRINTF_LIKE(1, 2);

/* For what ends a command without a result: the same, and with `json` {"error": {"code", "message"}}. */
void say_failure(bool json, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The JSON alone. */
void say_json(const char *code, const char *message);

#endif
