/* One request to the daemon, and what is said and returned where it fails. */
#ifndef SENDA_CTL_SESSION_H
#define SENDA_CTL_SESSION_H

#include "base/error.h"
#include "ctl/command.h"
#include "ctl/options.h"
#include "ctl/print.h"
#include "senda/client.h"

/* A client for the options' address; NULL after saying why on standard error. */
senda_client *ctl_session_open(const struct ctl_options *options);

/* The exit code that goes with a request's status. */
enum ctl_exit ctl_session_exit(enum senda_status status);

/* Says on standard error what went wrong; with --json also as {"error": {"code", "message"}} on standard
 * output. */
void ctl_session_say_problem(const struct ctl_options *options, const senda_reply *reply);

/*
 * Asks once. `*reply` is there to be unreferenced where CTL_EXIT_OK comes back; else it is NULL and the
 * problem has been said. `request` may be NULL.
 */
MUST_CHECK enum ctl_exit ctl_session_ask(const struct ctl_options *options, const char *method,
                                         const senda_request *request, senda_reply **reply);

/* Arguments that are texts: names and values in turn, then NULL. NULL: no memory. */
senda_request *ctl_session_texts(const char *name, ...);

/* Shows a result to people; `context` is the command's. */
typedef void (*ctl_session_view_cb)(const struct print *print, const senda_value *result,
                                    const void *context);

/*
 * Asks once and prints the result: as JSON where that is wanted, else by `view_cb`. Frees `request`, which is
 * NULL only where memory was out.
 */
MUST_CHECK enum ctl_exit ctl_session_show(const struct ctl_options *options, const char *method,
                                          senda_request *request, ctl_session_view_cb view_cb,
                                          const void *context);

/* Prints a value as indented JSON with a newline behind. */
void ctl_session_print_json(const senda_value *value);

#endif
