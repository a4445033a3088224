/* Who watches chooses states and copies their weights; who works has nothing to do with the training. Jobs go
 * from hand to hand under a lock that is held for no longer than that takes, since a slice, a product of a
 * large network's Hessian, may take a tenth of a second. */
#include "live_curvature.h"

#include "background.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Jobs that are given out at a time: enough for the time between two pictures, but fewer where their weights
 * would take more memory than this. */
enum { JOBS = 8, JOBS_LEAST = 2 };
static const double JOBS_BYTES = 64e6;
/* A curve is as fine as so many products' numbers allow, and has at least and at most so many parts. */
static const double PRODUCTS = 6e7;
enum { PARTS_LEAST = 8, PARTS_MAX = 96 };

typedef enum JobState { JOB_FREE, JOB_WAITS, JOB_RUNS, JOB_DONE } JobState;

typedef struct Job {
    JobState state;
    uint64_t number; /* jobs are done in this order */
    HessianTask task;
    int racer;
    int64_t step;
    Vec weights, scaling; /* scaling: where the racer has one */
    bool scales;
    HessianExtremes extremes;
} Job;

struct LiveCurvature {
    LiveTraining *live;
    Background *background;
    void *block; /* owns the jobs' numbers */
    /* The worker's. */
    Hessian *hessian;
    Job *running; /* NULL: none */
    /* Under the mutex; a job that runs is the worker's. */
    pthread_mutex_t mutex;
    Job jobs[JOBS];
    HessianSpread found; /* of the last spread that is done */
    /* The watcher's. */
    uint64_t given;
    int n_jobs, parts, examples;
    size_t dim;
    bool behind;
    int n_kept;
    int64_t kept[LIVE_KEPT_MAX];
    CurvatureCurve curves[RACE_RACERS_MAX];
    CurvatureSpread spread;
    int64_t asked_step; /* whose spread was given out last, */
    int asked_racer;    /* and of whom; -1: none */
};

/* Working. */

static Job *next_job(LiveCurvature *curvature) {
    Job *next = NULL;
    for (int i = 0; i < JOBS; i++) {
        Job *job = &curvature->jobs[i];
        if (job->state == JOB_WAITS && (!next || job->number < next->number)) next = job;
    }
    return next;
}

static bool begin_job(LiveCurvature *curvature) {
    pthread_mutex_lock(&curvature->mutex);
    Job *job = next_job(curvature);
    if (job) job->state = JOB_RUNS;
    pthread_mutex_unlock(&curvature->mutex);
    if (!job) return false;
    vec_copy(hessian_at(curvature->hessian), &job->weights);
    if (job->scales && job->task == HESSIAN_EXTREMES) {
        vec_copy(hessian_scaling(curvature->hessian), &job->scaling);
        hessian_begin_scaled(curvature->hessian);
    } else {
        hessian_begin(curvature->hessian, job->task);
    }
    curvature->running = job;
    return true;
}

static void end_job(LiveCurvature *curvature) {
    Job *job = curvature->running;
    job->extremes = hessian_extremes(curvature->hessian);
    curvature->running = NULL;
    pthread_mutex_lock(&curvature->mutex);
    if (job->task == HESSIAN_SPREAD) curvature->found = *hessian_spread(curvature->hessian);
    job->state = JOB_DONE;
    pthread_mutex_unlock(&curvature->mutex);
}

static bool slice(void *context) {
    LiveCurvature *curvature = context;
    if (!curvature->running && !begin_job(curvature)) return false;
    if (!hessian_advance(curvature->hessian)) end_job(curvature);
    return true;
}

/* Making one. */

static int part_count(size_t dim, int examples) {
    return (int)fmin(fmax(PRODUCTS / ((double)dim * examples), PARTS_LEAST), PARTS_MAX);
}

static bool set_up(LiveCurvature *curvature, const Batch *examples, bool threaded, Status *status) {
    const MlpSpec *spec = live_training_network(curvature->live);
    curvature->hessian = hessian_create(spec, examples, status);
    if (!curvature->hessian) return false;
    curvature->dim = hessian_dim(curvature->hessian);
    curvature->examples = hessian_examples(curvature->hessian);
    curvature->parts = part_count(curvature->dim, curvature->examples);
    const size_t bytes = (curvature->dim * precision_bytes(spec->precision) + 63) / 64 * 64;
    curvature->n_jobs = (int)fmin(fmax(0.5 * JOBS_BYTES / (double)bytes, JOBS_LEAST), JOBS);
    char *at = curvature->block = aligned_alloc(64, 2 * (size_t)curvature->n_jobs * bytes);
    for (int i = 0; at && i < curvature->n_jobs; i++, at += 2 * bytes) {
        const Vec weights = {.n = curvature->dim, .precision = spec->precision, .data = at};
        curvature->jobs[i].weights = curvature->jobs[i].scaling = weights;
        curvature->jobs[i].scaling.data = at + bytes;
    }
    curvature->background = at ? background_create(slice, curvature, threaded) : NULL;
    return curvature->background || status_fail(status, STATUS_FAILED, "out of memory");
}

LiveCurvature *live_curvature_create(
    LiveTraining *live, const Batch *examples, bool threaded, Status *status) {
    LiveCurvature *curvature = calloc(1, sizeof *curvature);
    if (!curvature) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&curvature->mutex, NULL);
    curvature->live = live;
    curvature->spread.racer = curvature->asked_racer = -1;
    if (set_up(curvature, examples, threaded, status)) return curvature;
    live_curvature_destroy(curvature);
    return NULL;
}

void live_curvature_destroy(LiveCurvature *curvature) {
    if (!curvature) return;
    background_destroy(curvature->background);
    pthread_mutex_destroy(&curvature->mutex);
    hessian_destroy(curvature->hessian);
    free(curvature->block);
    free(curvature);
}

/* What was asked for. */

/* The first point at a step or after. */
static int place_of(const CurvatureCurve *curve, int64_t step) {
    int low = 0, high = curve->n;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (curve->points[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_point(const CurvatureCurve *curve, int64_t step) {
    const int place = place_of(curve, step);
    return place < curve->n && curve->points[place].step == step;
}

static void add_point(CurvatureCurve *curve, int64_t step) {
    const int place = place_of(curve, step);
    memmove(
        curve->points + place + 1, curve->points + place, (size_t)(curve->n - place) * sizeof *curve->points);
    curve->points[place] = (CurvaturePoint){.step = step};
    curve->n++;
}

/* Choosing. */

typedef struct Choice {
    HessianTask task;
    int racer;
    int64_t step;
} Choice;

/* The last kept step at another one or before, as its place; -1: none. */
static int kept_at(const LiveCurvature *curvature, int64_t step) {
    int low = 0, high = curvature->n_kept;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (curvature->kept[middle] <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* For anybody who has none at a step and is at least so far from having one. */
static bool choose_at(const LiveCurvature *curvature, const CurvatureWish *wish, int64_t step,
    int64_t distance, Choice *choice) {
    for (int i = 0; i < RACE_RACERS_MAX; i++) {
        /* The chosen one first. */
        const int racer = wish->chosen < 0 ? i : (i + wish->chosen) % RACE_RACERS_MAX;
        const CurvatureCurve *curve = &curvature->curves[racer];
        if (!wish->racers[racer] || curve->n == CURVATURE_POINTS_MAX || has_point(curve, step)) continue;
        const int place = place_of(curve, step);
        if (distance > 0 && place > 0 && step - curve->points[place - 1].step < distance) continue;
        *choice = (Choice){HESSIAN_EXTREMES, racer, step};
        return true;
    }
    return false;
}

/* The kept step that is next to the middle of two, between them; -1: none. */
static int64_t middle_of(const LiveCurvature *curvature, int64_t low, int64_t high) {
    const int place = kept_at(curvature, low + (high - low) / 2);
    int64_t best = -1;
    for (int i = place; i <= place + 1; i++) {
        if (i < 0 || i >= curvature->n_kept || curvature->kept[i] <= low || curvature->kept[i] >= high)
            continue;
        const int64_t step = curvature->kept[i];
        if (best < 0 || llabs(2 * step - low - high) < llabs(2 * best - low - high)) best = step;
    }
    return best;
}

/* In the widest gap of all that is wider than it should be. */
static bool choose_between(
    const LiveCurvature *curvature, const CurvatureWish *wish, int64_t wide, Choice *choice) {
    int64_t widest = wide;
    bool found = false;
    for (int racer = 0; racer < RACE_RACERS_MAX; racer++) {
        const CurvatureCurve *curve = &curvature->curves[racer];
        if (!wish->racers[racer] || curve->n == CURVATURE_POINTS_MAX) continue;
        for (int i = 1; i < curve->n; i++) {
            const int64_t low = curve->points[i - 1].step, high = curve->points[i].step;
            const int64_t step = high - low > widest ? middle_of(curvature, low, high) : -1;
            if (step < 0) continue;
            widest = high - low;
            found = true;
            *choice = (Choice){HESSIAN_EXTREMES, racer, step};
        }
    }
    return found;
}

static bool choose(const LiveCurvature *curvature, const CurvatureWish *wish, Choice *choice) {
    const int n = curvature->n_kept, shown = kept_at(curvature, wish->step);
    if (n == 0) return false;
    const int64_t first = curvature->kept[0], last = curvature->kept[n - 1];
    const int64_t wide = (last - first + curvature->parts - 1) / curvature->parts;
    if (shown >= 0 && choose_at(curvature, wish, curvature->kept[shown], 0, choice)) return true;
    if (shown >= 0 && wish->chosen >= 0 &&
        (curvature->asked_racer != wish->chosen || curvature->asked_step != curvature->kept[shown])) {
        *choice = (Choice){HESSIAN_SPREAD, wish->chosen, curvature->kept[shown]};
        return true;
    }
    return choose_at(curvature, wish, last, wide, choice) || choose_at(curvature, wish, first, 0, choice) ||
           choose_between(curvature, wish, wide, choice);
}

/* Handing over. */

static bool take_results(LiveCurvature *curvature) {
    bool news = false;
    for (int i = 0; i < JOBS; i++) {
        Job *job = &curvature->jobs[i];
        if (job->state != JOB_DONE) continue;
        job->state = JOB_FREE;
        news = true;
        if (job->task == HESSIAN_SPREAD) {
            curvature->spread = (CurvatureSpread){job->step, job->racer, job->extremes, curvature->found};
            continue;
        }
        CurvatureCurve *curve = &curvature->curves[job->racer];
        CurvaturePoint *point = &curve->points[place_of(curve, job->step)];
        point->known = true;
        point->extremes = job->extremes;
    }
    return news;
}

/* One spread at a time: a newer wish overtakes those that were not begun. */
static bool is_spread_under_way(const LiveCurvature *curvature) {
    for (int i = 0; i < JOBS; i++)
        if (curvature->jobs[i].state != JOB_FREE && curvature->jobs[i].task == HESSIAN_SPREAD) return true;
    return false;
}

static void give(LiveCurvature *curvature, Job *job, const Choice *choice) {
    job->task = choice->task;
    job->racer = choice->racer;
    job->step = choice->step;
    job->number = ++curvature->given;
    if (choice->task == HESSIAN_SPREAD) {
        curvature->asked_racer = choice->racer;
        curvature->asked_step = choice->step;
    } else {
        add_point(&curvature->curves[choice->racer], choice->step);
    }
    job->state = JOB_WAITS;
}

/* False where the state has been thinned out meanwhile: then it is chosen anew with the next picture. */
static bool copy_state(LiveCurvature *curvature, const Choice *choice, Job *job) {
    LiveTraining *live = curvature->live;
    const int racer = choice->racer;
    job->scales = live_training_scales(live, racer);
    return live_training_copy_kept(live, choice->step, racer, &job->weights) == choice->step &&
           (!job->scales ||
               live_training_copy_scaling(live, choice->step, racer, &job->scaling) == choice->step);
}

/* Returns whether anything is under way. */
static bool give_out(LiveCurvature *curvature, const CurvatureWish *wish) {
    bool busy = false;
    for (int i = 0; i < curvature->n_jobs; i++) {
        Job *job = &curvature->jobs[i];
        Choice choice;
        CurvatureWish possible = *wish;
        if (is_spread_under_way(curvature)) possible.chosen = -1;
        if (job->state == JOB_FREE && choose(curvature, &possible, &choice) &&
            copy_state(curvature, &choice, job))
            give(curvature, job, &choice);
        busy = busy || job->state != JOB_FREE;
    }
    return busy;
}

bool live_curvature_follow(LiveCurvature *curvature, const CurvatureWish *wish) {
    curvature->n_kept = live_training_kept(curvature->live, curvature->kept);
    pthread_mutex_lock(&curvature->mutex);
    const bool news = take_results(curvature);
    curvature->behind = give_out(curvature, wish);
    pthread_mutex_unlock(&curvature->mutex);
    background_set_share(curvature->background, wish->gently ? BACKGROUND_GENTLE_SHARE : 1);
    if (curvature->behind && !background_is_busy(curvature->background)) {
        background_lock(curvature->background);
        background_unlock(curvature->background, true);
    }
    return news;
}

void live_curvature_work(LiveCurvature *curvature, double budget_s) {
    background_work(curvature->background, budget_s);
}

void live_curvature_finish(LiveCurvature *curvature, const CurvatureWish *wish) {
    for (live_curvature_follow(curvature, wish); curvature->behind; live_curvature_follow(curvature, wish))
        background_finish(curvature->background);
}

bool live_curvature_is_behind(const LiveCurvature *curvature) {
    return curvature->behind;
}

const CurvatureCurve *live_curvature_curve(const LiveCurvature *curvature, int racer) {
    return &curvature->curves[racer];
}

const CurvatureSpread *live_curvature_spread(const LiveCurvature *curvature) {
    return &curvature->spread;
}

int live_curvature_examples(const LiveCurvature *curvature) {
    return curvature->examples;
}

size_t live_curvature_dim(const LiveCurvature *curvature) {
    return curvature->dim;
}
