/* From a method's checked arguments to the command that the ledger carries out. */
#ifndef SENDA_FLOW_COMMAND_BUILD_H
#define SENDA_FLOW_COMMAND_BUILD_H

#include "base/buffer.h"
#include "catalogue/snapshot.h"
#include "model/command.h"
#include "wire/method.h"

/*
 * `arguments` are those of `method`, which is one that the ledger has to do with: what changes something is
 * asked for; for what only reads the store the command is COMMAND_FLUSH, to be sent before reading.
 *
 * `snapshot` resolves the names of profile.set and may be NULL while no site is loaded (ERROR_UNAVAILABLE
 * where it is needed). `packed` is cleared and holds the command's maps; the command's texts point into it,
 * into the arguments and into the snapshot, and live as long as these.
 */
MUST_CHECK bool command_build(enum method_id method, const struct arguments *arguments,
                              const struct snapshot *snapshot, int64_t now_ms, struct buffer *packed,
                              struct command *out, struct error *error);

#endif
