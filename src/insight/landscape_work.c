/* One slice does one thing of a list that is looked through from its beginning each time: what the window
 * cannot do without comes first. All but the order's way in and the result's way out is the slices' own. */
#include "landscape_work.h"

#include "background.h"
#include "clock.h"
#include "landscape.h"
#include "mlp.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COARSEST_CELLS = 3, DOUBLINGS_LEAST = 4, DOUBLINGS_MOST = 5, SCORE_BATCH = 256 };
static const double SLICE_S = 0.004;  /* as far as it can be chosen */
static const double GRID_COST = 4e11; /* multiplications for all losses of a grid, about */
/* A gentle worker rests so many times as long as it has worked, but no longer at a time than this. */
static const double RESTS = 2, REST_MAX_S = 0.03;

struct LandscapeWork {
    LiveTraining *live; /* borrowed */
    MlpSpec spec;
    int n_racers;
    Background *background;
    bool threaded;
    atomic_uint news; /* counts changes of the result */
    unsigned seen;    /* by the owner */
    /* The slices'. */
    LandscapeOrder order; /* its state: copied to: */
    Vec states[RACE_RACERS_MAX];
    int64_t state_step; /* -1: none */
    void *states_block;
    Dataset *samples[LINE_PARTS]; /* of each part; owned */
    Batch batches[LINE_PARTS];    /* all of each */
    Mlp *mlp;                     /* for true losses; NULL: not needed yet */
    Vec point;
    void *point_block;
    LandscapeFit fit;
    uint32_t fitted; /* its number */
    bool has_fit;
    int64_t path_steps[LIVE_KEPT_MAX]; /* of the states that were kept when it was looked last */
    int n_path_steps;
    bool paths_stale; /* a state was given since then */
    int path_racer;   /* the first whose path is not up to date; n_racers: none */
    Landscape *landscape;
    LandscapeGrid grid;
    Box grid_box; /* that was ordered */
    bool grid_done, grid_failed;
    int spacing;     /* of what the result has */
    int cells;       /* of a slice */
    bool heads_turn; /* of two that take turns */
    LandscapeResult result;
};

/* Losses of a point itself. */

static bool has_mlp(LandscapeWork *work) {
    if (work->mlp) return true;
    Status ignored = status_ok();
    MlpSpec spec = work->spec;
    spec.batch_max = SCORE_BATCH;
    work->mlp = mlp_create(&spec, &ignored);
    return work->mlp != NULL;
}

/* Slices. Each returns whether there was something to do. */

static void drop_landscape(LandscapeWork *work) {
    landscape_destroy(work->landscape);
    work->landscape = NULL;
    work->grid_done = work->grid_failed = false;
    work->spacing = 0;
}

/* What belongs to the plane that was. */
static void forget(LandscapeWork *work) {
    LandscapeResult *result = &work->result;
    drop_landscape(work);
    for (int i = 0; i < RACE_RACERS_MAX; i++) {
        result->paths[i].n = 0;
        result->heads[i] = (LandscapeHead){.step = -1, .losses_step = -1, .on_plane = NAN, .loss = NAN};
    }
    result->cols = result->rows = 0;
    result->heights_version++;
    result->problem[0] = '\0';
    result->line.done = 0;
    for (int i = 0; i < LINE_POINTS; i++) {
        result->line.at[i] = -LINE_BEYOND + (1 + 2 * LINE_BEYOND) * i / (LINE_POINTS - 1);
        for (int part = 0; part < LINE_PARTS; part++)
            result->line.losses[part][i] = result->line.errors[part][i] = NAN;
    }
    work->paths_stale = true;
}

static bool fit_plane(LandscapeWork *work) {
    if (work->fitted == work->order.fit) return false;
    LandscapeFit fit;
    work->fitted = work->order.fit;
    if (!landscape_fit(&fit, work->live, &work->order.wish)) {
        landscape_fit_finish(&fit);
        return true;
    }
    forget(work);
    landscape_fit_finish(&work->fit);
    work->fit = fit;
    work->has_fit = true;
    LandscapeResult *result = &work->result;
    result->fit = work->fitted;
    result->kind = fit.kind;
    result->wish = fit.wish;
    result->explained = fit.explained;
    result->fit_step = fit.step;
    result->fit_steps = fit.n_steps;
    result->home = fit.home;
    return true;
}

/* A box over the plane in square cells, from a corner; a little larger where a side is not of whole cells. */
static LandscapeGrid grid_of(const LandscapeWork *work, Box box) {
    const MlpSpec *spec = &work->spec;
    double cost = 2.0 * spec->sizes[1];
    for (int l = 1; l < spec->n_layers; l++) cost += ((double)spec->sizes[l] + 10) * spec->sizes[l + 1];
    cost *= work->batches[LINE_TRAINING].size;
    const double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    const double cell = fmax(width, height) / COARSEST_CELLS;
    const int cols = (int)ceil(width / cell - 1e-9), rows = (int)ceil(height / cell - 1e-9);
    int n = DOUBLINGS_LEAST;
    while (n < DOUBLINGS_MOST && cost * ldexp(cols * rows, 2 * (n + 1)) <= GRID_COST) n++;
    const double u = 0.5 * (box.x_min + box.x_max), v = 0.5 * (box.y_min + box.y_max);
    return (LandscapeGrid){
        .cols = (cols << n) + 1,
        .rows = (rows << n) + 1,
        .u_min = u - 0.5 * cols * cell,
        .u_max = u + 0.5 * cols * cell,
        .v_min = v - 0.5 * rows * cell,
        .v_max = v + 0.5 * rows * cell,
    };
}

static bool same_box(const Box *a, const Box *b) {
    return a->x_min == b->x_min && a->x_max == b->x_max && a->y_min == b->y_min && a->y_max == b->y_max;
}

/* The landscape of another part of the plane. */
static bool begin_landscape(LandscapeWork *work) {
    if (!work->has_fit || !work->order.has_box || work->fit.kind == NETWORK_PLANE_LINE) return false;
    if ((work->landscape || work->grid_failed) && same_box(&work->grid_box, &work->order.box)) return false;
    Status status = status_ok();
    drop_landscape(work);
    work->grid_box = work->order.box;
    work->grid = grid_of(work, work->order.box);
    work->cells = 1;
    work->landscape = landscape_create(
        &work->spec, &work->fit.plane, &work->batches[LINE_TRAINING], &work->grid, NULL, &status);
    work->grid_failed = !work->landscape;
    if (work->grid_failed) memcpy(work->result.problem, status.message, sizeof work->result.problem);
    return true;
}

/* What is known in full, as coarsely as it is. */
static void show_heights(LandscapeWork *work) {
    const int spacing = landscape_spacing(work->landscape);
    if (spacing == 0 || spacing == work->spacing) return;
    LandscapeResult *result = &work->result;
    const LandscapeGrid *grid = &work->grid;
    work->spacing = spacing;
    result->cols_finest = grid->cols;
    result->rows_finest = grid->rows;
    result->cols = (grid->cols - 1) / spacing + 1;
    result->rows = (grid->rows - 1) / spacing + 1;
    result->box = (Box){grid->u_min, grid->u_max, grid->v_min, grid->v_max};
    for (int row = 0; row < result->rows; row++)
        for (int col = 0; col < result->cols; col++)
            result->heights[row * result->cols + col] =
                landscape_at(work->landscape, row * spacing, col * spacing);
    result->heights_version++;
}

static bool refine(LandscapeWork *work) {
    if (!work->landscape || work->grid_done) return false;
    const double began_s = clock_now_s();
    work->grid_done = !landscape_advance(work->landscape, work->cells);
    const double took_s = clock_now_s() - began_s;
    if (took_s < 0.5 * SLICE_S) work->cells *= 2;
    if (took_s > SLICE_S && work->cells > 1) work->cells /= 2;
    show_heights(work);
    return true;
}

static bool sketch(LandscapeWork *work) {
    return work->spacing == 0 && refine(work);
}

/* The states that are kept now become the rows of every path; what was known of them stays. */
static void look_for_states(LandscapeWork *work) {
    work->n_path_steps = live_training_kept(work->live, work->path_steps);
    work->path_racer = 0;
    work->paths_stale = false;
}

static void follow_racer(LandscapeWork *work, int racer) {
    LandscapePath old = work->result.paths[racer], *path = &work->result.paths[racer];
    int known = 0;
    path->n = 0;
    for (int i = 0; i < work->n_path_steps; i++) {
        const int64_t step = work->path_steps[i];
        PlaneFoot foot;
        while (known < old.n && old.steps[known] < step) known++;
        if (known < old.n && old.steps[known] == step) {
            foot = (PlaneFoot){.u = old.x[2 * known], .v = old.x[2 * known + 1]};
        } else {
            if (live_training_copy_kept(work->live, step, racer, &work->point) != step) continue;
            foot = plane_project(&work->fit.plane, &work->point);
        }
        if (!isfinite(foot.u) || !isfinite(foot.v)) break; /* it has diverged */
        path->steps[path->n] = step;
        path->x[2 * path->n] = foot.u;
        path->x[2 * path->n + 1] = foot.v;
        path->n++;
    }
}

static bool follow(LandscapeWork *work) {
    if (!work->has_fit) return false;
    if (work->path_racer == work->n_racers && work->paths_stale) look_for_states(work);
    if (work->path_racer == work->n_racers) return false;
    follow_racer(work, work->path_racer++);
    return true;
}

static bool find_heads(LandscapeWork *work) {
    if (!work->has_fit || work->state_step < 0) return false;
    for (int i = 0; i < work->n_racers; i++) {
        LandscapeHead *head = &work->result.heads[i];
        if (head->step == work->state_step) continue;
        head->foot = plane_project(&work->fit.plane, &work->states[i]);
        head->step = work->state_step;
        return true;
    }
    return false;
}

static bool judge_heads(LandscapeWork *work) {
    if (!work->has_fit || work->state_step < 0 || !has_mlp(work)) return false;
    if (work->fit.kind != NETWORK_PLANE_LINE && !work->landscape) return false;
    for (int i = 0; i < work->n_racers; i++) {
        LandscapeHead *head = &work->result.heads[i];
        if (head->losses_step == work->state_step || head->step != work->state_step) continue;
        head->loss = mlp_score(work->mlp, &work->states[i], &work->batches[LINE_TRAINING]).loss;
        if (work->landscape) head->on_plane = landscape_loss(work->landscape, head->foot.u, head->foot.v);
        head->losses_step = work->state_step;
        return true;
    }
    return false;
}

/* The point of the line that is next: those far apart first. */
static int line_point(int done) {
    for (int step = 4 * (LINE_POINTS - 1) / 15, n = 0; step > 0; step /= 2)
        for (int i = 0; i < LINE_POINTS; i += step) {
            const bool before = n > 0 && i % (2 * step) == 0;
            if (!before && done-- == 0) return i;
            if (i + step >= LINE_POINTS) n++;
        }
    return 0;
}

static bool walk_line(LandscapeWork *work) {
    LandscapeLine *line = &work->result.line;
    if (!work->has_fit || work->fit.kind != NETWORK_PLANE_LINE || line->done == LINE_POINTS || !has_mlp(work))
        return false;
    const int i = line_point(line->done++);
    plane_point(&work->fit.plane, line->at[i], 0, &work->point);
    for (int part = 0; part < LINE_PARTS; part++) {
        if (work->batches[part].size == 0) continue;
        const MlpScore score = mlp_score(work->mlp, &work->point, &work->batches[part]);
        line->losses[part][i] = score.loss;
        line->errors[part][i] = score.error;
    }
    return true;
}

/* Two that take long and are both waited for. */
static bool take_turns(LandscapeWork *work) {
    work->heads_turn = !work->heads_turn;
    if (work->heads_turn) return judge_heads(work) || refine(work) || walk_line(work);
    return refine(work) || walk_line(work) || judge_heads(work);
}

/* After a slice. A first picture does not wait. */
static void rest(const LandscapeWork *work, double worked_s) {
    const double rest_s = fmin(RESTS * worked_s, REST_MAX_S);
    if (work->threaded && work->order.gently && work->spacing > 0)
        nanosleep(&(struct timespec){.tv_nsec = (long)(1e9 * rest_s)}, NULL);
}

static bool slice(void *context) {
    LandscapeWork *work = context;
    const double begun_s = clock_now_s();
    bool did = fit_plane(work) || find_heads(work) || begin_landscape(work) || sketch(work) || follow(work) ||
               take_turns(work);
    if (did) atomic_fetch_add(&work->news, 1);
    if (did) rest(work, clock_now_s() - begun_s);
    return did;
}

/* A life. */

static bool allocate(LandscapeWork *work, const Data *data) {
    const Precision precision = work->spec.precision;
    const size_t dim = live_training_parameters(work->live);
    const size_t each = (dim * precision_bytes(precision) + 63) / 64 * 64;
    work->states_block = aligned_alloc(64, each * (size_t)work->n_racers);
    work->point_block = aligned_alloc(64, each);
    if (!work->states_block || !work->point_block) return false;
    work->point = (Vec){.n = dim, .precision = precision, .data = work->point_block};
    for (int i = 0; i < work->n_racers; i++)
        work->states[i] =
            (Vec){.n = dim, .precision = precision, .data = (char *)work->states_block + (size_t)i * each};
    const Part parts[LINE_PARTS] = {
        [LINE_TRAINING] = data->split.training, [LINE_VALIDATION] = data->split.validation};
    for (int i = 0; i < LINE_PARTS; i++) {
        Status ignored = status_ok();
        work->samples[i] = dataset_sample(data->dataset, parts[i], LANDSCAPE_EXAMPLES_MAX, &ignored);
        if (!work->samples[i]) return false;
        work->batches[i] = dataset_batch(work->samples[i], 0, work->samples[i]->n);
    }
    return true;
}

LandscapeWork *landscape_work_create(LiveTraining *live, const Data *data, bool threaded, Status *status) {
    LandscapeWork *work = calloc(1, sizeof *work);
    bool good = work != NULL;
    if (good) {
        work->live = live;
        work->spec = *live_training_network(live);
        work->n_racers = work->path_racer = live_training_racer_count(live);
        work->state_step = -1;
        work->threaded = threaded;
        work->result.explained = NAN;
        atomic_init(&work->news, 0);
        forget(work);
        good = allocate(work, data) && (work->background = background_create(slice, work, threaded)) != NULL;
        work->result.examples = work->batches[LINE_TRAINING].size;
        work->result.examples_validation = work->batches[LINE_VALIDATION].size;
    }
    if (good) return work;
    landscape_work_destroy(work);
    status_fail(status, STATUS_FAILED, "not enough memory for the landscape");
    return NULL;
}

void landscape_work_destroy(LandscapeWork *work) {
    if (!work) return;
    background_destroy(work->background);
    landscape_destroy(work->landscape);
    landscape_fit_finish(&work->fit);
    mlp_destroy(work->mlp);
    for (int part = 0; part < LINE_PARTS; part++) dataset_destroy(work->samples[part]);
    free(work->states_block);
    free(work->point_block);
    free(work);
}

/* The owner's. */

bool landscape_work_has_news(const LandscapeWork *work) {
    return atomic_load(&work->news) != work->seen;
}

bool landscape_work_exchange(LandscapeWork *work, LandscapeOrder *order, bool wait, LandscapeResult *result) {
    if (wait)
        background_lock(work->background);
    else if (!background_try_lock(work->background))
        return false;
    const LiveState *state = order->state;
    bool is_new = order->fit != work->order.fit || order->has_box != work->order.has_box ||
                  !same_box(&order->box, &work->order.box);
    if (state && state->step != work->state_step) {
        is_new = true;
        for (int i = 0; i < work->n_racers; i++) vec_copy(&work->states[i], &state->weights[i]);
        work->state_step = state->step;
        work->paths_stale = true;
    }
    order->state = NULL;
    order->state_step = work->state_step;
    work->order = *order;
    work->seen = atomic_load(&work->news);
    *result = work->result;
    background_unlock(work->background, is_new);
    return true;
}

void landscape_work_go(LandscapeWork *work, double budget_s) {
    background_work(work->background, budget_s);
}

void landscape_work_finish(LandscapeWork *work) {
    background_finish(work->background);
}

bool landscape_work_is_busy(const LandscapeWork *work) {
    return background_is_busy(work->background);
}
