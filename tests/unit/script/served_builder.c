/* Packing, loading and asking; see served_builder.h. */
#include "served_builder.h"

#include <lauxlib.h>
#include <lualib.h>
#include <msgpack/unpack.h>
#include <stdio.h>
#include <stdlib.h>

#include "../cmocka_all.h"
#include "script/convert.h"
#include "script/deadline.h"

enum { MOST_FILES = 32, MIB = 1024 * 1024 };

const struct served_file served_base[] = {
    {"site.lua",
     "site 'small' { locale = 'en', locales = { 'en', 'es' }, time_zone = 'UTC', journey = 'road' }"},
    {"journeys/road.lua",
     "journey 'road' { model = 'b2c', locale = 'en', stage 'first' { names = { es = 'primera' } },\n"
     " stage 'second' { enter = { on = 'download' } }, stage 'third' { enter = { on = 'purchase' } } }"},
    {"journeys/other.lua", "journey 'other' { model = 'b2c', stage 'first' { } }"},
    {"placements.lua", "placement 'hero' { count = 2, fallback = 'house' }\n"
                       "placement 'side' { count = 4, fallback = 'house' }"},
    {"personas/p.lua",
     "persona 'buyer' { name = 'B', summary = 'b' }\npersona 'dreamer' { name = 'D', summary = 'd' }"},
    {"offers/o.lua",
     "offer 'a' { kind = 'guide', title = { en = 'A', es = 'Á' }, url = '/a', value = 10, tags = { 'red', "
     "'round' },\n"
     " answers = { 'hard to compare' }, data = { pages = 24, names = { 'x', 'y' }, deep = { k = { 1, 2 } } } "
     "}\n"
     "offer 'b' { kind = 'video', title = 'B', url = '/b', value = 9, tags = { 'blue' } }\n"
     "offer 'c' { kind = 'guide', title = 'C', url = '/c', value = 8, weight = 25, stages = { 'first', "
     "'second' } }\n"
     "offer 'd' { kind = 'webinar', title = 'D', url = '/d', value = 7, personas = { 'buyer' } }\n"
     "offer 'e' { kind = 'guide', title = 'E', url = '/e', value = 6, starts = '2026-01-01', ends = "
     "'2027-01-01' }\n"
     "offer 'f' { kind = 'guide', title = 'F', url = '/f', value = 5, consent = 'marketing' }\n"
     "offer 'g' { kind = 'guide', title = 'G', url = '/g', value = 4, placements = { 'side' }, locales = { "
     "'es' } }\n"
     "offer 'h' { kind = 'guide', title = 'H', url = '/h', value = 3, stages = { 'third' }, tags = { 'red' } "
     "}\n"
     "offer 'house' { kind = 'guide', title = 'House', url = '/house', placements = { } }"},
    {NULL, NULL},
};

static size_t add_file(struct bundle_file *list, size_t count, const struct served_file *file)
{
    size_t i = 0;
    assert_true(count < MOST_FILES);
    while (i < count && !text_equal(list[i].path, text_from(file->path)))
        i++;
    list[i] = (struct bundle_file){text_from(file->path), text_from(file->text)};
    return i == count ? count + 1 : count;
}

static size_t drop_missing(struct bundle_file *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (list[i].content.bytes != NULL)
            list[kept++] = list[i];
    return kept;
}

struct bundle *site_of_texts(const struct served_file *files, size_t count)
{
    struct bundle_file list[MOST_FILES];
    struct error error;
    size_t all = 0;
    for (const struct served_file *file = served_base; file->path != NULL; file++)
        all = add_file(list, all, file);
    for (size_t i = 0; i < count; i++)
        all = add_file(list, all, &files[i]);
    int fd = bundle_pack(list, drop_missing(list, all), &error);
    assert_true(fd >= 0);
    struct bundle *bundle = bundle_map(fd, &error);
    assert_non_null(bundle);
    return bundle;
}

/* One for the process: sites come and go, and a failed test leaves its own. */
static struct deadline *shared_deadline(void)
{
    static struct deadline deadline;
    static bool made;
    struct error error;
    if (!made)
        assert_true(deadline_create(&deadline, &error));
    made = true;
    return &deadline;
}

struct engine_options served_options(void)
{
    static struct metrics_slot slot;
    return (struct engine_options){.deadline = shared_deadline(),
                                   .deadline_ms = 10000, /* sanitizers are slow */
                                   .script_memory = 8 * MIB,
                                   .load_memory = 256 * (size_t)MIB,
                                   .metrics = &slot};
}

static void load(struct served *served, const struct engine_options *options, const struct served_file *files,
                 size_t count)
{
    struct engine_options roomy = served_options();
    const struct engine_options *used = options == NULL ? &roomy : options;
    *served =
        (struct served){.slot = used->metrics,
                        .zone = msgpack_zone_new(4096),
                        .situation = {.persona = SNAPSHOT_NONE, .count = 2, .now_us = 1790000000000000}};
    assert_non_null(served->zone);
    problems_create(&served->problems);
    served->bundle = site_of_texts(files, count);
    served->engine = engine_load(served->bundle, "small", used, &served->problems, &served->error);
}

void served_begin(struct served *served, const struct engine_options *options,
                  const struct served_file *files, size_t count)
{
    load(served, options, files, count);
    if (served->engine == NULL) {
        char *problems = served_problems(served);
        fail_msg("%s\n%s", served->error.message, problems);
    }
    const struct snapshot *snapshot = engine_snapshot(served->engine);
    served->situation.journey = snapshot->default_journey;
    served->situation.stage = snapshot->journeys[snapshot->default_journey].first_stage;
}

void served_begin_refused(struct served *served, const struct engine_options *options,
                          const struct served_file *files, size_t count)
{
    load(served, options, files, count);
    assert_null(served->engine);
    assert_true(served->problems.errors > 0);
}

void served_begin_strategy(struct served *served, const char *strategy)
{
    served_begin(served, NULL, &(struct served_file){"strategies/s.lua", strategy}, 1);
}

void served_end(struct served *served)
{
    engine_free(served->engine);
    problems_destroy(&served->problems);
    bundle_unmap(served->bundle);
    msgpack_zone_free(served->zone);
}

const struct decision *served_decide(struct served *served)
{
    engine_decide(served->engine, &served->situation, &served->decision);
    while (engine_collect(served->engine))
        ;
    return &served->decision;
}

const char *served_items(const struct served *served)
{
    static char ids[1024];
    size_t length = 0;
    ids[0] = '\0';
    for (uint32_t i = 0; i < served->decision.count; i++) {
        struct text id = engine_snapshot(served->engine)->offers[served->decision.items[i].offer].id;
        assert_true(length + id.length + 2 < sizeof ids);
        length += (size_t)snprintf(ids + length, sizeof ids - length, "%s%s", i > 0 ? " " : "", id.bytes);
    }
    return ids;
}

const char *served_reason(const struct served *served)
{
    static char reason[1024];
    struct text text = served->decision.count > 0 ? served->decision.items[0].because : TEXT("no item");
    if (text.bytes == NULL)
        return "(none)";
    snprintf(reason, sizeof reason, "%.*s", (int)text.length, text.bytes);
    return reason;
}

const char *served_failure(const struct served *served)
{
    static char line[2000];
    const struct script_site *scripts = engine_scripts(served->engine);
    size_t length = 0;
    line[0] = '\0';
    for (uint32_t i = 0; i < script_site_failure_count(scripts); i++) {
        const struct script_failure failure = script_site_failure(scripts, i);
        length += (size_t)snprintf(line + length, sizeof line - length, "%s%s: %s", i > 0 ? " | " : "",
                                   failure.strategy, failure.message);
        assert_true(length < sizeof line);
    }
    return line;
}

static void pack_expression(const char *expression, struct buffer *out)
{
    char source[4096];
    lua_State *L = luaL_newstate();
    assert_non_null(L);
    luaL_openlibs(L);
    assert_true(snprintf(source, sizeof source, "return %s", expression) < (int)sizeof source);
    if (luaL_dostring(L, source) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    assert_true(convert_pack(L, -1, out));
    lua_close(L);
}

const msgpack_object *served_map(struct served *served, const char *expression)
{
    msgpack_object *object = msgpack_zone_malloc(served->zone, sizeof *object);
    struct buffer packed;
    size_t end = 0;
    buffer_create(&packed);
    pack_expression(expression, &packed);
    char *bytes = msgpack_zone_malloc(served->zone, packed.length);
    assert_true(object != NULL && bytes != NULL);
    memcpy(bytes, packed.bytes, packed.length);
    assert_int_equal(msgpack_unpack(bytes, packed.length, &end, served->zone, object),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(object->type, MSGPACK_OBJECT_MAP);
    buffer_destroy(&packed);
    return object;
}

size_t served_memory(const struct served *served)
{
    return served->slot->values[METRICS_script_memory];
}

char *served_problems(const struct served *served)
{
    struct buffer out;
    buffer_create(&out);
    problems_print(&served->problems, &out);
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    return out.bytes;
}
