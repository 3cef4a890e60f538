/* Connects to an address written as `unix:PATH` or `tcp:HOST:PORT`. */
#ifndef SENDA_BENCH_ADDRESS_H
#define SENDA_BENCH_ADDRESS_H

/* Returns a connected, blocking socket; ends the program with a message where it cannot. */
int address_connect(const char *address);

#endif
