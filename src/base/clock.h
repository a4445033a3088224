/* Times in seconds, to be subtracted from each other. */
#ifndef SLALOM_CLOCK_H
#define SLALOM_CLOCK_H

double clock_now_s(void);
/* What the calling thread has computed, whatever else the processors did meanwhile. */
double clock_work_s(void);

#endif
