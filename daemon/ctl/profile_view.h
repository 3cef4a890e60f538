/* A customer as a person reads it: who, where on the journey, what is known, what they did. */
#ifndef SENDA_CTL_PROFILE_VIEW_H
#define SENDA_CTL_PROFILE_VIEW_H

#include "ctl/print.h"

/* `profile` is what profile.get answered. Members that are not there are left out. */
void profile_view_write(const struct print *print, const senda_value *profile);

#endif
