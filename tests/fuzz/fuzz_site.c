/*
 * The loader of sites: the input's pieces take the place of files of a small site. It is refused with
 * problems that can be read, or loaded, and then every placement is decided about; no step takes longer than
 * it may.
 *
 * Pieces: a byte for the file's name, two for the length of what follows, its bytes; the rest of an input
 * that is no whole piece is the last one.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "flow/engine_builder.h"
#include "fuzz.h"
#include "script/deadline.h"
#include "script/site.h"

enum {
    MIB = 1024 * 1024,
    FILE_MS = 40,
    DECISION_MS = 10,
    SLACK_MS = 400, /* of processor time: the library's own work on at most a file, with sanitizers */
    MOST_PIECES = 8,
};

static const struct bundle_file base[] = {
    {TEXT("site.lua"), TEXT("site 'small' { locale = 'es', locales = { 'es', 'en' }, journey = 'walk' }\n")},
    {TEXT("journeys/walk.lua"),
     TEXT("journey 'walk' { stage 'first' {}, stage 'second' { offers = { 'guide' } } }\n")},
    {TEXT("personas/all.lua"),
     TEXT("persona 'rider' { match = function(c) return c.traits.rides == true end }\n")},
    {TEXT("placements.lua"), TEXT("placement 'hero' { count = 2, fallback = 'house' }\n"
                                  "offer 'house' { kind = 'guide', title = 'House', placements = {} }\n")},
    {TEXT("offers/all.lua"),
     TEXT("offer 'plain' { kind = 'guide', title = { es = 'Una', en = 'One' }, value = 2 }\n")},
    {TEXT("offers/more.csv"), TEXT("id,kind,title,stages\nrow,guide,A row,first second\n")},
    {TEXT("policies.lua"),
     TEXT("policy 'calm' { kinds = { 'guide' }, limit = { impressions = 3, within = '7d' } }\n")},
    {TEXT("strategies/all.lua"),
     TEXT("strategy 'any' { score = function(c, o) return is_dear(o) and 2 or 1 end }\n")},
    {TEXT("tests/all.lua"),
     TEXT("test 'it works' { given = { stage = 'first' }, at = 'hero', expect = { kind = 'guide' } }\n")},
    {TEXT("offers/zz.lua"), TEXT("")},
    {TEXT("strategies/zz.lua"), TEXT("")},
    {TEXT("offers/zz.csv"), TEXT("")},
    {TEXT("shared.lua"), TEXT("function is_dear(o) return o.value > 1 end LIST = { 'first' }\n")},
};

enum { FILES = sizeof base / sizeof *base };

static struct deadline the_deadline;
static struct metrics_slot the_slot;

static int64_t processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes a piece off the input; false at its end. */
static bool take_piece(const uint8_t **bytes, size_t *length, struct bundle_file *files)
{
    if (*length < 3)
        return false;
    size_t which = (*bytes)[0] % FILES, size = (size_t)((*bytes)[1] << 8 | (*bytes)[2]);
    size = size < *length - 3 ? size : *length - 3;
    files[which].content = (struct text){(const char *)*bytes + 3, size};
    *bytes += 3 + size;
    *length -= 3 + size;
    return true;
}

static struct bundle *pack(const uint8_t *bytes, size_t length)
{
    struct bundle_file files[FILES];
    struct error error;
    memcpy(files, base, sizeof base);
    for (int i = 0; i < MOST_PIECES && take_piece(&bytes, &length, files); i++)
        ;
    int fd = bundle_pack(files, FILES, &error);
    REQUIRE(fd >= 0);
    struct bundle *bundle = bundle_map(fd, &error);
    REQUIRE(bundle != NULL);
    close(fd);
    return bundle;
}

/* What is printed for the author tells nothing of the memory; lines of the input may stand in it. */
static void check_problems(const struct problems *problems, struct text input)
{
    static const struct text address = TEXT(": 0x");
    struct buffer out;
    buffer_create(&out);
    problems_print(problems, &out);
    REQUIRE(!out.failed);
    REQUIRE(out.length == 0 || memmem(out.bytes, out.length, address.bytes, address.length) == NULL ||
            memmem(input.bytes, input.length, address.bytes, address.length) != NULL);
    buffer_destroy(&out);
}

static void decide_everywhere(struct engine *engine)
{
    const struct snapshot *snapshot = engine_snapshot(engine);
    for (uint32_t i = 0; i < snapshot->placement_count; i++) {
        struct decision decision;
        struct situation situation = {.persona = SNAPSHOT_NONE,
                                      .placement = i,
                                      .journey = snapshot->default_journey,
                                      .stage = snapshot->journeys[snapshot->default_journey].first_stage,
                                      .count = snapshot->placements[i].count,
                                      .now_us = 1790000000000000,
                                      .seed = 5};
        int64_t started = processor_ms();
        engine_decide(engine, &situation, &decision);
        REQUIRE(processor_ms() - started <= DECISION_MS + SLACK_MS);
        REQUIRE(decision.count <= situation.count);
        while (engine_collect(engine))
            ;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static bool made;
    struct error error;
    const struct engine_options options = {.deadline = &the_deadline,
                                           .deadline_ms = DECISION_MS,
                                           .script_memory = 8 * MIB,
                                           .load_memory = 64 * MIB,
                                           .memo_memory = MIB,
                                           .file_ms = FILE_MS,
                                           .metrics = &the_slot};
    made = made || deadline_create(&the_deadline, &error);
    REQUIRE(made);
    struct bundle *bundle = pack(bytes, length);
    struct engine_loading *loading = engine_loading_new(bundle, "small", &options, &error);
    REQUIRE(loading != NULL);
    enum engine_step step;
    do {
        int64_t started = processor_ms();
        step = engine_loading_step(loading);
        REQUIRE(processor_ms() - started <= FILE_MS + SLACK_MS);
    } while (step == ENGINE_MORE);
    check_problems(engine_loading_problems(loading), (struct text){(const char *)bytes, length});
    REQUIRE((step == ENGINE_REFUSED) == (engine_loading_problems(loading)->errors > 0));
    if (step == ENGINE_LOADED) {
        struct engine *engine = engine_loading_finish(loading);
        decide_everywhere(engine);
        engine_free(engine);
    } else {
        engine_loading_free(loading);
    }
    bundle_unmap(bundle);
    return 0;
}
