/* Who is at the other end of a Unix socket, and whether the mode of its file lets them in. */
#ifndef SENDA_SERVE_CREDENTIALS_H
#define SENDA_SERVE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { CREDENTIALS_GROUPS = 256 }; /* of the peer's that are looked at */

struct credentials {
    pid_t pid;                        /* of the process that connected; 0: of a foreign namespace */
    uid_t uid;                        /* its user, when it connected */
    gid_t gid;                        /* its group */
    gid_t groups[CREDENTIALS_GROUPS]; /* its other groups */
    size_t group_count;
};

/* Of a connected Unix socket; false where the kernel does not say. */
bool credentials_read(int fd, struct credentials *out);

/*
 * Root and the user that the daemon runs as always; anyone else as the mode of the socket's file has it for
 * writing. `file` NULL: there is no such file.
 */
bool credentials_allow(const struct credentials *peer, uid_t own, const struct stat *file);

/* credentials_allow for who has connected by the listening socket, whose file is looked for. */
bool credentials_may_enter(const struct credentials *peer, int listening);

#endif
