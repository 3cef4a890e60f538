/* Applying profile.set and profile.restrict. */
#include "ledger/profile.h"

#include <msgpack/unpack.h>

#include "wire/value.h"

/* Whether the stage can be set at all, tried on somebody who does not exist. */
static bool check_stage(struct work *work, struct step *step)
{
    const struct command *command = &step->command;
    struct customer nobody;
    struct funnel nothing;
    struct error error = {.code = ERROR_NONE};
    if (command->stage.length == 0)
        return true;
    customer_create(&nobody, &work->arena, TEXT(""), command->at_ms);
    funnel_create(&nothing);
    struct path path = work->path;
    path.funnel = &nothing;
    bool valid = path_set(&path, &nobody, command->journey, command->stage, command->at_ms, &error);
    funnel_destroy(&nothing);
    if (!valid)
        step_fail(work, step, error.code, "%s", error.message);
    return valid;
}

static bool is_consents(const msgpack_object *map)
{
    struct text name;
    if (map->type != MSGPACK_OBJECT_MAP)
        return false;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (!value_text(&pair->key, &name) || pair->val.type != MSGPACK_OBJECT_BOOLEAN)
            return false;
    }
    return map->via.map.size <= CUSTOMER_CONSENTS_MOST;
}

/* The consents of the command, in `unpacked`, which is to be destroyed; no map: none were given. */
static bool read_consents(struct work *work, struct step *step, msgpack_unpacked *unpacked)
{
    struct text bytes = step->command.consents;
    msgpack_unpacked_init(unpacked);
    if (bytes.length == 0)
        return true;
    msgpack_unpack_return status = msgpack_unpack_next(unpacked, bytes.bytes, bytes.length, NULL);
    if (status == MSGPACK_UNPACK_SUCCESS && is_consents(&unpacked->data))
        return true;
    if (status == MSGPACK_UNPACK_NOMEM_ERROR)
        work_run_out(work);
    step_fail(work, step, ERROR_INVALID, "consents: expected a map of at most %d names to true or false",
              CUSTOMER_CONSENTS_MOST);
    return false;
}

static void set_consents(struct work *work, struct step *step, struct customer *customer,
                         const msgpack_object *map)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        struct text name;
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (value_text(&pair->key, &name) &&
            !customer_set_consent(customer, name, pair->val.via.boolean, step->command.at_ms))
            work_run_out(work);
    }
}

/* Traits are checked by merging: into somebody new who is nobody yet if they cannot be. */
static bool set_traits(struct work *work, struct step *step, struct document *document)
{
    struct error error = {.code = ERROR_NONE};
    if (document->state != DOCUMENT_PRESENT)
        customer_create(&document->customer, &work->arena, document->id, step->command.at_ms);
    if (step->command.properties.length == 0 ||
        customer_merge_traits(&document->customer, step->command.properties, &error))
        return true;
    if (error.code == ERROR_INTERNAL)
        work_run_out(work);
    step_fail(work, step, error.code, "%s", error.message);
    return false;
}

static void set_text(struct work *work, struct text *kept, struct text given)
{
    if (given.bytes == NULL)
        return;
    *kept = given.length == 0 ? (struct text){NULL, 0} : work_copy(work, given);
}

/*
 * Nothing is left that could be refused. Who is new enters the journey where the command puts them; who is
 * restricted goes nowhere unless it says so.
 */
static void set_all(struct work *work, struct step *step, struct document *document,
                    const msgpack_object *consents)
{
    const struct command *command = &step->command;
    struct customer *customer = &document->customer;
    document->state = DOCUMENT_PRESENT;
    document->changed = true;
    set_consents(work, step, customer, consents);
    set_text(work, &customer->persona, command->persona);
    set_text(work, &customer->locale, command->locale);
    uint64_t before = work_places(customer);
    if (command->stage.length > 0 &&
        !path_set(&work->path, customer, command->journey, command->stage, command->at_ms, NULL))
        work_run_out(work);
    document->moved |= work_places(customer) != before;
    if (!customer->restricted)
        work_meet_customer(work, document, command->at_ms);
    step->outcome->outcome.accepted = true;
    step->outcome->outcome.moved = work_places(customer) != before;
    step_tell_place(work, step, customer);
}

void profile_set(struct work *work, struct step *step)
{
    struct document *document = step_canonical(work, step, step->customer);
    msgpack_unpacked consents;
    if (document == NULL || !check_stage(work, step))
        return;
    if (read_consents(work, step, &consents) && set_traits(work, step, document))
        set_all(work, step, document, &consents.data);
    msgpack_unpacked_destroy(&consents);
}

void profile_restrict(struct work *work, struct step *step)
{
    struct document *document = step_canonical(work, step, step->customer);
    if (document == NULL)
        return;
    if (document->state != DOCUMENT_PRESENT && !step->command.restricted) {
        step_fail(work, step, ERROR_NOT_FOUND, "customer: never seen");
        return;
    }
    work_make_customer(work, document, step->command.at_ms);
    document->customer.restricted = step->command.restricted;
    document->changed = true;
    step->outcome->outcome.accepted = true;
    step_tell_place(work, step, &document->customer);
}
