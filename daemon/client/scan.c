/* The frame scanner; see scan.h. */
#include "client/scan.h"

/* What a value's first byte declares. */
struct head {
    unsigned length_bytes; /* bytes of the length that follows the first byte: 0, 1, 2 or 4 */
    unsigned extra;        /* bytes behind that length that are no part of it, such as an extension's type */
    unsigned per_unit;     /* values each unit of the length stands for; 0: the length counts bytes */
    uint64_t amount;       /* the length, where the first byte says it */
};

void client_scan_start(struct client_scan *scan)
{
    scan->offset = 0;
    scan->depth = 0;
    scan->left[0] = 1;
}

/* First bytes 0xC0 to 0xDF; false for 0xC1, which is never used. */
static bool head_of_wide(unsigned char first, struct head *head)
{
    static const struct head heads[32] = {
        [0x00] = {0, 0, 0, 0}, [0x02] = {0, 0, 0, 0}, [0x03] = {0, 0, 0, 0},  /* nil, false, true */
        [0x04] = {1, 0, 0, 0}, [0x05] = {2, 0, 0, 0}, [0x06] = {4, 0, 0, 0},  /* bin */
        [0x07] = {1, 1, 0, 0}, [0x08] = {2, 1, 0, 0}, [0x09] = {4, 1, 0, 0},  /* ext */
        [0x0A] = {0, 0, 0, 4}, [0x0B] = {0, 0, 0, 8},                         /* float */
        [0x0C] = {0, 0, 0, 1}, [0x0D] = {0, 0, 0, 2},                         /* unsigned */
        [0x0E] = {0, 0, 0, 4}, [0x0F] = {0, 0, 0, 8},                         /* unsigned */
        [0x10] = {0, 0, 0, 1}, [0x11] = {0, 0, 0, 2},                         /* signed */
        [0x12] = {0, 0, 0, 4}, [0x13] = {0, 0, 0, 8},                         /* signed */
        [0x14] = {0, 0, 0, 2}, [0x15] = {0, 0, 0, 3},                         /* fixext: type and data */
        [0x16] = {0, 0, 0, 5}, [0x17] = {0, 0, 0, 9}, [0x18] = {0, 0, 0, 17}, /* fixext */
        [0x19] = {1, 0, 0, 0}, [0x1A] = {2, 0, 0, 0}, [0x1B] = {4, 0, 0, 0},  /* str */
        [0x1C] = {2, 0, 1, 0}, [0x1D] = {4, 0, 1, 0},                         /* array */
        [0x1E] = {2, 0, 2, 0}, [0x1F] = {4, 0, 2, 0},                         /* map */
    };
    *head = heads[first - 0xC0];
    return first != 0xC1;
}

static bool head_of(unsigned char first, struct head *head)
{
    *head = (struct head){0};
    if (first < 0x80 || first >= 0xE0) /* small integers */
        return true;
    if (first >= 0xC0)
        return head_of_wide(first, head);
    if (first >= 0xA0) { /* short string */
        head->amount = first & 0x1FU;
        return true;
    }
    head->amount = first & 0x0FU;
    head->per_unit = first < 0x90 ? 2 : 1;
    return true;
}

static uint64_t big_endian(const unsigned char *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Closes the levels that are complete; false when the outermost is. */
static bool more_is_due(struct client_scan *scan)
{
    while (scan->left[scan->depth] == 0) {
        if (scan->depth == 0)
            return false;
        scan->depth--;
    }
    return true;
}

/* One value's head, and its bytes where it is no container. */
static enum client_scan_result step(struct client_scan *scan, const unsigned char *bytes, size_t length,
                                    size_t limit)
{
    struct head head;
    size_t at = scan->offset;
    if (at >= length)
        return CLIENT_SCAN_MORE;
    if (!head_of(bytes[at], &head))
        return CLIENT_SCAN_BROKEN;
    if (length - at - 1 < head.length_bytes)
        return CLIENT_SCAN_MORE;
    if (head.length_bytes > 0)
        head.amount = big_endian(bytes + at + 1, head.length_bytes);
    at += 1 + head.length_bytes;
    uint64_t need = head.amount * (head.per_unit > 0 ? head.per_unit : 1) + head.extra;
    if (at > limit || need > limit - at)
        return CLIENT_SCAN_BROKEN;
    if (head.per_unit == 0) {
        if (length - at < need)
            return CLIENT_SCAN_MORE;
        at += (size_t)need;
    }
    scan->offset = at;
    scan->left[scan->depth]--;
    if (head.per_unit > 0) {
        if (scan->depth == CLIENT_SCAN_DEPTH)
            return CLIENT_SCAN_BROKEN;
        scan->left[++scan->depth] = need;
    }
    return CLIENT_SCAN_WHOLE;
}

enum client_scan_result client_scan_continue(struct client_scan *scan, const unsigned char *bytes,
                                             size_t length, size_t limit)
{
    while (more_is_due(scan)) {
        enum client_scan_result result = step(scan, bytes, length, limit);
        if (result != CLIENT_SCAN_WHOLE)
            return result;
    }
    return CLIENT_SCAN_WHOLE;
}

bool client_scan_is_one_value(const void *bytes, size_t length)
{
    struct client_scan scan;
    client_scan_start(&scan);
    return client_scan_continue(&scan, bytes, length, length) == CLIENT_SCAN_WHOLE && scan.offset == length;
}
