/*
 * A segment of the decision log in any state: reader, finder and writer bear it, and lose nothing that can be
 * read. The first byte of an input chooses: 0, the rest is the file; else the rest tells how to make one, in
 * pieces of one byte that says what, two of length, and so many bytes.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decisionlog/log_reader.h"
#include "decisionlog/log_search.h"
#include "decisionlog/log_writer.h"
#include "fuzz.h"

enum { MARKER = 0x5EEDC0DE, MOST_FOUND = 16, RECORD_BLOCK = 4096, STEP_BYTES = 1000 };

/* Pieces of a made segment. */
enum piece {
    PIECE_RECORD, /* a frame */
    PIECE_INDEX,  /* a frame of that kind */
    PIECE_BYTES,  /* as they are */
    PIECE_TURN,   /* two bytes: where bits are turned, seen from the end; one: which */
    PIECE_HEADER, /* anew */
    PIECE_FINISH, /* the index of the records until here */
    PIECES
};

static char state[64]; /* a directory that lives as long as the program */

static void remove_all(void)
{
    char path[128];
    struct log_folder folder;
    if (log_folder_open(&folder, state, LOG_FOLDER_READ, NULL)) {
        for (size_t i = 0; i < folder.count; i++) {
            char name[SEGMENT_NAME_LENGTH + 1];
            segment_name_write(folder.clocks[i], name);
            unlinkat(folder.fd, name, 0);
        }
        log_folder_close(&folder);
    }
    snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER, state);
    rmdir(path);
}

static void remove_state(void)
{
    remove_all();
    rmdir(state);
}

static void make_state(void)
{
    if (state[0] != '\0')
        return;
    bool in_memory = access("/dev/shm", W_OK) == 0; /* where syncing costs nothing */
    strcpy(state, in_memory ? "/dev/shm/senda-fuzz-XXXXXX" : "/tmp/senda-fuzz-XXXXXX");
    REQUIRE(mkdtemp(state) != NULL);
    atexit(remove_state);
}

/* ---- Making segments ---- */

static void put_frame(struct buffer *out, enum segment_kind kind, struct text content)
{
    char head[SEGMENT_FRAME_BYTES];
    segment_frame_write(MARKER, kind, content, head);
    buffer_append(out, head, sizeof head);
    buffer_append(out, content.bytes, content.length);
}

static void put_index(struct buffer *out, struct segment_index *index)
{
    struct buffer content;
    buffer_create(&content);
    segment_index_write(index, MARKER, out->length, &content);
    put_frame(out, SEGMENT_KIND_INDEX, (struct text){content.bytes, content.length});
    buffer_destroy(&content);
}

static void turn_bits(struct buffer *out, struct text where)
{
    if (where.length < 3)
        return;
    size_t back = (size_t)((unsigned char)where.bytes[0] << 8 | (unsigned char)where.bytes[1]);
    if (back < out->length)
        out->bytes[out->length - 1 - back] ^= where.bytes[2];
}

static void put_piece(struct buffer *out, struct segment_index *index, enum piece what, struct text bytes)
{
    char header[SEGMENT_HEADER_BYTES];
    struct record_key key;
    switch (what) {
    case PIECE_RECORD:
        if (record_read_key(bytes, &key))
            segment_index_add(index, key.clock_us, out->length);
        put_frame(out, SEGMENT_KIND_RECORD, bytes);
        break;
    case PIECE_INDEX:
        put_frame(out, SEGMENT_KIND_INDEX, bytes);
        break;
    case PIECE_BYTES:
        buffer_append(out, bytes.bytes, bytes.length);
        break;
    case PIECE_TURN:
        turn_bits(out, bytes);
        break;
    case PIECE_HEADER:
        segment_header_write(MARKER, header);
        buffer_append(out, header, sizeof header);
        break;
    case PIECE_FINISH:
        put_index(out, index);
        break;
    case PIECES:
        break;
    }
}

static void make_segment(struct buffer *out, const uint8_t *input, size_t length)
{
    struct segment_index index;
    segment_index_create(&index);
    put_piece(out, &index, PIECE_HEADER, TEXT(""));
    while (length >= 3) {
        size_t size = (size_t)input[1] << 8 | input[2];
        if (size > length - 3)
            size = length - 3;
        put_piece(out, &index, (enum piece)(input[0] % PIECES), (struct text){(const char *)input + 3, size});
        input += 3 + size;
        length -= 3 + size;
    }
    segment_index_destroy(&index);
}

static void write_segment(const char *bytes, size_t length)
{
    struct log_folder folder;
    REQUIRE(log_folder_open(&folder, state, LOG_FOLDER_MAKE, NULL));
    int fd = openat(folder.fd, "00000000000000000007.log", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0);
    REQUIRE(length == 0 || write(fd, bytes, length) == (ssize_t)length);
    close(fd);
    log_folder_close(&folder);
}

/* ---- Reading them ---- */

static void open_segment(struct segment_file *file, struct log_folder *folder, bool *opened)
{
    REQUIRE(log_folder_open(folder, state, LOG_FOLDER_READ, NULL));
    *opened = segment_file_open(file, folder->fd, "00000000000000000007.log", O_RDONLY, NULL);
}

/* Ids of some decisions. */
struct found {
    struct decision_id ids[MOST_FOUND];
    size_t count; /* of these */
};

static void keep_id(struct found *found, struct text bytes)
{
    struct record record;
    struct arena arena;
    arena_create(&arena, RECORD_BLOCK);
    if (found->count < MOST_FOUND && record_decode(&record, &arena, bytes, NULL))
        found->ids[found->count++] = decision_id_of(record.clock_us, record.seed, record.version);
    arena_destroy(&arena);
}

/* Frames and gaps together are the file, in order; keeps the ids of some decisions. */
static size_t walk(struct segment_file *file, uint64_t size, struct found *found)
{
    struct segment_piece piece;
    struct record_key key;
    size_t records = 0;
    uint64_t at = file->at;
    enum segment_step step;
    while ((step = segment_file_next(file, &piece, NULL)) == SEGMENT_STEP_PIECE) {
        REQUIRE(file->gap.bytes == 0 || file->gap.offset == at);
        REQUIRE(piece.offset == at + file->gap.bytes);
        at = piece.offset + SEGMENT_FRAME_BYTES + piece.content.length;
        REQUIRE(file->at == at && at <= size);
        if (piece.kind == SEGMENT_KIND_RECORD && record_read_key(piece.content, &key)) {
            keep_id(found, piece.content);
            records++;
        }
    }
    REQUIRE(step == SEGMENT_STEP_END && at + file->gap.bytes == size);
    return records;
}

static bool finds(const struct decision_id *id)
{
    enum log_searching came;
    struct log_search search;
    struct buffer out;
    buffer_create(&out);
    REQUIRE(log_search_create(&search, state, id, NULL));
    while ((came = log_search_step(&search, STEP_BYTES, &out)) == LOG_SEARCHING_MORE)
        continue;
    log_search_destroy(&search);
    REQUIRE(came == LOG_SEARCHING_OVER || out.length > 0);
    buffer_destroy(&out);
    return came == LOG_SEARCHING_FOUND;
}

/* How many records there are; those of segments without an index are found. */
static size_t check_reading(uint64_t size)
{
    struct found found = {.count = 0};
    struct segment_summary summary;
    struct segment_file file;
    struct log_folder folder;
    bool opened;
    size_t records = 0;
    open_segment(&file, &folder, &opened);
    if (opened) {
        records = walk(&file, size, &found);
        bool indexed = segment_file_summary(&file, &summary);
        for (size_t i = 0; i < found.count; i++)
            REQUIRE(finds(&found.ids[i]) || indexed);
        segment_file_close(&file);
    }
    log_folder_close(&folder);
    return records;
}

static size_t count_records(void)
{
    struct log_reader reader;
    struct text record;
    size_t records = 0;
    REQUIRE(log_reader_create(&reader, state, &LOG_QUERY_ALL, NULL, NULL, NULL));
    while (log_reader_next(&reader, &record))
        records++;
    log_reader_destroy(&reader);
    return records;
}

/* A writer that finds such a segment goes on behind what can be read of it. */
static void check_writing(size_t records)
{
    const struct log_options options = {LOG_SEGMENT_BYTES_DEFAULT, LOG_TOTAL_BYTES_DEFAULT, 0};
    const struct record record = {.clock_us = 9, .seed = 9};
    struct log_writer writer;
    char *bytes = malloc(record_size(&record));
    REQUIRE(bytes != NULL);
    record_encode(&record, bytes);
    REQUIRE(log_writer_create(&writer, state, &options, NULL, NULL, NULL));
    log_writer_append(&writer, (struct text){bytes, record_size(&record)});
    log_writer_flush(&writer, 5000);
    REQUIRE(writer.status.written == 1 && writer.status.dropped == 0);
    log_writer_destroy(&writer);
    REQUIRE(count_records() == records + 1);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer file;
    if (length == 0)
        return 0;
    make_state();
    buffer_create(&file);
    if (bytes[0] == 0)
        buffer_append(&file, bytes + 1, length - 1);
    else
        make_segment(&file, bytes + 1, length - 1);
    write_segment(file.bytes, file.length);
    check_writing(check_reading(file.length));
    buffer_destroy(&file);
    remove_all();
    return 0;
}
