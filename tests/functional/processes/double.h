/* A server and an engine that do what the tests of the processes tell them; see double_server.c. */
#ifndef SENDA_TESTS_DOUBLE_H
#define SENDA_TESTS_DOUBLE_H

#include <stddef.h>

/* The worker's number, which the server learns and the engine asks for. */
extern size_t double_worker;

/* Sets script_entered of the worker's slot and never returns; it keeps a processor busy, as a script does. */
_Noreturn void double_hang(void);

#endif
