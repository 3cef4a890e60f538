/* What the parts of the supervisor share: its state, and what they ask of each other. */
#ifndef SENDA_SUPERVISE_SUPERVISOR_INTERNAL_H
#define SENDA_SUPERVISE_SUPERVISOR_INTERNAL_H

#include <sys/types.h>

#include "base/metrics.h"
#include "catalogue/bundle.h"
#include "config/config.h"
#include "flow/tokens.h"
#include "ledger/shared.h"
#include "supervise/channel.h"
#include "supervise/pulse.h"
#include "supervise/reload.h"
#include "supervise/sockets.h"

struct event;
struct event_base;
struct supervisor;

enum process_role { PROCESS_WORKER, PROCESS_LEDGER, PROCESS_TRIAL };

/* A worker, the ledger or the trial, as its supervisor sees it. */
struct process {
    struct supervisor *supervisor; /* whose it is */
    enum process_role role;
    unsigned number;         /* from 0; its slot in the metrics page; the ledger's is behind the workers', the
                                trial's behind our own */
    pid_t pid;               /* 0: it is dead and waits for its restart */
    int channel;             /* our end; -1 while dead; owned */
    struct event *readable;  /* the channel has something; owned; NULL while dead */
    struct event *restart;   /* the end of the wait after a quick death; owned; NULL: it never comes back by
                                itself */
    uint64_t started_ms;     /* monotonic */
    uint64_t delay_ms;       /* the last wait before a restart; 0: it lived long enough to need none */
    uint64_t closed_ms;      /* monotonic; when its channel ended; 0: it is open */
    uint64_t stopped_ms;     /* monotonic; since when a signal holds it (SIGSTOP); 0: it may run */
    uint64_t script_ms;      /* monotonic; when the script was entered that was seen last; 0: none was */
    uint64_t script_used_ms; /* processor time of the process when that was first seen */
    uint32_t serving;        /* generation that it serves; 0: none */
    const char *killed_because; /* why we killed it; NULL: we didn't */
};

/* One site's bytes. */
struct site {
    int fd;        /* sealed memory file; -1: none; owned */
    int access_fd; /* likewise: tokens and certificate, which change together with the site */
    char version[BUNDLE_VERSION_SIZE]; /* hex digits */
};

/* Those behind a worker's control socket who wait for the outcome of a reload. */
struct waiter {
    unsigned worker;  /* whose connections they are */
    pid_t pid;        /* of that worker; another one has never heard of the tickets */
    uint64_t ticket;  /* the worker's own number for the first of them */
    uint64_t tickets; /* how many; the numbers follow one another */
};

enum {
    MOST_WAITERS = 256,
    REFUSAL_SIZE = 256, /* bytes of a problem that are remembered */
    TOLD_SIZE = 512,    /* bytes of the longest status */
};

struct waiters {
    struct waiter list[MOST_WAITERS]; /* in order of asking */
    size_t count;                     /* how many */
};

struct supervisor {
    struct config *config;         /* borrowed; changed only to forget its token */
    struct sockets sockets;        /* listening; closed when stopping begins */
    uint8_t token_key[TOKENS_KEY]; /* of the tokens' digests */
    bool needs_token;              /* clients on TCP have to show one; fixed from the start on */
    bool needs_tls;                /* some listener speaks TLS; likewise */
    int state_lock;                /* holds the state folder; -1: there is none */
    struct metrics_slot *slots;    /* one for each process below, then our own, then the trial's */
    size_t slot_count;             /* how many */
    struct shared *shared;         /* between workers and ledger; owned; NULL: there is no ledger */

    struct event_base *base; /* the loop */
    struct event *signals;   /* some signal came */
    struct event *watch;     /* time to look for stuck workers */
    struct event *watchdog;  /* time to tell systemd that we live; NULL: it doesn't ask */
    struct event *deadline;  /* the time for draining is over */
    int signal_fd;           /* behind `signals` */
    uint64_t watched_ms;     /* monotonic; when we last looked for stuck workers */

    struct process *processes; /* the workers, then the ledger where there is one; owned */
    size_t worker_count;       /* fixed from the start on */
    size_t process_count;      /* likewise */
    struct process trial;      /* lives while a site is tried */

    struct reload reload;       /* the phase, and who has yet to answer */
    struct site committed;      /* what is served, and what a restarted worker loads */
    struct site candidate;      /* what is being loaded; fd -1 once that is decided */
    struct waiters asking;      /* who waits for the reload that goes on */
    struct waiters next;        /* who asked since; the files may have changed, so it takes one more */
    bool again;                 /* one more reload is due when this one is over */
    uint32_t warned;            /* last generation whose warnings were logged */
    bool ready;                 /* the first site is served */
    bool stopping;              /* on the way out */
    bool finished;              /* nobody is left: the loop ends, or does not begin */
    bool gives_up;              /* whoever was left is killed */
    bool drains_ledger;         /* the workers are gone; the ledger is told to end */
    int exit_code;              /* of the process */
    struct pulse pulse;         /* the last signs of life */
    char refusal[REFUSAL_SIZE]; /* moment and first problem of the last site, if it was refused; else empty */
    char told[TOLD_SIZE];       /* the status that systemd was last told */
    struct channel_inbox inbox; /* last message of a worker */
};

/* supervisor.c */

/* Drains the workers and ends with that code; from the second call on, kills them. */
void supervisor_stop(struct supervisor *supervisor, int exit_code);
/* While stopping: the ledger goes last, since the workers still wait for it; ends the loop when nobody is
 * left. */
void supervisor_stop_on(struct supervisor *supervisor);

/* process.c */

enum { PROCESS_NAME_SIZE = 32 };
/* "worker-3" or "ledger". */
const char *process_name(const struct process *process, char out[PROCESS_NAME_SIZE]);

/* Forks the process and hands it the site that it has to load. */
void process_start(struct process *process);
void process_send(struct process *process, const struct channel_message *message);
void process_kill(struct process *process, const char *because);
/* Ends it without a word: it has done what it was there for. */
void process_dismiss(struct process *process);
/* Looks which processes ended, were stopped, or go on. */
void process_reap_all(struct supervisor *supervisor);
/* Nobody does while stopping, but for the ledger: until the workers are gone it is needed. */
bool process_comes_back(const struct process *process);
/* Among the first `count` processes: the workers come first. */
bool process_any_alive(const struct supervisor *supervisor, size_t count);

/* watch.c */

/* Kills those that do not go on; starts those whose restart was lost. */
void watch_processes(struct supervisor *supervisor);
/* How often that is to be done. */
uint64_t watch_interval_ms(const struct config *config);
/* How long a loop may stand still before its process is killed. */
uint64_t watch_loop_limit_ms(const struct config *config);

/* site.c */

/* Reads the folder and begins to try it; later, if a reload goes on. `waiter` may be NULL. */
void site_request(struct supervisor *supervisor, const struct waiter *waiter);
/* The same for the first site; false where the folder can't be read. */
bool site_begin_first(struct supervisor *supervisor, struct error *error) MUST_CHECK;
/* What a new worker has to load. */
void site_offer(struct supervisor *supervisor, struct process *process);
/* A message about a site, of a worker, the ledger or the trial. */
void site_take(struct supervisor *supervisor, struct process *process, const struct channel_message *message);
/* One of them died; `how` is for those who wait for a reload. */
void site_lose(struct supervisor *supervisor, const struct process *process, const char *how);
/* Ends a reload that goes on, and tells all who wait that nothing comes of it. */
void site_give_up(struct supervisor *supervisor, const char *why);
void site_close(struct site *site);

#endif
