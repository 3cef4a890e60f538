/* What a command of sendactl is, and how it ends. */
#ifndef SENDA_CTL_COMMAND_H
#define SENDA_CTL_COMMAND_H

/* Exit codes; scripts rely on them, and CTL_EXIT_HELP tells people. */
enum ctl_exit {
    CTL_EXIT_OK = 0,          /* done; the answer is yes */
    CTL_EXIT_NO = 1,          /* done; the answer is no, problems were found, or it could not be printed */
    CTL_EXIT_USAGE = 2,       /* the command line is not understood */
    CTL_EXIT_UNREACHABLE = 3, /* no daemon answers */
    CTL_EXIT_REFUSED = 4,     /* the daemon answered with an error */
};

/* With --json the code of an error that is no answer of the daemon's. */
#define CTL_UNREACHABLE "UNREACHABLE"

#define CTL_EXIT_HELP                                                                                        \
    "Exit codes: 0 done; 1 done, but the answer is no, problems were found, or not everything could be "     \
    "printed; 2 the command line is not understood; 3 no daemon answers; 4 the daemon refused."

struct ctl_command {
    const char *name;    /* what people type; NULL ends the table */
    const char *summary; /* a few words for the list of commands */
    /* Parses its own arguments (argv[0] is "sendactl NAME") and returns its exit code. */
    enum ctl_exit (*run)(int argc, char **argv);
    const struct ctl_command *below; /* commands of its own, of which `run` finds one; NULL: none */
};

/* In the order in which help lists them; one file in this directory for each. */
extern const struct ctl_command ctl_commands[];

/* Of a table such as ctl_commands; NULL where it has no command of that name. */
const struct ctl_command *ctl_command_find(const struct ctl_command *table, const char *name);

/* The command that was perhaps meant; NULL where none is near. */
const struct ctl_command *ctl_command_nearest(const struct ctl_command *table, const char *name);

enum ctl_exit ctl_ask(int argc, char **argv);
enum ctl_exit ctl_backup(int argc, char **argv);
enum ctl_exit ctl_bench(int argc, char **argv);
enum ctl_exit ctl_check(int argc, char **argv);
enum ctl_exit ctl_demo(int argc, char **argv);
enum ctl_exit ctl_explain(int argc, char **argv);
enum ctl_exit ctl_identify(int argc, char **argv);
enum ctl_exit ctl_map(int argc, char **argv);
enum ctl_exit ctl_log(int argc, char **argv);
enum ctl_exit ctl_ping(int argc, char **argv);
enum ctl_exit ctl_profile(int argc, char **argv);
enum ctl_exit ctl_reload(int argc, char **argv);
enum ctl_exit ctl_restore(int argc, char **argv);
enum ctl_exit ctl_stats(int argc, char **argv);
enum ctl_exit ctl_test(int argc, char **argv);
enum ctl_exit ctl_track(int argc, char **argv);

#endif
