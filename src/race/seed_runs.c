/* Trainings one after the other, on one thread. What it shares with the watcher is what is aimed at, under a
 * mutex, and reports, which need none. A training is made by the thread that trains it and ends there. */
#include "seed_runs.h"

#include "clock.h"
#include "live_log.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double CHUNK_S = 0.004; /* a chunk takes about so long, where a step does not */

typedef struct SeedRun {
    LiveLog log;
    atomic_bool over;
    /* The trainer's. */
    Training *training; /* owned; NULL: it has not begun, or is over */
    int64_t done;
} SeedRun;

struct SeedRuns {
    TrainingSpec spec;
    RacerSpec *racers; /* that it points at; owned, as is its data_text */
    char *data_text;
    const Data *data; /* borrowed */
    SeedRun runs[SEEDS_MAX - 1];
    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work, progress;
    /* Under the mutex: */
    bool ending;
    int n;
    int64_t aim;
    Training *trained; /* the one under way */
    /* The trainer's. */
    int64_t chunk; /* steps */
};

/* Making them. */

static bool copy_spec(SeedRuns *runs, const TrainingSpec *spec) {
    const size_t bytes = (size_t)spec->n_racers * sizeof *runs->racers;
    runs->spec = *spec;
    runs->racers = malloc(bytes);
    runs->data_text = strdup(spec->data_text);
    if (!runs->racers || !runs->data_text) return false;
    memcpy(runs->racers, spec->racers, bytes);
    runs->spec.racers = runs->racers;
    runs->spec.data_text = runs->data_text;
    return true;
}

/* Training. */

/* The first that is not where it shall be; NULL where all are. Under the mutex. */
static SeedRun *next_run(SeedRuns *runs) {
    for (int i = 0; i < runs->n; i++) {
        SeedRun *run = &runs->runs[i];
        const bool begun = live_log_count(&run->log) > 0;
        if (!atomic_load(&run->over) && (!begun || run->done < runs->aim)) return run;
    }
    return NULL;
}

static Training *begin(SeedRuns *runs, const SeedRun *run) {
    Status status = status_ok();
    TrainingSpec spec = runs->spec;
    const uint64_t further = (uint64_t)(run - runs->runs) + 1;
    spec.seed += further;
    spec.sampling.seed += further;
    return training_create(&spec, runs->data, NULL, &status);
}

static void adapt_chunk(SeedRuns *runs, int64_t steps, double took_s) {
    if (took_s > CHUNK_S && runs->chunk > 1) runs->chunk /= 2;
    if (took_s < 0.5 * CHUNK_S && steps == runs->chunk && runs->chunk < INT32_MAX) runs->chunk *= 2;
}

/* The run is not the watcher's to end meanwhile. */
static void announce(SeedRuns *runs, Training *training) {
    pthread_mutex_lock(&runs->mutex);
    runs->trained = training;
    if (runs->ending && training) training_leave_off(training);
    pthread_mutex_unlock(&runs->mutex);
}

/* One that cannot be begun, or has no room for its reports, is over without them. */
static void train_chunk(SeedRuns *runs, SeedRun *run, int64_t aim) {
    if (!run->training && !(run->training = begin(runs, run))) {
        atomic_store(&run->over, true);
        return;
    }
    Training *training = run->training;
    announce(runs, training);
    const int64_t begun = training_steps_done(training), end = begun + runs->chunk;
    const double begun_s = clock_now_s();
    const TrainingProgress progress = training_advance_within(training, end < aim ? end : aim);
    const int64_t done = training_steps_done(training);
    adapt_chunk(runs, done - begun, clock_now_s() - begun_s);
    announce(runs, NULL);
    const bool reported = progress == TRAINING_REPORTED,
               lost = reported && !live_log_add(&run->log, training);
    const bool over = lost || progress == TRAINING_ENDED || (reported && done == training_steps(training));
    pthread_mutex_lock(&runs->mutex);
    run->done = done;
    pthread_mutex_unlock(&runs->mutex);
    if (!over) return;
    training_destroy(training);
    run->training = NULL;
    atomic_store(&run->over, true);
}

static void *train(void *context) {
    SeedRuns *runs = context;
    pthread_mutex_lock(&runs->mutex);
    while (!runs->ending) {
        SeedRun *run = next_run(runs);
        if (!run) {
            pthread_cond_signal(&runs->progress);
            pthread_cond_wait(&runs->work, &runs->mutex);
            continue;
        }
        const int64_t aim = runs->aim;
        pthread_mutex_unlock(&runs->mutex);
        train_chunk(runs, run, aim);
        pthread_mutex_lock(&runs->mutex);
    }
    pthread_mutex_unlock(&runs->mutex);
    return NULL;
}

SeedRuns *seed_runs_create(const TrainingSpec *spec, const Data *data, bool threaded, Status *status) {
    SeedRuns *runs = calloc(1, sizeof *runs);
    if (!runs || !copy_spec(runs, spec)) {
        if (runs) {
            free(runs->racers);
            free(runs->data_text);
        }
        free(runs);
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    runs->data = data;
    runs->chunk = 1;
    for (int i = 0; i < SEEDS_MAX - 1; i++) {
        runs->runs[i].log = (LiveLog){.n_racers = spec->n_racers};
        atomic_init(&runs->runs[i].over, false);
    }
    pthread_mutex_init(&runs->mutex, NULL);
    pthread_cond_init(&runs->work, NULL);
    pthread_cond_init(&runs->progress, NULL);
    runs->threaded = threaded && pthread_create(&runs->thread, NULL, train, runs) == 0;
    return runs;
}

void seed_runs_destroy(SeedRuns *runs) {
    if (!runs) return;
    if (runs->threaded) {
        pthread_mutex_lock(&runs->mutex);
        runs->ending = true;
        if (runs->trained) training_leave_off(runs->trained);
        pthread_cond_signal(&runs->work);
        pthread_mutex_unlock(&runs->mutex);
        pthread_join(runs->thread, NULL);
    }
    pthread_cond_destroy(&runs->progress);
    pthread_cond_destroy(&runs->work);
    pthread_mutex_destroy(&runs->mutex);
    for (int i = 0; i < SEEDS_MAX - 1; i++) {
        training_destroy(runs->runs[i].training);
        live_log_finish(&runs->runs[i].log);
    }
    free(runs->racers);
    free(runs->data_text);
    free(runs);
}

/* Going on. */

void seed_runs_aim(SeedRuns *runs, int n, int64_t step) {
    assert(n >= 0 && n < SEEDS_MAX);
    pthread_mutex_lock(&runs->mutex);
    runs->n = n;
    runs->aim = step;
    if (next_run(runs)) pthread_cond_signal(&runs->work);
    pthread_mutex_unlock(&runs->mutex);
}

void seed_runs_work(SeedRuns *runs, double budget_s) {
    SeedRun *run;
    if (runs->threaded) return;
    for (double end_s = clock_now_s() + budget_s; (run = next_run(runs)) && clock_now_s() < end_s;)
        train_chunk(runs, run, runs->aim);
}

void seed_runs_reach(SeedRuns *runs, int n, int64_t step) {
    SeedRun *run;
    seed_runs_aim(runs, n, step);
    while (!runs->threaded && (run = next_run(runs))) train_chunk(runs, run, runs->aim);
    pthread_mutex_lock(&runs->mutex);
    while (next_run(runs)) pthread_cond_wait(&runs->progress, &runs->mutex);
    pthread_mutex_unlock(&runs->mutex);
}

bool seed_runs_are_busy(SeedRuns *runs) {
    pthread_mutex_lock(&runs->mutex);
    const bool busy = next_run(runs) != NULL;
    pthread_mutex_unlock(&runs->mutex);
    return busy;
}

/* Reading. */

static const SeedRun *run_of(const SeedRuns *runs, int run) {
    assert(run >= 0 && run < SEEDS_MAX - 1);
    return &runs->runs[run];
}

int64_t seed_runs_report_count(const SeedRuns *runs, int run) {
    return live_log_count(&run_of(runs, run)->log);
}

const LiveReport *seed_runs_report(const SeedRuns *runs, int run, int64_t report, int racer) {
    return live_log_report(&run_of(runs, run)->log, report, racer);
}

bool seed_runs_is_over(const SeedRuns *runs, int run) {
    return atomic_load(&run_of(runs, run)->over);
}
