/* Writing the status, from the state of the supervisor alone. */
#include "supervise/status.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "store/store.h"
#include "supervise/notify.h"

enum {
    VERSION_SHOWN = 12, /* digits of a site's version that tell it from others */
    MIB_BITS = 20,
};

/* What is left of the line to write into. */
struct line {
    char *rest;  /* always ends in NUL */
    size_t room; /* bytes, the NUL among them */
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line->rest, line->room, format, arguments);
    va_end(arguments);
    size_t used = length < 0 ? 0 : (size_t)length < line->room ? (size_t)length : line->room - 1;
    line->rest += used;
    line->room -= used;
}

static size_t count_serving(const struct supervisor *supervisor)
{
    size_t count = 0;
    for (size_t i = 0; i < supervisor->worker_count; i++)
        count += supervisor->processes[i].serving > 0;
    return count;
}

static void add_starting(const struct supervisor *supervisor, struct line *line)
{
    add(line, "Starting: %zu of %zu workers have loaded the site", count_serving(supervisor),
        supervisor->worker_count);
    if (supervisor->pulse.rewritten > 0)
        add(line, "; clearing what was erased out of the memory, %" PRIu64 " MiB so far",
            supervisor->pulse.rewritten >> MIB_BITS);
}

static void add_stopping(const struct supervisor *supervisor, struct line *line)
{
    if (!supervisor->ready && *supervisor->refusal != '\0')
        add(line, "Can't start, the site is refused: %s", supervisor->refusal);
    else if (supervisor->drains_ledger)
        add(line, "Stopping: the last events are written down");
    else
        add(line, "Stopping: open requests are answered, for at most %" PRIu64 " s",
            supervisor->config->drain_seconds);
}

static void add_ledger(const struct supervisor *supervisor, struct line *line)
{
    for (size_t i = supervisor->worker_count; i < supervisor->process_count; i++)
        if (supervisor->processes[i].serving == 0)
            add(line, "; NOTHING IS WRITTEN DOWN, the ledger is away");
}

static void add_serving(const struct supervisor *supervisor, struct line *line)
{
    size_t serving = count_serving(supervisor);
    add(line, "Serving site %.*s, %zu of %zu workers", VERSION_SHOWN, supervisor->committed.version, serving,
        supervisor->worker_count);
    add_ledger(supervisor, line);
    add(line, ", senda " SENDA_VERSION);
    if (supervisor->reload.phase == RELOAD_TRYING || supervisor->reload.phase == RELOAD_LOADING)
        add(line, "; loading %.*s", VERSION_SHOWN, supervisor->candidate.version);
    else if (*supervisor->refusal != '\0')
        add(line, "; A NEWER SITE WAS REFUSED: %s", supervisor->refusal);
}

const char *status_write(const struct supervisor *supervisor, char out[STATUS_SIZE])
{
    struct line line = {out, STATUS_SIZE};
    *out = '\0';
    if (supervisor->stopping)
        add_stopping(supervisor, &line);
    else if (supervisor->ready)
        add_serving(supervisor, &line);
    else
        add_starting(supervisor, &line);
    return out;
}

/* The line that refused the site; warnings may stand before it. */
static struct text first_error(struct text problems)
{
    static const struct text mark = TEXT(": error: ");
    const char *last = problems.bytes + problems.length;
    const char *found = memmem(problems.bytes, problems.length, mark.bytes, mark.length);
    const char *begin = found;
    while (begin != NULL && begin > problems.bytes && begin[-1] != '\n')
        begin--;
    if (begin == NULL)
        begin = problems.bytes;
    const char *end = memchr(begin, '\n', (size_t)(last - begin));
    return (struct text){begin, (size_t)((end != NULL ? end : last) - begin)};
}

void status_note_refusal(struct supervisor *supervisor, struct text problems)
{
    struct text first = first_error(problems);
    char when[32] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts) != NULL)
        strftime(when, sizeof when, "%FT%TZ ", &parts);
    size_t used = strlen(strcpy(supervisor->refusal, when));
    text_escape(first, supervisor->refusal + used, sizeof supervisor->refusal - used);
}

void status_tell(struct supervisor *supervisor)
{
    char status[STATUS_SIZE];
    status_write(supervisor, status);
    if (strcmp(status, supervisor->told) == 0)
        return;
    memcpy(supervisor->told, status, sizeof status);
    notify_status(status);
}
