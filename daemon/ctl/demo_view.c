/* Showing the demo to a person; see demo_view.h. */
#include "ctl/demo_view.h"

#include "ctl/figures.h"
#include "ctl/paragraph.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    INTRO_COLUMNS = 10,   /* labels of the introduction */
    LEGEND_COLUMNS = 17,  /* names of stages */
    VISITOR_COLUMNS = 15, /* visitors' names */
    VISIT_COLUMNS = 17,   /* when a visit was */
    WORDS = 1024,         /* bytes of one value's words */
};

/* ---- The introduction ---- */

static void write_site(const struct demo *demo)
{
    const struct snapshot *site = demo->plan->site;
    struct paragraph paragraph;
    char words[WORDS];
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Site");
    paragraph_add(&paragraph, PRINT_BOLD, demo->site);
    snprintf(words, sizeof words, ", %s, %s, %s, %s", figures_of(site->stage_count, "stage").text,
             figures_of(site->placement_count, "placement").text, figures_of(site->offer_count, "offer").text,
             site->strategy_count == 1 ? "1 strategy" : figures_of(site->strategy_count, "strategie").text);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
}

static void write_daemon(const struct demo *demo)
{
    const struct demo_daemon *daemon = demo->daemon;
    struct paragraph paragraph;
    char words[WORDS];
    snprintf(words, sizeof words, "sendad, process %d, ready in %s, at ", (int)daemon->pid,
             figures_time(daemon->readiness).text);
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Daemon");
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_add(&paragraph, PRINT_BOLD, daemon->tcp);
    snprintf(words, sizeof words, " and %s", daemon->address);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
}

static void write_customers(const struct demo *demo)
{
    struct paragraph paragraph;
    char words[WORDS];
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Visitors");
    paragraph_add(&paragraph, PRINT_BOLD, figures_count(demo->customers).text);
    snprintf(words, sizeof words,
             " customers, made up from seed %" PRIu64 ". Nobody tells the daemon where they stand: they only "
             "do things, it works out the rest",
             demo->seed);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Time");
    snprintf(words, sizeof words, "%d weeks", DEMO_WEEKS);
    paragraph_add(&paragraph, PRINT_BOLD, words);
    paragraph_add(
        &paragraph, PRINT_PLAIN,
        " that end now, in seconds: events carry the date of their visit. Decisions are taken now, so "
        "contact limits and c:since() see old visits as being as old as they are dated");
    paragraph_end(&paragraph);
}

static void write_sessions(const struct demo *demo)
{
    struct paragraph paragraph;
    char words[WORDS];
    if (demo->sessions->count == 0)
        return;
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Sessions");
    paragraph_add(&paragraph, PRINT_BOLD, figures_count(demo->sessions->count).text);
    snprintf(words, sizeof words, " recorded ones of %s: what customers look at is drawn from them",
             demo->source);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
}

void demo_view_write_intro(const struct demo *demo)
{
    write_site(demo);
    write_daemon(demo);
    write_customers(demo);
    write_sessions(demo);
    putc('\n', demo->print.file);
}

/* ---- The legend ---- */

/* As demo_session_phase decides, the first that holds. */
static const struct {
    enum demo_phase phase;
    const char *meaning;
} rules[DEMO_LEGEND] = {
    {DEMO_PURCHASE, "the visit ended in a purchase"},
    {DEMO_DECISION, "saw pages that led others to a purchase (PageValues above 0)"},
    {DEMO_CONSIDERATION, "saw 8 product pages or more"},
    {DEMO_AWARENESS, "none of these"},
};

_Static_assert(DEMO_PAGES_TO_COMPARE == 8, "the legend says so");

void demo_view_legend(const struct demo *demo, struct demo_legend legend[DEMO_LEGEND])
{
    for (int i = 0; i < DEMO_LEGEND; i++)
        legend[i] = (struct demo_legend){demo->plan->stages[rules[i].phase], rules[i].meaning};
}

const char *demo_view_notes(void)
{
    return "One visit cannot tell what comes after a purchase, so nobody is put there. A returning visitor "
           "counts as visits = 2, which stands for at least 2. Placements and languages go by turns, since "
           "no visit says them. Systems, browsers, regions and traffic sources are passed on as the numbers "
           "they are; what they stand for is not known.";
}

void demo_view_write_legend(const struct demo *demo)
{
    struct demo_legend legend[DEMO_LEGEND];
    struct paragraph paragraph;
    demo_view_legend(demo, legend);
    fputs("Where a recorded visitor stands, the first that holds\n", demo->print.file);
    for (size_t i = 0; i < DEMO_LEGEND; i++) {
        char label[64];
        snprintf(label, sizeof label, "  %.*s", (int)legend[i].stage.length, legend[i].stage.bytes);
        paragraph_begin(&paragraph, &demo->print, demo->width, LEGEND_COLUMNS, label);
        paragraph_add(&paragraph, PRINT_PLAIN, legend[i].meaning);
        paragraph_end(&paragraph);
    }
    paragraph_begin(&paragraph, &demo->print, demo->width, 2, "");
    paragraph_add(&paragraph, PRINT_DIM, demo_view_notes());
    paragraph_end(&paragraph);
    putc('\n', demo->print.file);
}

/* ---- A visitor ---- */

static bool is_there(const senda_value *value)
{
    return senda_value_type(value) != SENDA_TYPE_NIL;
}

/* " · word", where the result has that member. */
static void add_member(struct paragraph *paragraph, enum print_style style, const senda_value *result,
                       const char *key)
{
    char words[WORDS];
    if (!is_there(senda_value_get(result, key)))
        return;
    paragraph_add(paragraph, PRINT_PLAIN, " · ");
    paragraph_add(paragraph, style, print_words(senda_value_get(result, key), words, sizeof words));
}

static void write_standing(const struct demo *demo, const char *label, const senda_value *result)
{
    struct paragraph paragraph;
    char words[WORDS];
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, label);
    paragraph_add(&paragraph, PRINT_GOOD, print_words(senda_value_get(result, "stage"), words, sizeof words));
    add_member(&paragraph, PRINT_PLAIN, result, "placement");
    add_member(&paragraph, PRINT_PLAIN, result, "persona");
    add_member(&paragraph, PRINT_PLAIN, result, "strategy");
    add_member(&paragraph, PRINT_BAD, result, "fallback");
    paragraph_end(&paragraph);
}

static void write_title(const struct demo *demo, const char *label, const senda_value *items)
{
    struct paragraph paragraph;
    char words[WORDS], more[WORDS + 64];
    const senda_value *first = senda_value_at(items, 0);
    size_t count = senda_value_count(items);
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, label);
    paragraph_add(&paragraph, PRINT_BOLD, print_words(senda_value_get(first, "title"), words, sizeof words));
    print_words(senda_value_get(first, "kind"), words, sizeof words);
    snprintf(more, sizeof more, " (%s)", words);
    paragraph_add(&paragraph, PRINT_PLAIN, more);
    snprintf(more, sizeof more, " and %zu more", count - 1);
    paragraph_add(&paragraph, PRINT_DIM, count > 1 ? more : "");
    paragraph_end(&paragraph);
}

static void write_nothing(const struct demo *demo, const char *label)
{
    struct paragraph paragraph;
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, label);
    paragraph_add(&paragraph, PRINT_BOLD, "nothing");
    paragraph_end(&paragraph);
}

static void write_because(const struct demo *demo, const senda_value *because)
{
    struct paragraph paragraph;
    char words[WORDS];
    if (!is_there(because))
        return;
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, "");
    paragraph_add(&paragraph, PRINT_DIM, "because ");
    paragraph_add(&paragraph, PRINT_PLAIN, print_words(because, words, sizeof words));
    paragraph_end(&paragraph);
}

void demo_view_write_answer(const struct demo *demo, const char *label, const senda_value *result)
{
    const senda_value *items = senda_value_get(result, "items");
    if (senda_value_count(items) > 0)
        write_title(demo, label, items);
    else
        write_nothing(demo, label);
    if (senda_value_count(items) > 0 && !is_there(senda_value_get(result, "because")))
        write_because(demo, senda_value_get(senda_value_at(items, 0), "because"));
    else
        write_because(demo, senda_value_get(result, "because"));
}

void demo_view_write_visitor(const struct demo *demo, const char *label, const senda_value *result)
{
    write_standing(demo, label, result);
    demo_view_write_answer(demo, "", result);
    putc('\n', demo->print.file);
}

/* ---- A visit ---- */

/* "  3 days ago". */
static void write_when(const struct demo *demo, const struct demo_walk *walk, char *out, size_t size)
{
    uint64_t days = (uint64_t)((demo->now_ms - walk->visit.at_ms) / 86400000);
    snprintf(out, size, days > 0 ? "  %s ago" : "  today", figures_of(days, "day").text);
}

static void add_deeds(struct paragraph *paragraph, const struct demo_visit *visit)
{
    char words[WORDS];
    paragraph_add(paragraph, PRINT_PLAIN,
                  visit->clicked     ? ", clicks"
                  : visit->dismissed ? ", waves it away"
                                     : "");
    if (visit->wish != NULL) {
        struct text event = visit->wish->event;
        snprintf(words, sizeof words, ", %.*s", (int)event.length, event.bytes);
        paragraph_add(paragraph, PRINT_BOLD, words);
    }
    snprintf(words, sizeof words, " (%.2f)", visit->value);
    paragraph_add(paragraph, PRINT_BOLD, visit->bought ? ", purchase" : "");
    paragraph_add(paragraph, PRINT_PLAIN, visit->value > 0 ? words : "");
    paragraph_add(paragraph, PRINT_DIM, visit->quits ? ", and is not seen for long" : "");
}

void demo_view_write_visit(const struct demo *demo, const struct demo_walk *walk)
{
    const struct demo_visit *visit = &walk->visit;
    const struct stage *stages = demo->plan->site->stages;
    struct text before = stages[visit->stage_before].name, now = stages[visit->stage_now].name;
    struct paragraph paragraph;
    char words[WORDS], when[WORDS];
    write_when(demo, walk, when, sizeof when);
    snprintf(words, sizeof words, "%.*s · %.*s", (int)before.length, before.bytes,
             (int)visit->placement.length, visit->placement.bytes);
    paragraph_begin(&paragraph, &demo->print, demo->width, VISIT_COLUMNS, when);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    snprintf(words, sizeof words, " · sees “%s”", visit->title);
    paragraph_add(&paragraph, PRINT_PLAIN, visit->shown > 0 ? words : " · sees nothing");
    add_deeds(&paragraph, visit);
    snprintf(words, sizeof words, " → %.*s", (int)now.length, now.bytes);
    paragraph_add(&paragraph, PRINT_GOOD, visit->stage_now != visit->stage_before ? words : "");
    paragraph_end(&paragraph);
}

void demo_view_write_person(const struct demo *demo, const struct demo_person *person)
{
    const struct text *known[] = {&person->persona, &person->locale};
    print_styled(&demo->print, PRINT_BOLD, person->id);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char words[WORDS];
        snprintf(words, sizeof words, " · %.*s", (int)known[i]->length, known[i]->bytes);
        print_styled(&demo->print, PRINT_PLAIN, known[i]->length > 0 ? words : "");
    }
    fprintf(demo->print.file, " · %s\n", person->mobile ? "mobile" : "desktop");
}
