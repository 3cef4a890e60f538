/* The listening sockets: opened here or inherited from systemd, handed to every worker. */
#ifndef SENDA_SUPERVISE_SOCKETS_H
#define SENDA_SUPERVISE_SOCKETS_H

#include <sys/types.h>

#include "base/error.h"
#include "config/config.h"

struct listener {
    int fd;         /* listening, not waiting, closed on exec; owned */
    bool control;   /* for operators */
    bool tls;       /* its clients have to speak TLS */
    bool inherited; /* from systemd, who also owns the file of a Unix socket */
    char *name;     /* as people write it, with the port that was really taken; owned */
    char *path;     /* of a Unix socket that was made here; NULL otherwise; owned */
    dev_t device;   /* of that file, so that only our own is removed */
    ino_t inode;    /* the same */
};

struct sockets {
    struct listener *list; /* owned; ends with the control socket, if any */
    size_t count;          /* how many */
};

/*
 * Takes what systemd passes ($LISTEN_FDS; one named "control" is for operators, one named "tls" speaks TLS),
 * and opens what the configuration asks for where nothing of that kind was passed. A socket that other
 * machines can reach is refused without a token.
 */
bool sockets_open(struct sockets *sockets, const struct config *config, struct error *error) MUST_CHECK;

/* Then they stay open elsewhere, and whoever waits to be accepted needs not be answered by us. */
bool sockets_are_all_inherited(const struct sockets *sockets);

/* Closes them and removes the files of Unix sockets that were made here. */
void sockets_close(struct sockets *sockets);

#endif
