/*
 * profile.export in steps: what the store holds of the customer, and their decisions, for which the whole log
 * is read.
 *
 * It tells what was held when it was begun. Who is erased before it is over is NOT_FOUND; where they have
 * come back by then, or have become one with somebody else, it begins anew.
 */
#ifndef SENDA_FLOW_EXPORT_JOB_H
#define SENDA_FLOW_EXPORT_JOB_H

#include "flow/job_kind.h"

extern const struct job_kind export_job_kind;

#endif
