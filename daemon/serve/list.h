/* A list that its members are part of. */
#ifndef SENDA_SERVE_LIST_H
#define SENDA_SERVE_LIST_H

#include <stdbool.h>

struct list_node {
    struct list_node *before, *after; /* a circle with the head in it */
};

static inline void list_create(struct list_node *head)
{
    head->before = head->after = head;
}

static inline bool list_is_empty(const struct list_node *head)
{
    return head->after == head;
}

static inline void list_append(struct list_node *head, struct list_node *node)
{
    node->before = head->before;
    node->after = head;
    head->before->after = node;
    head->before = node;
}

static inline void list_remove(struct list_node *node)
{
    node->before->after = node->after;
    node->after->before = node->before;
    node->before = node->after = node;
}

#endif
