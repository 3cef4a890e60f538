/* What events do to the offers that they are about: stock, promises, history and figures. */
#ifndef SENDA_LEDGER_TOUCHED_H
#define SENDA_LEDGER_TOUCHED_H

#include "ledger/work.h"

/*
 * Finds them: the one that the event names; else those of its decision, if the store knows them. An
 * impression is about all of these, since they were shown together, anything else about the only one: events
 * that touch no offer, too, so that rules may ask for it. Has read what the others here need. The document
 * may be NULL.
 */
void touched_collect(struct work *work, struct step *step, struct document *document);

/* The event's decision is known no more: somebody was erased meanwhile. */
void touched_forget_decision(struct step *step);

/* An impression takes what was promised, and confirms it once. `counts`: also what nobody had promised. */
void touched_show(struct work *work, const struct step *step, const struct document *document, bool counts);

/* Adds to the customer's history, and takes reservations back. */
void touched_remember(struct work *work, const struct step *step, struct customer *customer);

/*
 * Counts where the event's decision was taken, if the store knows that; else where the customer stood when it
 * happened. Visitors stand nowhere.
 */
void touched_count_in(struct work *work, const struct step *step, struct path_place place);

#endif
