/* A server and an engine that do what the tests of the processes tell them; see double_server.c. */
#ifndef SENDA_TESTS_DOUBLE_H
#define SENDA_TESTS_DOUBLE_H

#include <stdbool.h>
#include <stddef.h>

struct metrics_slot;

/* The worker's number, which the server learns and the engine asks for; whatever is no worker has none. */
extern size_t double_worker;
bool double_is_worker(void);

/* Of this process; NULL before the engine and the server learned of it. */
extern struct metrics_slot *double_slot;

/* Sets script_entered of the process's slot and never returns; it keeps a processor busy, as a script does.
 */
_Noreturn void double_hang(void);

#endif
