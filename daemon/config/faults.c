/* Lines in a buffer; a configuration file is a program, so that it could bring any number of them. */
#include "config/faults.h"

enum { MOST_FAULTS = 256 };

void faults_create(struct faults *faults)
{
    buffer_create(&faults->lines);
    faults->count = 0;
}

void faults_destroy(struct faults *faults)
{
    buffer_destroy(&faults->lines);
}

const char *faults_text(const struct faults *faults)
{
    return faults->lines.bytes != NULL ? faults->lines.bytes : "";
}

static bool is_known(const struct faults *faults, const char *line, size_t length)
{
    const char *known = faults_text(faults);
    while (*known != '\0') {
        if (strncmp(known, line, length) == 0)
            return true;
        known += strcspn(known, "\n") + 1;
    }
    return false;
}

/* A message may quote what has lines of its own. Returns its length, with the newline behind it. */
static size_t make_line(const struct error *error, char line[sizeof error->message + 1])
{
    size_t length = strlen(error->message);
    for (size_t i = 0; i < length; i++)
        line[i] = error->message[i] == '\n' ? ' ' : error->message[i];
    line[length] = '\n';
    line[length + 1] = '\0';
    return length + 1;
}

bool faults_add(struct faults *faults, const struct error *error)
{
    char line[sizeof error->message + 1];
    size_t length = make_line(error, line);
    if (faults->count == MOST_FAULTS || is_known(faults, line, length))
        return false;
    faults->count++;
    buffer_append(&faults->lines, line, length + 1);
    if (!faults->lines.failed)
        faults->lines.length--;
    return false;
}

void faults_print(const struct faults *faults, const char *before, FILE *out)
{
    const char *line = faults_text(faults);
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        fprintf(out, "%s%.*s\n", before, (int)length, line);
        line += length + 1;
    }
    if (faults->lines.failed)
        fprintf(out, "%sout of memory for more\n", before);
}
