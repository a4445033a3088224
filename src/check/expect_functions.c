/* The functions that an expectation may use: of numbers, over steps, over seeds. One row each. */
#include "expect_tree.h"

#include <math.h>

static double of_sqrt(const double *a) {
    return sqrt(a[0]);
}
static double of_log(const double *a) {
    return log(a[0]);
}
static double of_exp(const double *a) {
    return exp(a[0]);
}
static double of_abs(const double *a) {
    return fabs(a[0]);
}
static double of_hypot(const double *a) {
    return hypot(a[0], a[1]);
}
static double of_smaller(const double *a) {
    return a[0] < a[1] || isnan(a[0]) ? a[0] : a[1]; /* NAN where either is */
}
static double of_larger(const double *a) {
    return a[0] > a[1] || isnan(a[0]) ? a[0] : a[1];
}

const ExpectFunction expect_functions[] = {
    {"sqrt", "square root", 1, of_sqrt},
    {"log", "natural logarithm", 1, of_log},
    {"exp", "e to the power", 1, of_exp},
    {"abs", "without its sign", 1, of_abs},
    {"hypot", "length of the vector of two numbers", 2, of_hypot},
    {"smaller", "of two numbers", 2, of_smaller},
    {"larger", "of two numbers", 2, of_larger},
};
const int expect_function_count = sizeof expect_functions / sizeof expect_functions[0];

void gathered_add(Gathered *g, double step, double value, bool log_step, bool log_value) {
    if (isnan(value) && !g->unknown) {
        g->unknown = true;
        g->unknown_step = step;
    }
    if (g->n == 0) {
        *g = (Gathered){.unknown = g->unknown,
            .unknown_step = g->unknown_step,
            .first = value,
            .least = value,
            .most = value,
            .least_step = step,
            .most_step = step,
            .first_true = INFINITY,
            .first_false = INFINITY,
            .last_true = -INFINITY};
    }
    const double x = log_step ? log(step) : step, y = log_value ? log(value) : value;
    g->n++;
    g->last = value;
    g->sum += value;
    if (value < g->least) g->least = value, g->least_step = step;
    if (value > g->most) g->most = value, g->most_step = step;
    /* The line's sums are about the running means, so that a long race loses no digits. */
    const double dx = x - g->sx, dy = y - g->sy;
    g->sx += dx / (double)g->n;
    g->sy += dy / (double)g->n;
    g->sxx += dx * (x - g->sx);
    g->sxy += dx * (y - g->sy);
    const double dv = value - g->mean;
    g->mean += dv / (double)g->n;
    g->m2 += dv * (value - g->mean);
    const double sign = (value > 0) - (value < 0);
    g->changes += sign != 0 && g->sign != 0 && sign != g->sign;
    if (sign != 0) g->sign = sign;
    if (value == 1) {
        g->trues++;
        g->last_true = step;
        if (step < g->first_true) g->first_true = step;
    }
    if (value == 0 && step < g->first_false) g->first_false = step;
}

/* The slope of the least-squares line; of two points or more. */
static double slope(const Gathered *g) {
    return g->n >= 2 && g->sxx > 0 ? g->sxy / g->sxx : NAN;
}
static double rate(const Gathered *g) {
    return exp(slope(g));
}
static double least(const Gathered *g) {
    return g->least;
}
static double most(const Gathered *g) {
    return g->most;
}
static double least_step(const Gathered *g) {
    return g->least_step;
}
static double most_step(const Gathered *g) {
    return g->most_step;
}
static double mean(const Gathered *g) {
    return g->mean;
}
static double sum(const Gathered *g) {
    return g->sum;
}
static double crossings(const Gathered *g) {
    return (double)g->changes;
}
static double all(const Gathered *g) {
    return g->trues == g->n;
}
static double any(const Gathered *g) {
    return g->trues > 0;
}
static double count(const Gathered *g) {
    return (double)g->trues;
}
static double first(const Gathered *g) {
    return g->first_true;
}
static double last(const Gathered *g) {
    return g->last_true;
}
static double share(const Gathered *g) {
    return (double)g->trues / (double)g->n;
}
static double deviation(const Gathered *g) {
    return g->n >= 2 ? sqrt(g->m2 / (double)(g->n - 1)) : NAN;
}

const ExpectFold expect_folds[] = {
    {"rate", "factor a step: exp of the slope of the line through its logarithm", .log_value = true,
        .of = rate},
    {"slope", "of the least-squares line, a step", .of = slope},
    {"power", "slope of its logarithm against that of the step", .log_step = true, .log_value = true,
        .of = slope},
    {"min", "the smallest", .of = least},
    {"max", "the largest", .of = most},
    {"argmin", "the step of the smallest", .of = least_step},
    {"argmax", "the step of the largest", .of = most_step},
    {"mean", "over the steps", .of = mean},
    {"spread", "standard deviation over the steps", .of = deviation},
    {"sum", "over the steps", .of = sum},
    {"crossings", "how often the sign changes", .of = crossings},
    {"all", "whether a claim holds at every step", .takes_truth = true, .gives_truth = true, .of = all},
    {"any", "whether it holds at one of them", .takes_truth = true, .gives_truth = true, .of = any},
    {"count", "at how many steps a claim holds", .takes_truth = true, .of = count},
    {"first", "the first step at which a claim holds; infinite where there is none", .takes_truth = true,
        .of = first},
    {"last", "the last such step; -infinite where there is none", .takes_truth = true, .of = last},
};
const int expect_fold_count = sizeof expect_folds / sizeof expect_folds[0];

const ExpectFold expect_gathers[] = {
    {"share", "of the seeds for which a claim holds", .takes_truth = true, .of = share},
    {"average", "over the seeds", .of = mean},
    {"deviation", "standard deviation over the seeds", .of = deviation},
    {"lowest", "of the seeds", .of = least},
    {"highest", "of the seeds", .of = most},
};
const int expect_gather_count = sizeof expect_gathers / sizeof expect_gathers[0];
