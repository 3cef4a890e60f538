/* Making up people; see demo_person.h. */
#include "ctl/demo_person.h"

#include <math.h>
#include <stdio.h>

#define DAY_MS 86400000.0
#define LEAST_GAP_DAYS 0.2  /* between two visits */
#define LONGEST_FACTOR 4.0  /* a gap is at most so many times the mean */
#define SHARE_MOBILE 0.6    /* by telephone */
#define SHARE_CONSENTS 0.35 /* let us write to them */

/* Apart for each number, whatever the seeds are. */
static struct random_state random_of(uint64_t seed, size_t number)
{
    struct random_state random = {seed};
    random.value = random_next(&random) ^ (uint64_t)number;
    random.value = random_next(&random);
    return random;
}

static uint32_t pick(struct random_state *random, size_t count)
{
    return (uint32_t)(random_unit(random) * (double)count);
}

struct demo_person demo_person_make(const struct demo_plan *plan, uint64_t seed, size_t number,
                                    int64_t now_ms)
{
    const struct snapshot *site = plan->site;
    struct demo_person person = {.number = number, .random = random_of(seed, number)};
    uint32_t persona = pick(&person.random, site->persona_count);
    uint32_t locale = pick(&person.random, site->locale_count);
    double ago_days = random_unit(&person.random) * 7 * DEMO_WEEKS;
    snprintf(person.id, sizeof person.id, "visitor-%zu", number);
    if (site->persona_count > 0)
        person.persona = site->personas[persona].name;
    if (site->locale_count > 0)
        person.locale = site->locales[locale];
    person.temper = demo_temper_of(person.persona, persona);
    person.mobile = demo_person_chance(&person, SHARE_MOBILE);
    person.consents = demo_person_chance(&person, SHARE_CONSENTS);
    person.begins_ms = now_ms - (int64_t)(ago_days * DAY_MS);
    return person;
}

bool demo_person_chance(struct demo_person *person, double chance)
{
    return random_unit(&person->random) < chance;
}

int64_t demo_person_gap(struct demo_person *person, double mean_days)
{
    double days = -log(1 - random_unit(&person->random)) * mean_days * person->temper->slow;
    days = fmin(fmax(days, LEAST_GAP_DAYS), LONGEST_FACTOR * mean_days);
    return (int64_t)(days * DAY_MS);
}
