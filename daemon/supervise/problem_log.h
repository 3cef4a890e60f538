/* The problems of a site as lines of the log: one each, with its place and its source line in fields. */
#ifndef SENDA_SUPERVISE_PROBLEM_LOG_H
#define SENDA_SUPERVISE_PROBLEM_LOG_H

#include "base/text.h"

enum { PROBLEM_LOG_MOST = 100 }; /* lines for one site; one more says how many problems are left out */

/* `printed`: what problems_print gave, or any one line. */
void problem_log_write(struct text printed);

#endif
