/* Showing a customer; see profile_view.h. */
#include "ctl/profile_view.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/paragraph.h"
#include "ctl/when.h"

enum {
    WORDS = 1024,      /* bytes for one value's words */
    LABEL_COLUMNS = 9, /* columns of the labels at the left */
    OFFER_COLUMNS = 7,
};

static bool is_there(const senda_value *value)
{
    return senda_value_type(value) != SENDA_TYPE_NIL;
}

static void write_label(const struct print *print, const char *label)
{
    print_styled(print, PRINT_DIM, label);
    fprintf(print->file, "%*s", (int)(LABEL_COLUMNS - strlen(label)), "");
}

static void write_since(const struct print *print, const senda_value *since)
{
    char when[32];
    if (is_there(since))
        fprintf(print->file, ", since %s", when_words(senda_value_number(since, -1), when));
    putc('\n', print->file);
}

static void write_who(const struct print *print, const senda_value *profile)
{
    char words[WORDS];
    const senda_value *persona = senda_value_get(profile, "persona");
    const senda_value *locale = senda_value_get(profile, "locale");
    write_label(print, "Who");
    print_styled(print, PRINT_BOLD, print_words(senda_value_get(profile, "customer"), words, sizeof words));
    if (is_there(persona))
        fprintf(print->file, ", %s", print_words(persona, words, sizeof words));
    if (is_there(locale))
        fprintf(print->file, ", speaks %s", print_words(locale, words, sizeof words));
    putc('\n', print->file);
    if (!senda_value_boolean(senda_value_get(profile, "restricted"), false))
        return;
    write_label(print, "");
    print_styled(print, PRINT_BAD, "restricted: nothing of theirs is used, and nothing new is kept");
    putc('\n', print->file);
}

static void write_where(const struct print *print, const senda_value *profile)
{
    char words[WORDS];
    if (!is_there(senda_value_get(profile, "stage")))
        return;
    write_label(print, "Where");
    print_styled(print, PRINT_BOLD, print_words(senda_value_get(profile, "stage"), words, sizeof words));
    fprintf(print->file, " on the journey %s",
            print_words(senda_value_get(profile, "journey"), words, sizeof words));
    write_since(print, senda_value_get(profile, "since"));
}

static bool same_text(const senda_value *a, const senda_value *b)
{
    size_t a_length, b_length;
    const char *a_bytes = senda_value_string(a, &a_length), *b_bytes = senda_value_string(b, &b_length);
    return a_bytes != NULL && b_bytes != NULL && a_length == b_length &&
           memcmp(a_bytes, b_bytes, a_length) == 0;
}

/* The journeys besides the one that is told first. */
static void write_other_places(const struct print *print, const senda_value *profile)
{
    char words[WORDS];
    const senda_value *journeys = senda_value_get(profile, "journeys");
    for (size_t i = 0; i < senda_value_count(journeys); i++) {
        const senda_value *name = senda_value_key_at(journeys, i), *place = senda_value_at(journeys, i);
        if (same_text(name, senda_value_get(profile, "journey")))
            continue;
        write_label(print, "also");
        fputs(print_words(senda_value_get(place, "stage"), words, sizeof words), print->file);
        fprintf(print->file, " on the journey %s", print_words(name, words, sizeof words));
        write_since(print, senda_value_get(place, "since"));
    }
}

/* "Label    name value, name value": the entries of a map, where it has any. */
static void write_map(const struct print *print, const char *label, const senda_value *map)
{
    struct paragraph paragraph;
    char name[WORDS], words[WORDS];
    size_t count = senda_value_count(map);
    if (count == 0)
        return;
    paragraph_begin(&paragraph, print, paragraph_terminal_width(print->file), LABEL_COLUMNS, label);
    for (size_t i = 0; i < count; i++) {
        paragraph_add(&paragraph, PRINT_PLAIN, print_words(senda_value_key_at(map, i), name, sizeof name));
        paragraph_add(&paragraph, PRINT_PLAIN, " ");
        paragraph_add(&paragraph, PRINT_BOLD, print_words(senda_value_at(map, i), words, sizeof words));
        paragraph_add(&paragraph, PRINT_PLAIN, i + 1 < count ? ", " : "");
    }
    paragraph_end(&paragraph);
}

static void add_offer(struct print_table *table, const senda_value *name, const senda_value *offer)
{
    static const char *const counts[] = {"decisions", "impressions", "clicks", "dismissals", "conversions"};
    char words[OFFER_COLUMNS][WORDS], when[32];
    const char *cells[OFFER_COLUMNS];
    cells[0] = print_words(name, words[0], WORDS);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cells[i + 1] = print_words(senda_value_get(offer, counts[i]), words[i + 1], WORDS);
    cells[OFFER_COLUMNS - 1] = when_words(senda_value_number(senda_value_get(offer, "last"), -1), when);
    (void)print_table_add(table, PRINT_PLAIN, cells);
}

static void write_offers(const struct print *print, const senda_value *offers)
{
    static const char *const heading[OFFER_COLUMNS] = {"offer",     "decided",   "shown", "clicks",
                                                       "dismissed", "converted", "last"};
    struct print_table table;
    if (senda_value_count(offers) == 0)
        return;
    print_table_create(&table, OFFER_COLUMNS);
    for (size_t column = 1; column < OFFER_COLUMNS - 1; column++)
        table.right_aligned[column] = true;
    bool begun = print_table_add(&table, PRINT_DIM, heading);
    for (size_t i = 0; begun && i < senda_value_count(offers); i++)
        add_offer(&table, senda_value_key_at(offers, i), senda_value_at(offers, i));
    putc('\n', print->file);
    print_table_write(&table, print, 0);
    print_table_destroy(&table);
}

void profile_view_write(const struct print *print, const senda_value *profile)
{
    write_who(print, profile);
    write_where(print, profile);
    write_other_places(print, profile);
    write_map(print, "Traits", senda_value_get(profile, "traits"));
    write_map(print, "Consents", senda_value_get(profile, "consents"));
    write_map(print, "Did", senda_value_get(profile, "counts"));
    write_offers(print, senda_value_get(profile, "offers"));
}
