/* A decider over a site made by hand, with what it is asked and what it decided. */
#ifndef SENDA_TESTS_DECIDE_DECIDING_H
#define SENDA_TESTS_DECIDE_DECIDING_H

#include <stdlib.h>

#include "../cmocka_all.h"
#include "answers_builder.h"
#include "decide/decider.h"
#include "site_builder.h"

struct deciding {
    struct snapshot *site;
    struct answers *answers;
    struct decider decider;
    struct situation
        situation; /* the first placement, journey, stage and locale; two slots; nothing else known */
    struct decision decision;
};

/* Finishes the site; to be ended with deciding_end, which frees it. */
static inline void deciding_begin(struct deciding *deciding, struct snapshot *site)
{
    struct error error;
    site_finish(site);
    deciding->site = site;
    deciding->answers = answers_new(site);
    assert_true(decider_create(&deciding->decider, site, answers_hooks(deciding->answers), &error));
    deciding->situation = (struct situation){.persona = SNAPSHOT_NONE, .count = 2};
}

static inline void deciding_end(struct deciding *deciding)
{
    decider_destroy(&deciding->decider);
    free(deciding->answers);
    snapshot_free(deciding->site);
}

static inline const struct decision *deciding_decide(struct deciding *deciding)
{
    answers_forget(deciding->answers);
    decider_decide(&deciding->decider, &deciding->situation, &deciding->decision);
    return &deciding->decision;
}

/* The ids of what was chosen, in order, separated by spaces. */
static inline const char *deciding_items(const struct deciding *deciding)
{
    static char ids[DECISION_ITEMS_MAX * 32];
    size_t length = 0;
    ids[0] = '\0';
    for (uint32_t i = 0; i < deciding->decision.count; i++) {
        struct text id = deciding->site->offers[deciding->decision.items[i].offer].id;
        assert_true(length + id.length + 2 < sizeof ids);
        if (i > 0)
            ids[length++] = ' ';
        memcpy(ids + length, id.bytes, id.length + 1);
        length += id.length;
    }
    return ids;
}

/* Decides, and compares what was chosen. */
#define assert_chosen(deciding, ids)                                                                         \
    do {                                                                                                     \
        deciding_decide(deciding);                                                                           \
        assert_string_equal(deciding_items(deciding), (ids));                                                \
    } while (0)

#define assert_text(actual, expected)                                                                        \
    do {                                                                                                     \
        struct text text_ = (actual);                                                                        \
        assert_non_null(text_.bytes);                                                                        \
        assert_int_equal(text_.length, strlen(expected));                                                    \
        assert_memory_equal(text_.bytes, (expected), text_.length);                                          \
    } while (0)

#endif
