/* The longest look back of a site. */
#include "ledger/retention.h"

#include <math.h>

/* What has no end is told by counts, not by moments. */
static double longer(double longest, double seconds)
{
    return isfinite(seconds) && seconds > longest ? seconds : longest;
}

int64_t retention_of(const struct snapshot *site, int64_t wished_ms)
{
    double longest = 0;
    for (uint32_t i = 0; site != NULL && i < site->limit_count; i++)
        longest = longer(longest, (isfinite(site->limits[i].within) ? site->limits[i].within : 0) +
                                      site->limits[i].rest);
    for (uint32_t i = 0; site != NULL && i < site->stage_count; i++)
        for (uint32_t j = 0; j < site->stages[i].enter_count; j++)
            longest = longer(longest, site->stages[i].enter[j].within);
    double needed_ms = ceil(longest * 1e3);
    return needed_ms > (double)wished_ms ? (int64_t)fmin(needed_ms, (double)(INT64_C(1) << 53)) : wished_ms;
}
