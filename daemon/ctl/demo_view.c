/* Showing the demo to a person; see demo_view.h. */
#include "ctl/demo_view.h"

#include "ctl/figures.h"
#include "ctl/paragraph.h"

#include <stdio.h>
#include <string.h>

enum {
    INTRO_COLUMNS = 10,   /* labels of the introduction */
    LEGEND_COLUMNS = 17,  /* names of stages */
    VISITOR_COLUMNS = 15, /* visitors' names */
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

static void write_visitors(const struct demo *demo)
{
    struct paragraph paragraph;
    char words[WORDS];
    paragraph_begin(&paragraph, &demo->print, demo->width, INTRO_COLUMNS, "Visitors");
    paragraph_add(&paragraph, PRINT_BOLD, figures_count(demo->sessions->count).text);
    if (demo->source != NULL)
        snprintf(words, sizeof words, ", one for each recorded session of %s", demo->source);
    else
        snprintf(words, sizeof words, ", made up, the same each time (--sessions takes recorded ones)");
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
}

/* ---- The legend ---- */

/* As demo_session_phase decides, the first that holds. */
static const struct {
    enum demo_phase phase;
    bool made_up; /* recorded sessions never get there */
    const char *meaning;
} rules[DEMO_LEGEND] = {
    {DEMO_PURCHASE, false, "the visit ended in a purchase"},
    {DEMO_ADVOCACY, true, "has ordered before and recommends the shop"},
    {DEMO_EXPERIENCE, true, "has ordered in the last two weeks"},
    {DEMO_RETENTION, true, "has ordered, longer ago"},
    {DEMO_DECISION, false, "saw pages that led others to a purchase (PageValues above 0)"},
    {DEMO_CONSIDERATION, false, "saw 8 product pages or more"},
    {DEMO_AWARENESS, false, "none of these"},
};

_Static_assert(DEMO_PAGES_TO_COMPARE == 8 && DEMO_DAYS_OF_NEWNESS == 14, "the legend says so");

size_t demo_view_legend(const struct demo *demo, struct demo_legend legend[DEMO_LEGEND])
{
    size_t count = 0;
    for (int i = 0; i < DEMO_LEGEND; i++)
        if (demo->sessions->made_up || !rules[i].made_up)
            legend[count++] = (struct demo_legend){demo->plan->stages[rules[i].phase], rules[i].meaning};
    return count;
}

const char *demo_view_notes(const struct demo *demo)
{
    if (demo->sessions->made_up)
        return "Placements and languages go by turns.";
    return "One visit cannot tell what comes after a purchase, so nobody is put there. A returning visitor "
           "counts as visits = 2, which stands for at least 2. Placements and languages go by turns, since "
           "no visit says them. Systems, browsers, regions and traffic sources are passed on as the numbers "
           "they are; what they stand for is not known.";
}

static void write_legend(const struct demo *demo)
{
    struct demo_legend legend[DEMO_LEGEND];
    struct paragraph paragraph;
    size_t count = demo_view_legend(demo, legend);
    fputs("\nWhere a visitor stands: the first of these that holds\n", demo->print.file);
    for (size_t i = 0; i < count; i++) {
        char label[64];
        snprintf(label, sizeof label, "  %.*s", (int)legend[i].stage.length, legend[i].stage.bytes);
        paragraph_begin(&paragraph, &demo->print, demo->width, LEGEND_COLUMNS, label);
        paragraph_add(&paragraph, PRINT_PLAIN, legend[i].meaning);
        paragraph_end(&paragraph);
    }
    paragraph_begin(&paragraph, &demo->print, demo->width, 2, "");
    paragraph_add(&paragraph, PRINT_DIM, demo_view_notes(demo));
    paragraph_end(&paragraph);
}

void demo_view_write_intro(const struct demo *demo)
{
    write_site(demo);
    write_daemon(demo);
    write_visitors(demo);
    write_legend(demo);
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

static void write_standing(const struct demo *demo, const struct demo_visitor *visitor,
                           const senda_value *result)
{
    struct paragraph paragraph;
    char words[WORDS];
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, "");
    paragraph_add(&paragraph, PRINT_GOOD, print_words(senda_value_get(result, "stage"), words, sizeof words));
    add_member(&paragraph, PRINT_PLAIN, result, "placement");
    snprintf(words, sizeof words, " · %.*s", (int)visitor->locale.length, visitor->locale.bytes);
    paragraph_add(&paragraph, PRINT_PLAIN, visitor->locale.length > 0 ? words : "");
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

void demo_view_write_visitor(const struct demo *demo, const struct demo_visitor *visitor,
                             const senda_value *result)
{
    struct paragraph paragraph;
    char name[32], words[WORDS];
    snprintf(name, sizeof name, "visitor-%zu", visitor->number);
    demo_session_describe(visitor->session, words, sizeof words);
    paragraph_begin(&paragraph, &demo->print, demo->width, VISITOR_COLUMNS, name);
    paragraph_add(&paragraph, PRINT_PLAIN, words);
    paragraph_end(&paragraph);
    write_standing(demo, visitor, result);
    demo_view_write_answer(demo, "", result);
    putc('\n', demo->print.file);
}
