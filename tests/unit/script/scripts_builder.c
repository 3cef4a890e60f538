/* Writing Lua by chance; see scripts_builder.h. */
#include "scripts_builder.h"

#include <stdarg.h>
#include <stdio.h>

#include "../cmocka_all.h"
#include "../wire/message_builder.h"

enum { MOST_DEPTH = 3, LINE = 512 };

/* One is longer than the longest key that is kept track of, one is empty. */
const char *const scripts_keys[SCRIPTS_KEYS] = {
    "a",    "b",      "visits",    "interests",
    "cart", "device", "k1",        "k2",
    "3",    "",       "marketing", "a-name-that-is-longer-than-any-name-that-is-remembered-by-the-daemon",
};

/* One is an offer as well, one is longer than what is kept track of. */
const char *const scripts_events[SCRIPTS_EVENTS] = {
    "purchase", "download", "a", "page_view", "an event whose name is longer than any that is remembered"};

static const char *const maps[] = {"context", "traits", "consents"};
static const char *const fields[] = {"id", "stage", "persona", "locale", "journey", "touchpoint"};

/* Every value has a weight of its own: by its type, and by all that is in it. */
static const char prelude[] =
    "local function weigh(v)\n"
    "  local t = type(v)\n"
    "  if t == 'nil' then return 1 end\n"
    "  if t == 'boolean' then return v and 2 or 3 end\n"
    "  if t == 'table' then\n"
    "    local sum = 5 + #v\n"
    "    for k, w in pairs(v) do sum = (sum * 31 + weigh(k) * 7 + weigh(w)) % 9973 end\n"
    "    return sum\n"
    "  end\n"
    "  local text = (math.type(v) or 'text') .. tostring(v)\n"
    "  local sum = 11 + #text\n"
    "  for i = 1, math.min(#text, 40) do sum = (sum * 31 + text:byte(i)) % 9973 end\n"
    "  return sum\n"
    "end\n"
    "local function dig(v)\n"
    "  if type(v) ~= 'table' then return v end\n"
    "  return v.a or v[1] or #v\n"
    "end\n"
    "local worth = { guide = 3, video = 5, names = { 'x', 'y' } }\n";

struct writing {
    struct buffer *out;          /* borrowed */
    struct random_state *random; /* borrowed */
    struct scripts_habits habits;
    bool offer; /* the function being written has an offer */
};

static void put(struct writing *writing, const char *format, ...) PRINTF_LIKE(2, 3);

static void put(struct writing *writing, const char *format, ...)
{
    char line[LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && length < LINE);
    buffer_append(writing->out, line, (size_t)length);
}

static uint32_t pick(struct writing *writing, uint32_t below)
{
    return message_pick(writing->random, below);
}

static bool chance(struct writing *writing, uint32_t percent)
{
    return pick(writing, 100) < percent;
}

static const char *pick_key(struct writing *writing)
{
    /* The long key makes all its readers forgetful, so that it has to be rare. */
    return chance(writing, 2) ? scripts_keys[SCRIPTS_KEYS - 1]
                              : scripts_keys[pick(writing, SCRIPTS_KEYS - 1)];
}

static const char *pick_event(struct writing *writing)
{
    return chance(writing, 2) ? scripts_events[SCRIPTS_EVENTS - 1]
                              : scripts_events[pick(writing, SCRIPTS_EVENTS - 1)];
}

/* Windows that the histories of customers fall into and out of. */
static const char *pick_window(struct writing *writing)
{
    static const char *const windows[] = {"", ", '5s'", ", '12s'", ", '1h'", ", '400d'"};
    return windows[pick(writing, 5)];
}

/* An expression of what happened before. */
static void put_history(struct writing *writing)
{
    static const char *const sights[] = {"'a'", "'b'", "'guide'", "'webinar'", "'house'", "o", "o.kind"};
    switch (pick(writing, 6)) {
    case 0:
    case 1:
        put(writing, "c:seen(%s%s)", sights[pick(writing, writing->offer ? 7 : 5)], pick_window(writing));
        break;
    case 2:
        put(writing, "c:since('%s')", pick_event(writing));
        break;
    case 3:
        put(writing, "c:days_in_stage()");
        break;
    default:
        put(writing, "c:did('%s'%s)", pick_event(writing), pick_window(writing));
    }
}

/* An expression of anything that can be read. */
static void put_value(struct writing *writing)
{
    const char *map = maps[pick(writing, 3)];
    if (chance(writing, 15)) {
        put_history(writing);
        return;
    }
    switch (pick(writing, writing->offer ? 9 : 7)) {
    case 0:
        put(writing, "c.%s", fields[pick(writing, 6)]);
        break;
    case 1:
        put(writing, "dig(c.%s['%s'])", map, pick_key(writing));
        break;
    case 2:
        put(writing, "c:consents_to('%s')", pick_key(writing));
        break;
    case 3:
        put(writing, "c.%s[tostring(c.traits['%s'])]", map, pick_key(writing));
        break;
    case 7:
        put(writing, "c:interested_in(o)");
        break;
    case 8:
        put(writing, "(o:tagged('red') and c.%s['%s'] or o.data.pages)", map, pick_key(writing));
        break;
    default:
        put(writing, "c.%s['%s']", map, pick_key(writing));
    }
}

static void put_block(struct writing *writing, uint32_t depth);

static void put_branch(struct writing *writing, uint32_t depth)
{
    uint32_t parts = 2 + pick(writing, 3);
    put(writing, "if weigh(");
    put_value(writing);
    put(writing, ") %% %u == %u then\n", parts, pick(writing, parts));
    put_block(writing, depth + 1);
    if (chance(writing, 60)) {
        put(writing, "else\n");
        put_block(writing, depth + 1);
    }
    put(writing, "end\n");
}

static void put_sum(struct writing *writing)
{
    put(writing, "s = s + weigh(");
    put_value(writing);
    put(writing, ") %% %u\n", 2 + pick(writing, 30));
}

/* What happens on a branch of its own, so that most calls never get there. */
static void put_rarely(struct writing *writing, const char *statement)
{
    put(writing, "if weigh(");
    put_value(writing);
    put(writing, ") %% 5 == %u then %s end\n", pick(writing, 5), statement);
}

static void put_chance(struct writing *writing)
{
    static const char *const statements[] = {"s = s + random(9)", "s = s + math.floor(now) % 7",
                                             "s = s + math.random() * 3", "s = s + math.random(2, 4)"};
    put_rarely(writing, statements[pick(writing, 4)]);
}

static void put_failure(struct writing *writing)
{
    static const char *const statements[] = {"error('no such luck')", "s = s + c.context.missing.field",
                                             "s = s + #c.nothing", "c.id = 1"};
    put_rarely(writing, statements[pick(writing, 4)]);
}

static void put_walk(struct writing *writing)
{
    const char *map = maps[pick(writing, 3)];
    if (chance(writing, 30))
        put(writing, "s = s + #c.%s + select('#', table.unpack(c.%s))\n", map, map);
    else
        put(writing, "for k, v in pairs(%s%s) do s = (s * 3 + weigh(k) + weigh(v)) %% 997 end\n",
            chance(writing, 10) ? "c.traits and c." : "c.", map);
}

static void put_caught(struct writing *writing)
{
    put(writing, "do local fine, v = pcall(function() return weigh(");
    put_value(writing);
    put(writing, ") + weigh(c.context['%s'].a) end)\n s = s + (fine and v %% 11 or 4) end\n",
        pick_key(writing));
}

static void put_statement(struct writing *writing, uint32_t depth)
{
    if (chance(writing, writing->habits.failing))
        put_failure(writing);
    else if (chance(writing, writing->habits.chancy))
        put_chance(writing);
    else if (chance(writing, writing->habits.walking))
        put_walk(writing);
    else if (chance(writing, writing->habits.greedy))
        put(writing, "for i = 1, %u do s = s + weigh(c.%s['k' .. i]) %% 3 end\n", 10 + pick(writing, 30),
            maps[pick(writing, 3)]);
    else if (chance(writing, 10))
        put_caught(writing);
    else if (depth < MOST_DEPTH && chance(writing, 45))
        put_branch(writing, depth);
    else
        put_sum(writing);
}

static void put_block(struct writing *writing, uint32_t depth)
{
    uint32_t count = 1 + pick(writing, 3);
    for (uint32_t i = 0; i < count; i++)
        put_statement(writing, depth);
}

/* Of every sort that a strategy can give: none, empty, no text, too long, from the customer. */
static void put_reason(struct writing *writing)
{
    static const char *const reasons[] = {
        "nil", "''", "5", "o.id", "worth.names[1]", "('x'):rep(weigh(c.id) % 700)"};
    if (chance(writing, 40)) {
        put(writing, "tostring(");
        put_value(writing);
        put(writing, ")");
    } else {
        put(writing, "%s", reasons[pick(writing, 6)]);
    }
}

/* Every call leaves a table behind, which tells that it took place. */
static void put_function(struct writing *writing, const char *name, bool offer)
{
    writing->offer = offer;
    put(writing, "  %s = function(c%s)\n local trail = { 1 }\n local s = %s\n", name, offer ? ", o" : "",
        offer ? "worth[o.kind] or 1" : "#trail");
    put_block(writing, 0);
}

static void put_strategy(struct writing *writing, uint32_t number)
{
    static const char *const stages[] = {"", "stage = 'first',", "stage = { 'first', 'second' },",
                                         "placements = { 'side' },"};
    put(writing, "strategy 's%u' { %s because = { en = 'because %u', es = 'porque' },\n", number,
        stages[pick(writing, 4)], number);
    if (chance(writing, 50)) {
        put_function(writing, "when", false);
        put(writing, "return s %% 4 ~= 0 end,\n");
    }
    if (chance(writing, 60)) {
        put_function(writing, "eligible", true);
        put(writing, "if s %% 3 == 0 then return false, ");
        put_reason(writing);
        put(writing, " end return true end,\n");
    }
    put_function(writing, "score", true);
    put(writing, "return (s %% 50) / 4, ");
    put_reason(writing);
    put(writing, " end }\n");
}

void scripts_write_strategies(struct buffer *out, struct random_state *random,
                              const struct scripts_habits *habits, uint32_t count)
{
    struct writing writing = {out, random, *habits, false};
    buffer_append(out, prelude, sizeof prelude - 1);
    for (uint32_t i = 0; i < count; i++)
        put_strategy(&writing, i);
    buffer_append(out, "", 1);
    assert_false(out->failed);
}

void scripts_write_personas(struct buffer *out, struct random_state *random,
                            const struct scripts_habits *habits, uint32_t count)
{
    struct writing writing = {out, random, *habits, false};
    buffer_append(out, prelude, sizeof prelude - 1);
    for (uint32_t i = 0; i < count; i++) {
        put(&writing, "persona 'p%u' { name = 'P', summary = 'p',\n", i);
        put_function(&writing, "match", false);
        put(&writing, "return s %% 4 == 0 end }\n");
    }
    put(&writing, "persona 'buyer' { name = 'B', summary = 'b' }\n");
    buffer_append(out, "", 1);
    assert_false(out->failed);
}
