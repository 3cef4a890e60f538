/* The summary for people; see demo_summary.h. */
#include "ctl/demo_summary.h"

#include "ctl/demo_feed.h"
#include "ctl/demo_view.h"
#include "ctl/figures.h"
#include "ctl/paragraph.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LABEL_COLUMNS = 10,  /* of the paragraphs below the table */
    LEAST_FOR_P99 = 100, /* times of which one in a hundred says something */
    WORDS = 1024,        /* bytes of one paragraph's words */
};

bool demo_summary_is_good(const struct demo *demo, const struct demo_tally *tally)
{
    return tally->answered == demo->sessions->count && tally->failed == 0;
}

double demo_summary_rate(const struct demo_tally *tally)
{
    return tally->elapsed > 0 ? (double)tally->together * 1e9 / (double)tally->elapsed : 0;
}

void demo_summary_sort(const struct demo *demo, struct demo_tally *tally)
{
    const struct snapshot *site = demo->plan->site;
    const struct journey *journey = &site->journeys[site->default_journey];
    char(*names)[DEMO_NAME] = calloc(journey->stage_count, sizeof *names);
    const char **stages = calloc(journey->stage_count, sizeof *stages);
    for (uint32_t i = 0; names != NULL && stages != NULL && i < journey->stage_count; i++) {
        struct text name = site->stages[journey->first_stage + i].name;
        snprintf(names[i], sizeof names[i], "%.*s", (int)name.length, name.bytes);
        stages[i] = names[i];
    }
    if (names != NULL && stages != NULL)
        demo_tally_sort(tally, stages, journey->stage_count);
    free(stages);
    free(names);
}

/* Whether row `index` is the `rank`-th of its stage, from 0. */
static bool has_rank(const struct demo_tally *tally, size_t index, size_t rank)
{
    const char *stage = tally->rows[index].stage;
    bool begins = index == rank || strcmp(tally->rows[index - rank - 1].stage, stage) != 0;
    return begins && strcmp(tally->rows[index - rank].stage, stage) == 0;
}

size_t demo_summary_choose(const struct demo_tally *tally, const struct demo_row *chosen[DEMO_EXAMPLES])
{
    size_t count = 0;
    for (size_t rank = 0; rank < tally->row_count; rank++)
        for (size_t i = rank; i < tally->row_count && count < DEMO_EXAMPLES; i++)
            if (has_rank(tally, i, rank))
                chosen[count++] = &tally->rows[i];
    return count;
}

/* ---- The table ---- */

static uint64_t stage_total(const struct demo_tally *tally, const char *stage)
{
    uint64_t total = 0;
    for (size_t i = 0; i < tally->row_count; i++)
        if (strcmp(tally->rows[i].stage, stage) == 0)
            total += tally->rows[i].count;
    return total;
}

static void add_row(struct print_table *table, const struct demo_tally *tally, size_t index)
{
    const struct demo_row *row = &tally->rows[index];
    bool first = index == 0 || strcmp(tally->rows[index - 1].stage, row->stage) != 0;
    struct figures count = figures_count(row->count), fell = figures_count(row->fallbacks);
    char share[32];
    snprintf(share, sizeof share, "%.1f %%",
             100.0 * (double)row->count / (double)stage_total(tally, row->stage));
    const char *cells[] = {first ? row->stage : "", row->kind[0] != '\0' ? row->kind : "(nothing)", share,
                           count.text, fell.text};
    (void)print_table_add(table, PRINT_PLAIN, cells);
}

static void add_total(struct print_table *table, const struct demo_tally *tally)
{
    struct figures count = figures_count(tally->answered), fell = figures_count(tally->fallbacks);
    const char *cells[] = {"all", "", "", count.text, fell.text};
    (void)print_table_add(table, PRINT_BOLD, cells);
}

static void write_table(const struct demo *demo, const struct demo_tally *tally)
{
    static const char *const heading[] = {"stage", "kind shown first", "of stage", "decisions", "fell back"};
    struct print_table table;
    print_table_create(&table, sizeof heading / sizeof heading[0] - (tally->fallbacks == 0));
    table.right_aligned[2] = table.right_aligned[3] = table.right_aligned[4] = true;
    if (print_table_add(&table, PRINT_DIM, heading))
        for (size_t i = 0; i < tally->row_count; i++)
            add_row(&table, tally, i);
    add_total(&table, tally);
    print_table_write(&table, &demo->print, 0);
    print_table_destroy(&table);
    putc('\n', demo->print.file);
}

/* ---- The paragraphs ---- */

static void write_words(const struct demo *demo, const char *label, enum print_style style, const char *words,
                        const char *note)
{
    struct paragraph paragraph;
    paragraph_begin(&paragraph, &demo->print, demo->width, LABEL_COLUMNS, label);
    paragraph_add(&paragraph, style, words);
    paragraph_add(&paragraph, PRINT_PLAIN, note);
    paragraph_end(&paragraph);
}

static void write_times(const struct demo *demo, const struct demo_tally *tally)
{
    char words[WORDS], note[WORDS];
    const struct histogram *times = &tally->latencies;
    bool many = times->count >= LEAST_FOR_P99;
    snprintf(words, sizeof words, "p50 %s, %s %s", figures_time(histogram_quantile(times, 0.5)).text,
             many ? "p99" : "longest", figures_time(histogram_quantile(times, many ? 0.99 : 1)).text);
    snprintf(note, sizeof note,
             " for one decision, as its client sees it: from sending to the decoded answer over the Unix "
             "socket, %s of the visitors asked for one at a time",
             figures_count(times->count).text);
    if (times->count > 0)
        write_words(demo, "Time", PRINT_BOLD, words, note);
    snprintf(words, sizeof words, "%s decisions a second",
             figures_count((uint64_t)demo_summary_rate(tally)).text);
    snprintf(note, sizeof note,
             ": the other %s visitors in %s over one connection, up to %d requests on their way, this one "
             "client's own work included",
             figures_count(tally->together).text, figures_time(tally->elapsed).text, DEMO_FEED_DEPTH);
    if (tally->together > 0)
        write_words(demo, "Together", PRINT_BOLD, words, note);
}

static const char *reason_words(const char *reason)
{
    static const struct {
        const char *reason, *words;
    } known[] = {
        {"no_offer_fits", "nothing that the site has fits"},
        {"strategy_error", "a strategy failed"},
        {"deadline", "a strategy took too long"},
        {"store_unavailable", "the store did not answer"},
        {"restricted", "the customer does not want to be known"},
        {"holdout", "the customer is in the holdout"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].reason, reason) == 0)
            return known[i].words;
    return reason;
}

static void write_falls(const struct demo *demo, const struct demo_tally *tally)
{
    char words[WORDS];
    if (tally->fall_count == 0)
        write_words(demo, "Fallback", PRINT_PLAIN, "none: the site had something for everybody", "");
    for (size_t i = 0; i < tally->fall_count; i++) {
        const struct demo_fall *fall = &tally->falls[i];
        snprintf(words, sizeof words, "%s in %s at %s: %s (%s)", figures_count(fall->count).text, fall->stage,
                 fall->placement, reason_words(fall->reason), fall->reason);
        write_words(demo, i == 0 ? "Fallback" : "", PRINT_PLAIN, words, "");
    }
}

static void write_errors(const struct demo *demo, const struct demo_tally *tally)
{
    char note[WORDS] = "";
    if (tally->failed == 0)
        return;
    snprintf(note, sizeof note, "; the first: %s", tally->first_error);
    write_words(demo, "Errors", PRINT_BAD, figures_count(tally->failed).text, note);
}

/* ---- Five decisions ---- */

static void write_examples(const struct demo *demo, const struct demo_tally *tally)
{
    const struct demo_row *chosen[DEMO_EXAMPLES];
    size_t count = demo_summary_choose(tally, chosen);
    if (count > 0)
        fprintf(demo->print.file, "\nSome of them\n\n");
    for (size_t i = 0; i < count; i++) {
        size_t number = chosen[i]->example_number;
        struct demo_visitor visitor =
            demo_plan_visitor(demo->plan, &demo->sessions->list[number - 1], number);
        demo_view_write_visitor(demo, &visitor, senda_reply_result(chosen[i]->example));
    }
}

static void write_verdict(const struct demo *demo, const struct demo_tally *tally)
{
    char words[WORDS];
    bool good = demo_summary_is_good(demo, tally);
    snprintf(words, sizeof words, "%s, %s%s\n", figures_of(demo->sessions->count, "visitor").text,
             figures_of(tally->answered, "answer").text, good ? "" : ": not everybody was answered");
    print_styled(&demo->print, good ? PRINT_GOOD : PRINT_BAD, words);
}

void demo_summary_write(const struct demo *demo, struct demo_tally *tally)
{
    demo_summary_sort(demo, tally);
    write_table(demo, tally);
    write_times(demo, tally);
    write_falls(demo, tally);
    write_errors(demo, tally);
    write_examples(demo, tally);
    write_verdict(demo, tally);
}
