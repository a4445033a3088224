/* slalom run with a network: rows of CSV at every report, progress on standard error, a table at the end.
 * What can be interrupted ends with everything so far written. */
#include "command.h"

#include "file.h"
#include "train_summary.h"
#include "training_columns.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Interruption. A signal handler can be given nothing but a number. */
static Training *volatile interrupted_training;

static void interrupt(int number) {
    (void)number;
    Training *training = interrupted_training;
    if (training) training_leave_off(training);
}

/* The first interruption ends the training; a second one, that the handler is gone for, the program. */
static void catch_interruptions(Training *training) {
    struct sigaction action = {.sa_flags = (int)SA_RESETHAND};
    action.sa_handler = training ? interrupt : SIG_DFL;
    sigemptyset(&action.sa_mask);
    interrupted_training = training;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Progress: nothing of a short training. */

typedef struct Progress {
    const Training *training;
    double begin_s, shown_s;
    int64_t begun; /* work that was done when it began */
    bool live;     /* a terminal, where a line is written over */
} Progress;

static void show_progress(void *context) {
    static const double first_s = 2, live_s = 0.5, line_s = 10;
    Progress *progress = context;
    double now = now_s(), took = now - progress->begin_s;
    double wait = progress->live ? live_s : line_s;
    if (took < first_s || now - progress->shown_s < wait) return;
    progress->shown_s = now;
    int64_t done = training_steps_done(progress->training), all = training_steps(progress->training);
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
} Outputs;

static bool open_outputs(Outputs *outputs, const Arguments *arguments, Status *status) {
    *outputs = (Outputs){0};
    bool rows = arguments->csv || !arguments->summary;
    if (rows && !output_open(&outputs->rows, arguments->csv ? arguments->csv : "-", status)) return false;
    if (arguments->layers && !output_open(&outputs->layers, arguments->layers, status)) {
        output_abandon(&outputs->rows);
        return false;
    }
    if (rows) training_write_header(outputs->rows.file);
    if (arguments->layers) training_write_layer_header(outputs->layers.file);
    return true;
}

/* Those of the last report, at once to be seen by whoever follows a file. */
static void write_rows(const Outputs *outputs, const Training *training) {
    if (outputs->rows.file) {
        training_write_rows(outputs->rows.file, training);
        fflush(outputs->rows.file);
    }
    if (outputs->layers.file) {
        training_write_layer_rows(outputs->layers.file, training);
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

/* To the end, or to an interruption; false where a file could not be written. */
static bool train(const Arguments *arguments, Training *training, Outputs *outputs, TrainHistory *history,
    bool *interrupted, Status *status) {
    TrainingProgress progress;
    while ((progress = training_advance(training)) == TRAINING_REPORTED) {
        write_rows(outputs, training);
        if (is_broken(outputs)) return true; /* said when it is committed */
        if (!train_history_add(history, training)) return status_fail(status, STATUS_FAILED, "out of memory");
        if (arguments->checkpoint && !training_save(training, arguments->checkpoint, status)) return false;
    }
    *interrupted = progress == TRAINING_LEFT_OFF;
    return !*interrupted || !arguments->checkpoint || training_save(training, arguments->checkpoint, status);
}

static void tell_interruption(const Arguments *arguments, const Training *training) {
    double epochs = INFINITY;
    for (int i = 0; i < training_racer_count(training); i++)
        epochs = fmin(epochs, training_report(training, i)->epoch);
    fprintf(stderr, "slalom: interrupted; all rows to epoch %.4g are written", epochs);
    if (arguments->checkpoint) fprintf(stderr, "; --resume %s goes on from here", arguments->checkpoint);
    fputc('\n', stderr);
}

static void write_summary(const Arguments *arguments, Training *training, const TrainHistory *history,
    const Data *data, double seconds) {
    bool taken = (arguments->csv && strcmp(arguments->csv, "-") == 0) ||
                 (arguments->layers && strcmp(arguments->layers, "-") == 0);
    Text summary = {0};
    train_summary_append(&summary, training, history, &arguments->scene.network, data, seconds);
    fputs(text_string(&summary), taken ? stderr : stdout);
    text_finish(&summary);
}

static bool train_and_write(
    const Arguments *arguments, Training *training, const Data *data, Status *status) {
    Outputs outputs;
    TrainHistory history = {0};
    Progress progress = {.training = training,
        .begin_s = now_s(),
        .begun = training_steps_done(training),
        .live = isatty(STDERR_FILENO)};
    bool interrupted = false;
    if (!open_outputs(&outputs, arguments, status)) return false;
    training_on_tick(training, show_progress, &progress);
    catch_interruptions(training);
    bool trained = train(arguments, training, &outputs, &history, &interrupted, status);
    catch_interruptions(NULL);
    end_progress(&progress);
    Status written = status_ok();
    bool good = commit_outputs(&outputs, &written) && trained; /* rows are kept where a checkpoint failed */
    if (trained && !good) *status = written;
    if (good && interrupted) tell_interruption(arguments, training);
    if (good && arguments->summary)
        write_summary(arguments, training, &history, data, now_s() - progress.begin_s);
    train_history_finish(&history);
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
    return !given || status_fail(status, STATUS_BAD_INPUT, "%s means nothing to a network", given);
}

bool run_training(const Arguments *arguments, Status *status) {
    const Scene *scene = &arguments->scene;
    if (!check(arguments, status)) return false;
    Pool *pool = pool_create(arguments->threads > 0 ? arguments->threads - 1 : -1);
    if (!pool) return status_fail(status, STATUS_FAILED, "out of memory");
    Data data;
    Training *training =
        network_scene_open(&scene->network, scene->racers, scene->n_racers, scene->seed, pool, &data, status);
    bool good = training != NULL;
    if (good && arguments->resume) good = training_resume(training, arguments->resume, status);
    good = good && train_and_write(arguments, training, &data, status);
    training_destroy(training);
    data_finish(&data);
    pool_destroy(pool);
    return good;
}
