/* Writing records as JSON and CSV; see log_view.h. */
#include "ctl/log_view.h"

#include "client/json.h"
#include "client/value.h"
#include "decide/decision.h"
#include "model/decision_id.h"
#include "model/packed.h"

#include <inttypes.h>
#include <msgpack/unpack.h>
#include <stdlib.h>
#include <time.h>

enum { TIME_SIZE = 64 };

/* Names of the gates by their numbers in records. */
static const char *const gates[] = {
#define X(name, wire) wire,
    DECISION_GATES(X)
#undef X
};

/* In UTC, to the microsecond: 2026-03-01T12:30:00.000000Z. */
static void format_time(int64_t clock_us, char out[TIME_SIZE])
{
    struct tm parts = {0};
    int64_t fraction = clock_us % 1000000;
    time_t seconds = (time_t)(clock_us / 1000000);
    if (fraction < 0) {
        fraction += 1000000;
        seconds--;
    }
    if (gmtime_r(&seconds, &parts) == NULL)
        parts = (struct tm){.tm_mday = 1};
    size_t length = strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + length, TIME_SIZE - length, ".%06" PRId64 "Z", fraction);
}

static void format_id(const struct record *record, char out[DECISION_ID_LENGTH + 1])
{
    struct decision_id id = decision_id_of(record->clock_us, record->seed, record->version);
    decision_id_write(&id, out);
}

/* NULL: chosen. */
static const char *gate_name(uint8_t gate)
{
    return gate < sizeof gates / sizeof *gates ? gates[gate] : "unknown";
}

/* The request as JSON, to be freed; NULL where there is none, or it is no MessagePack. */
static char *request_json(struct text request)
{
    msgpack_unpacked unpacked;
    char *json = NULL;
    if (!packed_is_value(request))
        return NULL;
    msgpack_unpacked_init(&unpacked);
    if (msgpack_unpack_next(&unpacked, request.bytes, request.length, NULL) == MSGPACK_UNPACK_SUCCESS)
        json = senda_value_to_json(client_value_of(&unpacked.data), 0);
    msgpack_unpacked_destroy(&unpacked);
    return json;
}

/* ---- JSON ---- */

static void put_text_or_null(FILE *file, struct text text)
{
    if (text.length == 0)
        fputs("null", file);
    else
        client_json_write_string(file, text.bytes, text.length);
}

/* A member behind another one. */
static void put_member(FILE *file, const char *name, struct text text)
{
    fprintf(file, ",\"%s\":", name);
    put_text_or_null(file, text);
}

static void put_number(FILE *file, const char *name, double number)
{
    fprintf(file, ",\"%s\":", name);
    client_json_write_number(file, number);
}

static void put_items(FILE *file, const struct record *record)
{
    fputs(",\"items\":[", file);
    for (uint32_t i = 0; i < record->item_count; i++) {
        const struct record_item *item = &record->items[i];
        fputs(i > 0 ? ",{\"offer\":" : "{\"offer\":", file);
        put_text_or_null(file, item->offer);
        put_member(file, "kind", item->kind);
        put_member(file, "strategy", item->strategy);
        put_number(file, "score", item->score);
        put_number(file, "propensity", item->propensity);
        putc('}', file);
    }
    putc(']', file);
}

static void put_candidates(FILE *file, const struct record *record)
{
    fputs(",\"candidates\":[", file);
    for (uint32_t i = 0; i < record->candidate_count; i++) {
        const struct record_candidate *candidate = &record->candidates[i];
        fputs(i > 0 ? ",{\"offer\":" : "{\"offer\":", file);
        put_text_or_null(file, candidate->offer);
        put_member(file, "gate", text_from(gate_name(candidate->gate)));
        put_number(file, "score", candidate->score);
        putc('}', file);
    }
    putc(']', file);
}

static void put_request(FILE *file, struct text request)
{
    char *json = request_json(request);
    fprintf(file, ",\"request\":%s", json != NULL ? json : "null");
    free(json);
}

static void put_place(FILE *file, const struct record *record)
{
    put_member(file, "journey", record->journey);
    put_member(file, "stage", record->stage);
    put_member(file, "persona", record->persona);
    put_member(file, "placement", record->placement);
    put_member(file, "locale", record->locale);
    put_member(file, "strategy", record->strategy);
    put_member(file, "fallback", record->fallback);
}

static void write_json(const struct log_view *view, const struct record *record)
{
    char id[DECISION_ID_LENGTH + 1], time[TIME_SIZE];
    FILE *file = view->file;
    format_id(record, id);
    format_time(record->clock_us, time);
    fprintf(file, "{\"decision\":\"%s\",\"time\":\"%s\"", id, time);
    if (view->personal)
        put_member(file, "customer", record->customer);
    fprintf(file, ",\"erased\":%s", record->personal ? "false" : "true");
    put_place(file, record);
    if (view->personal)
        put_member(file, "because", record->because);
    put_items(file, record);
    put_candidates(file, record);
    fprintf(file, ",\"seed\":\"%" PRIu64 "\"", record->seed); /* more than JSON's numbers hold */
    put_member(file, "version", record->version);
    if (view->personal)
        put_request(file, record->request);
    fputs("}\n", file);
}

/* ---- CSV, RFC 4180 but for the ends of lines ---- */

/* In quotes where it has to be, and so that nothing is lost. */
static void put_cell(FILE *file, struct text text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.length; i++)
        quoted = quoted || strchr("\",\r\n", text.bytes[i]) != NULL;
    if (quoted)
        putc('"', file);
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '"')
            putc('"', file);
        putc(text.bytes[i], file);
    }
    if (quoted)
        putc('"', file);
}

static void put_next_cell(const struct log_view *view, struct text text)
{
    enum { MOST_OF_A_BYTE = 4 }; /* \xNN */
    size_t size = MOST_OF_A_BYTE * text.length + MOST_OF_A_BYTE;
    char *escaped = view->terminal ? malloc(size) : NULL;
    putc(',', view->file);
    if (escaped != NULL)
        put_cell(view->file, text_from(text_escape(text, escaped, size)));
    else if (!view->terminal)
        put_cell(view->file, text);
    free(escaped);
}

static void put_next_number(FILE *file, double number)
{
    putc(',', file);
    client_json_write_number(file, number);
}

static void put_decision_cells(const struct log_view *view, const struct record *record)
{
    char id[DECISION_ID_LENGTH + 1], time[TIME_SIZE];
    FILE *file = view->file;
    const struct text cells[] = {record->journey, record->stage,    record->persona, record->placement,
                                 record->locale,  record->strategy, record->fallback};
    format_id(record, id);
    format_time(record->clock_us, time);
    fprintf(file, "%s,%s", id, time);
    if (view->personal)
        put_next_cell(view, record->customer);
    fputs(record->personal ? ",false" : ",true", file);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        put_next_cell(view, cells[i]);
    fprintf(file, ",%" PRIu64, record->seed);
    put_next_cell(view, record->version);
}

static void put_item_cells(const struct log_view *view, uint32_t position, const struct record_item *item)
{
    FILE *file = view->file;
    fprintf(file, ",%u", position);
    put_next_cell(view, item->offer);
    put_next_cell(view, item->kind);
    put_next_cell(view, item->strategy);
    put_next_number(file, item->score);
    put_next_number(file, item->propensity);
}

static void write_row(const struct log_view *view, const struct record *record, uint32_t position,
                      const char *request)
{
    put_decision_cells(view, record);
    if (position <= record->item_count)
        put_item_cells(view, position, &record->items[position - 1]);
    else
        fputs(",,,,,,", view->file);
    if (view->personal) {
        put_next_cell(view, record->because);
        put_next_cell(view, text_from(request));
    }
    putc('\n', view->file);
}

/* A decision without items has a row, too. */
static void write_rows(const struct log_view *view, const struct record *record)
{
    char *request = view->personal ? request_json(record->request) : NULL;
    for (uint32_t position = 1; position == 1 || position <= record->item_count; position++)
        write_row(view, record, position, request);
    free(request);
}

void log_view_begin(const struct log_view *view)
{
    if (!view->csv)
        return;
    fprintf(view->file,
            "decision,time,%serased,journey,stage,persona,placement,locale,strategy,fallback,seed,version,"
            "position,offer,kind,item_strategy,score,propensity%s\n",
            view->personal ? "customer," : "", view->personal ? ",because,request" : "");
}

void log_view_write(const struct log_view *view, const struct record *record)
{
    if (view->csv)
        write_rows(view, record);
    else
        write_json(view, record);
}
