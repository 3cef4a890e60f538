/* Formatting a logfmt line into one write. */
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log_output.h"

static struct {
    char process[32];     /* value of process=; empty: no such field */
    enum log_level level; /* the least urgent that is written */
    uint64_t dropped;     /* lines that were not taken, since the last that was */
} log_state = {.level = LOG_LEVEL_INFO};

struct line {
    char bytes[4096]; /* room for the newline is kept */
    size_t length;    /* bytes used */
};

void log_configure(const char *process, enum log_level level)
{
    snprintf(log_state.process, sizeof log_state.process, "%s", process);
    log_state.level = level;
}

const char *log_level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_NOTICE:
        return "notice";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_DEBUG:
        return "debug";
    }
    return "info";
}

bool log_level_parse(const char *name, enum log_level *level)
{
    for (enum log_level known = LOG_LEVEL_ERROR; known <= LOG_LEVEL_DEBUG; known++)
        if (strcmp(name, log_level_name(known)) == 0) {
            *level = known;
            return true;
        }
    return false;
}

bool log_enabled(enum log_level level)
{
    return level <= log_state.level;
}

static void line_put(struct line *line, const char *bytes, size_t length)
{
    size_t room = sizeof line->bytes - 1 - line->length;
    if (length > room)
        length = room;
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
}

static void line_put_string(struct line *line, const char *string)
{
    line_put(line, string, strlen(string));
}

static bool needs_quotes(const char *text)
{
    return *text == '\0' || strpbrk(text, " =\"\\\t\n\r") != NULL;
}

/* Whether nothing in it has to be escaped for a terminal. */
static bool is_shown(struct text text)
{
    size_t length;
    for (; text.length > 0; text.bytes += length, text.length -= length) {
        length = text_shown_length(text);
        if (length == 0)
            return false;
    }
    return true;
}

/* A quoted value: backslash in front of quotes and backslashes, what can't be shown as \xNN for each byte. */
static void line_put_quoted(struct line *line, struct text text)
{
    line_put_string(line, "\"");
    while (text.length > 0) {
        char escaped[8] = "";
        size_t length = text_shown_length(text);
        if (*text.bytes == '"' || *text.bytes == '\\')
            line_put_string(line, "\\");
        else if (*text.bytes == '\n')
            snprintf(escaped, sizeof escaped, "\\n");
        else if (length == 0)
            snprintf(escaped, sizeof escaped, "\\x%02X", (unsigned char)*text.bytes);
        line_put_string(line, escaped);
        line_put(line, text.bytes, length);
        text.bytes += length > 0 ? length : 1;
        text.length -= length > 0 ? length : 1;
    }
    line_put_string(line, "\"");
}

static void line_put_text(struct line *line, const char *key, const char *text)
{
    line_put_string(line, " ");
    line_put_string(line, key);
    line_put_string(line, "=");
    if (needs_quotes(text) || !is_shown(text_from(text)))
        line_put_quoted(line, text_from(text));
    else
        line_put_string(line, text);
}

/* Who has let us wait once is waited for no more, before they have read again. */
static bool write_line(enum log_level level, const char *message, const struct log_field *fields)
{
    struct line line = {.length = 0};
    char number[32];
    snprintf(number, sizeof number, "<%d>level=%s", (int)level, log_level_name(level));
    line_put_string(&line, number);
    if (log_state.process[0] != '\0')
        line_put_text(&line, "process", log_state.process);
    line_put_text(&line, "msg", message);
    for (; fields->key != NULL; fields++) {
        if (fields->text == NULL)
            snprintf(number, sizeof number, "%" PRId64, fields->number);
        line_put_text(&line, fields->key, fields->text != NULL ? fields->text : number);
    }
    line.bytes[line.length++] = '\n';
    struct text text = {line.bytes, line.length};
    return log_output_give(text, log_state.dropped > 0 ? 0 : LOG_OUTPUT_PATIENCE_MS) > 0;
}

static bool tell_of_dropped(void)
{
    const struct log_field fields[] = {LOG_NUMBER("count", log_state.dropped), {0}};
    if (log_state.dropped > 0 &&
        !write_line(LOG_LEVEL_WARNING, "lines of the log were dropped: nobody read them", fields))
        return false;
    log_state.dropped = 0;
    return true;
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
    if (log_enabled(level) && (!tell_of_dropped() || !write_line(level, message, fields)))
        log_state.dropped++;
}
