/* How one method is answered in steps: what jobs.h knows of it. */
#ifndef SENDA_FLOW_JOB_KIND_H
#define SENDA_FLOW_JOB_KIND_H

#include "base/buffer.h"
#include "flow/waiting.h"

struct flow;

enum job_step {
    JOB_STEP_MORE,   /* another step is needed */
    JOB_STEP_DONE,   /* the result's value was appended to `out` */
    JOB_STEP_ANEW,   /* what it rests on has changed: it is to be freed and begun again */
    JOB_STEP_FAILED, /* the error says why */
};

struct job_kind {
    /* The work, owned by the caller; NULL on failure. Does not keep `waiting`. */
    void *(*begin)(struct flow *flow, const struct waiting *waiting, struct error *error);

    /* A few milliseconds of it. What is in `out` counts only when it is done. */
    enum job_step (*step)(void *work, struct flow *flow, struct buffer *out, struct error *error);

    void (*free)(void *work);
    bool of_site; /* borrows the site, and so begins anew with another one */
    bool heavy;   /* holds much memory or descriptors: only a few of its kind are under way at once */
};

#endif
