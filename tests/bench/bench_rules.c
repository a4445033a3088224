/* Every rule of formulas in float32 at n = 1e7: time for a step, as a multiple of the time that its memory
 * traffic allows, which a copy of as many bytes takes here and now. The goal is at most 2.
 *
 * What a rule's definition needs is counted, however it is computed: x and the state are read and written,
 * and g is read, once; what must be known as a whole before the rest can begin (a point to take the gradient
 * at, a norm) is read, or written, once more. Gradients themselves cost nothing here.
 *
 * Steps and copies both have all processors, as one large racer has; with a number as argument so many
 * threads, and then names of the rules to measure. */
#include "optimizer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 11 };
static const size_t n = 10000000;

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    (void)x;
    *gradient = context;
    return 0;
}

/* A copy by all threads. */
typedef struct Copy {
    float *to;
    const float *from;
} Copy;

enum { COPIED = 1 << 16 };

static void copy_part(void *context, int index, int worker) {
    const Copy *copy = context;
    const size_t start = (size_t)index * COPIED, rest = n - start;
    (void)worker;
    memcpy(copy->to + start, copy->from + start, (rest < COPIED ? rest : COPIED) * sizeof *copy->to);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Vectors that a rule reads or writes beside x and the state both ways and g. */
static const struct {
    const char *name;
    int vectors;
} further[] = {
    {"nesterov", 3},      /* the point: x and v read, it written */
    {"schedule_free", 3}, /* the point: x and z read, it written */
    {"sam", 4},           /* norm(g): g read; the point: x and g read, it written */
    {"lars", 2},          /* norm(g), norm(x): both read */
    {"lamb", 3},          /* norm(d) of the new moments: these and x read again for the step */
};

static double vectors_of(const Optimizer *optimizer, const OptimizerRun *run) {
    double vectors = 2 * (1 + (double)optimizer_run_state_count(run)) + 1;
    for (size_t i = 0; i < sizeof further / sizeof *further; i++)
        if (strcmp(further[i].name, optimizer->name) == 0) vectors += further[i].vectors;
    return vectors;
}

/* The median ratio of steps and copies in turn. */
static double measure(const Optimizer *optimizer, float *x, float *g, float *copy, Pool *pool) {
    double values[OPTIMIZER_PARAMETERS_MAX], ratios[ROUNDS];
    Status status = status_ok();
    optimizer_defaults(optimizer, values);
    OptimizerRun *run = optimizer_run_create(optimizer, values, n, PRECISION_F32, &status);
    if (!run || !optimizer_run_reserve(run, pool, &status)) return NAN;
    optimizer_run_share(run, pool);
    Vec vx = {.n = n, .precision = PRECISION_F32, .f32 = x},
        vg = {.n = n, .precision = PRECISION_F32, .f32 = g};
    const Evaluator evaluator = {.evaluate = evaluate, .context = &vg};
    double traffic = vectors_of(optimizer, run) / 2; /* in copies of one vector */
    for (int round = -1; round < ROUNDS; round++) {
        double begin = now_s();
        optimizer_run_step(run, &vx, &evaluator, values[0]);
        double middle = now_s();
        pool_run(pool, (int)((n + COPIED - 1) / COPIED), copy_part, &(Copy){copy, g});
        double end = now_s();
        if (round >= 0) ratios[round] = (middle - begin) / (traffic * (end - middle));
    }
    optimizer_run_destroy(run);
    qsort(ratios, ROUNDS, sizeof *ratios, compare);
    return ratios[ROUNDS / 2];
}

static bool is_wanted(const char *name, int argc, char **argv) {
    bool wanted = argc <= 2;
    for (int i = 2; i < argc; i++) wanted |= strcmp(argv[i], name) == 0;
    return wanted;
}

int main(int argc, char **argv) {
    const int threads = argc > 1 ? atoi(argv[1]) : 0;
    Pool *pool = pool_create(threads - 1);
    float *x = malloc(n * sizeof *x), *g = malloc(n * sizeof *g), *copy = malloc(n * sizeof *copy);
    if (!x || !g || !copy || !pool) return 1;
    for (size_t i = 0; i < n; i++) {
        x[i] = 1;
        g[i] = 1e-3f * (float)(i % 1000);
    }
    for (int i = 0; i < optimizer_count; i++)
        if (!optimizer_table[i].method && is_wanted(optimizer_table[i].name, argc, argv))
            printf("%-16s %5.2f times what its memory traffic allows (goal 2)\n", optimizer_table[i].name,
                measure(&optimizer_table[i], x, g, copy, pool));
    pool_destroy(pool);
    free(x);
    free(g);
    free(copy);
    return 0;
}
