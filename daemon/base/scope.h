/* How far a client's rights go: each scope includes those before it. */
#ifndef SENDA_BASE_SCOPE_H
#define SENDA_BASE_SCOPE_H

#include <stdbool.h>

#include "base/text.h"

enum scope {
    SCOPE_NONE,    /* a stranger, who may show a token */
    SCOPE_SITE,    /* what a website does */
    SCOPE_ADMIN,   /* all but what the control socket keeps to itself */
    SCOPE_CONTROL, /* everything; no token gives it, only the control socket */
};

/* "none", "site", "admin", "control". */
const char *scope_name(enum scope scope);

/* The scopes that a token may have: "site" or "admin"; false for any other name. */
bool scope_parse(struct text name, enum scope *scope);

#endif
