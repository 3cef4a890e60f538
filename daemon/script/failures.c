/* A list that grows, and never refuses. */
#include "script/failures.h"

#include <stdlib.h>

bool failures_create(struct failures *failures)
{
    *failures = (struct failures){.list = malloc(sizeof *failures->list), .room = 1};
    return failures->list != NULL;
}

void failures_destroy(struct failures *failures)
{
    free(failures->list);
    *failures = (struct failures){.list = NULL};
}

static bool grow(struct failures *failures)
{
    uint32_t room = failures->room * 2;
    struct failures_entry *list = realloc(failures->list, room * sizeof *list);
    if (list == NULL)
        return false;
    failures->list = list;
    failures->room = room;
    return true;
}

struct failures_entry *failures_add(struct failures *failures)
{
    if (failures->count == failures->room && !grow(failures))
        failures->count--;
    return &failures->list[failures->count++];
}
