/* The lists of system calls, and what happens to who makes another one. */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "supervise/confine_internal.h"

/* What a worker needs while it serves. Names that a machine does not have are passed over. */
static const char *const served[] = {
    /* connections, channel, eventfds */
    "read", "readv", "write", "writev", "close", "accept4", "recvfrom", "recvmsg", "sendto", "sendmsg",
    "shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername", "fcntl", "epoll_wait",
    "epoll_pwait", "epoll_pwait2", "epoll_ctl", "poll", "ppoll",
    /* the store, opened anew when it has failed; the zones of the clocks */
    "openat", "open", "fstat", "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "faccessat2",
    "lseek", "pread64", "preadv", "flock", "ftruncate", "getdents64", "fstatfs", "readlink", "readlinkat",
    "fadvise64",
    /* memory */
    "brk", "munmap", "mremap", "madvise", "msync",
    /* time, and the timer of the scripts' deadline */
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "timer_settime",
    "timer_gettime", "timer_getoverrun", "timer_delete", "timerfd_settime",
    /* signals, locks and the like of one thread */
    "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall", "futex",
    "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "getcpu", "getrandom", "getpid", "getppid",
    "gettid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo", "exit", "exit_group"};

/* What the ledger needs besides: it writes. */
static const char *const written[] = {"pwrite64",  "pwritev",         "pwritev2",  "fsync",
                                      "fdatasync", "sync_file_range", "fallocate", "mkdir",
                                      "mkdirat",   "unlink",          "unlinkat",  "rmdir",
                                      "rename",    "renameat",        "renameat2", "copy_file_range"};

/* What nobody here would call: who does has been taken over. Everything else is only not there. */
static const char *const hostile[] = {"execve",
                                      "execveat",
                                      "fork",
                                      "vfork",
                                      "clone",
                                      "clone3",
                                      "ptrace",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "process_madvise",
                                      "pidfd_open",
                                      "pidfd_getfd",
                                      "pidfd_send_signal",
                                      "kill",
                                      "tkill",
                                      "socket",
                                      "socketpair",
                                      "connect",
                                      "bind",
                                      "listen",
                                      "memfd_create",
                                      "memfd_secret",
                                      "userfaultfd",
                                      "io_uring_setup",
                                      "io_uring_enter",
                                      "io_uring_register",
                                      "bpf",
                                      "perf_event_open",
                                      "seccomp",
                                      "keyctl",
                                      "add_key",
                                      "request_key",
                                      "mount",
                                      "umount2",
                                      "move_mount",
                                      "open_tree",
                                      "fsopen",
                                      "pivot_root",
                                      "chroot",
                                      "unshare",
                                      "setns",
                                      "open_by_handle_at",
                                      "name_to_handle_at",
                                      "mknod",
                                      "mknodat",
                                      "link",
                                      "linkat",
                                      "symlink",
                                      "symlinkat",
                                      "chmod",
                                      "fchmod",
                                      "fchmodat",
                                      "chown",
                                      "fchown",
                                      "lchown",
                                      "fchownat",
                                      "setuid",
                                      "setgid",
                                      "setreuid",
                                      "setregid",
                                      "setresuid",
                                      "setresgid",
                                      "setgroups",
                                      "setfsuid",
                                      "setfsgid",
                                      "capset",
                                      "setrlimit",
                                      "init_module",
                                      "finit_module",
                                      "delete_module",
                                      "kexec_load",
                                      "kexec_file_load",
                                      "reboot",
                                      "swapon",
                                      "swapoff",
                                      "iopl",
                                      "ioperm",
                                      "modify_ldt",
                                      "personality",
                                      "quotactl",
                                      "acct",
                                      "settimeofday",
                                      "clock_settime",
                                      "adjtimex",
                                      "clock_adjtime",
                                      "sethostname",
                                      "setdomainname",
                                      "syslog",
                                      "shmget",
                                      "shmat",
                                      "semget",
                                      "msgget",
                                      "mq_open"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* In the order in which they are called: as a handler it may do nothing that waits or allocates. */
static const char *name_of(int call)
{
    static struct {
        int numbers[COUNT(hostile)]; /* of this machine */
        bool known;                  /* they were looked up, before the first trap */
    } names;
    if (!names.known)
        for (size_t i = 0; i < COUNT(hostile); i++)
            names.numbers[i] = seccomp_syscall_resolve_name(hostile[i]);
    names.known = true;
    for (size_t i = 0; i < COUNT(hostile); i++)
        if (names.numbers[i] == call)
            return hostile[i];
    return "another";
}

/* Comes back to nobody: the second signal, no longer caught, ends the process. */
static void trapped(int signal, siginfo_t *info, void *context)
{
    (void)context;
    log_error("a system call that nobody here makes", LOG_TEXT("call", name_of(info->si_syscall)),
              LOG_NUMBER("number", info->si_syscall));
    raise(signal);
}

static bool catch_traps(struct error *error)
{
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER};
    (void)name_of(-1);
    return sigaction(SIGSYS, &action, NULL) == 0 ||
           error_set_errno(error, "can't watch for forbidden system calls");
}

static int add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    int failed = 0;
    for (size_t i = 0; i < count && failed == 0; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        if (number >= 0)
            failed = seccomp_rule_add(filter, action, number, 0);
    }
    return failed;
}

static int allow_if(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp argument)
{
    int number = seccomp_syscall_resolve_name(name);
    return number < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &argument);
}

static int trap_if(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp argument)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_TRAP, seccomp_syscall_resolve_name(name), 1, &argument);
}

/* Memory is never made executable, the trap is never disarmed, and signals go to ourselves only. */
static int add_conditions(scmp_filter_ctx filter)
{
    int failed = 0;
    failed |= allow_if(filter, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    failed |= trap_if(filter, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    failed |= allow_if(filter, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    failed |= trap_if(filter, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    failed |= allow_if(filter, "rt_sigaction", SCMP_A0(SCMP_CMP_NE, SIGSYS, 0));
    failed |= trap_if(filter, "rt_sigaction", SCMP_A0(SCMP_CMP_EQ, SIGSYS, 0));
    failed |= allow_if(filter, "tgkill", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    failed |= allow_if(filter, "prlimit64", SCMP_A2(SCMP_CMP_EQ, 0, 0)); /* reading */
    failed |= allow_if(filter, "ioctl", SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0));
    return failed;
}

/* A tree, since a list would be walked through with every call; and no mitigation that nobody else has. */
static int set_up(scmp_filter_ctx filter, enum confine_files files)
{
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
    failed |= add_all(filter, SCMP_ACT_ALLOW, served, COUNT(served));
    if (files == CONFINE_WRITES)
        failed |= add_all(filter, SCMP_ACT_ALLOW, written, COUNT(written));
    failed |= add_all(filter, SCMP_ACT_TRAP, hostile, COUNT(hostile));
    return failed | add_conditions(filter);
}

bool confine_calls(enum confine_files files, struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (filter == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory for the list of system calls");
    bool ready = set_up(filter, files) == 0 && catch_traps(error);
    int failed = ready ? seccomp_load(filter) : 0;
    seccomp_release(filter);
    if (!ready || failed == 0)
        return ready || error_set(error, ERROR_INTERNAL, "the list of system calls can't be made");
    errno = -failed;
    return error_set_errno(error, "other system calls can't be given up");
}
