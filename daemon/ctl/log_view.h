/* Decisions of the log as text for other programs: a JSON object a line, or a CSV row an item. */
#ifndef SENDA_CTL_LOG_VIEW_H
#define SENDA_CTL_LOG_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/record.h"

struct log_view {
    FILE *file;    /* where to; borrowed */
    bool csv;      /* else JSON */
    bool terminal; /* a person looks at it: control bytes in CSV are escaped */
    bool personal; /* with what tells about the customer: id, request, because */
};

/* What stands above the first decision: the names of CSV's columns. */
void log_view_begin(const struct log_view *view);

void log_view_write(const struct log_view *view, const struct record *record);

#endif
