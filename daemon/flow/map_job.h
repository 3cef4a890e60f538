/* journey.map in steps: a long window of a large site has many rows. */
#ifndef SENDA_FLOW_MAP_JOB_H
#define SENDA_FLOW_MAP_JOB_H

#include "flow/job_kind.h"

extern const struct job_kind map_job_kind;

#endif
