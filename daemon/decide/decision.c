/* Names of fallbacks and gates. */
#include "decide/decision.h"

#include <stddef.h>

const char *decision_fallback_name(enum decision_fallback fallback)
{
    static const char *const names[] = {
#define X(name, wire) wire,
        DECISION_FALLBACKS(X)
#undef X
    };
    return names[fallback];
}

/* The gate may stand in a record that some other program wrote. */
const char *decision_gate_name(enum decision_gate gate)
{
    static const char *const names[] = {
#define X(name, wire) wire,
        DECISION_GATES(X)
#undef X
    };
    return (size_t)gate < sizeof names / sizeof *names ? names[gate] : "unknown";
}
