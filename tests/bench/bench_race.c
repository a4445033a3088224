/* Ten optimizers, 1,000 steps each on rosenbrock: the race, as run and traced, against loops written by hand
 * for each rule, timed in turn. Prints the median ratio. The goal is at most 4. */
#include "race.h"
#include "surface.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 1000, PAIRS = 501, RACERS = 10 };

typedef enum Rule { SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW } Rule;

static const struct {
    Rule rule;
    const char *name;
    double lr, decay; /* decay: momentum or rho; NAN: the table's */
} racers[RACERS] = {
    {SGD, "sgd", 1e-3, NAN},
    {SGD, "sgd", 2e-4, NAN},
    {MOMENTUM, "momentum", 1e-4, 0.9},
    {MOMENTUM, "momentum", 1e-3, 0.5},
    {NESTEROV, "nesterov", 1e-4, 0.9},
    {ADAGRAD, "adagrad", 0.5, NAN},
    {RMSPROP, "rmsprop", 1e-2, 0.9},
    {RMSPROP, "rmsprop", 1e-3, 0.99},
    {ADAM, "adam", 1e-2, NAN},
    {ADAMW, "adamw", 1e-2, NAN},
};

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* By hand: position and loss of each step are kept, as in the race. */
static double kept[STEPS + 1][3];

static double rosenbrock(const double *p, double *g) {
    double u = p[1] - p[0] * p[0], w = 1 - p[0];
    g[0] = -400 * p[0] * u - 2 * w;
    g[1] = 200 * u;
    return 100 * u * u + w * w;
}

static void step_by_hand(Rule rule, double lr, double decay, double *p, const double *g, double *v, double *r,
    double power1, double power2) {
    for (int i = 0; i < 2; i++) {
        switch (rule) {
        case SGD: p[i] -= lr * g[i]; break;
        case MOMENTUM:
        case NESTEROV:
            v[i] = decay * v[i] - lr * g[i];
            p[i] += v[i];
            break;
        case ADAGRAD:
            r[i] += g[i] * g[i];
            p[i] -= lr / (1e-7 + sqrt(r[i])) * g[i];
            break;
        case RMSPROP:
            r[i] = decay * r[i] + (1 - decay) * g[i] * g[i];
            p[i] -= lr / (1e-8 + sqrt(r[i])) * g[i];
            break;
        case ADAM:
        case ADAMW:
            v[i] = 0.9 * v[i] + 0.1 * g[i];
            r[i] = 0.999 * r[i] + 0.001 * g[i] * g[i];
            double decayed = rule == ADAMW ? lr * 0.01 * p[i] : 0;
            p[i] -= lr * (v[i] / (1 - power1)) / (1e-8 + sqrt(r[i] / (1 - power2))) + decayed;
            break;
        }
    }
}

static double race_by_hand(Rule rule, double lr, double decay) {
    double p[2] = {-1.2, 1}, g[2], v[2] = {0}, r[2] = {0}, power1 = 1, power2 = 1;
    for (int t = 0; t < STEPS; t++) {
        double loss = rosenbrock(p, g);
        kept[t][0] = p[0];
        kept[t][1] = p[1];
        kept[t][2] = loss;
        power1 *= 0.9;
        power2 *= 0.999;
        if (rule == NESTEROV) {
            const double ahead[2] = {p[0] + decay * v[0], p[1] + decay * v[1]};
            rosenbrock(ahead, g);
        }
        step_by_hand(rule, lr, decay, p, g, v, r, power1, power2);
    }
    return kept[STEPS - 1][2];
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, compare);
    return values[n / 2];
}

static Race *make_race(Surface *surface) {
    RacerSpec specs[RACERS] = {0};
    for (int i = 0; i < RACERS; i++) {
        specs[i].optimizer = optimizer_find(racers[i].name);
        optimizer_defaults(specs[i].optimizer, specs[i].values);
        specs[i].values[0] = racers[i].lr;
        if (!isnan(racers[i].decay)) specs[i].values[1] = racers[i].decay;
    }
    Status status = status_ok();
    return race_create(&surface->objective, specs, RACERS, surface->start, STEPS, 1, &status);
}

int main(void) {
    Status status = status_ok();
    Surface *surface = surface_create("rosenbrock", &status);
    Race *race = surface ? make_race(surface) : NULL;
    if (!race) return 1;
    static double ratios[PAIRS], ours[PAIRS], theirs[PAIRS];
    volatile double sink = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
        double begin = now_s();
        race_restart(race, NULL);
        race_run(race);
        double middle = now_s();
        for (int i = 0; i < RACERS; i++) sink += race_by_hand(racers[i].rule, racers[i].lr, racers[i].decay);
        double end = now_s();
        ours[pair] = middle - begin;
        theirs[pair] = end - middle;
        ratios[pair] = ours[pair] / theirs[pair];
    }
    for (int i = 0; i < RACERS; i++) { /* the same races: the ends agree */
        double by_hand = race_by_hand(racers[i].rule, racers[i].lr, racers[i].decay);
        double raced = race_trace(race, i)->loss[STEPS - 1];
        if (fabs(by_hand - raced) > 1e-6 * fabs(by_hand) && racers[i].rule != RMSPROP)
            printf("%s: the loops end at %g, the race at %g\n", racers[i].name, by_hand, raced);
    }
    double ratio = median(ratios, PAIRS), least = ratios[PAIRS / 10], most = ratios[PAIRS * 9 / 10];
    printf("10 optimizers x 1,000 steps: race %.3f ms, loops by hand %.3f ms, ratio %.2f (deciles %.2f to "
           "%.2f; goal 4)\n",
        1e3 * median(ours, PAIRS), 1e3 * median(theirs, PAIRS), ratio, least, most);
    race_destroy(race);
    surface_destroy(surface);
    return isnan(sink); /* used, so that the loops are not left out */
}
