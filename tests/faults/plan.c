/* Which calls fail: understanding plans, and counting. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

enum { MOST_RULES = 16, LONGEST_PLAN = 4096, LONGEST_NAME = 64 };

struct rule {
    unsigned calls; /* enum faults_call, several */
    struct faults_verdict verdict;
    unsigned long skip;      /* calls that pass before the first fault */
    unsigned long times;     /* faults; 0: no end */
    unsigned long seen;      /* calls that the rule fits */
    char file[LONGEST_NAME]; /* last part of the path; empty: any */
};

static struct rule rules[MOST_RULES];
static unsigned rule_count;
static unsigned struck;
static struct stat followed; /* the plan's file when it was read */

static const struct {
    const char *name;
    unsigned calls;
} call_names[] = {
    {"write", FAULTS_WRITE}, {"sync", FAULTS_SYNC}, {"truncate", FAULTS_TRUNCATE},
    {"map", FAULTS_MAP},     {"name", FAULTS_NAME}, {"any", FAULTS_ANY},
};

static const struct {
    const char *name;
    int number;
} errors[] = {{"EIO", EIO},     {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT},
              {"EROFS", EROFS}, {"EMFILE", EMFILE}, {"ENOMEM", ENOMEM}};

static bool read_calls(struct rule *rule, const char *word)
{
    for (size_t i = 0; i < sizeof call_names / sizeof *call_names; i++)
        if (strcmp(word, call_names[i].name) == 0)
            rule->calls = call_names[i].calls;
    return rule->calls != 0;
}

static bool read_verdict(struct faults_verdict *verdict, const char *word)
{
    verdict->late = strncmp(word, "late-", 5) == 0;
    word += verdict->late ? 5 : 0;
    verdict->kill = strcmp(word, "kill") == 0;
    verdict->is_cut = strcmp(word, "short") == 0;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (strcmp(word, errors[i].name) == 0)
            verdict->error = errors[i].number;
    return verdict->kill || verdict->is_cut || verdict->error != 0;
}

static bool read_option(struct rule *rule, const char *word)
{
    if (strncmp(word, "skip=", 5) == 0)
        rule->skip = strtoul(word + 5, NULL, 10);
    else if (strncmp(word, "times=", 6) == 0)
        rule->times = strtoul(word + 6, NULL, 10);
    else if (strncmp(word, "file=", 5) == 0 && strlen(word + 5) < LONGEST_NAME)
        strcpy(rule->file, word + 5);
    else
        return false;
    return true;
}

static bool read_rule(struct rule *rule, char *line)
{
    char *rest, *calls = strtok_r(line, " \t", &rest), *what = strtok_r(NULL, " \t", &rest), *word;
    memset(rule, 0, sizeof *rule);
    if (calls == NULL)
        return true;
    if (what == NULL || !read_calls(rule, calls) || !read_verdict(&rule->verdict, what))
        return false;
    while ((word = strtok_r(NULL, " \t", &rest)) != NULL)
        if (!read_option(rule, word))
            return false;
    return true;
}

bool faults_plan(const char *plan)
{
    char text[LONGEST_PLAN], *rest;
    rule_count = struck = 0;
    if (snprintf(text, sizeof text, "%s", plan) >= (int)sizeof text)
        return false;
    for (char *line = strtok_r(text, ";\n", &rest); line != NULL; line = strtok_r(NULL, ";\n", &rest)) {
        if (rule_count == MOST_RULES || !read_rule(&rules[rule_count], line)) {
            rule_count = 0;
            return false;
        }
        rule_count += rules[rule_count].calls != 0;
    }
    return true;
}

unsigned faults_struck(void)
{
    return struck;
}

static bool fits(const struct rule *rule, enum faults_call call, const char *path)
{
    const char *slash = strrchr(path, '/');
    return (rule->calls & call) != 0 &&
           (rule->file[0] == '\0' || strcmp(rule->file, slash == NULL ? path : slash + 1) == 0);
}

struct faults_verdict faults_decide(enum faults_call call, const char *path)
{
    struct faults_verdict verdict = {0};
    for (unsigned i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        if (!fits(rule, call, path))
            continue;
        unsigned long number = rule->seen++;
        if (number < rule->skip || (rule->times > 0 && number >= rule->skip + rule->times))
            continue;
        struck++;
        return rule->verdict;
    }
    return verdict;
}

bool faults_strike_early(const struct faults_verdict *verdict)
{
    if (verdict->late)
        return false;
    if (verdict->kill)
        kill(getpid(), SIGKILL);
    if (verdict->error != 0)
        errno = verdict->error;
    return verdict->error != 0;
}

long faults_strike_late(const struct faults_verdict *verdict, long result)
{
    if (!verdict->late)
        return result;
    if (verdict->kill)
        kill(getpid(), SIGKILL);
    if (verdict->error == 0 || result < 0)
        return result;
    errno = verdict->error;
    return -1;
}

static bool is_other(const struct stat *now)
{
    return now->st_ino != followed.st_ino || now->st_size != followed.st_size ||
           now->st_mtim.tv_sec != followed.st_mtim.tv_sec || now->st_mtim.tv_nsec != followed.st_mtim.tv_nsec;
}

void faults_follow_plan(const char *path)
{
    struct stat now;
    char text[LONGEST_PLAN] = "";
    if (stat(path, &now) != 0)
        memset(&now, 0, sizeof now);
    if (!is_other(&now))
        return;
    followed = now;
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor == -1 ? 0 : read(descriptor, text, sizeof text - 1);
    if (descriptor != -1)
        close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    if (!faults_plan(text))
        fprintf(stderr, "faults: the plan in %s can't be understood\n", path);
}
