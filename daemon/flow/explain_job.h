/* explain in steps: much of the log may have to be read before its decision is found. */
#ifndef SENDA_FLOW_EXPLAIN_JOB_H
#define SENDA_FLOW_EXPLAIN_JOB_H

#include "flow/job_kind.h"

extern const struct job_kind explain_job_kind;

#endif
