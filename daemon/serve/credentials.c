/*
 * The kernel asks the file's mode when somebody connects. It does not for sockets without a file, which are
 * anyone's, nor again for a mode that has been made stricter since the file was opened to others.
 */
#include "serve/credentials.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool credentials_read(int fd, struct credentials *out)
{
    struct ucred peer;
    socklen_t size = sizeof peer, groups_size = sizeof out->groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    out->pid = peer.pid;
    out->uid = peer.uid;
    out->gid = peer.gid;
    bool listed = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, out->groups, &groups_size) == 0;
    out->group_count = listed ? groups_size / sizeof *out->groups : 0;
    return true;
}

static bool is_member(const struct credentials *peer, gid_t group)
{
    for (size_t i = 0; i < peer->group_count; i++)
        if (peer->groups[i] == group)
            return true;
    return peer->gid == group;
}

bool credentials_allow(const struct credentials *peer, uid_t own, const struct stat *file)
{
    if (peer->uid == 0 || peer->uid == own)
        return true;
    if (file == NULL)
        return false;
    if (peer->uid == file->st_uid)
        return (file->st_mode & S_IWUSR) != 0;
    if (is_member(peer, file->st_gid))
        return (file->st_mode & S_IWGRP) != 0;
    return (file->st_mode & S_IWOTH) != 0;
}

bool credentials_may_enter(const struct credentials *peer, int listening)
{
    struct sockaddr_un address = {0};
    struct stat file;
    socklen_t size = sizeof address - 1;
    bool named = getsockname(listening, (struct sockaddr *)&address, &size) == 0 &&
                 address.sun_family == AF_UNIX && address.sun_path[0] != '\0' &&
                 stat(address.sun_path, &file) == 0;
    return credentials_allow(peer, geteuid(), named ? &file : NULL);
}
