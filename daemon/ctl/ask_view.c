/* Showing a decision; see ask_view.h. */
#include "ctl/ask_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/paragraph.h"
#include "decide/decision.h"

enum {
    WORDS = 1024,      /* bytes for one value's words */
    LABEL_COLUMNS = 9, /* columns of the labels at the left */
};

/* A label at the left; "" continues the paragraph above. */
static void write_label(const struct print *print, const char *label)
{
    print_styled(print, PRINT_DIM, label);
    fprintf(print->file, "%*s", (int)(LABEL_COLUMNS - strlen(label)), "");
}

static bool is_there(const senda_value *value)
{
    return senda_value_type(value) != SENDA_TYPE_NIL;
}

/* "Label    words", where the map has that member. */
static void write_member(const struct print *print, const char *label, const senda_value *map,
                         const char *key)
{
    char words[WORDS];
    const senda_value *value = senda_value_get(map, key);
    if (!is_there(value))
        return;
    write_label(print, label);
    fprintf(print->file, "%s\n", print_words(value, words, sizeof words));
}

static void write_who(const struct print *print, const struct ask_request *request, const senda_value *result)
{
    char words[WORDS];
    const senda_value *persona = senda_value_get(result, "persona");
    write_label(print, "Who");
    print_styled(print, PRINT_BOLD, request->customer != NULL ? request->customer : "an anonymous visitor");
    if (request->customer != NULL)
        fputs(senda_value_boolean(senda_value_get(result, "known"), false) ? ", known" : ", not seen before",
              print->file);
    if (is_there(persona))
        fprintf(print->file, ", %s", print_words(persona, words, sizeof words));
    putc('\n', print->file);
}

static void write_where(const struct print *print, const senda_value *result)
{
    char journey[WORDS], stage[WORDS];
    write_label(print, "Where");
    print_words(senda_value_get(result, "stage"), stage, sizeof stage);
    print_styled(print, PRINT_BOLD, stage);
    fprintf(print->file, " on the journey %s\n",
            print_words(senda_value_get(result, "journey"), journey, sizeof journey));
}

static void write_place(const struct print *print, const senda_value *result)
{
    char words[WORDS];
    const senda_value *strategy = senda_value_get(result, "strategy");
    write_label(print, "At");
    fputs(print_words(senda_value_get(result, "placement"), words, sizeof words), print->file);
    if (is_there(strategy))
        fprintf(print->file, ", by the strategy %s", print_words(strategy, words, sizeof words));
    putc('\n', print->file);
}

/* A line below an item's title. */
static void write_below(const struct print *print, const char *text)
{
    fprintf(print->file, "%*s%s\n", LABEL_COLUMNS + 4, "", text);
}

/* What a fallback has is no score, and what is always chosen needs no chances. */
static void write_chances(const struct print *print, const senda_value *item)
{
    char text[WORDS];
    double score = senda_value_number(senda_value_get(item, "score"), 0);
    double propensity = senda_value_number(senda_value_get(item, "propensity"), 1);
    if (score <= 0)
        return;
    size_t used = (size_t)snprintf(text, sizeof text, "score %.4g", score);
    if (propensity < 1)
        snprintf(text + used, sizeof text - used, ", chosen in %.3g of 100 cases like this",
                 100 * propensity);
    write_below(print, text);
}

static void write_item(const struct print *print, const senda_value *item, size_t number)
{
    char words[WORDS], line[2 * WORDS];
    const senda_value *because = senda_value_get(item, "because"), *url = senda_value_get(item, "url");
    write_label(print, number == 1 ? "Show" : "");
    fprintf(print->file, "%2zu  ", number);
    print_styled(print, PRINT_BOLD, print_words(senda_value_get(item, "title"), words, sizeof words));
    fprintf(print->file, "  (%s,", print_words(senda_value_get(item, "kind"), words, sizeof words));
    fprintf(print->file, " %s)\n", print_words(senda_value_get(item, "offer"), words, sizeof words));
    if (is_there(url))
        write_below(print, print_words(url, words, sizeof words));
    if (is_there(because)) {
        snprintf(line, sizeof line, "because %s", print_words(because, words, sizeof words));
        write_below(print, line);
    }
    write_chances(print, item);
}

static void write_items(const struct print *print, const senda_value *result)
{
    const senda_value *items = senda_value_get(result, "items");
    putc('\n', print->file);
    for (size_t i = 0; i < senda_value_count(items); i++)
        write_item(print, senda_value_at(items, i), i + 1);
    if (senda_value_count(items) == 0) {
        write_label(print, "Show");
        print_styled(print, PRINT_BOLD, "nothing");
        putc('\n', print->file);
    }
    write_member(print, "Why", result, "because");
}

static void write_fallback(const struct print *print, const senda_value *result)
{
    char words[WORDS];
    const senda_value *fallback = senda_value_get(result, "fallback");
    if (!is_there(fallback))
        return;
    write_label(print, "Fallback");
    print_styled(print, PRINT_BAD, print_words(fallback, words, sizeof words));
    putc('\n', print->file);
}

/* ---- The trace ---- */

enum { TRACE_COLUMNS = 4 };

/* An offer of the trace, and how near it came. */
struct trace_entry {
    const senda_value *value;
    size_t stopped; /* 0: chosen; else the place of its gate, counted from the last */
    double score;
    size_t number; /* place in the trace */
};

/* From the last gate to the first: who came farthest is what people look for. */
static size_t place_of_gate(const senda_value *gate)
{
    struct text name;
    size_t place = 1;
    name.bytes = senda_value_string(gate, &name.length);
    if (name.bytes == NULL)
        return 0;
    for (int i = DECISION_GATE_RANK; i > DECISION_GATE_CHOSEN; i--, place++)
        if (text_equal(text_from(decision_gate_name((enum decision_gate)i)), name))
            break;
    return place;
}

static int compare_entries(const void *left, const void *right)
{
    const struct trace_entry *a = left, *b = right;
    if (a->stopped != b->stopped)
        return a->stopped < b->stopped ? -1 : 1;
    if (a->score < b->score || a->score > b->score)
        return a->score > b->score ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void add_trace_row(struct print_table *table, const struct trace_entry *entry)
{
    char offer[WORDS], gate[WORDS], score[64] = "-", because[WORDS];
    bool chosen = entry->stopped == 0;
    print_words(senda_value_get(entry->value, "offer"), offer, sizeof offer);
    print_words(senda_value_get(entry->value, "gate"), gate, sizeof gate);
    if (entry->score > 0)
        snprintf(score, sizeof score, "%.4g", entry->score);
    print_words(senda_value_get(entry->value, "because"), because, sizeof because);
    const char *cells[] = {offer, chosen ? "chosen" : gate, score, because};
    (void)print_table_add(table, chosen ? PRINT_GOOD : PRINT_PLAIN, cells);
}

static void add_trace_rows(struct print_table *table, const senda_value *trace)
{
    size_t count = senda_value_count(trace);
    struct trace_entry *entries = calloc(count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < count; i++) {
        const senda_value *value = senda_value_at(trace, i);
        entries[i] = (struct trace_entry){value, place_of_gate(senda_value_get(value, "gate")),
                                          senda_value_number(senda_value_get(value, "score"), 0), i};
    }
    if (entries != NULL)
        qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; entries != NULL && i < count; i++)
        add_trace_row(table, &entries[i]);
    free(entries);
}

static void write_trace(const struct print *print, const senda_value *trace)
{
    static const char *const heading[TRACE_COLUMNS] = {"offer", "stopped by", "score", "because"};
    struct print_table table;
    if (senda_value_count(trace) == 0)
        return;
    print_table_create(&table, TRACE_COLUMNS);
    table.right_aligned[2] = true;
    table.width = paragraph_terminal_width(print->file);
    if (print_table_add(&table, PRINT_DIM, heading))
        add_trace_rows(&table, trace);
    putc('\n', print->file);
    print_table_write(&table, print, 0);
    print_table_destroy(&table);
}

void ask_view_write(const struct print *print, const struct ask_request *request, const senda_value *result)
{
    const senda_value *experiments = senda_value_get(result, "experiments");
    write_who(print, request, result);
    write_where(print, result);
    write_place(print, result);
    write_items(print, result);
    write_fallback(print, result);
    putc('\n', print->file);
    if (senda_value_count(experiments) > 0)
        write_member(print, "Trials", result, "experiments");
    write_member(print, "Decision", result, "decision");
    write_member(print, "Version", result, "version");
    write_trace(print, senda_value_get(result, "trace"));
}
