/* Landlock: the files that a process may still open. Those that are open stay so. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervise/confine_internal.h"

/* The oldest kernel's that has it; newer rights are asked for where the kernel and its headers know them. */
#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define USES (READS | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define MAKES                                                                                                \
    (USES | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |   \
     LANDLOCK_ACCESS_FS_MAKE_REG)
#define ALL                                                                                                  \
    (MAKES | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |      \
     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

enum { ABI_REFER = 2 /* renaming from one folder to another can be allowed */ };

static const char zones[] = "/usr/share/zoneinfo";

static bool allow(int ruleset, const char *path, uint64_t access, struct error *error)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT || error_set_errno(error, "can't keep access to %s", path);
    bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    if (!added)
        error_set_errno(error, "can't keep access to %s", path);
    close(rule.parent_fd);
    return added;
}

static bool restrict_to(int ruleset, const char *state, uint64_t access, struct error *error)
{
    if (!allow(ruleset, zones, READS, error) || (*state != '\0' && !allow(ruleset, state, access, error)))
        return false;
    return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ||
           error_set_errno(error, "can't give up other files");
}

bool confine_paths(enum confine_files files, const char *state, struct error *error)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return error_set_errno(error, "other files can't be given up");
    uint64_t refer = abi >= ABI_REFER ? LANDLOCK_ACCESS_FS_REFER : 0;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = ALL | refer};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0)
        return error_set_errno(error, "other files can't be given up");
    bool done = restrict_to(ruleset, state, files == CONFINE_WRITES ? MAKES | refer : USES, error);
    close(ruleset);
    return done;
}
