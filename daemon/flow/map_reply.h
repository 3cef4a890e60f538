/* Writing down a journey map: what marketers drew, with the figures of a window of days. */
#ifndef SENDA_FLOW_MAP_REPLY_H
#define SENDA_FLOW_MAP_REPLY_H

#include "base/buffer.h"
#include "catalogue/snapshot.h"
#include "ledger/map.h"

/* The result of journey.map; `snapshot` is the site that the map was read with. */
void map_reply(const struct snapshot *snapshot, const struct map *map, struct buffer *out);

#endif
