/* Regret against the best fixed point in hindsight. */
#include "regret.h"

#include <math.h>
#include <stdlib.h>

struct Regret {
    const Race *race;
    Surface *surface;
    double *weights; /* (examples): how often each was seen by the steps counted, over the batch; or NULL */
    double from[2];  /* where the search for the best point begins */
    int64_t steps;   /* whose losses are counted */
    double best;     /* the least sum of so many losses */
    int64_t *summed; /* (racers): how many of a racer's losses are in its sum */
    double *sums;    /* (racers) */
};

/* The loss that the best point is sought for: the sum so far, or the surface. */
static double evaluate(Regret *regret, const double x[2], double g[2], double h[3]) {
    Surface *surface = regret->surface;
    return regret->weights ? examples_weigh(surface->examples, regret->weights, x[0], x[1], g, h)
                           : surface_evaluate(surface, x[0], x[1], g, h);
}

/* Newton's method with a damping that follows its success (Levenberg 1944, Marquardt 1963): x becomes the
 * point, whose loss is returned; NAN where the losses fall for ever. */
static double descend(Regret *regret, double x[2]) {
    enum { ITERATIONS = 500 };
    double g[2], h[3], eigenvalues[2], loss = evaluate(regret, x, g, h), damping = 1e-3;
    for (int i = 0; i < ITERATIONS && isfinite(loss); i++) {
        symmetric_eigenvalues(h, eigenvalues);
        double size = fmax(fabs(eigenvalues[0]), fabs(eigenvalues[1]));
        double shift = damping * size + fmax(0, -1.5 * eigenvalues[0]);
        double a = h[0] + shift, c = h[2] + shift, determinant = a * c - h[1] * h[1];
        const double step[2] = {
            (h[1] * g[1] - c * g[0]) / determinant, (h[1] * g[0] - a * g[1]) / determinant};
        if (!(-(g[0] * step[0] + g[1] * step[1]) > 1e-17 * (1 + fabs(loss)))) return loss;
        double ahead[2] = {x[0] + step[0], x[1] + step[1]}, g_ahead[2], h_ahead[3];
        double loss_ahead = evaluate(regret, ahead, g_ahead, h_ahead);
        if (!(loss_ahead < loss)) {
            damping = fmax(4 * damping, 1e-12);
            if (damping > 1e12) return loss;
            continue;
        }
        damping = damping > 1e-14 ? damping / 10 : 0;
        loss = loss_ahead;
        for (int k = 0; k < 2; k++) x[k] = ahead[k], g[k] = g_ahead[k];
        for (int k = 0; k < 3; k++) h[k] = h_ahead[k];
    }
    return NAN;
}

static void count_step(Regret *regret, int64_t step) {
    Examples *examples = regret->surface->examples;
    size_t batch = examples_batch(examples);
    examples_take(examples, (uint64_t)step);
    for (size_t i = 0; i < batch; i++) regret->weights[examples_taken(examples)[i]] += 1 / (double)batch;
}

/* The best point's sum of the losses of the first `steps` steps. */
static void find_best(Regret *regret, int64_t steps) {
    if (steps == regret->steps) return;
    if (!regret->weights) { /* every loss is the same, and so is its least */
        regret->steps = steps;
        return;
    }
    Examples *examples = regret->surface->examples;
    if (steps < regret->steps) {
        for (size_t i = 0; i < examples_count(examples); i++) regret->weights[i] = 0;
        regret->steps = 0;
    }
    for (; regret->steps < steps; regret->steps++) count_step(regret, regret->steps);
    examples_take(examples, (uint64_t)race_steps_done(regret->race));
    double x[2] = {regret->from[0], regret->from[1]};
    regret->best = descend(regret, x);
}

double regret_at(Regret *regret, int racer, int64_t step) {
    const Trace *trace = race_trace(regret->race, racer);
    const double *losses = trace->batch_loss ? trace->batch_loss : trace->loss;
    if (step == 0) return 0;
    find_best(regret, step);
    if (step < regret->summed[racer]) regret->summed[racer] = 0, regret->sums[racer] = 0;
    /* Differences are summed where there is one least loss, since they may be much smaller than it. */
    double least = regret->weights ? 0 : regret->best;
    for (int64_t *t = &regret->summed[racer]; *t < step; (*t)++) regret->sums[racer] += losses[*t] - least;
    return regret->weights ? regret->sums[racer] - regret->best : regret->sums[racer];
}

/* The lowest minimum that is known, or else where descent from the start ends. */
static void find_lowest(Regret *regret) {
    Surface *surface = regret->surface;
    double lowest = INFINITY;
    regret->from[0] = surface->start[0];
    regret->from[1] = surface->start[1];
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        if (point->kind != STATIONARY_MINIMUM) continue;
        double value = surface_evaluate(surface, point->x, point->y, NULL, NULL);
        if (!(value < lowest)) continue;
        lowest = value;
        regret->from[0] = point->x;
        regret->from[1] = point->y;
    }
    regret->best = isfinite(lowest) ? lowest : descend(regret, regret->from);
}

Regret *regret_create(const Race *race, Surface *surface, Status *status) {
    Regret *regret = calloc(1, sizeof *regret);
    size_t racers = (size_t)race_racer_count(race);
    if (regret) {
        *regret = (Regret){.race = race, .surface = surface};
        regret->summed = calloc(racers + 1, sizeof *regret->summed);
        regret->sums = calloc(racers + 1, sizeof *regret->sums);
        find_lowest(regret);
    }
    bool good = regret && regret->summed && regret->sums;
    if (good && surface->examples) {
        regret->weights = calloc(examples_count(surface->examples), sizeof *regret->weights);
        regret->steps = 0;
        good = regret->weights != NULL;
    }
    if (good) return regret;
    regret_destroy(regret);
    status_fail(status, STATUS_FAILED, "out of memory for the regret of a race");
    return NULL;
}

void regret_destroy(Regret *regret) {
    if (!regret) return;
    free(regret->weights);
    free(regret->summed);
    free(regret->sums);
    free(regret);
}
