/* One slice does one thing of a list that is looked through from its beginning each time: what the window
 * cannot do without comes first. All is the slices' own but what lies in the gate, where orders wait for them
 * and results for the owner: neither side waits for the other. */
#include "landscape_work.h"

#include "background.h"
#include "camera.h"
#include "clock.h"
#include "landscape.h"
#include "mlp.h"
#include "pool.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE_BATCH = 256 };
static const double SLICE_S = 0.004; /* as far as it can be chosen */

/* The order's way in and the result's way out. */
typedef struct Gate {
    pthread_mutex_t mutex;
    LandscapeOrder order;
    Vec states[RACE_RACERS_MAX]; /* that were given last, */
    int64_t state_step;          /* at this step; -1: none */
    LandscapeResult result;
    atomic_bool has_news; /* the owner has not taken it yet; written under the mutex */
} Gate;

struct LandscapeWork {
    LiveTraining *live; /* borrowed, as is */
    const Data *data;
    MlpSpec spec;
    int n_racers;
    Background *background;
    Pool *pool; /* for cells of a landscape; NULL: without threads */
    Gate gate;
    /* The slices'. */
    LandscapeOrder order; /* its state: in: */
    Vec states[RACE_RACERS_MAX];
    int64_t state_step; /* -1: none */
    void *states_block;
    Dataset *samples[LINE_PARTS]; /* of each part; owned; NULL: not needed yet */
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
    bool is_told; /* all of it lies in the gate */
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

static bool same_box(const Box *a, const Box *b) {
    return a->x_min == b->x_min && a->x_max == b->x_max && a->y_min == b->y_min && a->y_max == b->y_max;
}

/* What is in sight of the plane. Until the owner says it of a new one, what will be at first. */
static bool has_box(const LandscapeWork *work, Box *box) {
    const LandscapeOrder *order = &work->order;
    Camera camera;
    *box = order->box;
    if (order->box_fit == work->fitted) return true;
    if (!(order->plot.width > 1)) return false;
    camera_init(&camera, work->fit.home);
    camera_resize(&camera, order->plot);
    *box = camera_box(&camera);
    return true;
}

static int pool_threads(const LandscapeWork *work) {
    return work->pool ? pool_width(work->pool) : 1;
}

/* The landscape of another part of the plane. */
static bool begin_landscape(LandscapeWork *work) {
    Box box;
    if (!work->has_fit || work->fit.kind == NETWORK_PLANE_LINE || !has_box(work, &box)) return false;
    if ((work->landscape || work->grid_failed) && same_box(&work->grid_box, &box)) return false;
    Status status = status_ok();
    drop_landscape(work);
    work->grid_box = box;
    work->grid = landscape_fit_grid(&work->spec, work->batches[LINE_TRAINING].size, box);
    work->cells = pool_threads(work);
    work->landscape = landscape_create(
        &work->spec, &work->fit.plane, &work->batches[LINE_TRAINING], &work->grid, work->pool, &status);
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

/* Of a race that goes on there are new ones all the time: the first picture does not wait for them. */
static bool find_heads(LandscapeWork *work) {
    if (!work->has_fit || work->state_step < 0) return false;
    const bool sketches = work->landscape && work->spacing == 0;
    for (int i = 0; i < work->n_racers; i++) {
        LandscapeHead *head = &work->result.heads[i];
        if (head->step == work->state_step || (sketches && head->step >= 0)) continue;
        head->foot = plane_project(&work->fit.plane, &work->states[i]);
        head->step = work->state_step;
        return true;
    }
    return false;
}

static double foot_loss(LandscapeWork *work, const PlaneFoot *foot) {
    if (work->landscape) return landscape_loss(work->landscape, foot->u, foot->v);
    plane_point(&work->fit.plane, foot->u, foot->v, &work->point);
    return mlp_score(work->mlp, &work->point, &work->batches[LINE_TRAINING]).loss;
}

static bool judge_heads(LandscapeWork *work) {
    if (!work->has_fit || work->state_step < 0 || !has_mlp(work)) return false;
    if (work->fit.kind != NETWORK_PLANE_LINE && !work->landscape) return false;
    for (int i = 0; i < work->n_racers; i++) {
        LandscapeHead *head = &work->result.heads[i];
        if (head->losses_step == work->state_step || head->step != work->state_step) continue;
        head->loss = mlp_score(work->mlp, &work->states[i], &work->batches[LINE_TRAINING]).loss;
        head->on_plane = foot_loss(work, &head->foot);
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

/* Takes examples of a part. */
static bool take_sample(LandscapeWork *work, LinePart part) {
    const Split *split = &work->data->split;
    Status ignored = status_ok();
    work->samples[part] = dataset_sample(work->data->dataset,
        part == LINE_TRAINING ? split->training : split->validation, LANDSCAPE_EXAMPLES_MAX, &ignored);
    if (!work->samples[part]) return false;
    work->batches[part] = dataset_batch(work->samples[part], 0, work->samples[part]->n);
    return true;
}

static bool walk_line(LandscapeWork *work) {
    LandscapeLine *line = &work->result.line;
    if (!work->has_fit || work->fit.kind != NETWORK_PLANE_LINE || line->done == LINE_POINTS || !has_mlp(work))
        return false;
    if (!work->samples[LINE_VALIDATION]) take_sample(work, LINE_VALIDATION); /* or there is no such line */
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

/* The other threads of the pool work as long. A first picture does not wait. */
static void be_gentle(LandscapeWork *work) {
    const bool gently = work->order.gently && work->spacing > 0;
    background_set_share(work->background, gently ? BACKGROUND_GENTLE_SHARE / pool_threads(work) : 1);
}

static void take_order(LandscapeWork *work) {
    Gate *gate = &work->gate;
    pthread_mutex_lock(&gate->mutex);
    work->order = gate->order;
    if (gate->state_step != work->state_step) {
        for (int i = 0; i < work->n_racers; i++) {
            const Vec old = work->states[i];
            work->states[i] = gate->states[i];
            gate->states[i] = old;
        }
        work->state_step = gate->state_step;
        work->paths_stale = true;
    }
    pthread_mutex_unlock(&gate->mutex);
}

/* No sooner than the owner has taken what was there before, unless nothing more will come. */
static void give_result(LandscapeWork *work, bool more) {
    Gate *gate = &work->gate;
    if (work->is_told || (more && atomic_load(&gate->has_news))) return;
    pthread_mutex_lock(&gate->mutex);
    gate->result = work->result;
    atomic_store(&gate->has_news, true);
    pthread_mutex_unlock(&gate->mutex);
    work->is_told = true;
}

static bool slice(void *context) {
    LandscapeWork *work = context;
    take_order(work);
    bool did = fit_plane(work) || find_heads(work) || begin_landscape(work) || sketch(work) || follow(work) ||
               take_turns(work);
    if (did) work->is_told = false;
    give_result(work, did);
    be_gentle(work);
    return did;
}

/* A life. */

static bool allocate(LandscapeWork *work) {
    const Precision precision = work->spec.precision;
    const size_t dim = live_training_parameters(work->live), n = (size_t)work->n_racers;
    const size_t each = (dim * precision_bytes(precision) + 63) / 64 * 64;
    char *next = work->states_block = aligned_alloc(64, 2 * n * each);
    work->point_block = aligned_alloc(64, each);
    if (!work->states_block || !work->point_block) return false;
    work->point = (Vec){.n = dim, .precision = precision, .data = work->point_block};
    for (size_t i = 0; i < n; i++) {
        work->states[i] = work->gate.states[i] = work->point;
        work->states[i].data = next + i * each;
        work->gate.states[i].data = next + (n + i) * each;
    }
    return true;
}

static int sample_size(Part part) {
    return part.n < LANDSCAPE_EXAMPLES_MAX ? (int)part.n : LANDSCAPE_EXAMPLES_MAX;
}

/* What can be known before anything is worked out. */
static void init(LandscapeWork *work, LiveTraining *live, const Data *data) {
    work->live = live;
    work->data = data;
    work->spec = *live_training_network(live);
    work->n_racers = work->path_racer = live_training_racer_count(live);
    work->state_step = work->gate.state_step = -1;
    work->result.explained = NAN;
    work->result.examples = sample_size(data->split.training);
    work->result.examples_validation = sample_size(data->split.validation);
    forget(work);
    pthread_mutex_init(&work->gate.mutex, NULL);
    atomic_init(&work->gate.has_news, false);
    work->gate.result = work->result;
}

LandscapeWork *landscape_work_create(LiveTraining *live, const Data *data, bool threaded, Status *status) {
    LandscapeWork *work = calloc(1, sizeof *work);
    bool good = work != NULL;
    if (good) {
        init(work, live, data);
        good = allocate(work) && take_sample(work, LINE_TRAINING) &&
               (!threaded || (work->pool = pool_create(-1)) != NULL) &&
               (work->background = background_create(slice, work, threaded)) != NULL;
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
    pool_destroy(work->pool);
    pthread_mutex_destroy(&work->gate.mutex);
    free(work->states_block);
    free(work->point_block);
    free(work);
}

/* The owner's. */

bool landscape_work_has_news(const LandscapeWork *work) {
    return atomic_load(&work->gate.has_news);
}

void landscape_work_exchange(LandscapeWork *work, LandscapeOrder *order, LandscapeResult *result) {
    Gate *gate = &work->gate;
    const LiveState *state = order->state;
    pthread_mutex_lock(&gate->mutex);
    const LandscapeOrder *before = &gate->order;
    bool is_new = order->fit != before->fit || order->box_fit != before->box_fit ||
                  !same_box(&order->box, &before->box) ||
                  memcmp(&order->plot, &before->plot, sizeof order->plot) != 0;
    const bool hurries = is_new || !order->gently; /* for a first picture, or nobody else */
    if (state && state->step != gate->state_step) {
        is_new = true;
        for (int i = 0; i < work->n_racers; i++) vec_copy(&gate->states[i], &state->weights[i]);
        gate->state_step = state->step;
    }
    order->state = NULL;
    order->state_step = gate->state_step;
    gate->order = *order;
    *result = gate->result;
    atomic_store(&gate->has_news, false);
    pthread_mutex_unlock(&gate->mutex);
    if (hurries) background_set_share(work->background, 1);
    if (is_new) background_wake(work->background);
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
