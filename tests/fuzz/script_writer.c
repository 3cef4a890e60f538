/* The grammar of hostile scripts; see script_writer.h. */
#include "script_writer.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    DEEPEST = 6,         /* expressions and blocks in one another */
    LONGEST = 24 * 1024, /* bytes, from which on everything is written as short as possible */
    LINE = 256,          /* bytes of a piece */
};

struct writer {
    const uint8_t *next, *end; /* what chooses */
    struct buffer *out;        /* borrowed */
    int depth;                 /* of what is being written */
    bool varargs;              /* `...` stands for something */
    bool loading;              /* at the top level, where globals may be set */
};

static void put(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...)
{
    char piece[LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    buffer_append(writer->out, piece, length < LINE ? (size_t)length : LINE - 1);
}

/* 0 when there is nothing left to choose with. */
static unsigned pick(struct writer *writer, size_t below)
{
    if (writer->next == writer->end || writer->out->length > LONGEST)
        return 0;
    return *writer->next++ % (unsigned)below;
}

#define PICK_OF(writer, list) (list)[pick(writer, sizeof(list) / sizeof *(list))]

static void put_expression(struct writer *writer);
static void put_block(struct writer *writer);

static void put_number(struct writer *writer)
{
    static const char *const numbers[] = {"1",
                                          "0",
                                          "-1",
                                          "2",
                                          "7",
                                          "1e9",
                                          "2^53",
                                          "2^31",
                                          "65536",
                                          "65537",
                                          "0.5",
                                          "1 << 62",
                                          "-(1<<63)",
                                          "1e308",
                                          "1/0",
                                          "-1/0",
                                          "0/0",
                                          "255",
                                          "256",
                                          "200",
                                          "1000",
                                          "1e-9",
                                          "131071",
                                          "8191",
                                          "16383",
                                          "2.5e4",
                                          "0x7fffffffffffffff",
                                          "math.mininteger",
                                          "math.maxinteger",
                                          "-0.0"};
    put(writer, "(%s)", PICK_OF(writer, numbers));
}

static void put_text(struct writer *writer)
{
    static const char *const texts[] = {"''",
                                        "'a'",
                                        "'abc'",
                                        "'%'",
                                        "'%a+'",
                                        "'(.-)-(.-)x'",
                                        "'%b()'",
                                        "'%f[%w]'",
                                        "'[^]]'",
                                        "'[a-z'",
                                        "'(()())'",
                                        "'%1'",
                                        "'(%1)'",
                                        "'.-.-.-.-.-x'",
                                        "'.*.*.*.*x'",
                                        "'^a*$'",
                                        "'a?a?a?a?b'",
                                        "'%d %s %q'",
                                        "'%99.99f'",
                                        "'%5.1s|%-9d'",
                                        "'%p'",
                                        "'%c%c'",
                                        "'\\0'",
                                        "'\\0a\\0'",
                                        "'\\xff\\xfe'",
                                        "'ñ€😀'",
                                        "'10'",
                                        "'0x10'",
                                        "'1e5'",
                                        "'guide'",
                                        "'article'",
                                        "'7d'",
                                        "'purchase'",
                                        "'interests'",
                                        "'__index'",
                                        "('x'):rep(60000)",
                                        "('ab'):rep(3000)",
                                        "('\\0'):rep(60000)",
                                        "('('):rep(190)",
                                        "('a?'):rep(100)",
                                        "('%b()'):rep(20)",
                                        "('[%w_]*'):rep(30)",
                                        "'crm'",
                                        "'%%'",
                                        "'%0'",
                                        "'%2'"};
    put(writer, "(%s)", PICK_OF(writer, texts));
}

static void put_name(struct writer *writer)
{
    static const char *const names[] = {"a", "b", "d", "c", "o", "shared", "help", "_G", "now"};
    put(writer, "%s", PICK_OF(writer, names));
}

static void put_list(struct writer *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        put(writer, "%s", i > 0 ? ", " : "");
        put_expression(writer);
    }
}

/* An argument of the kind that a function takes, mostly. */
static void put_argument(struct writer *writer, char kind)
{
    static const char *const lists[] = {"a",  "{ 3, 1, 2 }", "shared", "{ 'b', 'a' }", "c.context.list",
                                        "{}", "c.traits",    "o.data", "_G",           "{ 1, 'x', true, a }"};
    static const char *const functions[] = {"help",
                                            "tostring",
                                            "function(x, y) return x < y end",
                                            "function(x) return x end",
                                            "pcall",
                                            "error",
                                            "string.rep",
                                            "function(...) return select('#', ...) end",
                                            "function(x, y) return true end",
                                            "function() return {} end"};
    switch (pick(writer, 8) == 7 ? 'x' : kind) {
    case 's':
        put_text(writer);
        return;
    case 'n':
        put_number(writer);
        return;
    case 't':
        put(writer, "%s", PICK_OF(writer, lists));
        return;
    case 'f':
        put(writer, "%s", PICK_OF(writer, functions));
        return;
    default:
        put_expression(writer);
    }
}

/* Behind the bracket that opens: arguments of these kinds, perhaps fewer. */
static void put_arguments(struct writer *writer, const char *kinds)
{
    size_t count = strlen(kinds);
    count -= count > 0 && pick(writer, 6) == 5;
    for (size_t i = 0; i < count; i++) {
        put(writer, "%s", i > 0 ? ", " : "");
        put_argument(writer, kinds[i]);
    }
    put(writer, ")");
}

static void put_call(struct writer *writer)
{
    static const struct {
        const char *name, *kinds; /* s text, n number, t table, f function, x any */
    } functions[] = {{"tostring", "x"},         {"type", "x"},
                     {"pcall", "fxx"},          {"select", "nxxx"},
                     {"ipairs", "t"},           {"pairs", "t"},
                     {"assert", "xx"},          {"tonumber", "sn"},
                     {"random", "nn"},          {"string.rep", "sns"},
                     {"string.format", "sxxn"}, {"string.find", "ssn"},
                     {"string.find", "ssnx"},   {"string.match", "ssn"},
                     {"string.gsub", "sss"},    {"string.gsub", "ssf"},
                     {"string.gsub", "sst"},    {"string.gsub", "sssn"},
                     {"string.gmatch", "ssn"},  {"string.byte", "snn"},
                     {"string.char", "nnn"},    {"string.sub", "snn"},
                     {"string.lower", "s"},     {"string.upper", "s"},
                     {"string.reverse", "s"},   {"table.concat", "tsnn"},
                     {"table.insert", "tnx"},   {"table.insert", "tx"},
                     {"table.remove", "tn"},    {"table.sort", "tf"},
                     {"table.sort", "t"},       {"table.unpack", "tnn"},
                     {"table.pack", "xxx"},     {"math.floor", "n"},
                     {"math.random", "nn"},     {"math.abs", "n"},
                     {"math.max", "nnx"},       {"math.fmod", "nn"},
                     {"math.modf", "n"},        {"math.tointeger", "n"},
                     {"math.ult", "nn"},        {"math.log", "nn"},
                     {"utf8.char", "nn"},       {"utf8.codepoint", "snn"},
                     {"utf8.codes", "s"},       {"utf8.len", "snn"},
                     {"utf8.offset", "snn"},    {"help", "xxx"},
                     {"c:consents_to", "s"},    {"c:interested_in", "x"},
                     {"c:seen", "ss"},          {"c:did", "ss"},
                     {"c:since", "s"},          {"o:tagged", "s"},
                     {"error", "xn"},           {"string.find", "xss"},
                     {"math.type", "x"},        {"string.len", "x"},
                     {"c.seen", "xxx"}};
    unsigned which = pick(writer, sizeof functions / sizeof *functions);
    put(writer, "%s(", functions[which].name);
    put_arguments(writer, functions[which].kinds);
}

static void put_customer(struct writer *writer)
{
    static const char *const values[] = {"c.stage",
                                         "c.id",
                                         "c.context",
                                         "c.traits",
                                         "c.consents",
                                         "c.context.list",
                                         "c.context.n",
                                         "c.context.text",
                                         "c.traits.deep",
                                         "c.persona",
                                         "c.locale",
                                         "c.stagee",
                                         "c:seen('guide')",
                                         "c:seen(o, '7d')",
                                         "c:did('purchase', '30d')",
                                         "c:since('purchase')",
                                         "c:days_in_stage()",
                                         "c:interested_in(o)",
                                         "c:consents_to('marketing')",
                                         "o.id",
                                         "o.kind",
                                         "o.data",
                                         "o.tags",
                                         "o.value",
                                         "o.vlue",
                                         "o:tagged('crm')",
                                         "o.data.pages",
                                         "o.title",
                                         "#o",
                                         "#c",
                                         "#c.context.list"};
    put(writer, "%s", PICK_OF(writer, values));
}

static void put_method(struct writer *writer)
{
    static const char *const methods[] = {"rep", "find", "match", "gsub", "gmatch", "byte", "format",
                                          "sub", "len",  "upper", "seen", "did",    "x",    "since"};
    put(writer, "(");
    put_expression(writer);
    put(writer, "):%s(", PICK_OF(writer, methods));
    put_arguments(writer, "sss");
}

static void put_binary(struct writer *writer)
{
    static const char *const operators[] = {"+",  "..", "-",  "*",   "/",  "//", "%%", "^", "==", "~=", "<",
                                            "<=", ">",  ">=", "and", "or", "&",  "|",  "~", "<<", ">>"};
    const char *operator= PICK_OF(writer, operators);
    put(writer, "(");
    put_expression(writer);
    put(writer, " ");
    buffer_append(writer->out, operator, strcmp(operator, "%%") == 0 ? 1 : strlen(operator));
    put(writer, " ");
    put_expression(writer);
    put(writer, ")");
}

static void put_unary(struct writer *writer)
{
    static const char *const operators[] = {"not ", "#", "- ", "~"};
    put(writer, "(%s", PICK_OF(writer, operators));
    put_expression(writer);
    put(writer, ")");
}

static void put_table(struct writer *writer)
{
    unsigned count = pick(writer, 5);
    put(writer, "{");
    for (unsigned i = 0; i < count; i++) {
        if (pick(writer, 3) == 1) {
            put(writer, "[");
            put_expression(writer);
            put(writer, "] = ");
        }
        put_expression(writer);
        put(writer, ", ");
    }
    put(writer, "%s}", writer->varargs && pick(writer, 4) == 1 ? "..." : "");
}

static void put_index(struct writer *writer)
{
    put(writer, "(");
    put_expression(writer);
    put(writer, ")[");
    put_expression(writer);
    put(writer, "]");
}

/* The body of a function, up to its end. */
static void put_body(struct writer *writer, bool varargs)
{
    bool around = writer->varargs, loading = writer->loading;
    writer->varargs = varargs;
    writer->loading = false;
    put(writer, " local a, b, d\n");
    put_block(writer);
    put(writer, "do return ");
    put_list(writer, 1 + pick(writer, 3));
    put(writer, " end end");
    writer->varargs = around;
    writer->loading = loading;
}

static void put_function(struct writer *writer)
{
    put(writer, "(function(x, ...)");
    put_body(writer, true);
    put(writer, ")");
}

/* What lies in itself more often than a parser or a stack may like. */
static void put_deep(struct writer *writer)
{
    static const struct {
        const char *begin, *end;
    } around[] = {{"(", ")"},     {"{", "}"},  {"- ", ""}, {"function() return ", " end"},
                  {"'' .. ", ""}, {"not ", ""}};
    unsigned which = pick(writer, sizeof around / sizeof *around), count = 1 + pick(writer, 256);
    put(writer, "(");
    for (unsigned i = 0; i < count; i++)
        put(writer, "%s", around[which].begin);
    put(writer, "1");
    for (unsigned i = 0; i < count; i++)
        put(writer, "%s", around[which].end);
    put(writer, ")");
}

static void put_chain(struct writer *writer)
{
    unsigned count = 1 + pick(writer, 256);
    put(writer, "shared");
    for (unsigned i = 0; i < count; i++)
        put(writer, "%s", i % 5 == 4 ? "['me']" : ".me");
    put(writer, "%s", pick(writer, 2) == 0 ? ".nothing.more" : "");
}

/* What is so rare that the rest goes on nevertheless. */
static void put_strange(struct writer *writer)
{
    switch (pick(writer, 8)) {
    case 1:
        put_deep(writer);
        return;
    case 2:
        put_chain(writer);
        return;
    case 3:
        put(writer, "%s", pick(writer, 4) == 3 ? "(load)" : "(nil)");
        return;
    default:
        put_name(writer);
    }
}

static void put_expression(struct writer *writer)
{
    static void (*const deep[])(struct writer *) = {
        put_name,  put_number, put_text, put_customer, put_call,   put_call,     put_call,   put_binary,
        put_unary, put_table,  put_call, put_method,   put_index,  put_function, put_call,   put_binary,
        put_name,  put_number, put_text, put_customer, put_method, put_call,     put_strange};
    unsigned flat = writer->depth >= DEEPEST ? 4 : sizeof deep / sizeof *deep;
    writer->depth++;
    if (writer->varargs && pick(writer, 16) == 1)
        put(writer, "...");
    else
        deep[pick(writer, flat)](writer);
    writer->depth--;
}

/* ---- Statements ---- */

static void put_assignment(struct writer *writer)
{
    static const char *const targets[] = {"a", "b", "d", "a, b", "a, b, d"};
    put(writer, "%s = ", PICK_OF(writer, targets));
    put_list(writer, 1 + pick(writer, 2));
}

static void put_between(struct writer *writer, const char *begin, const char *middle, const char *end)
{
    put(writer, "%s ", begin);
    put_expression(writer);
    put(writer, " %s\n", middle);
    put_block(writer);
    put(writer, "%s", end);
}

static void put_if(struct writer *writer)
{
    put_between(writer, "if", "then", "end");
}

static void put_while(struct writer *writer)
{
    put_between(writer, "while", "do", "end");
}

static void put_repeat(struct writer *writer)
{
    put(writer, "repeat\n");
    put_block(writer);
    put(writer, "until ");
    put_expression(writer);
}

static void put_for(struct writer *writer)
{
    put(writer, "for i = ");
    put_list(writer, 2 + pick(writer, 2));
    put(writer, " do a = i\n");
    put_block(writer);
    put(writer, "end");
}

static void put_each(struct writer *writer)
{
    static const char *const iterators[] = {"pairs(", "ipairs(", "utf8.codes(", "string.gmatch(",
                                            "select(2, "};
    put(writer, "for k, v in %s", PICK_OF(writer, iterators));
    put_list(writer, 1 + pick(writer, 2));
    put(writer, ") do a, b = k, v\n");
    put_block(writer);
    put(writer, "end");
}

static void put_pcall(struct writer *writer)
{
    put(writer, "a, b = pcall(function(x, ...)");
    put_body(writer, true);
    put(writer, ", ");
    put_list(writer, 1 + pick(writer, 3));
    put(writer, ")");
}

static void put_recursion(struct writer *writer)
{
    put(writer, "do local function f(x, ...)");
    put(writer, " local a, b, d = x, ...\n");
    put_block(writer);
    static const char *const ends[] = {"return f(x, ...)",   "return 1 + f(x)",
                                       "return pcall(f, x)", "return (x or ''):gsub('.', f)",
                                       "return f({ x })",    "return table.sort({ 1, 2, 3 }, f)",
                                       "return f(...)"};
    put(writer, "do %s end end a = f(", PICK_OF(writer, ends));
    put_expression(writer);
    put(writer, ") end");
}

static void put_growth(struct writer *writer)
{
    static const char *const steps[] = {"a[i] = i",
                                        "a[#a + 1] = {}",
                                        "a[i * 16383] = i",
                                        "a[i * 0.5] = a",
                                        "b = b .. b",
                                        "b = b .. i",
                                        "table.insert(a, 1, i)",
                                        "a = { a }",
                                        "a['k' .. i] = b",
                                        "a[b:sub(1, i)] = i",
                                        "a[0.5 + i * 2^-50] = i",
                                        "a[1 << (i % 63)] = i",
                                        "a = { a, a, me = a }",
                                        "b = b:rep(2, i)",
                                        "d = function() return a end a[i] = d",
                                        "a[i] = c.context",
                                        "a[i] = tostring(i):rep(100)",
                                        "a[i % 2048 * 4095] = i a[(i - 1000) % 2048 * 4095] = nil"};
    put(writer, "a, b = {}, 'x' for i = 1, ");
    put_number(writer);
    put(writer, " do %s end", PICK_OF(writer, steps));
}

static void put_error(struct writer *writer)
{
    put(writer, "if ");
    put_expression(writer);
    put(writer, " then error(");
    put_list(writer, pick(writer, 3));
    put(writer, ") end");
}

static void put_store(struct writer *writer)
{
    static const char *const targets[] = {"a", "c", "o", "shared", "c.context", "o.data", "string", "b"};
    put(writer, "(%s)[", PICK_OF(writer, targets));
    put_expression(writer);
    put(writer, "] = ");
    put_expression(writer);
}

static void put_goto(struct writer *writer)
{
    put(writer, "do\n");
    put_block(writer);
    put(writer, "goto out\ndo\n");
    put_block(writer);
    put(writer, "end\n::out:: end");
}

/* What is refused when the file is read or frozen. */
static void put_refused(struct writer *writer)
{
    static const char *const statements[] = {"local x <close> = nil",  "local _ENV = {}",
                                             "unknown = unknown_name", "shared = {}",
                                             "local k <const> = 7",    "help = nil"};
    put(writer, "do %s end", PICK_OF(writer, statements));
}

static void put_return(struct writer *writer)
{
    put(writer, "do return ");
    put_list(writer, 1 + pick(writer, 3));
    put(writer, " end");
}

static void put_ignored(struct writer *writer)
{
    put(writer, "local k <const> = ");
    put_call(writer);
}

static void put_statement(struct writer *writer)
{
    static void (*const statements[])(struct writer *) = {
        put_assignment, put_assignment, put_if,    put_for,   put_each,    put_pcall,   put_growth, put_while,
        put_repeat,     put_recursion,  put_error, put_store, put_ignored, put_ignored, put_return, put_goto};
    unsigned choice = pick(writer, 64);
    writer->depth++;
    if (choice == 63)
        put_refused(writer);
    else
        statements[writer->depth > DEEPEST ? 0 : choice % (sizeof statements / sizeof *statements)](writer);
    put(writer, ";\n");
    writer->depth--;
}

/* Half of them fail alone, so that what follows is tried as well. */
static void put_block(struct writer *writer)
{
    unsigned count = pick(writer, 5);
    put(writer, "do\n");
    for (unsigned i = 0; i < count; i++) {
        bool caught = pick(writer, 4) != 1, around = writer->varargs;
        writer->varargs = around || caught;
        put(writer, "%s", caught ? "pcall(function(...) " : "");
        put_statement(writer);
        put(writer, "%s", caught ? around ? "end, ...);\n" : "end, a, b);\n" : "");
        writer->varargs = around;
    }
    put(writer, "end\n");
}

static void put_global(struct writer *writer, const char *name, const char *parameters)
{
    put(writer, "%s = function(%s)", name, parameters);
    put_body(writer, false);
    put(writer, "\n");
}

void script_write(struct buffer *out, const uint8_t *bytes, size_t length)
{
    struct writer writer = {bytes, bytes + length, out, 0, false, true};
    put(&writer, "local shared, a, b, d, o = { 1, 2, x = 'y' }, {}, 'x', 2, {}\nshared.me = shared\nlocal c "
                 "= { context = {}, traits = "
                 "{} }\nlocal _G, now = string, 5\n");
    put(&writer, "local function help(x, ...)");
    put_body(&writer, true);
    put(&writer, "\n");
    put_block(&writer);
    put_global(&writer, "when", "c");
    put_global(&writer, "match", "c");
    put_global(&writer, "eligible", "c, o");
    put_global(&writer, "score", "c, o");
}
