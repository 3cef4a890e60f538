/* Options that may be repeated: NAME=VALUE, NAME or a mere text, and the arguments that come of them. */
#ifndef SENDA_CTL_PAIRS_H
#define SENDA_CTL_PAIRS_H

#include "senda/client.h"

struct pairs {
    const char **items; /* owned array of borrowed texts; NULL while empty */
    size_t count;       /* texts */
};

void pairs_destroy(struct pairs *pairs);

/* Each returns NULL, or why the text cannot be taken. */
const char *pairs_add(struct pairs *pairs, const char *text);
const char *pairs_add_value(struct pairs *pairs, const char *text);   /* NAME=VALUE */
const char *pairs_add_consent(struct pairs *pairs, const char *text); /* NAME or NAME=BOOL */

/*
 * Pairs NAME=VALUE into the map that is open: true, false and numbers as such, "quoted" and anything else as
 * text.
 */
void pairs_put_values(senda_request *request, const struct pairs *pairs);

/* The same as a map under `key`, left out where there is none. */
void pairs_put_map(senda_request *request, const char *key, const struct pairs *pairs);

/* What pairs_add_consent took as a map of name → true or false. */
void pairs_put_consents(senda_request *request, const char *key, const struct pairs *consents);

/* Mere texts as a list. */
void pairs_put_list(senda_request *request, const char *key, const struct pairs *texts);

#endif
