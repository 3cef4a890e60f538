/* The note that a backup says of itself: refused with a reason, or read as what is written as the same bytes.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_note.h"
#include "fuzz.h"
#include "input.h"

static char folder[64]; /* lives as long as the program */
static int descriptor;  /* of it */

static void remove_folder(void)
{
    unlinkat(descriptor, BACKUP_NOTE_FILE, 0);
    rmdir(folder);
}

static void make_folder(void)
{
    if (folder[0] != '\0')
        return;
    bool in_memory = access("/dev/shm", W_OK) == 0;
    strcpy(folder, in_memory ? "/dev/shm/senda-fuzz-XXXXXX" : "/tmp/senda-fuzz-XXXXXX");
    REQUIRE(mkdtemp(folder) != NULL);
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(descriptor >= 0);
    atexit(remove_folder);
}

static void put_file(struct text bytes)
{
    int fd = openat(descriptor, BACKUP_NOTE_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && write(fd, bytes.bytes, bytes.length) == (ssize_t)bytes.length);
    close(fd);
}

static struct text get_file(char *room, size_t size)
{
    int fd = openat(descriptor, BACKUP_NOTE_FILE, O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, room, size);
    REQUIRE(fd >= 0 && length >= 0);
    close(fd);
    return (struct text){room, (size_t)length};
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct text input = {(const char *)bytes, length};
    struct backup_note note;
    struct error error = {0};
    char room[1024];
    make_folder();
    put_file(input);
    if (!backup_note_read(&note, folder, &error)) {
        REQUIRE(error.code == ERROR_NOT_FOUND || error.code == ERROR_UNAVAILABLE);
        REQUIRE(error.message[0] != '\0');
        return 0;
    }
    unlinkat(descriptor, BACKUP_NOTE_FILE, 0);
    REQUIRE(backup_note_write(&note, descriptor, &error));
    REQUIRE(text_equal(get_file(room, sizeof room), input));
    return 0;
}
