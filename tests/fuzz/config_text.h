/* The configuration as text: files in memory to read it from, and what is printed of it, to be compared. */
#ifndef SENDA_TESTS_FUZZ_CONFIG_TEXT_H
#define SENDA_TESTS_FUZZ_CONFIG_TEXT_H

#include "config/config.h"

/* Reads the bytes as a configuration file, over the defaults; false with an error where it is refused. */
bool config_text_read(struct config *config, const void *bytes, size_t length, struct faults *faults);

/* What config_print writes, with the origins where they are wanted; to be freed. */
char *config_text_print(const struct config *config, bool with_origins);

/* What is printed of it is read as the same again. */
void config_text_check(const struct config *config);

#endif
