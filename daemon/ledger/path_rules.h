/* Whether an event fulfils a rule of the site: what `where`, `times` and `within` ask for. Part of path. */
#ifndef SENDA_LEDGER_PATH_RULES_H
#define SENDA_LEDGER_PATH_RULES_H

#include <msgpack/unpack.h>
#include <stdbool.h>
#include <stdint.h>

#include "ledger/path.h"

/* An event in front of rules; its properties are decoded when a rule first asks for one. */
struct path_reading {
    const struct path_event *event; /* borrowed */
    struct text kind;               /* of the offer; no bytes: not known */
    msgpack_unpacked unpacked;      /* the properties, once `decoded` */
    bool decoded;
    bool failed; /* memory was out: what was said of rules does not count */
};

void path_reading_create(struct path_reading *reading, const struct snapshot *site,
                         const struct path_event *event);
void path_reading_destroy(struct path_reading *reading);

/*
 * True where it is an event of that rule and says all that the rule's `where` asks for. `offer`, `kind`,
 * `placement`, `touchpoint` and `value` are the event's own; where it does not tell them, as all other keys,
 * they are looked for among its properties. Numbers are equal by value (1 and 1.0), texts by their bytes.
 */
bool path_rule_takes(struct path_reading *reading, const struct enter_rule *rule);

/*
 * Counts an event that the rule takes. *when_ms is the moment at which the rule was fulfilled with its help,
 * by events from `floor_ms` on; INT64_MAX: not yet. False when memory is out.
 */
MUST_CHECK bool path_rule_count(struct customer *customer, const struct enter_rule *rule, int64_t at_ms,
                                int64_t floor_ms, int64_t *when_ms);

#endif
