/* Loading a site of texts; see engine_builder.h. */
#include "engine_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "script/deadline.h"

enum {
    DEADLINE_MS = 10000, /* sanitizers are slow; no test here is about time */
    SCRIPT_MEMORY = 8 * 1024 * 1024,
    LOAD_MEMORY = 256 * 1024 * 1024,
    ANSWER_MEMORY = 1024 * 1024,
};

static const char site_file[] =
    "site 'probe' { locale = 'es', locales = { 'es', 'en' }, journey = 'walk' }\n";

static const char walk_file[] =
    "journey 'walk' {\n"
    "  stage 'curious' { names = { es = 'curiosa' }, offers = { 'article', 'tool' } },\n"
    "  stage 'choosing' { names = { es = 'elección' } },\n"
    "  stage 'resting' { no_offer = { es = 'Hoy descansa.', en = 'Resting today.' } },\n"
    "  stage 'failing' {},\n"
    "}\n";

static const char talk_file[] = "journey 'talk' { locale = 'en', stage 'hello' {}, stage 'choosing' {} }\n";

static const char personas_file[] =
    "persona 'rider' { match = function(c) return c.traits.bicycle == true end }\n"
    "persona 'walker' {}\n";

static const char placements_file[] = "placement 'hero' { count = 2, fallback = 'house' }\n"
                                      "placement 'banner' { kinds = { 'article' }, fallback = 'house' }\n"
                                      "placement 'list' { count = 50, fallback = 'house' }\n";

static const char offers_file[] =
    "offer 'house' { kind = 'article', title = { es = 'La casa', en = 'The house' }, url = '/', placements = "
    "{} }\n"
    "offer 'guide' { kind = 'article', title = { es = 'Guía', en = 'Guide' },\n"
    "  url = { es = '/es/guia', en = '/en/guide' }, stages = { 'walk/curious' }, value = 5,\n"
    "  data = { pages = 24, colour = 'red' } }\n"
    "offer 'tool' { kind = 'tool', title = { es = 'Calculadora' }, url = '/tool', stages = { 'walk/curious' "
    "},\n"
    "  value = 3 }\n"
    "offer 'letter' { kind = 'article', title = 'Carta', url = '/letter', stages = { 'walk/curious' }, value "
    "= 10,\n"
    "  consent = 'marketing' }\n"
    "offer 'winter' { kind = 'article', title = 'Invierno', url = '/winter', stages = { 'walk/curious' },\n"
    "  value = 50, starts = '2090-01-01', ends = '2090-01-31' }\n"
    "offer 'helmet' { kind = 'tool', title = 'Casco', url = '/helmet', stages = { 'walk/curious' }, value = "
    "40,\n"
    "  personas = { 'rider' } }\n"
    "offer 'ride' { kind = 'demo', title = 'Paseo', url = '/ride', stages = { 'walk/choosing' }, value = 20 "
    "}\n"
    "offer 'visit' { kind = 'demo', title = 'Visita', url = '/visit', stages = { 'walk/choosing' }, value = "
    "2 }\n"
    "offer 'boom' { kind = 'demo', title = 'Boom', url = '/boom', stages = { 'walk/failing' } }\n"
    "offer 'hello' { kind = 'talk', title = { es = 'Hola', en = 'Hello' }, url = '/hello',\n"
    "  stages = { 'talk/hello' } }\n";

static const char strategies_file[] =
    "strategy 'by-mood' { stage = 'walk/choosing', placements = { 'hero' }, because = 'they compare',\n"
    "  eligible = function(c, o) return c.context.tired ~= true or o.id ~= 'ride', 'too tired to ride' end,\n"
    "  score = function(c, o)\n"
    "    if c.context.dice then return 1 + random() end\n"
    "    return o.id == 'ride' and 1.5 or 1, o.id == 'ride' and 'a ride tells more' or nil\n"
    "  end }\n"
    "strategy 'failing' { stage = 'walk/failing', score = function(c, o) return c.context.missing.field end "
    "}\n";

static const struct bundle_file own_files[] = {
    {TEXT("journeys/talk.lua"), {talk_file, sizeof talk_file - 1}},
    {TEXT("journeys/walk.lua"), {walk_file, sizeof walk_file - 1}},
    {TEXT("offers/all.lua"), {offers_file, sizeof offers_file - 1}},
    {TEXT("personas/all.lua"), {personas_file, sizeof personas_file - 1}},
    {TEXT("placements.lua"), {placements_file, sizeof placements_file - 1}},
    {TEXT("site.lua"), {site_file, sizeof site_file - 1}},
    {TEXT("strategies/all.lua"), {strategies_file, sizeof strategies_file - 1}},
};

enum { OWN_FILES = sizeof own_files / sizeof *own_files };

/* One for the process, as deadlines are; it ends with the process. */
static struct deadline *the_deadline(struct error *error)
{
    static struct deadline deadline;
    static bool made;
    made = made || deadline_create(&deadline, error);
    return made ? &deadline : NULL;
}

static void print_problems(const struct problems *problems)
{
    struct buffer out;
    buffer_create(&out);
    problems_print(problems, &out);
    fwrite(out.bytes, 1, out.length, stderr);
    buffer_destroy(&out);
}

static struct bundle *pack(const struct bundle_file *files, size_t count, struct error *error)
{
    int fd = bundle_pack(files, count, error);
    struct bundle *bundle = fd < 0 ? NULL : bundle_map(fd, error);
    if (fd >= 0)
        close(fd);
    return bundle;
}

static bool load(struct engine_built *built, const struct bundle_file *files, size_t count,
                 struct metrics_slot *slot)
{
    struct error error = {0};
    struct problems problems;
    struct engine_options options = {.deadline = the_deadline(&error),
                                     .deadline_ms = DEADLINE_MS,
                                     .script_memory = SCRIPT_MEMORY,
                                     .load_memory = LOAD_MEMORY,
                                     .answer_memory = ANSWER_MEMORY,
                                     .metrics = slot};
    *built = (struct engine_built){.bundle = pack(files, count, &error)};
    problems_create(&problems);
    if (built->bundle != NULL && options.deadline != NULL)
        built->engine = engine_load(built->bundle, "probe", &options, &problems, &error);
    if (built->engine == NULL) {
        print_problems(&problems);
        fprintf(stderr, "%s\n", error.message);
    }
    problems_destroy(&problems);
    return built->engine != NULL;
}

bool engine_build(struct engine_built *built, struct metrics_slot *slot)
{
    return load(built, own_files, OWN_FILES, slot);
}

bool engine_build_with(struct engine_built *built, struct metrics_slot *slot, const char *path,
                       const char *content)
{
    struct bundle_file files[OWN_FILES + 1];
    size_t count = OWN_FILES, at = 0;
    memcpy(files, own_files, sizeof own_files);
    while (at < count && !text_equal(files[at].path, text_from(path)))
        at++;
    files[at] = (struct bundle_file){text_from(path), text_from(content)};
    return load(built, files, at == count ? count + 1 : count, slot);
}

void engine_built_destroy(struct engine_built *built)
{
    engine_free(built->engine);
    bundle_unmap(built->bundle);
}
