/* Lists of those that wait equally long. */
#include "serve/patience.h"

#include <stddef.h>

void patience_create(struct patience *patience, uint64_t ms)
{
    list_create(&patience->waiting);
    patience->ms = ms;
}

void patience_node_create(struct patience_node *node)
{
    list_create(&node->node);
    node->since_ms = 0;
}

void patience_begin(struct patience *patience, struct patience_node *node, uint64_t now_ms)
{
    list_remove(&node->node);
    list_append(&patience->waiting, &node->node);
    node->since_ms = now_ms;
}

void patience_end(struct patience_node *node)
{
    list_remove(&node->node);
}

struct patience_node *patience_first_over(const struct patience *patience, uint64_t now_ms)
{
    _Static_assert(offsetof(struct patience_node, node) == 0, "a node is a member of the list");
    struct patience_node *first = (struct patience_node *)patience->waiting.after;
    if (list_is_empty(&patience->waiting) || now_ms < first->since_ms + patience->ms)
        return NULL;
    return first;
}
