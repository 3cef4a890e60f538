/* Loading a folder with a worker's limits. */
#include "ctl/local_site.h"

#include <unistd.h>

enum {
    DEADLINE_MS = 20,
    SCRIPT_MEMORY = 8 * 1024 * 1024,
    LOAD_MEMORY = 256 * 1024 * 1024,
};

static struct bundle *read_bundle(const char *directory, struct error *error)
{
    int fd = bundle_read(directory, error);
    if (fd < 0)
        return NULL;
    struct bundle *bundle = bundle_map(fd, error);
    close(fd);
    return bundle;
}

/* The last part of the path: the site's name where it has no other. */
static const char *folder_name(const char *directory)
{
    const char *slash = strrchr(directory, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : directory;
}

static bool load(struct local_site *site, const char *directory, struct error *error)
{
    struct engine_options options = {.deadline = &site->deadline,
                                     .deadline_ms = DEADLINE_MS,
                                     .script_memory = SCRIPT_MEMORY,
                                     .load_memory = LOAD_MEMORY,
                                     .metrics = &site->slot};
    struct flow_options flow_options = {.slots = &site->slot, .slot_count = 1, .workers = 1};
    site->bundle = read_bundle(directory, error);
    if (site->bundle == NULL || !flow_create(&site->flow, &flow_options, error))
        return false;
    site->engine = engine_load(site->bundle, folder_name(directory), &options, &site->problems, error);
    site->flow.engine = site->engine;
    if (site->engine != NULL || site->problems.errors > 0)
        return true;
    flow_destroy(&site->flow);
    return false;
}

bool local_site_create(struct local_site *site, const char *directory, struct error *error)
{
    *site = (struct local_site){.bundle = NULL};
    if (!deadline_create(&site->deadline, error))
        return false;
    problems_create(&site->problems);
    if (load(site, directory, error))
        return true;
    bundle_unmap(site->bundle);
    problems_destroy(&site->problems);
    deadline_destroy(&site->deadline);
    return false;
}

void local_site_destroy(struct local_site *site)
{
    engine_free(site->engine);
    flow_destroy(&site->flow);
    bundle_unmap(site->bundle);
    problems_destroy(&site->problems);
    deadline_destroy(&site->deadline);
}
