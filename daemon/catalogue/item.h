/*
 * The part of a recommended item that is the same in every reply: offer, kind, title, url and data, encoded
 * once for each locale as the first ITEM_FIXED_FIELDS entries of the item's map.
 */
#ifndef SENDA_CATALOGUE_ITEM_H
#define SENDA_CATALOGUE_ITEM_H

#include "catalogue/snapshot.h"

enum { ITEM_FIXED_FIELDS = 5 };

/* Fills offer->items for every locale in which the offer has a title. False when memory is out. */
MUST_CHECK bool item_encode(struct snapshot *snapshot, struct offer *offer);

/* The locale in which the offer is shown to who asked for `asked`: that, else `otherwise`, else
 * SNAPSHOT_NONE. */
uint32_t item_locale(const struct offer *offer, uint32_t asked, uint32_t otherwise);

#endif
