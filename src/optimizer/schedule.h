/* Learning-rate schedules: formulas of t, the step from 1; lr, the racer's rate; and T, the steps of the
 * race. A shipped one is a row of the table; a person's own formula is the same kind of thing. */
#ifndef SLALOM_SCHEDULE_H
#define SLALOM_SCHEDULE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Schedule {
    const char *name;    /* on the command line */
    const char *title;   /* for people */
    const char *formula; /* of t, lr and T, with its parameters in a `where` (parse.h) */
    const char *reference;
} Schedule;

extern const Schedule schedule_table[];
extern const int schedule_count;
const Schedule *schedule_find(const char *name); /* NULL where there is none */

enum { SCHEDULE_TEXT_BYTES = 256, SCHEDULE_SETTINGS_MAX = 4, SCHEDULE_NAME_BYTES = 32 };

/* Which schedule a racer has; all zero: constant. */
typedef struct ScheduleSpec {
    char text[SCHEDULE_TEXT_BYTES]; /* a shipped name or a formula; "": constant */
    struct {
        char name[SCHEDULE_NAME_BYTES];
        double value;
    } settings[SCHEDULE_SETTINGS_MAX]; /* parameters that differ from their defaults */
    int n_settings;
    double warmup; /* before any schedule: the rate grows evenly over so many steps; 0: at once */
} ScheduleSpec;

/* Reads NAME[:parameter=value...] or a formula into `spec`, and checks it. */
bool schedule_read(ScheduleSpec *spec, const char *text, Status *status);

/* As schedule_read takes it, without the warm-up: "cosine:end=0.1"; "constant" where nothing is said. Returns
 * its length. */
size_t schedule_describe(const ScheduleSpec *spec, char *out, size_t out_size);

/* The rate of each step after `done` of them: rates[t - 1] for t = done + 1..n_steps. Fails where a rate is
 * negative or not finite, with its t. */
bool schedule_fill(
    const ScheduleSpec *spec, double lr, int64_t done, int64_t n_steps, double *rates, Status *status);

#endif
