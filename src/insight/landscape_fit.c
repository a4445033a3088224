/* Takes so many of the kept states as a plane is worth, evenly over the race, and so many points of it as the
 * processors can do. The planes themselves are network/plane.h's. */
#include "landscape_fit.h"

#include <math.h>
#include <stdlib.h>

enum { STATES_LEAST = 3, STATES_MAX = 64, VECTORS_MAX = 240 };
static const double VECTORS_BYTES_MAX = 10e6;
static const double MARGIN = 0.28;     /* around the ways, of their extent */
static const double SIDES_MOST = 1.45; /* the longer side of home to the shorter */

static const double GRID_COST = 4e11; /* multiplications for all losses of a grid, about */
/* Cells along the longer side of a grid and how often they are halved: the first that costs no more. */
static const struct { int coarsest, doublings; } sides[] = {{3, 5}, {4, 4}};
enum { SIDES = sizeof sides / sizeof *sides };

typedef struct States {
    const LandscapeWish *wish;
    int64_t steps[LIVE_KEPT_MAX]; /* those that were taken */
    int n, racers;
    Vec *vectors;    /* (racers, n) */
    Vec *chosen;     /* those that take part and are finite: (n_chosen), */
    PlaneFoot *feet; /* and where they are on the plane: likewise */
    int n_chosen;
    void *block;
} States;

static const Vec *state_of(const States *states, int racer, int i) {
    return &states->vectors[racer * states->n + i];
}

static bool allocate(States *states, size_t dim, Precision precision) {
    const size_t each = (dim * precision_bytes(precision) + 63) / 64 * 64,
                 n = (size_t)(states->racers * states->n);
    states->vectors = malloc(2 * n * sizeof *states->vectors);
    states->feet = malloc(n * sizeof *states->feet);
    states->block = aligned_alloc(64, n * each);
    if (!states->vectors || !states->feet || !states->block) return false;
    states->chosen = states->vectors + n;
    for (size_t i = 0; i < n; i++)
        states->vectors[i] =
            (Vec){.n = dim, .precision = precision, .data = (char *)states->block + i * each};
    return true;
}

/* Steps of the kept states, few enough. */
static void choose_steps(States *states, LiveTraining *live, double bytes) {
    int64_t kept[LIVE_KEPT_MAX];
    const int n = live_training_kept(live, kept);
    int most = (int)fmin(VECTORS_MAX / states->racers, VECTORS_BYTES_MAX / bytes / states->racers);
    most = most < STATES_LEAST ? STATES_LEAST : most > STATES_MAX ? STATES_MAX : most;
    states->n = n < most ? n : most;
    for (int i = 0; i < states->n; i++)
        states->steps[i] = states->n > 1 ? kept[(int64_t)i * (n - 1) / (states->n - 1)] : kept[0];
}

static bool take(States *states, LiveTraining *live, const LandscapeWish *wish) {
    const MlpSpec *spec = live_training_network(live);
    const size_t dim = live_training_parameters(live);
    *states = (States){.wish = wish, .racers = live_training_racer_count(live)};
    choose_steps(states, live, (double)dim * (double)precision_bytes(spec->precision));
    if (states->n == 0 || !allocate(states, dim, spec->precision)) return false;
    for (int racer = 0; racer < states->racers; racer++)
        for (int i = 0; i < states->n; i++) {
            const Vec *to = state_of(states, racer, i);
            live_training_copy_kept(live, states->steps[i], racer, to);
            if (wish->takes_part[racer] && isfinite(vec_norm(to))) states->chosen[states->n_chosen++] = *to;
        }
    return true;
}

static void give_back(States *states) {
    free(states->vectors);
    free(states->feet);
    free(states->block);
}

/* Through the newest states of two racers and their start; of one, through its start, middle and end. */
static bool lay_through(LandscapeFit *fit, const States *states, bool line) {
    const int *racers = states->wish->racers, last = states->n - 1;
    const bool two = racers[0] != racers[1];
    Status ignored = status_ok();
    const Vec *from = state_of(states, racers[0], two ? last : 0), *to = state_of(states, racers[1], last);
    const Vec *third = two ? state_of(states, racers[0], 0) : state_of(states, racers[0], last / 2);
    return plane_through(&fit->plane, from, to, line ? NULL : third, &ignored);
}

static bool lay(LandscapeFit *fit, const States *states, const MlpSpec *spec) {
    const LandscapeWish *wish = states->wish;
    Status status = status_ok();
    fit->kind = wish->plane;
    if (wish->plane == NETWORK_PLANE_PRINCIPAL &&
        plane_principal(&fit->plane, states->chosen, states->n_chosen, &status))
        return true;
    if (wish->plane == NETWORK_PLANE_POINTS && lay_through(fit, states, false)) return true;
    if (wish->plane == NETWORK_PLANE_LINE && lay_through(fit, states, true)) return true;
    fit->kind = NETWORK_PLANE_RANDOM;
    const Vec *middle = state_of(states, wish->racers[0], states->n - 1);
    if (!isfinite(vec_norm(middle))) middle = state_of(states, wish->racers[0], 0);
    return plane_random(&fit->plane, spec, middle, wish->seed, &status);
}

static void widen(double *min, double *max, double least) {
    const double middle = 0.5 * (*min + *max), half = 0.5 * fmax(*max - *min, least);
    *min = middle - half;
    *max = middle + half;
}

static Box home_of(const LandscapeFit *fit, const States *states) {
    if (fit->kind == NETWORK_PLANE_RANDOM) return (Box){-1, 1, -1, 1};
    Box box = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (int i = 0; i < states->n_chosen; i++) {
        const PlaneFoot *foot = &states->feet[i];
        box.x_min = fmin(box.x_min, foot->u);
        box.x_max = fmax(box.x_max, foot->u);
        box.y_min = fmin(box.y_min, foot->v);
        box.y_max = fmax(box.y_max, foot->v);
    }
    const double size = fmax(box.x_max - box.x_min, box.y_max - box.y_min);
    if (!(size > 0) || !isfinite(size)) return (Box){-1, 1, -1, 1};
    widen(&box.x_min, &box.x_max, box.x_max - box.x_min + 2 * MARGIN * size);
    widen(&box.y_min, &box.y_max, box.y_max - box.y_min + 2 * MARGIN * size);
    const double longer = fmax(box.x_max - box.x_min, box.y_max - box.y_min);
    widen(&box.x_min, &box.x_max, longer / SIDES_MOST);
    widen(&box.y_min, &box.y_max, longer / SIDES_MOST);
    return box;
}

bool landscape_fit(LandscapeFit *fit, LiveTraining *live, const LandscapeWish *wish) {
    States states;
    *fit = (LandscapeFit){.wish = *wish, .explained = NAN};
    bool good = take(&states, live, wish) && lay(fit, &states, live_training_network(live));
    if (good) {
        fit->n_steps = states.n;
        fit->step = states.steps[states.n - 1];
        for (int i = 0; i < states.n_chosen; i++)
            states.feet[i] = plane_project(&fit->plane, &states.chosen[i]);
        fit->home = home_of(fit, &states);
        if (states.n_chosen > 1)
            fit->explained = plane_explained(&fit->plane, states.chosen, states.feet, states.n_chosen);
    }
    give_back(&states);
    return good;
}

void landscape_fit_finish(LandscapeFit *fit) {
    plane_destroy(&fit->plane);
}

/* Multiplications for the loss of a cell, about. */
static double cell_cost(const MlpSpec *spec, int examples) {
    double cost = 2.0 * spec->sizes[1];
    for (int l = 1; l < spec->n_layers; l++) cost += ((double)spec->sizes[l] + 10) * spec->sizes[l + 1];
    return cost * examples;
}

LandscapeGrid landscape_fit_grid(const MlpSpec *spec, int examples, Box box) {
    const double width = box.x_max - box.x_min, height = box.y_max - box.y_min,
                 cost = cell_cost(spec, examples);
    const double u = 0.5 * (box.x_min + box.x_max), v = 0.5 * (box.y_min + box.y_max);
    LandscapeGrid grid;
    for (int i = 0; i < SIDES; i++) {
        const double cell = fmax(width, height) / sides[i].coarsest;
        const int cols = (int)ceil(width / cell - 1e-9), rows = (int)ceil(height / cell - 1e-9);
        grid = (LandscapeGrid){
            .cols = (cols << sides[i].doublings) + 1,
            .rows = (rows << sides[i].doublings) + 1,
            .u_min = u - 0.5 * cols * cell,
            .u_max = u + 0.5 * cols * cell,
            .v_min = v - 0.5 * rows * cell,
            .v_max = v + 0.5 * rows * cell,
        };
        if (cost * grid.cols * grid.rows <= GRID_COST) break;
    }
    return grid;
}
