/* File descriptors of a process: how many there may be, and closing what a child has no business with. */
#ifndef SENDA_SUPERVISE_DESCRIPTORS_H
#define SENDA_SUPERVISE_DESCRIPTORS_H

#include <stddef.h>

/* As many as the system allows this process and its children, since each connection takes one. */
void descriptors_allow_all(void);

/* Closes every descriptor above standard error but those kept; sorts `kept`. */
void descriptors_close_others(int *kept, size_t count);

#endif
