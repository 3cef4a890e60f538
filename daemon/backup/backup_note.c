/* Lines of a name and a number. */
#include "backup/backup_note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backup/backup_files.h"

enum { NOTE_MOST = 512 /* bytes of the longest */ };

#define FIRST_LINE "senda backup %d\n"

static size_t spell(const struct backup_note *note, char words[NOTE_MOST])
{
    return (size_t)snprintf(words, NOTE_MOST,
                            FIRST_LINE "made %" PRId64 "\nkeys %" PRIu64 "\ncustomers %" PRIu64
                                       "\nsegments %" PRIu64 "\nbytes %" PRIu64 "\nsum %016" PRIx64 "\n",
                            BACKUP_FORMAT, note->made, note->keys, note->customers, note->segments,
                            note->bytes, note->sum);
}

bool backup_note_write(const struct backup_note *note, int folder, struct error *error)
{
    char words[NOTE_MOST];
    size_t length = spell(note, words);
    if (!backup_file_write(folder, BACKUP_NOTE_FILE, words, length, error))
        return false;
    return fsync(folder) == 0 || error_set_errno(error, BACKUP_NOTE_FILE " can't be written");
}

/* Only what would be written just so is sound: sscanf takes blanks, signs and numbers that are too large. */
static bool parse(struct backup_note *note, const char *words)
{
    char again[NOTE_MOST];
    int end = 0;
    sscanf(words,
           "senda backup %*d made %" SCNd64 " keys %" SCNu64 " customers %" SCNu64 " segments %" SCNu64
           " bytes %" SCNu64 " sum %" SCNx64 "%n",
           &note->made, &note->keys, &note->customers, &note->segments, &note->bytes, &note->sum, &end);
    return end > 0 && spell(note, again) == strlen(words) && strcmp(again, words) == 0;
}

static bool read_words(const char *path, char words[NOTE_MOST], struct error *error)
{
    int folder = backup_folder_open(path, error);
    if (folder < 0)
        return false;
    int file = openat(folder, BACKUP_NOTE_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    close(folder);
    if (file < 0)
        return error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                         "%s is no finished backup: %s: %s", path, BACKUP_NOTE_FILE, strerror(errno));
    ssize_t got = read(file, words, NOTE_MOST - 1);
    close(file);
    bool text = got > 0 && memchr(words, '\0', (size_t)got) == NULL;
    words[text ? got : 0] = '\0';
    return got >= 0 || error_set_errno(error, "%s/" BACKUP_NOTE_FILE " can't be read", path);
}

bool backup_note_read(struct backup_note *note, const char *path, struct error *error)
{
    char words[NOTE_MOST];
    int format = 0;
    *note = (struct backup_note){0};
    if (!read_words(path, words, error))
        return false;
    if (sscanf(words, FIRST_LINE, &format) != 1)
        return error_set(error, ERROR_NOT_FOUND, "%s is no finished backup: %s isn't one's", path,
                         BACKUP_NOTE_FILE);
    if (format > BACKUP_FORMAT)
        return error_set(error, ERROR_UNAVAILABLE,
                         "%s is a backup of format %d: expected at most format %d, or a newer sendactl", path,
                         format, BACKUP_FORMAT);
    return parse(note, words) || error_set(error, ERROR_NOT_FOUND, "%s is no finished backup: %s is damaged",
                                           path, BACKUP_NOTE_FILE);
}
