/* The controller; see admission.h. */
#include "serve/admission.h"

enum {
    INTERVAL_MS = 100,   /* of standing before anyone is refused */
    AGAIN_MS = 20,       /* the same, for a queue that stood a moment ago */
    MOMENT_MS = 1000,    /* and that is so long */
    CALM_FRACTION = 8,   /* refusing ends when this part of the passes' length is enough */
    IDLE_FRACTION = 10,  /* or when the loop waits for this part of the time */
    PASS_FIFTHS = 3,     /* of the target that a pass may take while refusing */
    COSTS_IN_PASS = 2,   /* but so many requests always may */
    COSTS_IN_QUEUE = 16, /* so many requests that wait are no queue, however long they take */
    SHARE_MOST_US = 800, /* of a pass for one: less than a turn, so that what goes beyond is refused in it */
    KNOWN_FIFTHS = 4,    /* of the time that something has stood are known at the least */
    AVERAGED_OVER = 16,  /* turns, for the cost of a request */
    OVERDRAFT_TURNS = 8, /* shares that a message already begun may take in advance */
};

static const uint64_t US = 1000, MS = 1000000;

void admission_create(struct admission *admission, uint64_t target_ns, uint64_t most_ns, uint64_t seed)
{
    *admission = (struct admission){
        .target_ns = target_ns, .most_ns = most_ns, .least_ns = UINT64_MAX, .chance = {.value = seed}};
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How long a pass may take while refusing. */
static uint64_t pass_length(const struct admission *admission)
{
    return larger(admission->target_ns / 5 * PASS_FIFTHS, COSTS_IN_PASS * admission->cost_ns);
}

static uint64_t share_most(const struct admission *admission)
{
    return larger(SHARE_MOST_US * US, admission->cost_ns);
}

void admission_begin_pass(struct admission *admission, size_t connections)
{
    admission->connections = connections;
    admission->share_ns = smaller(pass_length(admission) / larger(connections, 1), share_most(admission));
}

void admission_rest(struct admission *admission, uint64_t idle_ns)
{
    admission->idle_ns += idle_ns;
}

/* Whether so long is more than it takes to answer a few. */
static bool is_queue(const struct admission *admission, uint64_t stood_ns, uint64_t most_ns)
{
    return stood_ns > larger(most_ns, COSTS_IN_QUEUE * admission->cost_ns);
}

static bool stands(const struct admission *admission)
{
    return admission->interval_ends_ns != 0 && is_queue(admission, admission->least_ns, admission->target_ns);
}

/* Short of several who want more than there is, of passes that take their time and of work, all can be taken.
 */
static bool is_calm(const struct admission *admission)
{
    return !admission->refused_several || admission->stood_ns < admission->allowed_ns / CALM_FRACTION ||
           admission->idle_ns > INTERVAL_MS * MS / IDLE_FRACTION;
}

static void begin_refusing(struct admission *admission)
{
    admission->refusing = true;
    admission->episode++;
}

static void judge(struct admission *admission, uint64_t now_ns)
{
    if (!admission->refusing && stands(admission)) {
        begin_refusing(admission);
    } else if (admission->refusing && is_calm(admission)) {
        admission->refusing = false;
        admission->left_ns = now_ns;
    }
}

static void begin_interval(struct admission *admission, uint64_t now_ns)
{
    bool again = admission->left_ns != 0 && now_ns - admission->left_ns < MOMENT_MS * MS;
    uint64_t ms = again && !admission->refusing ? AGAIN_MS : INTERVAL_MS;
    admission->interval_ends_ns = now_ns + ms * MS;
    admission->least_ns = UINT64_MAX;
    admission->stood_ns = 0;
    admission->allowed_ns = 0;
    admission->idle_ns = 0;
    admission->refused = NULL;
    admission->refused_several = false;
}

static void note_standing(struct admission *admission, uint64_t stood_ns)
{
    admission->least_ns = smaller(admission->least_ns, stood_ns);
    admission->stood_ns += stood_ns;
    if (admission->connections > 0) /* while all use their shares, what the others take is stood */
        admission->allowed_ns += admission->share_ns * (admission->connections - 1);
}

/* The turn that ends an interval belongs to both: after a pause it tells that nothing stands any more. */
static void observe(struct admission *admission, uint64_t now_ns, uint64_t stood_ns)
{
    note_standing(admission, stood_ns);
    if (now_ns < admission->interval_ends_ns)
        return;
    judge(admission, now_ns);
    begin_interval(admission, now_ns);
    note_standing(admission, stood_ns);
}

/*
 * Who is new begins somewhere within one request: where a share is less than a request, of all that are new
 * as many are taken as have room, and nobody is last every time.
 */
static void join(struct admission *admission, struct admission_account *account)
{
    if (account->episode == admission->episode)
        return;
    account->episode = admission->episode;
    account->credit_ns = -(int64_t)(random_unit(&admission->chance) * (double)admission->cost_ns);
}

/* What was not taken in one turn is not kept for another. */
static void grant(struct admission *admission, struct admission_account *account)
{
    int64_t share = (int64_t)admission->share_ns;
    join(admission, account);
    account->credit_ns = account->credit_ns > 0 ? share : account->credit_ns + share;
}

void admission_begin_turn(struct admission *admission, struct admission_account *account, uint64_t now_ns,
                          uint64_t stood_ns, struct admission_turn *turn)
{
    *turn = (struct admission_turn){.account = account, .stood_ns = stood_ns};
    if (admission->target_ns == 0)
        return;
    observe(admission, now_ns, stood_ns);
    turn->bounded = admission->refusing && admission->connections > 1;
    if (turn->bounded)
        grant(admission, account);
}

static void note_refusal(struct admission *admission, struct admission_turn *turn)
{
    turn->refused++;
    if (admission->refused == NULL)
        admission->refused = turn->account;
    admission->refused_several |= admission->refused != turn->account;
}

static bool has_credit(const struct admission *admission, const struct admission_turn *turn, bool begun)
{
    int64_t floor = begun ? -(int64_t)(OVERDRAFT_TURNS * admission->share_ns) : 0;
    return turn->account->credit_ns > floor;
}

bool admission_admits(struct admission *admission, struct admission_turn *turn, bool begun)
{
    bool late = admission->target_ns != 0 &&
                is_queue(admission, turn->stood_ns, admission->most_ns / 5 * KNOWN_FIFTHS);
    if (late && !admission->refusing)
        begin_refusing(admission);
    if (late || (turn->bounded && !has_credit(admission, turn, begun))) {
        note_refusal(admission, turn);
        return false;
    }
    turn->admitted++;
    turn->account->credit_ns -= (int64_t)admission->cost_ns;
    return true;
}

/* The first sample is all that is known: a worker that has just begun finds many waiting. */
static void average(uint64_t *mean, uint64_t sample)
{
    if (*mean == 0)
        *mean = sample;
    *mean += sample / AVERAGED_OVER - *mean / AVERAGED_OVER;
}

/*
 * Only what was answered is paid for, not what refusing took: else those who are refused much, where there
 * are very many of them, would never have anything left. And only turns without refusals tell what an answer
 * costs.
 */
void admission_end_turn(struct admission *admission, const struct admission_turn *turn, uint64_t spent_ns)
{
    uint64_t reckoned = turn->admitted * admission->cost_ns;
    if (turn->admitted == 0) {
        if (turn->refused > 0)
            average(&admission->refusing_ns, spent_ns);
        return;
    }
    if (turn->refused == 0)
        average(&admission->cost_ns, spent_ns / turn->admitted);
    else
        spent_ns -= spent_ns < admission->refusing_ns ? spent_ns : admission->refusing_ns;
    turn->account->credit_ns += (int64_t)reckoned - (int64_t)spent_ns;
}
