/* Judging a training that has ended from its reports. */
#include "train_summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool train_history_add(TrainHistory *history, const Training *training) {
    history->n_racers = training_racer_count(training);
    size_t n = (size_t)history->n_racers;
    if (history->n_rows == history->room) {
        int room = history->room ? 2 * history->room : 16;
        TrainingReport *reports = realloc(history->reports, (size_t)room * n * sizeof *reports);
        if (!reports) return false;
        history->reports = reports;
        history->room = room;
    }
    for (int i = 0; i < history->n_racers; i++)
        history->reports[(size_t)history->n_rows * n + (size_t)i] = *training_report(training, i);
    history->n_rows++;
    return true;
}

void train_history_finish(TrainHistory *history) {
    free(history->reports);
    *history = (TrainHistory){0};
}

/* What racers are ranked by, and what it is called. */
typedef struct Judge {
    Training *training;
    const TrainHistory *history;
    const Data *data;
    bool validates, classifies;
    int order[RACE_RACERS_MAX]; /* the best first */
    MlpScore tests[RACE_RACERS_MAX];
} Judge;

static double value_of(const Judge *judge, const TrainingReport *report) {
    const MlpScore *score = judge->validates ? &report->validation : &report->training;
    return judge->classifies ? score->error : score->loss;
}

/* The best value that a racer has reported; INFINITY where it has none. */
static double best_of(const Judge *judge, int racer, const TrainingReport **at) {
    double best = INFINITY;
    for (int row = 0; row < judge->history->n_rows; row++) {
        const TrainingReport *report = &judge->history->reports[row * judge->history->n_racers + racer];
        double value = value_of(judge, report);
        if (!(value < best)) continue;
        best = value;
        if (at) *at = report;
    }
    return best;
}

static bool diverged(const Judge *judge, int racer) {
    return training_report(judge->training, racer)->status == TRAINING_DIVERGED;
}

/* Whether a is before b: who diverged is last; then the value, then the loss. */
static bool is_before(const Judge *judge, int a, int b) {
    if (diverged(judge, a) != diverged(judge, b)) return diverged(judge, b);
    double x = best_of(judge, a, NULL), y = best_of(judge, b, NULL);
    if (x != y) return x < y;
    return training_best(judge->training, a)->validation.loss <
           training_best(judge->training, b)->validation.loss;
}

static void rank(Judge *judge) {
    for (int i = 0; i < judge->history->n_racers; i++) {
        int at = i;
        for (; at > 0 && is_before(judge, i, judge->order[at - 1]); at--)
            judge->order[at] = judge->order[at - 1];
        judge->order[at] = i;
    }
}

static const char *label(const Judge *judge, int racer) {
    return training_racer(judge->training, racer)->label;
}

/* Table. */

static void append_number(Text *out, double value, bool percent) {
    if (isnan(value))
        text_append(out, " %11s", "-");
    else if (percent)
        text_append(out, " %9.2f %%", 100 * value);
    else
        text_append(out, " %11.5g", value);
}

static double speed(const Judge *judge, int racer) {
    double seconds = training_seconds(judge->training, racer);
    return seconds > 0 ? (double)training_report(judge->training, racer)->examples / seconds : NAN;
}

static void append_table(Text *out, const Judge *judge) {
    const char *what = judge->classifies ? "error" : "loss";
    char best_head[32], test_head[32];
    snprintf(best_head, sizeof best_head, "%s %s", judge->validates ? "valid." : "train", what);
    snprintf(test_head, sizeof test_head, "test %s", what);
    text_append(out, "   %-20s %-9s %11s %11s %11s %9s %11s %12s %10s\n", "racer", "status", "train loss",
        "valid. loss", best_head, "at epoch", test_head, "examples/s", "time");
    for (int place = 0; place < judge->history->n_racers; place++) {
        int racer = judge->order[place];
        const TrainingReport *last = training_report(judge->training, racer), *best = last;
        best_of(judge, racer, &best);
        text_append(
            out, "%2d %-20s %-9s", place + 1, label(judge, racer), training_status_name(last->status));
        append_number(out, last->training.loss, false);
        append_number(out, last->validation.loss, false);
        append_number(out, value_of(judge, best), judge->classifies);
        text_append(out, " %9.4g", best->epoch);
        append_number(
            out, judge->classifies ? judge->tests[racer].error : judge->tests[racer].loss, judge->classifies);
        text_append(out, " %12.4g %8.3g s\n", speed(judge, racer), training_seconds(judge->training, racer));
    }
}

/* Words. */

static void append_value(Text *out, const Judge *judge, double value) {
    if (judge->classifies)
        text_append(out, "%.2f %%", 100 * value);
    else
        text_append(out, "%.4g", value);
}

/* The first epoch at which a racer's value was at or below a level; -1: never. */
static double arrival(const Judge *judge, int racer, double level) {
    for (int row = 0; row < judge->history->n_rows; row++) {
        const TrainingReport *report = &judge->history->reports[row * judge->history->n_racers + racer];
        if (value_of(judge, report) <= level) return report->epoch;
    }
    return -1;
}

/* How long a racer's own steps took to an epoch: all take the same. */
static double seconds_to(const Judge *judge, int racer, double epoch) {
    double end = training_report(judge->training, racer)->epoch;
    return end > 0 ? training_seconds(judge->training, racer) * epoch / end : 0;
}

static void append_winner(Text *out, const Judge *judge) {
    int n = 0, winner = judge->order[0];
    while (n < judge->history->n_racers && !diverged(judge, judge->order[n])) n++;
    if (n == 0) {
        text_append(out, "Nobody won: all diverged. Try lower rates.\n");
        return;
    }
    const char *part = judge->validates ? "validation" : "training";
    const char *what = judge->classifies ? "error" : "loss";
    const TrainingReport *best = training_report(judge->training, winner);
    double value = best_of(judge, winner, &best);
    text_append(
        out, "%s%s has the lowest %s %s, ", label(judge, winner), n > 1 ? " won: it" : "", part, what);
    append_value(out, judge, value);
    text_append(out, " at epoch %.4g", best->epoch);
    if (n > 1) {
        text_append(out, "; %s, the next, ", label(judge, judge->order[1]));
        append_value(out, judge, best_of(judge, judge->order[1], NULL));
    }
    double test = judge->classifies ? judge->tests[winner].error : judge->tests[winner].loss;
    if (!isnan(test)) {
        text_append(out, ". On %zu test examples, not looked at before: ", judge->data->split.test.n);
        append_value(out, judge, test);
    }
    text_append(out, ".\n");
    if (n < 2) return;
    int last = judge->order[n - 1];
    double level = best_of(judge, last, NULL), epoch = arrival(judge, winner, level);
    const TrainingReport *at = training_report(judge->training, last);
    best_of(judge, last, &at);
    if (at->epoch == 0) return; /* it has got nowhere that others had to catch up with */
    text_append(out, "How fast: what %s reached after %.4g epochs, ", label(judge, last), at->epoch);
    append_value(out, judge, level);
    text_append(out, ", %s had after %.4g: %.3g s of steps against %.3g s.\n", label(judge, winner), epoch,
        seconds_to(judge, winner, epoch), seconds_to(judge, last, at->epoch));
}

/* The report nearest before the last by a fifth of the training, to see whether it still learns. */
static const TrainingReport *earlier(const Judge *judge, int racer) {
    int rows = judge->history->n_rows, back = rows / 5 > 1 ? rows / 5 : 1;
    int row = rows - 1 - back;
    return row < 0 ? NULL : &judge->history->reports[row * judge->history->n_racers + racer];
}

/* Why a racer is where it is, from how its losses went. */
static void append_reason(Text *out, const Judge *judge, int racer) {
    static const double rise = 1.05, fall = 0.98, smallest = 0.01; /* a loss below this tells nothing */
    const TrainingReport *last = training_report(judge->training, racer), *before = earlier(judge, racer);
    const TrainingReport *best = training_best(judge->training, racer);
    text_append(out, "  %s: ", label(judge, racer));
    if (last->status == TRAINING_DIVERGED) {
        text_append(out, "%s at step %" PRId64 "; its rate, %g, may be too high.\n", last->reason, last->step,
            last->lr);
        return;
    }
    if (last->status == TRAINING_STOPPED)
        text_append(out, "stopped at epoch %.4g, since %s; ", last->epoch, last->reason);
    bool falls = before && last->training.loss < fall * before->training.loss;
    bool overfits = judge->validates && last->validation.loss > rise * best->validation.loss + smallest;
    if (overfits)
        text_append(out,
            "overfits: its validation loss was lowest at epoch %.4g and is now %.0f %% higher, "
            "while its training loss is %.3g.",
            best->epoch, 100 * (last->validation.loss / best->validation.loss - 1), last->training.loss);
    else if (falls)
        text_append(out, "still learning: since epoch %.4g its training loss fell by %.0f %%, to %.3g.",
            before->epoch, 100 * (1 - last->training.loss / before->training.loss), last->training.loss);
    else
        text_append(out, "has levelled out at a training loss of %.3g%s.", last->training.loss,
            last->grad_norm > 0.1 ? ", though its gradient has not vanished" : "");
    int64_t failures = training_failures(judge->training, racer);
    if (failures > 0) text_append(out, " %" PRId64 " of its searches found no way down.", failures);
    text_append(out, "\n");
}

static void append_head(Text *out, const Judge *judge, const NetworkScene *scene, double seconds) {
    const Split *split = &judge->data->split;
    char sizes[128];
    network_scene_sizes(scene, sizes, sizeof sizes);
    text_append(out,
        "%s (%zu parameters, %s, %s) on %s: %zu examples to train with, %zu to validate, %zu to test; "
        "%" PRId64 " steps an epoch; %.1f s\n",
        sizes, training_parameters(judge->training), scene->mlp.activation->name, scene->init.row->name,
        scene->data, split->training.n, split->validation.n, split->test.n,
        training_epoch_steps(judge->training), seconds);
}

void train_summary_append(Text *out, Training *training, const TrainHistory *history,
    const NetworkScene *scene, const Data *data, double seconds) {
    Judge judge = {.training = training,
        .history = history,
        .data = data,
        .validates = data->split.validation.n > 0,
        .classifies = data->dataset->labels != NULL};
    for (int i = 0; i < history->n_racers; i++) judge.tests[i] = training_test(training, i);
    rank(&judge);
    append_head(out, &judge, scene, seconds);
    if (history->n_racers == 0 || history->n_rows == 0) return;
    append_table(out, &judge);
    append_winner(out, &judge);
    text_append(out, "Why:\n");
    for (int place = 0; place < history->n_racers; place++) append_reason(out, &judge, judge.order[place]);
}
