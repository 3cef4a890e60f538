/* File descriptors of a process: closing what a child has no business with. */
#ifndef SENDA_SUPERVISE_DESCRIPTORS_H
#define SENDA_SUPERVISE_DESCRIPTORS_H

#include <stddef.h>

/* Closes every descriptor above standard error but those kept; sorts `kept`. */
void descriptors_close_others(int *kept, size_t count);

#endif
