/* A decision as a person reads it: who, where on the journey, what to show, and why. */
#ifndef SENDA_CTL_ASK_VIEW_H
#define SENDA_CTL_ASK_VIEW_H

#include "ctl/ask_request.h"
#include "ctl/print.h"

/* `result` is what `recommend` answered to `request`. Members that are not there are left out. */
void ask_view_write(const struct print *print, const struct ask_request *request, const senda_value *result);

#endif
