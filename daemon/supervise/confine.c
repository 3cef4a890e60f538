/* The order of giving things up, and what takes one call each. */
#include "supervise/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervise/confine_internal.h"

const char *confine_unavailable(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return "built with a sanitizer, which needs more system calls";
#elif defined(SENDA_COVERAGE)
    return "built for coverage, which writes files at the end";
#else
    return NULL;
#endif
}

/* systemd's own filter may refuse to set what it has set already. */
static bool limit_to_nothing(__rlimit_resource_t resource, const char *what, struct error *error)
{
    struct rlimit now, nothing = {0, 0};
    if (setrlimit(resource, &nothing) == 0 || (getrlimit(resource, &now) == 0 && now.rlim_max == 0) ||
        errno == EPERM)
        return true;
    return error_set_errno(error, "can't forbid %s", what);
}

bool confine_memory(struct error *error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return error_set_errno(error, "can't give up gaining privileges");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return error_set_errno(error, "can't keep others from looking into the memory");
    return limit_to_nothing(RLIMIT_CORE, "cores", error);
}

/* Root that serves somebody else's folder has to go on writing there. */
static bool needs_override(const char *state)
{
    struct stat status;
    return *state != '\0' && geteuid() == 0 && stat(state, &status) == 0 && status.st_uid != 0;
}

static bool drop_capabilities(const char *state, struct error *error)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct kept[2] = {{0, 0, 0}, {0, 0, 0}};
    if (needs_override(state))
        kept[0].permitted = kept[0].effective = 1U << CAP_DAC_OVERRIDE;
    for (int i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0;
         i++) /* none: we had no right to, nor any to drop */
        continue;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &header, kept) == 0 || errno == EPERM)
        return true;
    return error_set_errno(error, "can't give up capabilities");
}

/* Keeps the first problem, goes on in any case. */
static void note(struct error *first, bool done, const struct error *problem)
{
    if (!done && first->code == ERROR_NONE)
        *first = *problem;
}

bool confine_process(enum confine_files files, const char *state, struct error *error)
{
    struct error first = {0}, problem = {0};
    if (files == CONFINE_ZONES)
        state = "";
    note(&first, confine_memory(&problem), &problem);
    note(&first, limit_to_nothing(RLIMIT_NPROC, "other processes", &problem), &problem);
    note(&first, confine_paths(files, state, &problem), &problem);
    note(&first, drop_capabilities(state, &problem), &problem);
    note(&first, confine_calls(files, &problem), &problem);
    if (first.code != ERROR_NONE && error != NULL)
        *error = first;
    return first.code == ERROR_NONE;
}
