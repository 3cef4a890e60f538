/* Numbers in words; see figures.h. */
#include "ctl/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct figures figures_count(uint64_t count)
{
    struct figures out = {""};
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count), used = 0;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out.text[used++] = ',';
        out.text[used++] = digits[i];
    }
    return out;
}

struct figures figures_of(uint64_t count, const char *name)
{
    struct figures out = figures_count(count);
    size_t used = strlen(out.text);
    snprintf(out.text + used, sizeof out.text - used, " %s%s", name, count == 1 ? "" : "s");
    return out;
}

struct figures figures_time(uint64_t ns)
{
    struct figures out;
    if (ns < 1000000)
        snprintf(out.text, sizeof out.text, "%.0f µs", (double)ns / 1e3);
    else if (ns < 1000000000)
        snprintf(out.text, sizeof out.text, "%.1f ms", (double)ns / 1e6);
    else
        snprintf(out.text, sizeof out.text, "%.2f s", (double)ns / 1e9);
    return out;
}

struct figures figures_stay(double seconds)
{
    struct figures out;
    unsigned minutes = (unsigned)(seconds / 60);
    if (seconds < 60)
        snprintf(out.text, sizeof out.text, "%.0f s", seconds);
    else if (minutes < 60)
        snprintf(out.text, sizeof out.text, "%u min", minutes);
    else
        snprintf(out.text, sizeof out.text, "%u h %u min", minutes / 60, minutes % 60);
    return out;
}
