/* Counting; see strikes.h. */
#include "script/strikes.h"

void strikes_add_answer(struct strikes *strikes)
{
    if (strikes->answers < UINT32_MAX)
        strikes->answers++;
    if (strikes->answers > STRIKES_PROVEN)
        strikes->failures = 0;
    if (strikes->overruns > 0 && ++strikes->since == STRIKES_FORGIVEN) {
        strikes->since = 0;
        strikes->overruns--;
    }
}

/* Strikes that set it aside. */
static uint32_t strikes_patience(const struct strikes *strikes)
{
    uint32_t share = strikes->answers / STRIKES_SHARE;
    if (strikes->answers < STRIKES_PROVEN)
        return STRIKES_MOST;
    return share < STRIKES_IN_ROW ? share : STRIKES_IN_ROW;
}

bool strikes_add_failure(struct strikes *strikes, bool overran)
{
    if (overran) {
        strikes->overruns++;
        strikes->since = 0;
    } else {
        strikes->failures++;
    }
    strikes->times++;
    strikes->set_aside = strikes->set_aside || strikes->overruns >= STRIKES_MOST ||
                         strikes->failures + strikes->overruns >= strikes_patience(strikes);
    return strikes->set_aside;
}
