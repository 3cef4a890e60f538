/* Reading spans of time; the authoring library has its own reading of them in duration.lua. */
#include "script/duration.h"

#include <ctype.h>
#include <stdio.h>

enum {
    MOST_DIGITS = 9,
    GUESSED_DIGITS = 6,
    DAY = 86400,
    LONGEST = 10 * 366 * DAY, /* ten years: anything longer is a slip of the pen */
};

/* The unit whose letter it is; 0: none. */
static uint32_t seconds_of(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return DAY;
    case 'w':
        return 7 * DAY;
    default:
        return 0;
    }
}

/* How many digits the text has from `at` on; `*number` is what the first of them say. */
static size_t read_digits(struct text text, size_t at, uint64_t *number)
{
    size_t count = 0;
    *number = 0;
    for (; at + count < text.length && isdigit((unsigned char)text.bytes[at + count]); count++)
        if (count < MOST_DIGITS)
            *number = *number * 10 + (uint64_t)(text.bytes[at + count] - '0');
    return count;
}

bool duration_parse(struct text text, uint32_t *seconds)
{
    uint64_t number;
    size_t digits = read_digits(text, 0, &number);
    if (digits == 0 || digits > MOST_DIGITS || text.length != digits + 1)
        return false;
    number *= seconds_of(text.bytes[digits]);
    *seconds = (uint32_t)number;
    return number >= 1 && number <= LONGEST;
}

/* Beginnings of units in the languages of authors, with the days that make one where no letter stands for it.
 */
static const struct unit {
    struct text begins;
    uint64_t days;
    char letter;
} units[] = {
    {TEXT("sec"), 0, 's'},  {TEXT("seg"), 0, 's'},    {TEXT("min"), 0, 'm'}, {TEXT("month"), 30, 'd'},
    {TEXT("mes"), 30, 'd'}, {TEXT("year"), 365, 'd'}, {TEXT("h"), 0, 'h'},   {TEXT("d"), 0, 'd'},
    {TEXT("w"), 0, 'w'},    {TEXT("semana"), 0, 'w'}, {TEXT("s"), 0, 's'},   {TEXT("m"), 0, 'm'},
    {TEXT(""), 0, 'd'},
};

/* The first unit that the text's word from `at` on begins with; one letter alone must be the whole word. */
static const struct unit *find_unit(struct text text, size_t at)
{
    char word[8] = "";
    size_t length = 0;
    while (at + length < text.length && isalpha((unsigned char)text.bytes[at + length]))
        length++;
    for (size_t i = 0; i < length && i < sizeof word; i++)
        word[i] = (char)tolower((unsigned char)text.bytes[at + i]);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct text begins = units[i].begins;
        bool whole = begins.length == 0 || text_equal(begins, TEXT("s")) || text_equal(begins, TEXT("m"));
        if (length >= begins.length && memcmp(word, begins.bytes, begins.length) == 0 &&
            (!whole || at + begins.length == text.length))
            return &units[i];
    }
    return NULL;
}

static size_t skip_blanks(struct text text, size_t at)
{
    while (at < text.length && text.bytes[at] == ' ')
        at++;
    return at;
}

bool duration_guess(struct text text, char guess[DURATION_GUESS])
{
    uint64_t number;
    uint32_t seconds;
    size_t at = skip_blanks(text, 0), digits = read_digits(text, at, &number);
    if (digits == 0 || digits > GUESSED_DIGITS)
        return false;
    const struct unit *unit = find_unit(text, skip_blanks(text, at + digits));
    if (unit == NULL)
        return false;
    snprintf(guess, DURATION_GUESS, "%u%c", (unsigned)(number * (unit->days == 0 ? 1 : unit->days)),
             unit->letter);
    return duration_parse(text_from(guess), &seconds);
}
