/* Running sendactl itself against a mock daemon, which answers meanwhile as the test wants. */
#ifndef SENDA_TESTS_CTL_COMMANDING_H
#define SENDA_TESTS_CTL_COMMANDING_H

#include "../mock_daemon.h"

#include "ctl/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

enum { OUTPUT = 65536 };

struct fixture {
    struct mock_daemon mock; /* the daemon */
    struct event *child;     /* SIGCHLD */
    pid_t pid;               /* of sendactl */
    int code;                /* how it ended; -1: it runs */
    char out[OUTPUT];        /* what it wrote to standard output */
    char err[OUTPUT];        /* and to standard error */
    size_t answers;          /* that the daemon gave */
};

static inline void on_child(evutil_socket_t signal_number, short what, void *context)
{
    struct fixture *fixture = context;
    int status;
    (void)signal_number;
    (void)what;
    if (waitpid(fixture->pid, &status, WNOHANG) == fixture->pid)
        fixture->code = WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}

static inline int commanding_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    mock_create(&fixture->mock);
    fixture->mock.base = event_base_new();
    fixture->mock.context = fixture;
    mock_listen(&fixture->mock);
    fixture->child = evsignal_new(fixture->mock.base, SIGCHLD, on_child, fixture);
    event_add(fixture->child, NULL);
    setenv("SENDA_ADDRESS", fixture->mock.address, 1);
    setenv("SENDA_CONTROL", fixture->mock.address, 1);
    unsetenv("SENDA_TOKEN");
    *state = fixture;
    return 0;
}

static inline int commanding_teardown(void **state)
{
    struct fixture *fixture = *state;
    event_free(fixture->child);
    mock_destroy(&fixture->mock);
    event_base_free(fixture->mock.base);
    free(fixture);
    return 0;
}

static inline void read_back(const char *path, char *text)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    text[fread(text, 1, OUTPUT - 1, file)] = '\0';
    fclose(file);
    unlink(path);
}

/* Runs sendactl with up to seven arguments, the daemon answering meanwhile; returns its exit code. */
static inline int run(struct fixture *fixture, const char *const arguments[8])
{
    char out[128], err[128], *argv[10] = {(char *)(uintptr_t) "sendactl"};
    posix_spawn_file_actions_t actions;
    snprintf(out, sizeof out, "%s/out", fixture->mock.directory);
    snprintf(err, sizeof err, "%s/err", fixture->mock.directory);
    for (size_t i = 0; i < 8 && arguments[i] != NULL; i++)
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    fixture->code = -1;
    assert_int_equal(posix_spawn(&fixture->pid, SENDACTL, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    while (fixture->code == -1)
        assert_int_equal(event_base_loop(fixture->mock.base, EVLOOP_ONCE), 0);
    read_back(out, fixture->out);
    read_back(err, fixture->err);
    return fixture->code;
}

#define RUN(fixture, ...) run((fixture), (const char *const[8]){__VA_ARGS__})

static inline void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

#endif
