/* JSON text, for who has text and no senda_value. */
#ifndef SENDA_CLIENT_JSON_H
#define SENDA_CLIENT_JSON_H

#include <stddef.h>
#include <stdio.h>

/* Writes `size` bytes as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
void client_json_write_string(FILE *file, const char *bytes, size_t size);

/* The shortest decimal that reads back as the same number, with a point in every locale; null where JSON has
 * no such number. */
void client_json_write_number(FILE *file, double number);

#endif
