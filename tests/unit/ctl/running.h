/* Running sendactl itself: its exit code, and what it wrote. */
#ifndef SENDA_TESTS_CTL_RUNNING_H
#define SENDA_TESTS_CTL_RUNNING_H

#include "folder.h"

#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <sys/wait.h>

#include "ctl/command.h"

enum { RUNNING_ARGUMENTS = 8, RUNNING_OUTPUT = 65536 };

extern char **environ;

/* What the last run left. */
static char running_out[RUNNING_OUTPUT], running_err[RUNNING_OUTPUT];

static inline void running_read_back(FILE *file, char *text)
{
    rewind(file);
    text[fread(text, 1, RUNNING_OUTPUT - 1, file)] = '\0';
    fclose(file);
}

/* Runs sendactl with up to RUNNING_ARGUMENTS arguments; returns its exit code. */
static inline int running_run(const char *const arguments[RUNNING_ARGUMENTS])
{
    char *argv[RUNNING_ARGUMENTS + 2] = {(char *)(uintptr_t) "sendactl"};
    FILE *out = tmpfile(), *err = tmpfile();
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;
    assert_true(out != NULL && err != NULL);
    for (size_t i = 0; i < RUNNING_ARGUMENTS && arguments[i] != NULL; i++)
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(out), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(err), 2);
    assert_int_equal(posix_spawn(&pid, SENDACTL, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    running_read_back(out, running_out);
    running_read_back(err, running_err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define RUN(...) running_run((const char *const[RUNNING_ARGUMENTS]){__VA_ARGS__})

static inline void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

/* What the last run wrote to standard output, which is one JSON value; to be given back. */
static inline json_t *running_json(void)
{
    json_error_t error;
    json_t *value = json_loads(running_out, 0, &error);
    if (value == NULL)
        fail_msg("%s in:\n%s", error.text, running_out);
    return value;
}

static inline void assert_json_text(const json_t *map, const char *key, const char *expected)
{
    const char *value = json_string_value(json_object_get(map, key));
    if (value == NULL)
        fail_msg("no text '%s'", key);
    assert_string_equal(value, expected);
}

static inline void assert_json_number(const json_t *map, const char *key, json_int_t expected)
{
    assert_true(json_is_integer(json_object_get(map, key)));
    assert_int_equal(json_integer_value(json_object_get(map, key)), expected);
}

#endif
