/* Joining one customer into another one. */
#include "ledger/join.h"

#include "ledger/known.h"
#include "ledger/timers.h"

/* Ids that lead to the one that goes are to lead to the one that stays. */
static void want_aliases(struct work *work, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->alias_count; i++)
        documents_want(&work->documents, customer->aliases[i]);
}

/*
 * All pieces of the one who stays are looked at, so that none is written over by one that is taken over; also
 * where the other one is not known yet: commands before this one may make them.
 */
void join_collect(struct work *work, struct step *step)
{
    struct document *from = document_canonical(step->anonymous), *into = document_canonical(step->customer);
    if (from == NULL || into == NULL || from == into)
        return;
    work_scan_own_keys(work, from, from->id);
    known_collect(work, into);
    work_scan_own_keys(work, into, into->id);
    if (from->state == DOCUMENT_PRESENT)
        want_aliases(work, &from->customer);
}

/* Decisions and promises name nobody in their keys: they only hang at the other document. */
static void move_key(struct work *work, struct document *into, struct document *from, struct entry *entry)
{
    struct text id;
    char part;
    bool piece = known_is_piece(entry), named = piece || key_read_customer(entry->key, &id, &part);
    document_own(named ? from : into, entry);
    if (piece && entry->value.bytes != NULL)
        known_move(work, into, entry);
    else if (named && !piece && part == KEY_TIMER)
        timers_remove(work, entry);
}

static void move_keys(struct work *work, struct document *into, struct document *from)
{
    struct entry *next, *entry = from->beside;
    from->beside = NULL;
    for (; entry != NULL; entry = next) {
        next = entry->beside;
        entry->owned = false;
        move_key(work, into, from, entry);
    }
}

static void move_aliases(struct work *work, struct document *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->alias_count; i++) {
        struct document *alias = documents_want(&work->documents, from->aliases[i]);
        if (alias != NULL && alias != into)
            document_become_alias(alias, into);
    }
}

/* Counted in advance: customer_join() must not refuse what path_join() has begun. */
static bool check_aliases(struct work *work, struct step *step, const struct document *into,
                          const struct document *from)
{
    uint32_t count = 1;
    if (into->state == DOCUMENT_PRESENT)
        count += into->customer.alias_count;
    if (from->state == DOCUMENT_PRESENT)
        count += from->customer.alias_count;
    if (count <= CUSTOMER_ALIASES_MOST)
        return true;
    step_fail(work, step, ERROR_INVALID, "customer: more than %d other ids of one customer",
              CUSTOMER_ALIASES_MOST);
    return false;
}

static void join(struct work *work, struct step *step, struct document *into, struct document *from)
{
    work_make_customer(work, into, step->command.at_ms);
    if (from->state == DOCUMENT_PRESENT) {
        if (!path_join(&work->path, &into->customer, &from->customer, NULL) ||
            !customer_join(&into->customer, &from->customer, NULL))
            work_run_out(work);
        move_keys(work, into, from);
        move_aliases(work, into, &from->customer);
    } else if (!customer_add_alias(&into->customer, from->id)) {
        work_run_out(work);
    }
    document_become_alias(from, into);
    into->changed = into->moved = true;
    into->trailed = false; /* theirs are its own now */
}

void join_apply(struct work *work, struct step *step)
{
    struct document *into = step_canonical(work, step, step->customer);
    struct document *from = into == NULL ? NULL : step_canonical(work, step, step->anonymous);
    if (from == NULL || (from != into && !check_aliases(work, step, into, from)))
        return;
    if (from != into)
        join(work, step, into, from);
    if (!into->customer.restricted)
        work_meet_customer(work, into, step->command.at_ms);
    step->outcome->outcome.accepted = true;
    step->outcome->outcome.duplicate = from == into;
    step_tell_place(work, step, &into->customer);
}
