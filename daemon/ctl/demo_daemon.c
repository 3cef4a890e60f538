/* Starting and stopping the demo's daemon; see demo_daemon.h. */
#include "ctl/demo_daemon.h"

#include "base/clock.h"
#include "base/text.h"
#include "ctl/demo_pause.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    START_MS = 30000,  /* patience with a site that loads */
    STOP_MS = 15000,   /* patience with requests that are being answered */
    STEP_MS = 10,      /* between looks */
    LOG_BYTES = 65536, /* of the log that are looked at */
};

static const char *const ports[] = {"7420", "0"}; /* the usual one; whichever is free */

/* ---- The folder ---- */

static bool make_folder(struct demo_daemon *daemon, struct error *error)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/')
        parent = "/tmp";
    int length = snprintf(daemon->folder, sizeof daemon->folder, "%s/senda-demo-XXXXXX", parent);
    bool fits = (size_t)length < sizeof daemon->folder;
    if (!fits || mkdtemp(daemon->folder) == NULL) {
        daemon->folder[0] = '\0';
        return fits ? error_set_errno(error, "%s: no folder can be made there", parent)
                    : error_set(error, ERROR_INVALID, "$TMPDIR is too long");
    }
    snprintf(daemon->address, sizeof daemon->address, "unix:%s/senda.sock", daemon->folder);
    snprintf(daemon->control, sizeof daemon->control, "unix:%s/control.sock", daemon->folder);
    snprintf(daemon->state, sizeof daemon->state, "%s/state", daemon->folder);
    return true;
}

static int remove_cb(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    (void)remove(path); /* what cannot be removed is left; its folder then stays too */
    return 0;
}

/* With all that the daemon wrote there. */
static void remove_folder(struct demo_daemon *daemon)
{
    enum { FOLDERS_OPEN = 16 };
    if (daemon->folder[0] != '\0')
        (void)nftw(daemon->folder, remove_cb, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    daemon->folder[0] = '\0';
}

/* ---- The process ---- */

/* Becomes the daemon: apart from the terminal's Ctrl-C, and ended by the system where the demo is killed. */
static _Noreturn void become(const char *const *arguments, int log, pid_t parent)
{
    int null = open("/dev/null", O_RDONLY);
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    (void)setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    demo_pause_forget();
    execvp(arguments[0], (char *const *)(void *)arguments);
    dprintf(STDERR_FILENO, "%s cannot be run: %s\n", arguments[0], strerror(errno));
    _exit(EXIT_FAILURE);
}

/* The log's descriptor, for reading too, or -1. */
static int open_log(const struct demo_daemon *daemon, struct error *error)
{
    char path[300];
    snprintf(path, sizeof path, "%s/sendad.log", daemon->folder);
    int log = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0)
        error_set_errno(error, "%s", path);
    return log;
}

static bool spawn(struct demo_daemon *daemon, const char *program, const char *site, const char *port,
                  int log, struct error *error)
{
    char tcp[64];
    const char *arguments[] = {program,         "--site",   site,          "--listen",
                               daemon->address, "--listen", tcp,           "--control",
                               daemon->control, "--state",  daemon->state, NULL};
    pid_t parent = getpid();
    snprintf(tcp, sizeof tcp, "tcp:127.0.0.1:%s", port);
    daemon->pid = fork();
    if (daemon->pid == 0)
        become(arguments, log, parent);
    if (daemon->pid > 0)
        return true;
    daemon->pid = 0;
    return error_set_errno(error, "no process can be made");
}

bool demo_daemon_runs(struct demo_daemon *daemon)
{
    int status;
    if (daemon->pid > 0 && waitpid(daemon->pid, &status, WNOHANG) == daemon->pid)
        daemon->pid = 0;
    return daemon->pid > 0;
}

static void end_process(struct demo_daemon *daemon)
{
    uint64_t start = clock_monotonic_ms();
    if (demo_daemon_runs(daemon))
        (void)kill(daemon->pid, SIGTERM);
    while (demo_daemon_runs(daemon) && clock_monotonic_ms() - start < STOP_MS)
        (void)demo_pause(STEP_MS);
    if (!demo_daemon_runs(daemon))
        return;
    (void)kill(daemon->pid, SIGKILL);
    (void)waitpid(daemon->pid, NULL, 0);
    daemon->pid = 0;
}

/* ---- Readiness ---- */

static size_t read_log(int log, char *text)
{
    ssize_t length = pread(log, text, LOG_BYTES - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return length > 0 ? (size_t)length : 0;
}

/* "… msg=ready … listen=unix:/…,tcp:127.0.0.1:7420": the port that was really taken is at its end. */
static bool find_ready(struct demo_daemon *daemon, const char *text)
{
    const char *ready = strstr(text, "msg=ready");
    size_t length = ready != NULL ? strcspn(ready, "\n") : 0;
    if (ready == NULL || ready[length] == '\0')
        return false;
    const char *tcp = memmem(ready, length, "tcp:", 4);
    if (tcp != NULL)
        snprintf(daemon->tcp, sizeof daemon->tcp, "%.*s", (int)strcspn(tcp, ", \n"), tcp);
    return tcp != NULL;
}

/* The last line of what it said. */
static bool say_failed(int log, const char *program, struct error *error)
{
    char text[LOG_BYTES], shown[400];
    size_t end = read_log(log, text);
    while (end > 0 && text[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    text_escape((struct text){text + start, end - start}, shown, sizeof shown);
    return error_set(error, ERROR_UNAVAILABLE, "%s did not start%s%s", program, end > 0 ? ": " : "", shown);
}

static bool wait_ready(struct demo_daemon *daemon, int log, const char *program, struct error *error)
{
    char text[LOG_BYTES];
    uint64_t start = clock_monotonic_ns();
    while (daemon->readiness < START_MS * UINT64_C(1000000)) {
        (void)read_log(log, text);
        daemon->readiness = clock_monotonic_ns() - start;
        if (find_ready(daemon, text))
            return true;
        if (!demo_daemon_runs(daemon))
            return say_failed(log, program, error);
        if (demo_pause(STEP_MS) == DEMO_WAKE_STOP)
            return error_set(error, ERROR_NONE, "stopped");
    }
    return error_set(error, ERROR_UNAVAILABLE, "%s was not ready after %d seconds", program, START_MS / 1000);
}

static bool start_at(struct demo_daemon *daemon, const char *program, const char *site, const char *port,
                     struct error *error)
{
    int log = open_log(daemon, error);
    if (log < 0)
        return false;
    daemon->readiness = 0;
    bool ready = spawn(daemon, program, site, port, log, error) && wait_ready(daemon, log, program, error);
    close(log);
    if (!ready)
        end_process(daemon);
    return ready;
}

bool demo_daemon_start(struct demo_daemon *daemon, const char *program, const char *site, struct error *error)
{
    *daemon = (struct demo_daemon){.pid = 0};
    if (!make_folder(daemon, error))
        return false;
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        *error = (struct error){.code = ERROR_NONE};
        if (start_at(daemon, program, site, ports[i], error))
            return true;
        if (error->code != ERROR_UNAVAILABLE)
            break;
    }
    remove_folder(daemon);
    return false;
}

void demo_daemon_stop(struct demo_daemon *daemon)
{
    end_process(daemon);
    remove_folder(daemon);
}
