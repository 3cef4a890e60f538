/* To be preloaded: whoever sends "takeover WHAT" to a process makes it do that, as somebody would who has got
 * in. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static void report(const char *what, int failed)
{
    dprintf(STDERR_FILENO, "takeover: %s: %s\n", what, failed ? strerrorname_np(errno) : "done");
}

static void run_program(void)
{
    char program[] = "/bin/true", *arguments[] = {program, NULL}, *environment[] = {NULL};
    report("execve", execve(program, arguments, environment) < 0);
}

static void write_program(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    report("mmap", memory == MAP_FAILED);
}

static void read_file(void)
{
    report("open", open("/etc/passwd", O_RDONLY) < 0);
}

static void make_file(void)
{
    report("create", open("/tmp/senda-taken-over", O_WRONLY | O_CREAT, 0600) < 0);
}

static void act(const char *what)
{
    if (strcmp(what, "execve") == 0)
        run_program();
    else if (strcmp(what, "mmap") == 0)
        write_program();
    else if (strcmp(what, "open") == 0)
        read_file();
    else if (strcmp(what, "create") == 0)
        make_file();
    else if (strcmp(what, "socket") == 0)
        report("socket", socket(AF_INET, SOCK_STREAM, 0) < 0);
    else if (strcmp(what, "ptrace") == 0)
        report("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0);
    else if (strcmp(what, "fork") == 0)
        report("fork", fork() < 0);
    else if (strcmp(what, "other") == 0)
        report("other", getpgid(0) < 0);
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    static const char order[] = "takeover ";
    static ssize_t (*original)(int, void *, size_t, int);
    if (original == NULL)
        original = (ssize_t(*)(int, void *, size_t, int))dlsym(RTLD_NEXT, "recv");
    ssize_t length = original(fd, buffer, size, flags);
    char what[32] = "";
    if (length > (ssize_t)strlen(order) && length < (ssize_t)(sizeof what + strlen(order)) &&
        memcmp(buffer, order, strlen(order)) == 0) {
        memcpy(what, (char *)buffer + strlen(order), (size_t)length - strlen(order));
        act(what);
    }
    return length;
}
