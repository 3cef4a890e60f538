/* Times ago, and moments; see when.h. */
#include "ctl/when.h"

#include "ctl/ask_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MOST_SECONDS (INT64_MAX / SECOND / 4) /* so that sums of two fit */

/* Seconds of a unit, 0 where there is none of that letter. */
static int64_t unit_seconds(char letter)
{
    static const char letters[] = "smhdw";
    static const int64_t seconds[] = {1, 60, 3600, 86400, 7 * 86400};
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    return found == NULL ? 0 : seconds[found - letters];
}

static bool parse_ago(const char *text, int64_t *seconds)
{
    char *end;
    errno = 0;
    long long count = strtoll(text, &end, 10);
    int64_t unit = unit_seconds(*end);
    if (end == text || errno != 0 || unit == 0 || end[1] != '\0' || count < 0 || count > MOST_SECONDS / unit)
        return false;
    *seconds = count * unit;
    return true;
}

bool when_parse(const char *text, int64_t now_us, int64_t *us)
{
    int64_t seconds;
    if (parse_ago(text, &seconds)) {
        *us = now_us - seconds * SECOND;
        return true;
    }
    if (!ask_parse_time(text, &seconds) || seconds > MOST_SECONDS || seconds < -MOST_SECONDS)
        return false;
    *us = seconds * SECOND;
    return true;
}
