/* The names of scopes. */
#include "base/scope.h"

const char *scope_name(enum scope scope)
{
    switch (scope) {
    case SCOPE_NONE:
        return "none";
    case SCOPE_SITE:
        return "site";
    case SCOPE_ADMIN:
        return "admin";
    case SCOPE_CONTROL:
        return "control";
    }
    return "none";
}

bool scope_parse(struct text name, enum scope *scope)
{
    static const enum scope scopes[] = {SCOPE_SITE, SCOPE_ADMIN};
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        if (text_equal(name, text_from(scope_name(scopes[i])))) {
            *scope = scopes[i];
            return true;
        }
    return false;
}
