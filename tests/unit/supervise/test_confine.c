/* confine: each of the calls by a process of its own, since most of them end it. */
#include "../cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise/confine.h"

static char state_folder[] = "/tmp/senda-confine-XXXXXX";

enum { DONE = 10 /* the exit code of a child that lived */ };

/* Old kernels lack it, and so do some containers; the other walls stand there. */
static bool has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* asks for its version */) > 0;
}

/* Confines a child and lets it do that; how it ended, as waitpid says. `act` returns 0 or errno. */
static int confined(enum confine_files files, int (*act)(void))
{
    int status;
    bool whole = has_landlock();
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct error error;
        if (confine_process(files, state_folder, &error) != whole)
            _exit(1);
        close(STDERR_FILENO);
        int problem = act();
        _exit(problem == 0 ? DONE : DONE + problem);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int outcome(long result)
{
    return result < 0 ? errno : 0;
}

static int call_execve(void)
{
    char *arguments[] = {NULL};
    return outcome(execve("/bin/true", arguments, arguments));
}

static int call_fork(void)
{
    return outcome(fork());
}

static int call_socket(void)
{
    return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int call_ptrace(void)
{
    return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int call_kill(void)
{
    return outcome(kill(getppid(), 0));
}

static int call_memfd(void)
{
    return outcome(memfd_create("x", 0));
}

static int call_setuid(void)
{
    return outcome(setuid(1));
}

static int call_mmap_exec(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int call_mprotect_exec(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return outcome(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

/* Who may not be trapped wants to be rid of the trap first. */
static int call_sigaction(void)
{
    signal(SIGSYS, SIG_IGN);
    return 0;
}

static void test_confine_ends_who_makes_a_hostile_call(void **state)
{
    int (*const calls[])(void) = {call_execve,        call_fork,     call_socket, call_ptrace,
                                  call_kill,          call_memfd,    call_setuid, call_mmap_exec,
                                  call_mprotect_exec, call_sigaction};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int reading = confined(CONFINE_READS, calls[i]), writing = confined(CONFINE_WRITES, calls[i]);
        assert_true(WIFSIGNALED(reading) && WTERMSIG(reading) == SIGSYS);
        assert_true(WIFSIGNALED(writing) && WTERMSIG(writing) == SIGSYS);
    }
}

static void assert_outcome(enum confine_files files, int (*act)(void), int problem)
{
    int status = confined(files, act);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DONE + problem);
}

static int call_unknown(void)
{
    return outcome(syscall(SYS_inotify_init1, 0));
}

static int open_elsewhere(void)
{
    return outcome(open("/etc/passwd", O_RDONLY));
}

static int open_zone(void)
{
    return outcome(open("/usr/share/zoneinfo", O_RDONLY | O_DIRECTORY));
}

static int in_state(const char *name, int flags)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", state_folder, name);
    return outcome(open(path, flags, 0600));
}

static int open_there(void)
{
    return in_state("there", O_RDWR);
}

static int make_new(void)
{
    return in_state("new", O_RDWR | O_CREAT);
}

static int rename_there(void)
{
    char from[128], to[128];
    snprintf(from, sizeof from, "%s/there", state_folder);
    snprintf(to, sizeof to, "%s/moved", state_folder);
    return rename(from, to) != 0 ? errno : outcome(rename(to, from));
}

static int use_memory(void)
{
    enum { LARGE = 64 * 1024 * 1024 };
    char *memory = malloc(LARGE);
    if (memory == NULL)
        return ENOMEM;
    memory[LARGE - 1] = 1;
    memory = realloc(memory, 2 * LARGE);
    free(memory);
    return memory == NULL ? ENOMEM : 0;
}

static int end_by_abort(void)
{
    abort();
}

static void test_confine_leaves_what_is_needed(void **state)
{
    (void)state;
    assert_outcome(CONFINE_READS, open_there, 0);
    assert_outcome(CONFINE_READS, open_zone, 0);
    assert_outcome(CONFINE_READS, use_memory, 0);
    assert_outcome(CONFINE_ZONES, open_zone, 0);
    assert_outcome(CONFINE_ZONES, use_memory, 0);
    assert_outcome(CONFINE_WRITES, open_there, 0);
    assert_outcome(CONFINE_WRITES, make_new, 0);
    assert_outcome(CONFINE_WRITES, rename_there, 0);
    int status = confined(CONFINE_READS, end_by_abort);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void test_confine_refuses_what_is_not(void **state)
{
    (void)state;
    assert_outcome(CONFINE_READS, call_unknown, ENOSYS);
    assert_outcome(CONFINE_READS, rename_there, ENOSYS);
}

static void test_confine_refuses_other_files(void **state)
{
    (void)state;
    if (!has_landlock())
        skip();
    assert_outcome(CONFINE_READS, open_elsewhere, EACCES);
    assert_outcome(CONFINE_WRITES, open_elsewhere, EACCES);
    assert_outcome(CONFINE_ZONES, open_elsewhere, EACCES);
    assert_outcome(CONFINE_ZONES, open_there, EACCES);
}

static int make_fresh(void)
{
    return in_state("fresh", O_RDWR | O_CREAT);
}

static void test_confine_lets_readers_make_nothing(void **state)
{
    (void)state;
    if (!has_landlock())
        skip();
    assert_outcome(CONFINE_READS, make_fresh, EACCES);
}

static void test_confine_names_the_call(void **state)
{
    int ends[2], status;
    char line[512] = "";
    bool whole = has_landlock();
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error error;
        dup2(ends[1], STDERR_FILENO);
        if (confine_process(CONFINE_READS, "", &error) == whole)
            call_ptrace();
        _exit(1);
    }
    close(ends[1]);
    assert_true(read(ends[0], line, sizeof line - 1) > 0);
    assert_non_null(strstr(line, "msg=\"a system call that nobody here makes\" call=ptrace number="));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(ends[0]);
}

static void test_confine_is_available_here(void **state)
{
    (void)state;
    assert_null(confine_unavailable());
}

static int set_up(void **state)
{
    char path[128];
    (void)state;
    if (mkdtemp(state_folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/there", state_folder);
    return close(open(path, O_WRONLY | O_CREAT, 0600));
}

static int tear_down(void **state)
{
    static const char *const names[] = {"there", "new"};
    char path[128];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", state_folder, names[i]);
        unlink(path);
    }
    return rmdir(state_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confine_ends_who_makes_a_hostile_call),
        cmocka_unit_test(test_confine_leaves_what_is_needed),
        cmocka_unit_test(test_confine_refuses_what_is_not),
        cmocka_unit_test(test_confine_refuses_other_files),
        cmocka_unit_test(test_confine_lets_readers_make_nothing),
        cmocka_unit_test(test_confine_names_the_call),
        cmocka_unit_test(test_confine_is_available_here),
    };
    return cmocka_run_group_tests_name("supervise/confine", tests, set_up, tear_down);
}
