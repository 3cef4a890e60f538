/* Walking through a dumped function; see bytecode.h. The format is that of Lua 5.4's ldump.c. */
#include "script/bytecode.h"

#include "script/sandbox.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPCODE_MOVE = 0,
    OPCODE_LOADK = 3,
    OPCODE_GETTABLE = 12,
    OPCODE_GETFIELD = 14,
    OPCODE_SETUPVAL = 10,
    OPCODE_GETTABUP = 11,
    OPCODE_SETTABUP = 15,
    OPCODE_SETTABLE = 16,
    OPCODE_SETFIELD = 18,
    OPCODE_NEWTABLE = 19,
    OPCODE_SELF = 20,
    OPCODE_TBC = 55,
    OPCODE_CALL = 68,
    UPVALUES_MAX = 256,
    REGISTERS = 256,
    NESTED_MAX = 250,      /* functions inside of functions; Lua's parser stops at 200 */
    ABSOLUTE_LINE = -0x80, /* in the line information: see the table of absolute lines */
    INSTRUCTION_BYTES = 4,
    HEADER_BYTES = 4 + 1 + 1 + 6 + 3 + 8 + 8,
};

enum constant_type {
    CONSTANT_NIL = 0x00,
    CONSTANT_FALSE = 0x01,
    CONSTANT_TRUE = 0x11,
    CONSTANT_INTEGER = 0x03,
    CONSTANT_FLOAT = 0x13,
    CONSTANT_SHORT_TEXT = 0x04,
    CONSTANT_LONG_TEXT = 0x14,
};

struct reader {
    const unsigned char *next;      /* of the dump */
    const unsigned char *end;       /* behind the dump */
    bool broken;                    /* the dump is not what it should be; everything reads as 0 now */
    int depth;                      /* functions around this one */
    struct bytecode_report *report; /* borrowed */
};

/* One function. Pointers lead into the dump. */
struct function {
    int line;                       /* where it begins */
    const unsigned char *code;      /* instructions */
    size_t code_count;              /* of them */
    const unsigned char *constants; /* the first of them */
    size_t constant_count;          /* of them */
    bool outside[UPVALUES_MAX];     /* the upvalue is a variable outside of the function looked at */
    size_t upvalue_count;           /* of them */
    const signed char *lines;       /* a difference for each instruction; NULL: stripped */
    const unsigned char *absolutes; /* pairs of instruction and line */
    const unsigned char *names;     /* of upvalues */
    size_t name_count;              /* of them */
};

static const unsigned char *reader_take(struct reader *reader, size_t length)
{
    const unsigned char *taken = reader->next;
    if (reader->broken || length > (size_t)(reader->end - reader->next)) {
        reader->broken = true;
        return NULL;
    }
    reader->next += length;
    return taken;
}

static unsigned reader_byte(struct reader *reader)
{
    const unsigned char *byte = reader_take(reader, 1);
    return byte == NULL ? 0 : *byte;
}

/* Seven bits a byte, the highest first; the last byte has its eighth bit set. */
static size_t reader_size(struct reader *reader)
{
    size_t value = 0;
    unsigned byte;
    do {
        byte = reader_byte(reader);
        if (value > SIZE_MAX >> 8)
            reader->broken = true;
        value = (value << 7) | (byte & 0x7F);
    } while ((byte & 0x80) == 0 && !reader->broken);
    return reader->broken ? 0 : value;
}

static struct text reader_text(struct reader *reader)
{
    size_t size = reader_size(reader);
    if (size == 0)
        return (struct text){NULL, 0};
    const unsigned char *bytes = reader_take(reader, size - 1);
    return (struct text){(const char *)bytes, bytes == NULL ? 0 : size - 1};
}

/* Takes `count` things of `size` bytes each. */
static const unsigned char *reader_array(struct reader *reader, size_t count, size_t size)
{
    if (count > INT_MAX)
        reader->broken = true;
    return reader_take(reader, reader->broken ? 0 : count * size);
}

/* The text of a constant; one without bytes for other constants. */
static struct text reader_constant(struct reader *reader)
{
    enum constant_type type = reader_byte(reader);
    switch (type) {
    case CONSTANT_NIL:
    case CONSTANT_FALSE:
    case CONSTANT_TRUE:
        return (struct text){NULL, 0};
    case CONSTANT_INTEGER:
    case CONSTANT_FLOAT:
        reader_take(reader, 8);
        return (struct text){NULL, 0};
    case CONSTANT_SHORT_TEXT:
    case CONSTANT_LONG_TEXT:
        return reader_text(reader);
    }
    reader->broken = true;
    return (struct text){NULL, 0};
}

static void function_read_constants(struct function *function, struct reader *reader)
{
    const struct bytecode_report *report = reader->report;
    function->constant_count = reader_size(reader);
    function->constants = reader->next;
    for (size_t i = 0; i < function->constant_count && !reader->broken; i++) {
        struct text text = reader_constant(reader);
        if (text.bytes != NULL && report->constant != NULL)
            report->constant(report->context, text);
    }
}

/* An upvalue is the enclosing function's variable (in its stack) or the enclosing function's upvalue. */
static void function_read_upvalues(struct function *function, struct reader *reader,
                                   const struct function *around)
{
    function->upvalue_count = reader_size(reader);
    if (function->upvalue_count > UPVALUES_MAX)
        reader->broken = true;
    for (size_t i = 0; i < function->upvalue_count && !reader->broken; i++) {
        bool in_stack = reader_byte(reader) != 0;
        unsigned index = reader_byte(reader);
        reader_byte(reader); /* kind of variable */
        function->outside[i] = around == NULL || (!in_stack && around->outside[index]);
    }
}

static void function_read_debug(struct function *function, struct reader *reader)
{
    size_t count = reader_size(reader);
    const unsigned char *lines = reader_array(reader, count, 1);
    function->lines = count == function->code_count ? (const signed char *)lines : NULL;
    count = reader_size(reader);
    function->absolutes = reader->next;
    for (size_t i = 0; i < 2 * count && !reader->broken; i++)
        reader_size(reader);
    count = reader_size(reader);
    for (size_t i = 0; i < count && !reader->broken; i++) { /* variables: name, first and last instruction */
        reader_text(reader);
        reader_size(reader);
        reader_size(reader);
    }
    function->name_count = reader_size(reader);
    function->names = reader->next;
    for (size_t i = 0; i < function->name_count && !reader->broken; i++)
        reader_text(reader);
}

/* Where the lines of instructions are read, one after the other. */
struct lines {
    struct reader absolutes; /* pairs of instruction and line that are left */
    int line;                /* of the instruction before */
};

static int function_next_line(const struct function *function, struct lines *lines, size_t at)
{
    if (function->lines == NULL)
        return lines->line;
    if (function->lines[at] == ABSOLUTE_LINE) {
        reader_size(&lines->absolutes);
        lines->line = (int)reader_size(&lines->absolutes);
    } else {
        lines->line += function->lines[at];
    }
    return lines->line == 0 ? 1 : lines->line;
}

static struct text function_upvalue_name(const struct function *function, const struct reader *whole,
                                         unsigned index)
{
    struct reader reader = {function->names, whole->end, false, 0, NULL};
    struct text name = {NULL, 0};
    if (index < function->name_count)
        for (unsigned i = 0; i <= index; i++)
            name = reader_text(&reader);
    return name.bytes == NULL ? TEXT("?") : name;
}

static struct text function_constant(const struct function *function, const struct reader *whole,
                                     unsigned index)
{
    struct bytecode_report silent = {0};
    struct reader reader = {function->constants, whole->end, false, 0, &silent};
    struct text text = {NULL, 0};
    if (index < function->constant_count)
        for (unsigned i = 0; i <= index; i++)
            text = reader_constant(&reader);
    return text.bytes == NULL ? TEXT("?") : text;
}

/* The earliest line wins. */
static bool is_first(int line, int known)
{
    return known == 0 || line < known;
}

static void report_change(struct reader *reader, int line, struct text name, struct text field)
{
    struct bytecode_report *report = reader->report;
    if (!is_first(line, report->change_line))
        return;
    report->change_line = line;
    char *out = report->change;
    size_t size = sizeof report->change;
    bool global = text_equal(name, TEXT("_ENV"));
    text_escape(global ? field : name, out, size);
    if (global || field.bytes == NULL)
        return;
    size_t used = strlen(out);
    if (size - used < 8)
        return;
    out[used++] = '.';
    text_escape(field, out + used, size - used);
}

/* A variable outside of the function is read by its name: a global, where that variable is _ENV. */
static void function_inspect_global(const struct function *function, struct reader *reader, int line,
                                    unsigned upvalue, unsigned constant)
{
    struct bytecode_report *report = reader->report;
    if (report->knows == NULL || !function->outside[upvalue] ||
        !text_equal(function_upvalue_name(function, reader, upvalue), TEXT("_ENV")))
        return;
    struct text name = function_constant(function, reader, constant);
    if (report->knows(report->context, name))
        return;
    if (!is_first(line, report->unknown_line))
        return;
    report->unknown_line = line;
    text_escape(name, report->unknown, sizeof report->unknown);
}

static void function_inspect_instruction(const struct function *function, struct reader *reader, size_t at,
                                         int line)
{
    uint32_t instruction;
    memcpy(&instruction, function->code + at * INSTRUCTION_BYTES, sizeof instruction);
    unsigned opcode = instruction & 0x7F, a = (instruction >> 7) & 0xFF, b = (instruction >> 16) & 0xFF;
    unsigned c = instruction >> 24;
    struct text none = {NULL, 0};
    if (opcode == OPCODE_SETUPVAL && function->outside[b])
        report_change(reader, line, function_upvalue_name(function, reader, b), none);
    else if (opcode == OPCODE_SETTABUP && function->outside[a])
        report_change(reader, line, function_upvalue_name(function, reader, a),
                      function_constant(function, reader, b));
    else if (opcode == OPCODE_GETTABUP)
        function_inspect_global(function, reader, line, b, c);
    else if (opcode == OPCODE_TBC && is_first(line, reader->report->close_line))
        reader->report->close_line = line;
}

/*
 * How many instructions Lua looks for to name what this one leaves in its register, given those of the
 * registers before it. Of instructions that are no link, those that begin what other links follow.
 */
static void function_follow(uint32_t links[REGISTERS], uint32_t instruction)
{
    unsigned opcode = instruction & 0x7F, a = (instruction >> 7) & 0xFF, b = (instruction >> 16) & 0xFF;
    unsigned c = instruction >> 24;
    if (opcode == OPCODE_GETTABLE)
        links[a] = links[b] + links[c] + 1;
    else if (opcode == OPCODE_GETFIELD || opcode == OPCODE_SELF || opcode == OPCODE_MOVE)
        links[a] = links[b] + 1;
    else if ((opcode > OPCODE_MOVE && opcode <= OPCODE_GETTABUP && opcode != OPCODE_SETUPVAL) ||
             opcode == OPCODE_CALL)
        links[a] = 1;
    if (links[a] > BYTECODE_NAMING_MAX)
        links[a] = BYTECODE_NAMING_MAX;
}

static bool function_is_nameable(const struct function *function)
{
    uint32_t links[REGISTERS] = {0}, most = 0, instruction;
    for (size_t at = 0; at < function->code_count; at++) {
        memcpy(&instruction, function->code + at * INSTRUCTION_BYTES, sizeof instruction);
        function_follow(links, instruction);
        uint32_t reached = links[(instruction >> 7) & 0xFF];
        most = reached > most ? reached : most;
    }
    return most * function->code_count <= BYTECODE_NAMING_MAX;
}

/* Which fields the table in each register was given since it was made. */
struct fields {
    uint32_t given[REGISTERS][8]; /* by the constant that names the field; those above 255 share a bit */
    uint32_t loaded[REGISTERS]; /* the constant that the register was loaded with; none: some other number */
};

/* Whether the table in the register may have been given the field before; it is now. */
static bool fields_add(struct fields *fields, unsigned table, uint32_t constant)
{
    uint32_t bit = constant < 256 ? constant : (constant * UINT32_C(2654435761)) >> 24;
    uint32_t mask = UINT32_C(1) << (bit & 31);
    bool known = (fields->given[table][bit >> 5] & mask) != 0;
    fields->given[table][bit >> 5] |= mask;
    return known;
}

static bool fields_follow(struct fields *fields, uint32_t instruction)
{
    unsigned opcode = instruction & 0x7F, a = (instruction >> 7) & 0xFF, b = (instruction >> 16) & 0xFF;
    if (opcode == OPCODE_NEWTABLE)
        memset(fields->given[a], 0, sizeof fields->given[a]);
    else if (opcode == OPCODE_LOADK)
        fields->loaded[a] = instruction >> 15;
    else if (opcode == OPCODE_SETFIELD)
        return fields_add(fields, a, b);
    else if (opcode == OPCODE_SETTABLE)
        return fields_add(fields, a, fields->loaded[b]);
    return false;
}

/* Tables that are filled after they were made look the same, which is why nothing is certain here. */
static bool function_may_repeat(const struct function *function)
{
    struct fields fields;
    uint32_t instruction;
    memset(&fields, 0, sizeof fields);
    for (size_t at = 0; at < function->code_count; at++) {
        memcpy(&instruction, function->code + at * INSTRUCTION_BYTES, sizeof instruction);
        if (fields_follow(&fields, instruction))
            return true;
    }
    return false;
}

static void function_inspect(const struct function *function, struct reader *reader)
{
    struct lines lines = {{function->absolutes, reader->end, false, 0, NULL}, function->line};
    if (reader->broken)
        return;
    for (size_t at = 0; at < function->code_count; at++)
        function_inspect_instruction(function, reader, at, function_next_line(function, &lines, at));
    int line = function->line == 0 ? 1 : function->line;
    if (!function_is_nameable(function) && is_first(line, reader->report->naming_line))
        reader->report->naming_line = line;
}

/* `around` is the enclosing function; NULL for the one that is looked at. */
static void reader_function(struct reader *reader, const struct function *around)
{
    struct function function = {0};
    if (++reader->depth > NESTED_MAX)
        reader->broken = true;
    reader_text(reader); /* the source's name */
    function.line = (int)reader_size(reader);
    reader_size(reader);    /* last line */
    reader_take(reader, 3); /* parameters, varargs, stack size */
    function.code_count = reader_size(reader);
    function.code = reader_array(reader, function.code_count, INSTRUCTION_BYTES);
    function_read_constants(&function, reader);
    function_read_upvalues(&function, reader, around);
    size_t inner = reader_size(reader);
    for (size_t i = 0; i < inner && !reader->broken; i++)
        reader_function(reader, &function);
    /* An inner function can make Lua number the same name twice. */
    reader->report->may_repeat |= inner > 0 || function_may_repeat(&function);
    function_read_debug(&function, reader);
    function_inspect(&function, reader);
    reader->depth--;
}

static void reader_header(struct reader *reader)
{
    static const unsigned char expected[] = {
        0x1B, 'L', 'u', 'a', 0x54, 0, 0x19, 0x93, '\r', '\n', 0x1A, '\n', INSTRUCTION_BYTES, 8, 8};
    const unsigned char *header = reader_take(reader, HEADER_BYTES);
    if (header == NULL || memcmp(header, expected, sizeof expected) != 0)
        reader->broken = true;
    reader_byte(reader); /* number of upvalues, which the function repeats */
}

static int dump_write(lua_State *L, const void *bytes, size_t length, void *context)
{
    struct sandbox_dump *dump = context;
    (void)L;
    if (length == 0)
        return 0;
    if (dump->length + length > dump->capacity) {
        size_t capacity = 2 * (dump->length + length) + 1024;
        unsigned char *grown = realloc(dump->bytes, capacity);
        if (grown == NULL)
            return 1;
        dump->bytes = grown;
        dump->capacity = capacity;
    }
    memcpy(dump->bytes + dump->length, bytes, length);
    dump->length += length;
    return 0;
}

/* The sandbox owns it, so that nothing is lost where a callback raises an error. */
bool bytecode_inspect(lua_State *L, int index, struct bytecode_report *report)
{
    struct sandbox_dump *dump = &sandbox_of(L)->dump;
    dump->length = 0;
    lua_pushvalue(L, index);
    bool done = lua_dump(L, dump_write, dump, 0) == 0 && dump->length > 0;
    lua_pop(L, 1);
    if (!done)
        return false;
    struct reader reader = {dump->bytes, dump->bytes + dump->length, false, 0, report};
    reader_header(&reader);
    reader_function(&reader, NULL);
    return !reader.broken && reader.next == reader.end;
}
