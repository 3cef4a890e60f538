/* The store's file and the log's segments, in this order. */
#include "backup/backup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_files.h"
#include "decisionlog/log_folder.h"
#include "decisionlog/segment.h"
#include "decisionlog/segment_file.h"
#include "ledger/keys.h"
#include "store/store.h"

bool backup_check_owner(const char *directory, struct error *error)
{
    struct stat status;
    if (stat(directory, &status) != 0)
        return errno == ENOENT || error_set_errno(error, "%s", directory);
    if (status.st_uid == geteuid())
        return true;
    const struct passwd *owner = getpwuid(status.st_uid);
    return error_set(error, ERROR_INVALID,
                     "%s belongs to user %s (%ld): expected to be run by that user, such as with sudo -u",
                     directory, owner != NULL ? owner->pw_name : "without a name", (long)status.st_uid);
}

/* ---- Counting ---- */

struct counting {
    struct backup_note *note;
    struct error problem; /* ERROR_NONE: none */
};

static bool entry_cb(void *context, struct text key, struct text value)
{
    struct counting *counting = context;
    struct text id;
    char part;
    counting->note->customers += key_read_customer(key, &id, &part) && part == KEY_RECORD &&
                                 customer_record_alias(value).bytes == NULL;
    return true;
}

static void scanned_cb(void *context, const struct error *error)
{
    struct counting *counting = context;
    if (error != NULL)
        counting->problem = *error;
}

static bool count_entries(struct store *store, struct backup_note *note, struct error *error)
{
    struct counting counting = {.note = note};
    struct store_figures figures;
    struct key customers;
    if (!store_figures(store, &figures, error))
        return false;
    note->keys = figures.keys;
    note->customers = 0;
    key_range(&customers, KEY_CUSTOMER);
    store_scan(store, (struct text){NULL, 0}, key_text(&customers), SIZE_MAX, entry_cb, scanned_cb,
               &counting);
    return counting.problem.code == ERROR_NONE ||
           error_set(error, counting.problem.code, "%s", counting.problem.message);
}

bool backup_count(struct backup_note *note, const char *directory, struct error *error)
{
    struct store *store = store_lmdb_open(directory, STORE_WRITER, 0, error);
    if (store == NULL)
        return false;
    bool counted = count_entries(store, note, error);
    store_close(store);
    int folder = backup_folder_open(directory, error);
    if (folder < 0)
        return false;
    unlinkat(folder, STORE_LMDB_LOCK_FILE, 0);
    close(folder);
    return counted;
}

/* ---- Copying ---- */

/* Where parts come from, and where they go. */
struct transfer {
    const char *where;     /* the folder's path, for messages; borrowed */
    int from;              /* descriptor of the folder */
    int to;                /* of the other one; -1: none */
    struct backup_sum sum; /* of what was seen */
};

static bool move_file(struct transfer *transfer, const char *name, struct error *error)
{
    return transfer->to < 0
               ? backup_file_sum(transfer->from, transfer->where, name, &transfer->sum, error)
               : backup_file_copy(transfer->from, transfer->where, transfer->to, name, &transfer->sum, error);
}

static bool check_format(int folder, const char *name, struct error *error)
{
    struct segment_file file;
    if (!segment_file_open(&file, folder, name, O_RDONLY, error))
        return false;
    segment_file_close(&file);
    return true;
}

static bool move_segments(struct transfer *transfer, const struct log_folder *segments, struct error *error)
{
    for (size_t i = 0; i < segments->count; i++) {
        char name[SEGMENT_NAME_LENGTH + 1];
        segment_name_write(segments->clocks[i], name);
        if (!check_format(segments->fd, name, error) || !move_file(transfer, name, error))
            return false;
    }
    return transfer->to < 0 || fsync(transfer->to) == 0 || error_set_errno(error, SEGMENT_FOLDER);
}

/* There is none where the daemon keeps no log. */
static bool move_log(struct transfer *transfer, struct backup_note *note, const char *to, struct error *error)
{
    struct log_folder source, target = {.fd = -1};
    struct error problem = {0};
    note->segments = 0;
    if (!log_folder_open(&source, transfer->where, LOG_FOLDER_READ, &problem))
        return problem.code == ERROR_NOT_FOUND || error_set(error, problem.code, "%s", problem.message);
    bool moved = to == NULL || log_folder_open(&target, to, LOG_FOLDER_MAKE, error);
    transfer->from = source.fd;
    transfer->to = target.fd;
    moved = moved && move_segments(transfer, &source, error);
    note->segments = source.count;
    log_folder_close(&target);
    log_folder_close(&source);
    return moved;
}

static bool move_store(struct transfer *transfer, const char *to, struct error *error)
{
    transfer->from = backup_folder_open(transfer->where, error);
    transfer->to = to != NULL && transfer->from >= 0 ? backup_folder_open(to, error) : -1;
    bool moved = transfer->from >= 0 && (to == NULL || transfer->to >= 0) &&
                 move_file(transfer, STORE_LMDB_FILE, error);
    if (moved && transfer->to >= 0 && fsync(transfer->to) != 0)
        moved = error_set_errno(error, "%s", to);
    if (transfer->to >= 0)
        close(transfer->to);
    if (transfer->from >= 0)
        close(transfer->from);
    return moved;
}

bool backup_transfer(struct backup_note *note, const char *from, const char *to, struct error *error)
{
    struct transfer transfer = {.where = from};
    if (!backup_sum_create(&transfer.sum, error))
        return false;
    bool moved = move_store(&transfer, to, error) && move_log(&transfer, note, to, error);
    note->bytes = transfer.sum.bytes;
    note->sum = backup_sum_digest(&transfer.sum);
    backup_sum_destroy(&transfer.sum);
    return moved;
}

/* ---- Clearing up ---- */

static void clear_log(int folder)
{
    int log = openat(folder, SEGMENT_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    struct log_folder segments = {.fd = log};
    if (log < 0)
        return;
    bool listed = log_folder_list(&segments, NULL);
    for (size_t i = 0; listed && i < segments.count; i++) {
        char name[SEGMENT_NAME_LENGTH + 1];
        segment_name_write(segments.clocks[i], name);
        unlinkat(log, name, 0);
    }
    log_folder_close(&segments);
    unlinkat(folder, SEGMENT_FOLDER, AT_REMOVEDIR);
}

void backup_clear(const char *directory)
{
    int folder = backup_folder_open(directory, NULL);
    if (folder < 0)
        return;
    unlinkat(folder, BACKUP_NOTE_FILE, 0);
    unlinkat(folder, STORE_LMDB_FILE, 0);
    unlinkat(folder, STORE_LMDB_LOCK_FILE, 0);
    clear_log(folder);
    close(folder);
}
