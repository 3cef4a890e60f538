/* The figures; see demo_habits.h. */
#include "ctl/demo_habits.h"

static const struct demo_habits habits[DEMO_PHASES] = {
    /*                     click dismiss go_on  skip  quit   buy  gap  section */
    [DEMO_AWARENESS] = {0.22, 0.05, 0.20, 0.06, 0.22, 0.00, 5.0, "blog"},
    [DEMO_CONSIDERATION] = {0.28, 0.05, 0.18, 0.05, 0.15, 0.00, 4.0, "compare"},
    [DEMO_DECISION] = {0.30, 0.06, 0.32, 0.00, 0.20, 0.00, 1.5, "cart"},
    [DEMO_PURCHASE] = {0.35, 0.01, 0.62, 0.00, 0.04, 0.00, 2.0, "order"},
    [DEMO_EXPERIENCE] = {0.32, 0.03, 0.20, 0.06, 0.12, 0.04, 5.0, "help"},
    [DEMO_RETENTION] = {0.24, 0.05, 0.10, 0.00, 0.06, 0.20, 12.0, "news"},
    [DEMO_ADVOCACY] = {0.30, 0.03, 0.10, 0.00, 0.06, 0.15, 14.0, "club"},
};

static const struct demo_temper tempers[] = {
    /*             curious bold fickle slow */
    {"gift-giver", 0.8, 1.3, 1.4, 0.7},  /* in a hurry, and gone again */
    {"home-office", 1.0, 1.1, 0.6, 1.0}, /* comes back as long as it works */
    {"newcomer", 1.2, 0.9, 1.2, 0.9},    /* curious, soon discouraged */
    {"tinkerer", 1.4, 0.8, 0.7, 1.3},    /* reads everything, takes long */
};

enum { TEMPERS = sizeof tempers / sizeof tempers[0] };

const struct demo_habits *demo_habits_of(enum demo_phase phase)
{
    return &habits[phase];
}

const struct demo_temper *demo_temper_of(struct text persona, uint32_t number)
{
    for (size_t i = 0; i < TEMPERS; i++)
        if (text_equal(persona, text_from(tempers[i].persona)))
            return &tempers[i];
    return &tempers[number % TEMPERS];
}
