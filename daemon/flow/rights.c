/* Comparing tokens, slowing down who guesses, and scopes against the method table. */
#include "flow/rights.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

void flow_set_tokens(struct flow *flow, const struct tokens *tokens)
{
    flow->options.tokens = tokens;
    flow->token_changes++;
}

/* A token that was taken out of the configuration counts no longer, also for who showed it before. */
static void look_again(const struct flow *flow, struct flow_peer *peer)
{
    const struct tokens *tokens = flow->options.tokens;
    if (peer->token == 0 || peer->tokens_seen == flow->token_changes)
        return;
    peer->tokens_seen = flow->token_changes;
    if (tokens != NULL && tokens_have(tokens, peer->token, peer->scope))
        return;
    peer->token = 0;
    peer->scope = peer->given;
}

/* Who has not shown a token is not told which methods there are, either. */
bool rights_check(struct flow *flow, struct flow_peer *peer, const struct method *method, struct error *error)
{
    look_again(flow, peer);
    if (method != NULL && peer->scope >= method->scope)
        return true;
    if (peer->scope == SCOPE_NONE)
        return error_set(error, ERROR_UNAUTHORIZED, "token: call auth {token} first");
    if (method == NULL)
        return true;
    if (method->scope == SCOPE_CONTROL)
        return error_set(error, ERROR_UNAUTHORIZED, "%s: only on the control socket", method->name);
    return error_set(error, ERROR_UNAUTHORIZED, "%s: needs a token of the scope '%s'; this one is of '%s'",
                     method->name, scope_name(method->scope), scope_name(peer->scope));
}

static bool is_known_to_us(const struct flow *flow, const struct flow_peer *peer)
{
    return flow->options.tokens == NULL || peer->given != SCOPE_NONE;
}

static uint32_t wait_of(const struct flow *flow, const struct flow_peer *peer, uint64_t now_ms)
{
    return flow->attempts == NULL || is_known_to_us(flow, peer)
               ? 0
               : attempts_wait_ms(flow->attempts, peer->address, peer->failures, now_ms);
}

bool rights_must_wait(struct flow *flow, struct flow_peer *peer)
{
    uint64_t now_ms = clock_coarse_ms();
    if (peer->token_due_ms == 0) {
        uint32_t wait_ms = wait_of(flow, peer, now_ms);
        peer->token_due_ms = wait_ms > 0 ? now_ms + wait_ms : 0;
    }
    if (peer->token_due_ms > now_ms)
        return true;
    peer->token_due_ms = 0;
    return false;
}

static void note_failure(struct flow *flow, struct flow_peer *peer)
{
    uint64_t now_ms = clock_coarse_ms();
    peer->failures += peer->failures < UINT32_MAX;
    metrics_add(&flow->options.slots[flow->options.own_slot], METRICS_wrong_tokens, 1);
    uint64_t count = tally_add(&flow->wrong_tokens, now_ms);
    if (count > 0)
        log_warning("wrong tokens were shown", LOG_NUMBER("count", count));
    if (flow->attempts == NULL)
        flow->attempts = calloc(1, sizeof *flow->attempts);
    if (flow->attempts == NULL)
        return;
    flow->attempts->longest_ms = flow->options.wait_ms;
    attempts_note_failure(flow->attempts, peer->address, now_ms);
}

bool rights_show(struct flow *flow, struct flow_peer *peer, struct text token, struct error *error)
{
    const struct tokens *tokens = flow->options.tokens;
    const struct token *found = tokens != NULL ? tokens_find(tokens, token) : NULL;
    if (tokens != NULL && found == NULL) {
        note_failure(flow, peer);
        return error_set(error, ERROR_UNAUTHORIZED, "token: not the right one");
    }
    if (found == NULL || peer->given != SCOPE_NONE)
        return true;
    peer->token = tokens_number(found);
    peer->scope = (enum scope)found->scope;
    peer->tokens_seen = flow->token_changes;
    return true;
}

bool rights_are_lost(const struct flow *flow, const struct flow_peer *peer)
{
    return !is_known_to_us(flow, peer) && peer->failures >= flow->options.failures_most;
}
