/*
 * The configuration file: Lua with an empty environment. Assigning a global name sets the option of that
 * name; reading one gives what was set above. Nothing can be called, so nothing can be done but compute
 * values.
 */
#include <inttypes.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"

enum {
    LARGEST_FILE = 256 * 1024,        /* bytes */
    LARGEST_MEMORY = 8 * 1024 * 1024, /* bytes of the Lua state */
    MOST_INSTRUCTIONS = 1000000,
    MOST_LIST_ITEMS = 64,
    MOST_REFUSED = 256, /* assignments; a loop can make any number of them, and each takes its time */
};

struct reading {
    struct config *config; /* what is set */
    const char *path;      /* the file, for messages */
    struct faults *faults; /* gets what is wrong */
    size_t memory;         /* bytes that Lua holds */
    unsigned refused;      /* assignments so far */
};

static void *allocate(void *context, void *block, size_t old_size, size_t new_size)
{
    struct reading *reading = context;
    size_t held = block == NULL ? 0 : old_size;
    if (new_size == 0) {
        reading->memory -= held;
        free(block);
        return NULL;
    }
    if (new_size > held && reading->memory - held + new_size > LARGEST_MEMORY)
        return NULL;
    void *grown = realloc(block, new_size);
    if (grown != NULL)
        reading->memory += new_size - held;
    return grown;
}

static struct reading *reading_of(lua_State *L)
{
    void *context;
    lua_getallocf(L, &context);
    return context;
}

static void stop_cb(lua_State *L, lua_Debug *activation)
{
    (void)activation;
    luaL_where(L, 0); /* inside a hook, level 0 is the function that it interrupted */
    lua_pushliteral(L, "expected a few assignments, got a program that runs too long");
    lua_concat(L, 2);
    lua_error(L);
}

static int line_of_caller(lua_State *L)
{
    lua_Debug activation;
    if (lua_getstack(L, 1, &activation) == 0 || lua_getinfo(L, "l", &activation) == 0)
        return 0;
    return activation.currentline;
}

static bool find_option(const char *name, enum option_id *id)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (strcmp(option_describe((enum option_id)i)->name, name) == 0) {
            *id = (enum option_id)i;
            return true;
        }
    return false;
}

static struct text nearest_option(const char *name)
{
    struct text names[OPTION_COUNT];
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        names[i] = text_from(option_describe((enum option_id)i)->name);
    return text_nearest_of(text_from(name), names, OPTION_COUNT);
}

/* Notes what is wrong with the assignment that calls us. The file goes on, so that the others are found, too;
 * but not for ever. */
static void refuse(lua_State *L, const char *format, ...)
{
    struct error error;
    va_list arguments;
    luaL_where(L, 1);
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    lua_concat(L, 2);
    error_set(&error, ERROR_INVALID, "%s", lua_tostring(L, -1));
    faults_add(reading_of(L)->faults, &error);
    lua_pop(L, 1);
    if (++reading_of(L)->refused == MOST_REFUSED)
        luaL_error(L, "%d assignments were wrong; the rest of the file is not looked at", (int)MOST_REFUSED);
}

static void refuse_unknown(lua_State *L, const char *name)
{
    struct text nearest = nearest_option(name);
    if (nearest.length > 0)
        refuse(L, "no option '%s'; did you mean '%s'?", name, nearest.bytes);
    else
        refuse(L, "no option '%s'; sendad --help lists them", name);
}

static void refuse_value(lua_State *L, enum option_id id, int index)
{
    char expected[128];
    config_expectation(id, expected, sizeof expected);
    const char *name = option_describe(id)->name;
    if (lua_isnil(L, index)) {
        refuse(L, "%s: expected %s, got nothing", name, expected);
    } else if (option_describe(id)->secret || !(lua_isnumber(L, index) || lua_isstring(L, index))) {
        refuse(L, "%s: expected %s, got a %s", name, expected, luaL_typename(L, index));
    } else {
        lua_pushvalue(L, index);
        refuse(L, "%s: expected %s, got the %s %s", name, expected, luaL_typename(L, index),
               lua_tostring(L, -1));
        lua_pop(L, 1);
    }
}

/* A string without NUL inside; NULL for anything else. */
static const char *string_at(lua_State *L, int index)
{
    size_t length;
    if (lua_type(L, index) != LUA_TSTRING)
        return NULL;
    const char *string = lua_tolstring(L, index, &length);
    return strlen(string) == length ? string : NULL;
}

static const char *number_at(lua_State *L, int index)
{
    int whole;
    lua_Integer number = lua_tointegerx(L, index, &whole);
    if (lua_type(L, index) != LUA_TNUMBER || !whole || number < 0)
        return NULL;
    return lua_pushfstring(L, "%I", (LUAI_UACINT)number);
}

/* Texts stay on the stack, which keeps them alive; returns how many, 0 where the value is of the wrong type.
 */
static size_t list_at(lua_State *L, int index, const char *values[MOST_LIST_ITEMS + 1])
{
    size_t count = 0;
    if (lua_type(L, index) != LUA_TTABLE) {
        values[0] = string_at(L, index);
        return values[0] != NULL;
    }
    luaL_checkstack(L, MOST_LIST_ITEMS + 8, NULL);
    for (; count <= MOST_LIST_ITEMS; count++) {
        if (lua_rawgeti(L, index, (lua_Integer)count + 1) == LUA_TNIL)
            return count == lua_rawlen(L, index) ? count : 0;
        values[count] = string_at(L, -1);
        if (values[count] == NULL)
            return 0;
    }
    return count;
}

static size_t values_at(lua_State *L, int index, enum option_id id, const char *values[MOST_LIST_ITEMS + 1])
{
    values[0] = NULL;
    switch (option_describe(id)->type) {
    case OPTION_ADDRESSES:
        return list_at(L, index, values);
    case OPTION_NUMBER:
        values[0] = number_at(L, index);
        break;
    case OPTION_BYTES:
        values[0] = lua_type(L, index) == LUA_TNUMBER ? number_at(L, index) : string_at(L, index);
        break;
    case OPTION_PATH:
    case OPTION_TEXT:
    case OPTION_LEVEL:
    case OPTION_ADDRESS:
    case OPTION_MODE:
        values[0] = string_at(L, index);
        break;
    }
    return values[0] != NULL;
}

static bool is_second(lua_State *L, enum option_id id)
{
    const struct config_origin *origin = &reading_of(L)->config->origins[id];
    if (origin->source != CONFIG_FILE)
        return false;
    refuse(L, "%s: set before, on line %d", option_describe(id)->name, origin->line);
    return true;
}

/* Of the value at that index. */
static void set_option(lua_State *L, enum option_id id, int index)
{
    const char *values[MOST_LIST_ITEMS + 1];
    struct error error = {0};
    struct config_origin origin = {CONFIG_FILE, line_of_caller(L)};
    size_t count = values_at(L, index, id, values);
    if (count == 0)
        refuse_value(L, id, index);
    else if (!config_set(reading_of(L)->config, id, values, count, origin, &error))
        refuse(L, "%s", error.message);
}

/*
 * __newindex(environment, name, value); upvalue 1: the values set so far. Wrong ones stay there as well: what
 * the file makes of them is no problem of its own.
 */
static int l_config_assign(lua_State *L)
{
    enum option_id id;
    const char *name = string_at(L, 2);
    if (name == NULL || !find_option(name, &id))
        refuse_unknown(L, luaL_tolstring(L, 2, NULL));
    else if (!is_second(L, id))
        set_option(L, id, 3);
    lua_settop(L, 3);
    if (name != NULL)
        lua_rawset(L, lua_upvalueindex(1));
    return 0;
}

/* __index(environment, name); upvalue 1: the values set so far */
static int l_config_read(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    return luaL_error(L, "'%s' is not known here: a configuration file sets options and can call nothing",
                      luaL_tolstring(L, 2, NULL));
}

/* stack: chunk (top); replaces its environment by one that catches every name */
static void guard_chunk(lua_State *L)
{
    lua_newtable(L); /* chunk, environment */
    lua_newtable(L); /* chunk, environment, metatable */
    lua_newtable(L); /* chunk, environment, metatable, values */
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, l_config_assign, 1);
    lua_setfield(L, -3, "__newindex");
    lua_pushcclosure(L, l_config_read, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setupvalue(L, -2, 1);
}

struct chunk {
    const char *bytes; /* the file's content; borrowed */
    size_t length;     /* bytes of it */
    const char *path;  /* the file's name */
};

/* Runs in a protected call: (light userdata: struct chunk) */
static int l_config_run(lua_State *L)
{
    const struct chunk *chunk = lua_touserdata(L, 1);
    const char *name = lua_pushfstring(L, "@%s", chunk->path);
    if (luaL_loadbufferx(L, chunk->bytes, chunk->length, name, "t") != LUA_OK)
        return lua_error(L);
    guard_chunk(L);
    lua_sethook(L, stop_cb, LUA_MASKCOUNT, MOST_INSTRUCTIONS);
    lua_call(L, 0, 1);
    if (!lua_isnil(L, -1))
        return luaL_error(L, "%s: expected assignments, such as workers = 3, got a file that returns a %s",
                          chunk->path, luaL_typename(L, -1));
    return 0;
}

static void explain(const struct reading *reading, lua_State *L, int status)
{
    struct error error;
    const char *message = status == LUA_ERRMEM ? NULL : lua_tostring(L, -1);
    if (status == LUA_ERRMEM)
        error_set(&error, ERROR_INVALID,
                  "%s: expected a few assignments, got a program that needs more than %d MiB", reading->path,
                  LARGEST_MEMORY / 1024 / 1024);
    else
        error_set(&error, ERROR_INVALID, "%s", message != NULL ? message : "an error without words");
    faults_add(reading->faults, &error);
}

static void add_lack_of_memory(struct faults *faults)
{
    struct error error;
    error_set(&error, ERROR_INTERNAL, "out of memory for the configuration");
    faults_add(faults, &error);
}

static void run(struct reading *reading, const char *bytes, size_t length)
{
    struct chunk chunk = {bytes, length, reading->path};
    lua_State *L = lua_newstate(allocate, reading);
    if (L == NULL) {
        add_lack_of_memory(reading->faults);
        return;
    }
    lua_pushcfunction(L, l_config_run);
    lua_pushlightuserdata(L, &chunk);
    int status = lua_pcall(L, 1, 0, 0);
    if (status != LUA_OK)
        explain(reading, L, status);
    lua_close(L);
}

/* The whole file, or NULL; the caller frees it. */
static char *read_whole(const char *path, size_t *length, struct stat *seen, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        error_set_errno(error, "can't open the configuration %s", path);
        return NULL;
    }
    char *bytes = malloc(LARGEST_FILE + 1);
    bool looked = fstat(fileno(file), seen) == 0;
    if (bytes != NULL)
        *length = fread(bytes, 1, LARGEST_FILE + 1, file);
    if (bytes == NULL)
        error_set(error, ERROR_INTERNAL, "out of memory for the configuration");
    else if (ferror(file) || !looked)
        error_set_errno(error, "can't read the configuration %s", path);
    else if (*length > LARGEST_FILE)
        error_set(error, ERROR_TOO_LARGE, "%s: a configuration of more than %d KiB", path,
                  LARGEST_FILE / 1024);
    bool fine = bytes != NULL && looked && !ferror(file) && *length <= LARGEST_FILE;
    fclose(file);
    if (fine)
        return bytes;
    free(bytes);
    return NULL;
}

bool config_read_file(struct config *config, const char *path, struct faults *faults)
{
    struct reading reading = {.config = config, .path = path, .faults = faults};
    struct error error;
    size_t length = 0, before = faults->count;
    char *bytes = read_whole(path, &length, &config->file_seen, &error);
    if (bytes == NULL)
        return faults_add(faults, &error);
    free(config->file);
    config->file = strdup(path);
    if (config->file != NULL)
        run(&reading, bytes, length);
    else
        add_lack_of_memory(faults);
    free(bytes);
    return faults->count == before;
}

bool config_file_has_changed(const struct config *config)
{
    const struct stat *seen = &config->file_seen;
    struct stat now;
    if (config->file == NULL)
        return false;
    return stat(config->file, &now) != 0 || now.st_dev != seen->st_dev || now.st_ino != seen->st_ino ||
           now.st_size != seen->st_size || now.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec;
}
