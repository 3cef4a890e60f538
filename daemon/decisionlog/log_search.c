/* Segments in the order in which they are worth it, each by its index or frame by frame. */
#include "decisionlog/log_search.h"

#include <fcntl.h>
#include <stdlib.h>

enum {
    OPENING_BYTES = 64 * 1024, /* that could be read while a segment is opened and closed */
    RECORD_BLOCK = 4096,       /* of memory for a record */
};

bool log_search_create(struct log_search *search, const char *state_directory, const struct decision_id *id,
                       struct error *error)
{
    *search = (struct log_search){.id = *id};
    if (!log_folder_open(&search->folder, state_directory, LOG_FOLDER_READ, error))
        return false;
    search->passed = calloc(search->folder.count + 1, sizeof *search->passed);
    if (search->passed != NULL)
        return true;
    log_folder_close(&search->folder);
    return error_set(error, ERROR_INTERNAL, "memory is out");
}

static void leave_segment(struct log_search *search)
{
    if (search->reading)
        segment_file_close(&search->file);
    search->reading = false;
}

void log_search_destroy(struct log_search *search)
{
    leave_segment(search);
    free(search->passed);
    log_folder_close(&search->folder);
}

/* ---- Records ---- */

/* The version is part of the id, and so has to be the site's that decided. */
static bool is_of_version(struct text record, const struct decision_id *id, bool *failed)
{
    struct error error = {.code = ERROR_NONE};
    struct record decoded;
    struct arena arena;
    arena_create(&arena, RECORD_BLOCK);
    bool good = record_decode(&decoded, &arena, record, &error);
    *failed |= error.code == ERROR_INTERNAL; /* memory is out */
    if (good) {
        struct decision_id own = decision_id_of(decoded.clock_us, decoded.seed, decoded.version);
        good = memcmp(own.version, id->version, sizeof own.version) == 0;
    }
    arena_destroy(&arena);
    return good;
}

/* The clock and the seed are the id's. */
static enum log_searching take(const struct log_search *search, struct text record, struct buffer *out)
{
    if (!is_of_version(record, &search->id, &out->failed))
        return LOG_SEARCHING_MORE;
    buffer_append(out, record.bytes, record.length);
    return LOG_SEARCHING_FOUND;
}

static struct record_key key_of(const struct log_search *search)
{
    return (struct record_key){search->id.clock_us, search->id.seed};
}

static void spend(uint64_t *bytes, uint64_t spent)
{
    *bytes -= spent < *bytes ? spent : *bytes;
}

/* ---- Segments ---- */

/* Where it is unless a clock went back: in the last segment that was begun before. */
static size_t likely_position(const struct log_search *search)
{
    size_t after = log_folder_after(&search->folder, search->id.clock_us);
    return after == 0 ? 0 : after - 1;
}

/* The likely one, then all of them twice, the newest first. */
static size_t position_of(const struct log_search *search)
{
    size_t count = search->folder.count;
    return search->turn == 0 ? likely_position(search) : count - 1 - (search->turn - 1) % count;
}

/* The first time that they are all come to, those without an index are put off. */
static bool is_put_off(const struct log_search *search)
{
    return search->turn > 0 && search->turn <= search->folder.count;
}

/* What is looked for may be there. A segment that is gone was too old. */
static void note_problem(struct log_search *search, const struct error *problem)
{
    if (search->problem.code == ERROR_NONE && problem->code != ERROR_NOT_FOUND)
        search->problem = *problem;
}

static bool open_segment(struct log_search *search, size_t position)
{
    struct error problem = {.code = ERROR_NONE};
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(search->folder.clocks[position], name);
    search->reading = segment_file_open(&search->file, search->folder.fd, name, O_RDONLY, &problem);
    if (!search->reading)
        note_problem(search, &problem);
    return search->reading;
}

/* Stays in a segment that has to be read through. */
static enum log_searching look_into(struct log_search *search, size_t position, uint64_t *bytes,
                                    struct buffer *out)
{
    enum log_searching state = LOG_SEARCHING_MORE;
    struct record_key key = key_of(search);
    struct segment_piece piece;
    spend(bytes, OPENING_BYTES);
    if (!open_segment(search, position)) {
        search->passed[position] = true;
        return state;
    }
    enum segment_finding finding = segment_file_find(&search->file, &key, &piece);
    spend(bytes, search->file.window.length);
    out->failed |= search->file.starved;
    if (finding == SEGMENT_FINDING_RECORD)
        state = take(search, piece.content, out);
    bool put_off = finding == SEGMENT_FINDING_NO_INDEX && is_put_off(search);
    search->passed[position] = !put_off;
    if (finding != SEGMENT_FINDING_NO_INDEX || put_off)
        leave_segment(search);
    return state;
}

static enum log_searching enter_next(struct log_search *search, uint64_t *bytes, struct buffer *out)
{
    enum log_searching state = LOG_SEARCHING_MORE;
    if (search->folder.count == 0 || search->turn > 2 * search->folder.count)
        return search->problem.code == ERROR_NONE ? LOG_SEARCHING_OVER : LOG_SEARCHING_UNREAD;
    size_t position = position_of(search);
    if (!search->passed[position])
        state = look_into(search, position, bytes, out);
    search->turn++;
    return state;
}

static enum log_searching read_on(struct log_search *search, uint64_t *bytes, struct buffer *out)
{
    struct segment_file *file = &search->file;
    struct record_key key = key_of(search);
    struct segment_piece piece;
    struct error problem = {.code = ERROR_NONE};
    uint64_t before = file->at;
    enum segment_step step = segment_file_next(file, &piece, &problem);
    spend(bytes, segment_file_spent(file, before));
    out->failed |= file->starved;
    if (step == SEGMENT_STEP_PIECE)
        return segment_piece_is_of(&piece, &key) ? take(search, piece.content, out) : LOG_SEARCHING_MORE;
    if (step == SEGMENT_STEP_FAILED)
        note_problem(search, &problem);
    leave_segment(search);
    return LOG_SEARCHING_MORE;
}

enum log_searching log_search_step(struct log_search *search, uint64_t bytes, struct buffer *out)
{
    enum log_searching state = LOG_SEARCHING_MORE;
    while (state == LOG_SEARCHING_MORE && bytes > 0 && !out->failed)
        state = search->reading ? read_on(search, &bytes, out) : enter_next(search, &bytes, out);
    if (search->reading)
        segment_file_forget(&search->file);
    return out->failed ? LOG_SEARCHING_FAILED : state;
}
