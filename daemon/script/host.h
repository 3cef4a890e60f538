/* What the authoring library is given by the program around: files, zones, CSV, and running marketers' files.
 */
#ifndef SENDA_SCRIPT_HOST_H
#define SENDA_SCRIPT_HOST_H

#include <lua.h>

#include "catalogue/bundle.h"
#include "script/sandbox.h"

struct host {
    const struct bundle *bundle; /* borrowed */
    const char *directory;       /* the folder's name; borrowed */
    uint32_t file_ms;            /* milliseconds that one file may run; 0: as sandbox_limits_load says */
};

/* Of one file while it loads. */
struct sandbox_limits host_limits(const struct host *host);

/* Sets `require` for the modules of scripts/lib ("senda.site" is lib/site.lua). Raises Lua errors. */
void host_open_modules(lua_State *L);

/* Pushes the host table of scripts/lib/site.lua; `host` must outlive the loading. Raises Lua errors. */
void host_push(lua_State *L, struct host *host);

#endif
