/* Drawing a journey; see map_view.h. */
#include "ctl/map_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/figures.h"

enum {
    WORDS = 256,      /* bytes for one value's words */
    BAR = 28,         /* columns of the longest bar */
    LEAST_BAR = 8,    /* and of the longest one where there is little room */
    GLYPH_BYTES = 3,  /* of each of the characters that bars are made of */
    STYLE_BYTES = 64, /* of what gives a bar its colours */
    BAR_BYTES = BAR * GLYPH_BYTES + STYLE_BYTES + 1,
    LEAST_TITLE = 16, /* columns of an offer's title */
    STAGE_COLUMNS = 6,
    OFFER_COLUMNS = 6,
};

#define WENT_ON "█"
#define ARE_THERE "▒"
#define LEFT "░"

/* What of a stage is drawn. */
struct stage {
    const senda_value *value;
    double entered, advanced, dropped, inside;
};

static double count_of(const senda_value *map, const char *key)
{
    double count = senda_value_number(senda_value_get(map, key), 0);
    return count > 0 ? count : 0;
}

static const senda_value *value_of(const senda_value *map, const char *key, size_t length)
{
    for (size_t i = 0; i < senda_value_count(map); i++) {
        size_t own;
        const char *name = senda_value_string(senda_value_key_at(map, i), &own);
        if (name != NULL && own == length && strncmp(name, key, length) == 0)
            return senda_value_at(map, i);
    }
    return NULL;
}

/* The name in the view's language: by its whole tag, else by the language alone, else `otherwise`. */
static const char *name_in(const struct map_view *view, const senda_value *thing,
                           const senda_value *otherwise, char out[WORDS])
{
    const senda_value *names = senda_value_get(thing, "names");
    const senda_value *name = value_of(names, view->locale, strcspn(view->locale, ".@"));
    if (name == NULL)
        name = value_of(names, view->locale, strcspn(view->locale, "-_.@"));
    if (name == NULL)
        name = senda_value_get(names, "*");
    return print_words(name != NULL ? name : otherwise, out, WORDS);
}

static struct stage stage_of(const senda_value *value)
{
    return (struct stage){value, count_of(value, "entered"), count_of(value, "advanced"),
                          count_of(value, "dropped"), count_of(value, "inside")};
}

/* ---- Heading ---- */

/* Appends to `out`, as far as there is room. */
static void add_words(char *out, size_t size, const char *first, const char *words)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%s", first, words);
}

static void write_heading(const struct print *print, const struct map_view *view, const senda_value *map)
{
    char name[WORDS], journey[WORDS], words[WORDS], span[4 * WORDS] = "";
    const senda_value *from = senda_value_get(map, "from"), *to = senda_value_get(map, "to");
    name_in(view, map, senda_value_get(map, "journey"), name);
    print_words(senda_value_get(map, "journey"), journey, sizeof journey);
    if (senda_value_type(from) != SENDA_TYPE_NIL)
        add_words(span, sizeof span, "from ", print_words(from, words, sizeof words));
    if (senda_value_type(to) != SENDA_TYPE_NIL)
        add_words(span, sizeof span, span[0] != '\0' ? " to " : "to ", print_words(to, words, sizeof words));
    add_words(span, sizeof span, span[0] != '\0' ? ", days of " : "days of ",
              print_words(senda_value_get(map, "time_zone"), words, sizeof words));
    words[0] = '\0';
    if (strcmp(name, journey) != 0)
        snprintf(words, sizeof words, " (%s)", journey);
    bool fits =
        view->width == 0 || print_width(name) + print_width(words) + 2 + print_width(span) <= view->width;
    print_styled(print, PRINT_BOLD, name);
    fprintf(print->file, "%s%s%s\n\n", words, fits ? ", " : "\n", span);
}

/* ---- Stages ---- */

static void put_glyphs(char *out, const char *glyph, size_t count)
{
    size_t used = strlen(out);
    for (size_t i = 0; i < count; i++)
        memcpy(out + used + i * GLYPH_BYTES, glyph, GLYPH_BYTES);
    out[used + count * GLYPH_BYTES] = '\0';
}

/* In a colour, where there are any. */
static void put_coloured(const struct print *print, char *out, const char *code, const char *glyph,
                         size_t count)
{
    if (count == 0)
        return;
    if (print->colour)
        strcat(out, code);
    put_glyphs(out, glyph, count);
    if (print->colour)
        strcat(out, "\033[0m");
}

/* Of `columns`, those for `part` of `whole`. */
static size_t share(size_t columns, double part, double whole)
{
    double own = whole > 0 ? round((double)columns * part / whole) : 0;
    return own > (double)columns ? columns : (size_t)own;
}

/* How the bars are drawn. */
struct scale {
    const struct print *print; /* borrowed */
    double longest;            /* entries of the stage that has most */
    size_t columns;            /* of its bar, at most BAR */
};

/* As long as the stage's entries are many, and made of what became of them. */
static const char *draw_bar(const struct scale *scale, const struct stage *stage, char out[BAR_BYTES])
{
    size_t columns = share(scale->columns, stage->entered, scale->longest);
    if (columns == 0 && stage->entered > 0)
        columns = 1;
    size_t went_on = share(columns, stage->advanced, stage->entered);
    size_t left = share(columns - went_on, stage->dropped, stage->entered - stage->advanced);
    out[0] = '\0';
    put_coloured(scale->print, out, "\033[32m", WENT_ON, went_on);
    put_coloured(scale->print, out, "\033[33m", ARE_THERE, columns - went_on - left);
    put_coloured(scale->print, out, "\033[2m", LEFT, left);
    return out;
}

/* "620  50 %". */
static const char *count_and_rate(double count, double whole, char out[WORDS])
{
    struct figures figures = figures_count((uint64_t)count);
    if (whole > 0)
        snprintf(out, WORDS, "%s %3.0f %%", figures.text, 100 * count / whole);
    else
        snprintf(out, WORDS, "%s", figures.text);
    return out;
}

static void add_stage(struct print_table *table, const struct map_view *view, const struct stage *stage,
                      const struct scale *scale)
{
    char name[WORDS], bar[BAR_BYTES], advanced[WORDS], inside[WORDS], dropped[WORDS];
    struct figures entered = figures_count((uint64_t)stage->entered);
    const char *cells[STAGE_COLUMNS] = {
        name_in(view, stage->value, senda_value_get(stage->value, "name"), name),
        entered.text,
        draw_bar(scale, stage, bar),
        count_and_rate(stage->advanced, stage->entered, advanced),
        count_and_rate(stage->inside, stage->entered, inside),
        count_and_rate(stage->dropped, stage->entered, dropped),
    };
    (void)print_table_add(table, PRINT_PLAIN, cells);
}

static double longest_of(const senda_value *stages)
{
    double longest = 0;
    for (size_t i = 0; i < senda_value_count(stages); i++)
        longest = fmax(longest, count_of(senda_value_at(stages, i), "entered"));
    return longest;
}

/* A table of the stages whose bars have so many columns. */
static bool fill_stages(struct print_table *table, const struct map_view *view, const senda_value *stages,
                        const struct scale *scale)
{
    static const char *const heading[STAGE_COLUMNS] = {
        "stage", "entered", "", WENT_ON " went on", ARE_THERE " are there", LEFT " left"};
    print_table_create(table, STAGE_COLUMNS);
    for (size_t column = 1; column < STAGE_COLUMNS; column++)
        table->right_aligned[column] = column != 2;
    table->coloured[2] = true;
    bool whole = print_table_add(table, PRINT_DIM, heading);
    for (size_t i = 0; whole && i < senda_value_count(stages); i++) {
        struct stage stage = stage_of(senda_value_at(stages, i));
        add_stage(table, view, &stage, scale);
    }
    return whole;
}

/* Bars take what the other columns leave. */
static size_t room_for_bars(const struct map_view *view, const senda_value *stages)
{
    const struct scale none = {&(struct print){NULL, false}, 0, 0};
    struct print_table table;
    if (view->width == 0)
        return BAR;
    (void)fill_stages(&table, view, stages, &none);
    size_t others = print_table_columns(&table);
    print_table_destroy(&table);
    size_t room = view->width > others ? view->width - others : 0;
    return room > BAR ? BAR : room < LEAST_BAR ? LEAST_BAR : room;
}

static void write_stages(const struct print *print, const struct map_view *view, const senda_value *stages)
{
    struct scale scale = {print, longest_of(stages), room_for_bars(view, stages)};
    struct print_table table;
    (void)fill_stages(&table, view, stages, &scale);
    print_table_write(&table, print, 0);
    print_table_destroy(&table);
}

/* ---- Offers ---- */

/* The nearer to a conversion, the more it counts. */
static int compare_offers(const void *left, const void *right)
{
    static const char *const keys[] = {"conversions", "value", "clicks", "impressions", "decisions"};
    const senda_value *const *a = left, *const *b = right;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        double difference = count_of(*a, keys[i]) - count_of(*b, keys[i]);
        if (difference > 0 || difference < 0)
            return difference > 0 ? -1 : 1;
    }
    return *a < *b ? -1 : *a > *b; /* as they came */
}

/* Where titles end: the other columns take their room first. */
static void cut_title(char *title, size_t columns)
{
    size_t bytes = strlen(title);
    if (print_width(title) <= columns)
        return;
    while (bytes > 0 && print_width(title) >= columns) {
        while (bytes > 0 && ((unsigned char)title[bytes - 1] & 0xC0) == 0x80)
            bytes--;
        title[bytes > 0 ? --bytes : 0] = '\0';
    }
    while (bytes > 0 && title[bytes - 1] == ' ')
        title[--bytes] = '\0';
    strcat(title, "…");
}

static void add_offer(struct print_table *table, const senda_value *offer, size_t columns)
{
    char title[WORDS + 8] = "  ", clicked[WORDS], won[WORDS], worth[WORDS];
    const senda_value *name = senda_value_get(offer, "title");
    double shown = count_of(offer, "impressions"), value = count_of(offer, "value");
    struct figures decided = figures_count((uint64_t)count_of(offer, "decisions"));
    struct figures seen = figures_count((uint64_t)shown);
    if (senda_value_type(name) == SENDA_TYPE_NIL)
        name = senda_value_get(offer, "offer");
    print_words(name, title + 2, WORDS);
    if (columns > 0)
        cut_title(title, columns);
    snprintf(worth, sizeof worth, value > 0 ? "%.2f" : "-", value);
    const char *cells[OFFER_COLUMNS] = {title,
                                        decided.text,
                                        seen.text,
                                        count_and_rate(count_of(offer, "clicks"), shown, clicked),
                                        count_and_rate(count_of(offer, "conversions"), shown, won),
                                        worth};
    (void)print_table_add(table, PRINT_PLAIN, cells);
}

static void add_stage_of_offers(struct print_table *table, const struct map_view *view,
                                const senda_value *stage)
{
    char name[WORDS];
    const char *cells[OFFER_COLUMNS] = {
        name_in(view, stage, senda_value_get(stage, "name"), name), "", "", "", "", ""};
    (void)print_table_add(table, PRINT_BOLD, cells);
}

/* `columns`: of titles; 0: as many as they take. */
static void add_offers(struct print_table *table, const struct map_view *view, const senda_value *stage,
                       size_t columns)
{
    const senda_value *offers = senda_value_get(stage, "offers");
    size_t count = senda_value_count(offers);
    const senda_value **sorted = calloc(count > 0 ? count : 1, sizeof *sorted);
    if (sorted == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        sorted[i] = senda_value_at(offers, i);
    qsort(sorted, count, sizeof *sorted, compare_offers);
    if (count > 0 && view->offers > 0)
        add_stage_of_offers(table, view, stage);
    for (size_t i = 0; i < count && i < view->offers; i++)
        add_offer(table, sorted[i], columns);
    free(sorted);
}

static void fill_offers(struct print_table *table, const struct map_view *view, const senda_value *stages,
                        size_t columns)
{
    static const char *const heading[OFFER_COLUMNS] = {"best offers", "decided", "shown",
                                                       "clicked",     "won",     "worth"};
    print_table_create(table, OFFER_COLUMNS);
    for (size_t column = 1; column < OFFER_COLUMNS; column++)
        table->right_aligned[column] = true;
    bool begun = print_table_add(table, PRINT_DIM, heading);
    for (size_t i = 0; begun && i < senda_value_count(stages); i++)
        add_offers(table, view, senda_value_at(stages, i), columns);
}

/* Titles take what the other columns leave. */
static size_t room_for_titles(const struct map_view *view, const senda_value *stages)
{
    struct print_table table;
    if (view->width == 0)
        return 0;
    fill_offers(&table, view, stages, 1);
    size_t names = print_table_column(&table, 0), whole = print_table_columns(&table);
    print_table_destroy(&table);
    size_t room = view->width + names > whole ? view->width + names - whole : 0;
    return room < LEAST_TITLE ? LEAST_TITLE : room;
}

static void write_offers(const struct print *print, const struct map_view *view, const senda_value *stages)
{
    struct print_table table;
    fill_offers(&table, view, stages, room_for_titles(view, stages));
    if (table.count > 1) {
        putc('\n', print->file);
        print_table_write(&table, print, 0);
    }
    print_table_destroy(&table);
}

void map_view_write(const struct print *print, const struct map_view *view, const senda_value *map)
{
    const senda_value *stages = senda_value_get(map, "stages");
    write_heading(print, view, map);
    write_stages(print, view, stages);
    write_offers(print, view, stages);
}

const char *map_view_own_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return value;
    }
    return "";
}
