/* One racer, run from every start of a grid, each thread of the pool with a surface and a race of its own.
 * What colour an end has is left to view/basins_view.c. */
#include "basins.h"

#include "clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COARSEST = 8, /* the first level has every eighth start of a row, and every eighth row */
    STEPS_A_TURN =
        1000, /* of the pool, between two looks at the clock, for each thread: a race may be longer */
};

/* Runner i of n has every n-th start of a level, from the i-th on, and goes on with a race where it left it.
 */
typedef struct Runner {
    Surface *surface;
    Race *race;
    size_t place; /* its start in the level under way */
    bool runs;    /* the race from there has begun */
} Runner;

struct Basins {
    Pool *pool;
    Runner *runners; /* one for each thread of the pool */
    int n_runners;
    double values[SYMBOLS_MAX]; /* the surface's parameters that the runners have */
    BasinsWish wish;            /* the last one; of its surface and spec only the first's address counts */
    RacerSpec spec;             /* of it */
    bool hopeless;

    BasinsEnd *ends; /* (rows, columns) */
    bool *known;
    size_t room;
    int stride; /* of the level under way; 0: all are done */
};

Basins *basins_create(Pool *pool) {
    Basins *basins = calloc(1, sizeof *basins);
    if (!basins) return NULL;
    basins->pool = pool;
    basins->n_runners = pool ? pool_width(pool) : 1;
    basins->runners = calloc((size_t)basins->n_runners, sizeof *basins->runners);
    if (basins->runners) return basins;
    free(basins);
    return NULL;
}

static void forget_runners(Basins *basins) {
    for (int i = 0; i < basins->n_runners; i++) {
        race_destroy(basins->runners[i].race);
        surface_destroy(basins->runners[i].surface);
        basins->runners[i] = (Runner){.surface = NULL};
    }
}

void basins_destroy(Basins *basins) {
    if (!basins) return;
    forget_runners(basins);
    free(basins->runners);
    free(basins->ends);
    free(basins->known);
    free(basins);
}

/* Following a wish. */

static bool same_spec(const RacerSpec *a, const RacerSpec *b) {
    bool same = a->optimizer == b->optimizer && memcmp(a->values, b->values, sizeof a->values) == 0 &&
                memcmp(a->devices, b->devices, sizeof a->devices) == 0 && a->n_changes == b->n_changes &&
                strcmp(a->schedule.text, b->schedule.text) == 0 &&
                a->schedule.n_settings == b->schedule.n_settings && a->schedule.warmup == b->schedule.warmup;
    for (int i = 0; same && i < a->schedule.n_settings; i++)
        same = strcmp(a->schedule.settings[i].name, b->schedule.settings[i].name) == 0 &&
               a->schedule.settings[i].value == b->schedule.settings[i].value;
    for (int i = 0; same && i < a->n_changes; i++)
        same = a->changes[i].step == b->changes[i].step &&
               memcmp(a->changes[i].values, b->changes[i].values, sizeof a->values) == 0;
    return same;
}

static bool same_runners(const Basins *basins, const BasinsWish *wish) {
    const Surface *surface = wish->surface;
    return basins->wish.surface == surface &&
           memcmp(basins->values, surface->values, sizeof basins->values) == 0 &&
           basins->wish.steps == wish->steps && basins->wish.seed == wish->seed &&
           same_spec(&basins->spec, wish->spec);
}

static bool same_grid(const BasinsWish *a, const BasinsWish *b) {
    return a->columns == b->columns && a->rows == b->rows && a->box.x_min == b->box.x_min &&
           a->box.x_max == b->box.x_max && a->box.y_min == b->box.y_min && a->box.y_max == b->box.y_max;
}

static Surface *copy_surface(const Surface *surface) {
    Status status = status_ok();
    Surface *copy = surface_create(surface->row ? surface->name : surface->text, &status);
    const Formula *formula = surface->formula;
    for (int i = 0; copy && i < formula->n_parameters; i++) {
        const int symbol = formula->parameters[i].symbol;
        if (surface_set(copy, formula->symbols[symbol].name, surface->values[symbol], &status)) continue;
        surface_destroy(copy);
        return NULL;
    }
    return copy;
}

static bool make_runners(Basins *basins, const BasinsWish *wish) {
    Status status = status_ok();
    forget_runners(basins);
    for (int i = 0; i < basins->n_runners; i++) {
        Runner *runner = &basins->runners[i];
        runner->surface = copy_surface(wish->surface);
        if (!runner->surface) return false;
        runner->race = race_create(&runner->surface->objective, wish->spec, 1, runner->surface->start,
            wish->steps, wish->seed, &status);
        if (!runner->race) return false;
    }
    return true;
}

static bool make_room(Basins *basins, size_t n) {
    if (n <= basins->room) return true;
    BasinsEnd *ends = realloc(basins->ends, n * sizeof *ends);
    if (ends) basins->ends = ends;
    bool *known = realloc(basins->known, n * sizeof *known);
    if (known) basins->known = known;
    if (ends && known) basins->room = n;
    return ends && known;
}

static void begin_level(Basins *basins, int stride) {
    basins->stride = stride;
    for (int i = 0; i < basins->n_runners; i++) {
        basins->runners[i].place = (size_t)i;
        basins->runners[i].runs = false;
    }
}

static void follow(Basins *basins, const BasinsWish *wish) {
    const bool runs = same_runners(basins, wish);
    if (runs && same_grid(&basins->wish, wish)) return;
    const size_t n = (size_t)wish->columns * (size_t)wish->rows;
    basins->hopeless = !make_room(basins, n) || (!runs && !make_runners(basins, wish));
    memcpy(basins->values, wish->surface->values, sizeof basins->values);
    basins->spec = *wish->spec;
    basins->wish = *wish;
    if (basins->hopeless) return;
    memset(basins->known, 0, n * sizeof *basins->known);
    begin_level(basins, COARSEST);
}

/* Working. */

void basins_start(const Basins *basins, int column, int row, double x[2]) {
    const BasinsWish *wish = &basins->wish;
    x[0] = wish->box.x_min + (column + 0.5) * (wish->box.x_max - wish->box.x_min) / wish->columns;
    x[1] = wish->box.y_max - (row + 0.5) * (wish->box.y_max - wish->box.y_min) / wish->rows;
}

static int nearest_minimum(const Surface *surface, const double x[2]) {
    int nearest = -1;
    double least = INFINITY;
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        double distance = hypot(point->x - x[0], point->y - x[1]);
        if (point->kind != STATIONARY_MINIMUM || !(distance < least)) continue;
        least = distance;
        nearest = i;
    }
    return nearest;
}

/* Without noise a racer that has converged stays where it is. */
static bool is_over(const Race *race, bool noisy) {
    const Trace *trace = race_trace(race, 0);
    const RacerStatus status = (RacerStatus)trace->status[trace->last];
    return status == RACER_DIVERGED || (status != RACER_RUNNING && !noisy);
}

static int columns_of_level(const Basins *basins) {
    return (basins->wish.columns + basins->stride - 1) / basins->stride;
}

static size_t starts_of_level(const Basins *basins) {
    const int rows = (basins->wish.rows + basins->stride - 1) / basins->stride;
    return (size_t)rows * (size_t)columns_of_level(basins);
}

static void keep_end(Basins *basins, const Runner *runner, size_t cell) {
    const Trace *trace = race_trace(runner->race, 0);
    const double *end = trace->x + 2 * trace->last;
    BasinsEnd *into = &basins->ends[cell];
    *into = (BasinsEnd){.x = {end[0], end[1]},
        .loss = trace->loss[trace->last],
        .status = (RacerStatus)trace->status[trace->last]};
    into->minimum = into->status == RACER_DIVERGED ? -1 : nearest_minimum(runner->surface, end);
    basins->known[cell] = true;
}

/* Goes on from the runner's start for at most so many steps; how many are left once the race is over, and its
 * end kept, otherwise 0. */
static int run_on(Basins *basins, Runner *runner, int steps) {
    const size_t columns = (size_t)columns_of_level(basins);
    const int column = (int)(runner->place % columns) * basins->stride;
    const int row = (int)(runner->place / columns) * basins->stride;
    const size_t cell = (size_t)row * (size_t)basins->wish.columns + (size_t)column;
    const bool noisy = devices_are_noisy(basins->spec.devices);
    if (basins->known[cell]) return steps;
    if (!runner->runs) {
        double x[2];
        basins_start(basins, column, row, x);
        race_restart(runner->race, x);
        runner->runs = true;
    }
    for (; steps > 0; steps--) {
        if (!is_over(runner->race, noisy) && race_step(runner->race)) continue;
        keep_end(basins, runner, cell);
        runner->runs = false;
        return steps;
    }
    return 0;
}

static void take_turn(void *context, int index, int worker) {
    (void)worker;
    Basins *basins = context;
    Runner *runner = &basins->runners[index];
    const size_t n = starts_of_level(basins);
    int steps = STEPS_A_TURN;
    while (steps > 0 && runner->place < n) {
        steps = run_on(basins, runner, steps);
        if (!runner->runs) runner->place += (size_t)basins->n_runners;
    }
}

static bool level_is_done(const Basins *basins) {
    const size_t n = starts_of_level(basins);
    bool done = true;
    for (int i = 0; i < basins->n_runners; i++) done = done && basins->runners[i].place >= n;
    return done;
}

bool basins_work(Basins *basins, const BasinsWish *wish, double budget_s) {
    const double end_s = budget_s == INFINITY ? INFINITY : clock_now_s() + budget_s;
    follow(basins, wish);
    while (!basins->hopeless && basins->stride > 0) {
        if (basins->pool)
            pool_run(basins->pool, basins->n_runners, take_turn, basins);
        else
            take_turn(basins, 0, 0);
        if (level_is_done(basins)) begin_level(basins, basins->stride / 2);
        if (end_s != INFINITY && clock_now_s() >= end_s) break;
    }
    return basins->hopeless || basins->stride == 0;
}

const BasinsEnd *basins_end(const Basins *basins, int column, int row) {
    if (basins->hopeless || !basins->known) return NULL;
    for (int stride = 1; stride <= COARSEST; stride *= 2) {
        const size_t at = (size_t)(row / stride * stride) * (size_t)basins->wish.columns +
                          (size_t)(column / stride * stride);
        if (basins->known[at]) return &basins->ends[at];
    }
    return NULL;
}
