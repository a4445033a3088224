/* slalom run with a network: rows of CSV at every report, progress on standard error, a table at the end.
 * What can be interrupted ends with everything so far written. */
#include "clock.h"
#include "command.h"

#include "file.h"
#include "seeds_summary.h"
#include "train_summary.h"
#include "training_columns.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Interruption. A signal handler can be given nothing but a number. */
static Training *volatile interrupted_training;
static volatile sig_atomic_t was_interrupted;

static void interrupt(int number) {
    (void)number;
    Training *training = interrupted_training;
    was_interrupted = 1;
    if (training) training_leave_off(training);
}

/* The first interruption ends the training; a second one, that the handler is gone for, the program. */
static void catch_interruptions(bool catches) {
    struct sigaction action = {.sa_flags = (int)SA_RESETHAND};
    action.sa_handler = catches ? interrupt : SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Progress: nothing of a short training. */

typedef struct Progress {
    const Training *training; /* the one under way, */
    int place, n;             /* of so many with a seed each */
    double begin_s, shown_s;
    int64_t begun; /* work that was done when it began */
    bool live;     /* a terminal, where a line is written over */
} Progress;

static void show_progress(void *context) {
    static const double first_s = 2, live_s = 0.5, line_s = 10;
    Progress *progress = context;
    double now = clock_now_s(), took = now - progress->begin_s;
    double wait = progress->live ? live_s : line_s;
    if (took < first_s || now - progress->shown_s < wait) return;
    progress->shown_s = now;
    const int64_t each = training_steps(progress->training), all = progress->n * each;
    const int64_t done = progress->place * each + training_steps_done(progress->training);
    double rate = (double)(done - progress->begun) / took;
    fprintf(stderr, "%s%3.0f %%  %.4g steps/s  %.0f s left%s", progress->live ? "\r\x1b[K" : "",
        all > 0 ? 100 * (double)done / (double)all : 0.0, rate, rate > 0 ? (double)(all - done) / rate : 0.0,
        progress->live ? "" : "\n");
    fflush(stderr);
}

static void end_progress(const Progress *progress) {
    if (progress->live && progress->shown_s > 0) fprintf(stderr, "\r\x1b[K");
}

/* The files of a training; file is NULL for one that was not asked for. */
typedef struct Outputs {
    Output rows, layers;
    bool tells_seeds; /* the rows are of several */
} Outputs;

static bool open_outputs(Outputs *outputs, const Arguments *arguments, Status *status) {
    *outputs = (Outputs){0};
    bool rows = arguments->csv || !arguments->summary;
    if (rows && !output_open(&outputs->rows, arguments->csv ? arguments->csv : "-", status)) return false;
    if (arguments->layers && !output_open(&outputs->layers, arguments->layers, status)) {
        output_abandon(&outputs->rows);
        return false;
    }
    outputs->tells_seeds = arguments->scene.network.seeds > 1;
    if (rows) training_write_header(outputs->rows.file, outputs->tells_seeds);
    if (arguments->layers) training_write_layer_header(outputs->layers.file, outputs->tells_seeds);
    return true;
}

/* Those of the last report, at once to be seen by whoever follows a file. */
static void write_rows(const Outputs *outputs, const Training *training, uint64_t seed) {
    const uint64_t *told = outputs->tells_seeds ? &seed : NULL;
    if (outputs->rows.file) {
        training_write_rows(outputs->rows.file, training, told);
        fflush(outputs->rows.file);
    }
    if (outputs->layers.file) {
        training_write_layer_rows(outputs->layers.file, training, told);
        fflush(outputs->layers.file);
    }
}

static bool commit_outputs(Outputs *outputs, Status *status) {
    bool good = !outputs->rows.file || output_commit(&outputs->rows, status);
    if (outputs->layers.file && !good) output_abandon(&outputs->layers);
    return good && (!outputs->layers.file || output_commit(&outputs->layers, status));
}

static bool is_broken(const Outputs *outputs) {
    return (outputs->rows.file && ferror(outputs->rows.file)) ||
           (outputs->layers.file && ferror(outputs->layers.file));
}

/* Training. */

/* Everything that stays from seed to seed. */
typedef struct Job {
    const Arguments *arguments;
    Pool *pool;
    Data data;
    Outputs outputs;
    Progress progress;
    TrainHistory history; /* of the seed under way */
    SeedResults results;  /* of those that have ended */
    bool interrupted;
} Job;

static uint64_t seed_of(const Job *job) {
    return job->arguments->scene.seed + (uint64_t)job->progress.place;
}

/* To the end, or to an interruption; false where a file could not be written. */
static bool advance(Job *job, Training *training, Status *status) {
    const char *checkpoint = job->arguments->checkpoint;
    TrainingProgress progress;
    while ((progress = training_advance(training)) == TRAINING_REPORTED) {
        write_rows(&job->outputs, training, seed_of(job));
        if (is_broken(&job->outputs)) return true; /* said when it is committed */
        if (!train_history_add(&job->history, training))
            return status_fail(status, STATUS_FAILED, "out of memory");
        if (checkpoint && !training_save(training, checkpoint, status)) return false;
    }
    job->interrupted = progress == TRAINING_LEFT_OFF;
    return !job->interrupted || !checkpoint || training_save(training, checkpoint, status);
}

static bool train(Job *job, Training *training, Status *status) {
    job->progress.training = training;
    training_on_tick(training, show_progress, &job->progress);
    interrupted_training = training;
    job->interrupted = was_interrupted; /* between two of them */
    const bool good = job->interrupted || advance(job, training, status);
    interrupted_training = NULL;
    return good;
}

static void tell_interruption(const Job *job, const Training *training) {
    const char *checkpoint = job->arguments->checkpoint;
    double epochs = INFINITY;
    for (int i = 0; i < training_racer_count(training); i++)
        epochs = fmin(epochs, training_report(training, i)->epoch);
    fprintf(stderr, "slalom: interrupted; all rows to epoch %.4g", epochs);
    if (job->progress.n > 1) fprintf(stderr, " of seed %" PRIu64, seed_of(job));
    fprintf(stderr, " are written");
    if (checkpoint) fprintf(stderr, "; --resume %s goes on from here", checkpoint);
    fputc('\n', stderr);
}

/* training: the last one. */
static void write_summary(const Job *job, Training *training) {
    const Arguments *arguments = job->arguments;
    const NetworkScene *network = &arguments->scene.network;
    const double took_s = clock_now_s() - job->progress.begin_s;
    bool taken = (arguments->csv && strcmp(arguments->csv, "-") == 0) ||
                 (arguments->layers && strcmp(arguments->layers, "-") == 0);
    Text summary = {0};
    if (network->seeds > 1)
        seeds_summary_append(&summary, &job->results, training, network, &job->data, took_s);
    else
        train_summary_append(&summary, training, &job->history, network, &job->data, took_s);
    fputs(text_string(&summary), taken ? stderr : stdout);
    text_finish(&summary);
}

/* With the seeds after the first one, on its data. *training is the last that there is. */
static bool train_all(Job *job, Training **training, Status *status) {
    const Scene *scene = &job->arguments->scene;
    const int n = job->progress.n;
    for (;;) {
        if (!train(job, *training, status)) return false;
        if (job->interrupted || is_broken(&job->outputs)) return true;
        if (n > 1 && !seed_results_add(&job->results, *training, seed_of(job)))
            return status_fail(status, STATUS_FAILED, "out of memory");
        if (++job->progress.place == n) return true;
        train_history_finish(&job->history);
        training_destroy(*training);
        *training = network_scene_train(
            &scene->network, scene->racers, scene->n_racers, seed_of(job), job->pool, &job->data, status);
        if (!*training) return false;
    }
}

static bool train_and_write(Job *job, Training **training, Status *status) {
    const Arguments *arguments = job->arguments;
    job->progress = (Progress){.n = arguments->scene.network.seeds,
        .begin_s = clock_now_s(),
        .begun = training_steps_done(*training),
        .live = isatty(STDERR_FILENO)};
    if (!open_outputs(&job->outputs, arguments, status)) return false;
    catch_interruptions(true);
    const bool trained = train_all(job, training, status);
    catch_interruptions(false);
    end_progress(&job->progress);
    Status written = status_ok();
    /* Rows are kept where a checkpoint failed. */
    const bool good = commit_outputs(&job->outputs, &written) && trained;
    if (trained && !good) *status = written;
    if (good && job->interrupted) tell_interruption(job, *training);
    if (good && arguments->summary) write_summary(job, *training);
    train_history_finish(&job->history);
    seed_results_finish(&job->results);
    return good;
}

/* What is said of surfaces alone. */
static bool check(const Arguments *arguments, Status *status) {
    const char *given = arguments->columns            ? "--columns"
                        : arguments->scene.dim > 0    ? "--dim"
                        : !isnan(arguments->target)   ? "--target"
                        : arguments->scene.has_start  ? "--start"
                        : arguments->scene.n_settings ? "--set"
                                                      : NULL;
    if (given) return status_fail(status, STATUS_BAD_INPUT, "%s means nothing to a network", given);
    const char *single = arguments->checkpoint ? "--checkpoint" : arguments->resume ? "--resume" : NULL;
    return !single || arguments->scene.network.seeds == 1 ||
           status_fail(status, STATUS_BAD_INPUT, "%s is of one training, and not with --seeds", single);
}

bool run_training(const Arguments *arguments, Status *status) {
    const Scene *scene = &arguments->scene;
    if (!check(arguments, status)) return false;
    Job job = {
        .arguments = arguments, .pool = pool_create(arguments->threads > 0 ? arguments->threads - 1 : -1)};
    if (!job.pool) return status_fail(status, STATUS_FAILED, "out of memory");
    Training *training = network_scene_open(
        &scene->network, scene->racers, scene->n_racers, scene->seed, job.pool, &job.data, status);
    bool good = training != NULL;
    if (good && job.data.is_blank)
        good = status_fail(status, STATUS_BAD_INPUT, "there are no points to learn: --points X,Y,CLASS;...");
    if (good && arguments->resume) good = training_resume(training, arguments->resume, status);
    good = good && train_and_write(&job, &training, status);
    training_destroy(training);
    data_finish(&job.data);
    pool_destroy(job.pool);
    return good;
}
