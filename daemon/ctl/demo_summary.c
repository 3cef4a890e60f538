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

bool demo_summary_is_good(const struct demo *demo, const struct demo_outcome *outcome)
{
    const struct demo_walked *walked = &outcome->walked;
    return walked->customers == demo->customers && walked->kept == walked->told &&
           outcome->tally.failed == 0 && outcome->recorded.answered == demo->sessions->count &&
           outcome->recorded.failed == 0 && demo_funnel_is_whole(&outcome->funnel);
}

void demo_outcome_create(struct demo_outcome *outcome)
{
    memset(&outcome->walked, 0, sizeof outcome->walked);
    demo_tally_create(&outcome->tally);
    demo_tally_create(&outcome->recorded);
    outcome->funnel = (struct demo_funnel){.reply = NULL};
}

void demo_outcome_destroy(struct demo_outcome *outcome)
{
    demo_funnel_destroy(&outcome->funnel);
    demo_tally_destroy(&outcome->tally);
    demo_tally_destroy(&outcome->recorded);
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
             "socket, %s of them asked for one at a time",
             figures_count(times->count).text);
    if (times->count > 0)
        write_words(demo, "Time", PRINT_BOLD, words, note);
}

static void write_writes(const struct demo *demo, const struct demo_walked *walked)
{
    char words[WORDS], note[WORDS];
    const struct histogram *times = &walked->writes;
    bool many = times->count >= LEAST_FOR_P99;
    snprintf(words, sizeof words, "p50 %s, %s %s", figures_time(histogram_quantile(times, 0.5)).text,
             many ? "p99" : "longest", figures_time(histogram_quantile(times, many ? 0.99 : 1)).text);
    snprintf(
        note, sizeof note,
        " from telling what happened in a visit until it is acknowledged, which means kept for good, %s of "
        "them one at a time",
        figures_count(times->count).text);
    if (times->count > 0)
        write_words(demo, "Events", PRINT_BOLD, words, note);
}

static void write_rate(const struct demo *demo, const struct demo_tally *tally, uint64_t events, size_t depth)
{
    char words[WORDS], note[WORDS], also[96] = "";
    double rate = tally->elapsed > 0 ? (double)events * 1e9 / (double)tally->elapsed : 0;
    if (events > 0)
        snprintf(also, sizeof also, " and %s acknowledged events", figures_count((uint64_t)rate).text);
    snprintf(words, sizeof words, "%s decisions%s a second",
             figures_count((uint64_t)demo_summary_rate(tally)).text, also);
    snprintf(
        note, sizeof note,
        ": %s decisions in %s over one connection, up to %zu requests on their way, this one client's own "
        "work included",
        figures_count(tally->together).text, figures_time(tally->elapsed).text, depth);
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

/* ---- The funnel ---- */

static void write_disagreement(const struct demo *demo, const struct demo_funnel *funnel)
{
    char words[WORDS];
    if (funnel->inside == funnel->expected)
        return;
    snprintf(words, sizeof words, "%s should be in their stage by what they did, and not %s",
             figures_count(funnel->expected).text, figures_count(funnel->inside).text);
    write_words(demo, "Careful", PRINT_BAD, words, "");
}

static void write_funnel(const struct demo *demo, const struct demo_outcome *outcome)
{
    const senda_value *map = demo_funnel_map(&outcome->funnel);
    const struct demo_walked *walked = &outcome->walked;
    if (map == NULL)
        return;
    map_view_write(&demo->print, &demo->map, map);
    fprintf(demo->print.file, "\n");
    write_disagreement(demo, &outcome->funnel);
    char words[WORDS];
    snprintf(words, sizeof words, "%s by %s in %s: %s from stage to stage, %s of somebody silent for long",
             figures_of(walked->kept, "event").text, figures_of(walked->customers, "customer").text,
             figures_of(walked->visits, "visit").text, figures_of(walked->moves, "move").text,
             figures_of(walked->returned, "return").text);
    write_words(demo, "Told", PRINT_PLAIN, words, "");
    putc('\n', demo->print.file);
}

/* ---- Five decisions ---- */

static void write_examples(const struct demo *demo, const struct demo_tally *tally)
{
    const struct demo_row *chosen[DEMO_EXAMPLES];
    size_t count = demo_summary_choose(tally, chosen);
    if (count > 0)
        fprintf(demo->print.file, "\nSome decisions\n\n");
    for (size_t i = 0; i < count; i++) {
        char label[32];
        snprintf(label, sizeof label, "visitor-%zu", chosen[i]->example_number);
        demo_view_write_visitor(demo, label, senda_reply_result(chosen[i]->example));
    }
}

/* ---- Recorded visits ---- */

static void write_recorded(const struct demo *demo, struct demo_tally *tally)
{
    if (demo->sessions->count == 0)
        return;
    fprintf(demo->print.file, "%s recorded, each asked for once, nobody remembered\n\n",
            figures_of(demo->sessions->count, "visit").text);
    demo_summary_sort(demo, tally);
    write_table(demo, tally);
    write_times(demo, tally);
    write_rate(demo, tally, 0, DEMO_FEED_DEPTH);
    write_falls(demo, tally);
    write_errors(demo, tally);
    putc('\n', demo->print.file);
    demo_view_write_legend(demo);
}

/* What was missing; "" where nothing was. */
static void find_fault(const struct demo *demo, const struct demo_outcome *outcome, char *out, size_t size)
{
    const struct demo_walked *walked = &outcome->walked;
    const struct demo_funnel *funnel = &outcome->funnel;
    out[0] = '\0';
    if (walked->customers < demo->customers || outcome->tally.failed > 0 ||
        outcome->recorded.answered < demo->sessions->count || outcome->recorded.failed > 0)
        snprintf(out, size, ": not everybody was answered");
    else if (walked->kept < walked->told)
        snprintf(out, size, ": not every event was acknowledged");
    else if (funnel->stages == 0)
        snprintf(out, size, ": there is no funnel");
    else if (!demo_funnel_is_whole(funnel))
        snprintf(out, size, ": nobody reached %s; --visitors with more of them may help", funnel->unreached);
}

static void write_verdict(const struct demo *demo, const struct demo_outcome *outcome)
{
    char words[2 * WORDS], stages[2 * WORDS], fault[WORDS];
    uint64_t answers = outcome->tally.answered + outcome->recorded.answered;
    find_fault(demo, outcome, fault, sizeof fault);
    snprintf(words, sizeof words, "%s, %s, %s acknowledged",
             figures_of(outcome->walked.customers, "customer").text, figures_of(answers, "decision").text,
             figures_of(outcome->walked.kept, "event").text);
    snprintf(stages, sizeof stages, "%zu of %zu stages reached%s", outcome->funnel.reached,
             outcome->funnel.stages, fault);
    bool fits = demo->width == 0 || print_width(words) + 2 + print_width(stages) <= demo->width;
    enum print_style style = fault[0] == '\0' ? PRINT_GOOD : PRINT_BAD;
    print_styled(&demo->print, style, words);
    fputs(fits ? ", " : ",\n", demo->print.file);
    print_styled(&demo->print, style, stages);
    putc('\n', demo->print.file);
}

void demo_summary_write_funnel(const struct demo *demo, const struct demo_outcome *outcome)
{
    write_funnel(demo, outcome);
}

void demo_summary_write(const struct demo *demo, struct demo_outcome *outcome)
{
    struct demo_tally *tally = &outcome->tally;
    demo_summary_sort(demo, tally);
    write_funnel(demo, outcome);
    write_table(demo, tally);
    write_times(demo, tally);
    write_writes(demo, &outcome->walked);
    write_rate(demo, tally, outcome->walked.together, DEMO_CROWD);
    write_falls(demo, tally);
    write_errors(demo, tally);
    write_examples(demo, tally);
    write_recorded(demo, &outcome->recorded);
    write_verdict(demo, outcome);
}
