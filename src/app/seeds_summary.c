/* Means over seeds, and who was ahead of whom with the same seed: initial weights and minibatches are the
 * same for all racers of a seed, so that racers are compared pair by pair. */
#include "seeds_summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool seed_results_add(SeedResults *results, Training *training, uint64_t seed) {
    const int n_racers = training_racer_count(training);
    const size_t n = (size_t)(results->n + 1) * (size_t)n_racers;
    SeedResult *grown = realloc(results->results, n * sizeof *grown);
    if (!grown) return false;
    if (results->n == 0) results->first = seed;
    results->results = grown;
    results->n_racers = n_racers;
    for (int i = 0; i < n_racers; i++) {
        const TrainingReport *last = training_report(training, i), *best = training_best(training, i);
        const bool diverged = last->status == TRAINING_DIVERGED;
        grown[results->n * n_racers + i] = (SeedResult){.training = last->training,
            .validation = last->validation,
            .best = diverged ? last->validation : best->validation,
            .test = training_test(training, i),
            .status = last->status};
    }
    results->n++;
    return true;
}

void seed_results_finish(SeedResults *results) {
    free(results->results);
    *results = (SeedResults){0};
}

SeedSpread seed_spread(const double *values, int n) {
    SeedSpread spread = {0};
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        sum += values[i];
        spread.n++;
    }
    spread.mean = spread.n > 0 ? sum / spread.n : NAN;
    for (int i = 0; i < n; i++)
        if (isfinite(values[i])) squares += (values[i] - spread.mean) * (values[i] - spread.mean);
    spread.deviation = spread.n > 1 ? sqrt(squares / (spread.n - 1)) : NAN;
    return spread;
}

/* What the columns are made of. */
typedef struct Judge {
    const SeedResults *results;
    const Training *training;
    bool validates, classifies, tests;
    int order[RACE_RACERS_MAX]; /* the best first */
} Judge;

typedef double ResultValue(const SeedResult *result);
static double training_loss(const SeedResult *result) {
    return result->training.loss;
}
static double validation_loss(const SeedResult *result) {
    return result->validation.loss;
}
static double training_error(const SeedResult *result) {
    return result->training.error;
}
static double validation_error(const SeedResult *result) {
    return result->validation.error;
}
static double best_loss(const SeedResult *result) {
    return result->best.loss;
}
static double test_loss(const SeedResult *result) {
    return result->test.loss;
}
static double test_error(const SeedResult *result) {
    return result->test.error;
}

static const SeedResult *result_of(const Judge *judge, int seed, int racer) {
    return &judge->results->results[seed * judge->results->n_racers + racer];
}

static SeedSpread spread_of(const Judge *judge, int racer, ResultValue *value) {
    double values[SEEDS_MAX];
    for (int i = 0; i < judge->results->n; i++) values[i] = value(result_of(judge, i, racer));
    return seed_spread(values, judge->results->n);
}

/* What racers are ranked by: their error at the end, or the loss of a regression. */
static ResultValue *rank_value(const Judge *judge) {
    if (judge->classifies) return judge->validates ? validation_error : training_error;
    return judge->validates ? validation_loss : training_loss;
}

static int count_diverged(const Judge *judge, int racer) {
    int n = 0;
    for (int i = 0; i < judge->results->n; i++) n += result_of(judge, i, racer)->status == TRAINING_DIVERGED;
    return n;
}

static bool is_before(const Judge *judge, int a, int b) {
    const int lost_a = count_diverged(judge, a), lost_b = count_diverged(judge, b);
    if (lost_a != lost_b) return lost_a < lost_b;
    return spread_of(judge, a, rank_value(judge)).mean < spread_of(judge, b, rank_value(judge)).mean;
}

static void rank(Judge *judge) {
    for (int i = 0; i < judge->results->n_racers; i++) {
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

typedef struct Column {
    const char *head;
    ResultValue *value;
    bool percent;
} Column;

enum { COLUMNS_MAX = 5, CELL_WIDTH = 20 };

static int choose_columns(const Judge *judge, Column columns[COLUMNS_MAX]) {
    int n = 0;
    columns[n++] = (Column){"train loss", training_loss, false};
    if (judge->validates) columns[n++] = (Column){"valid. loss", validation_loss, false};
    if (judge->classifies)
        columns[n++] = (Column){judge->validates ? "valid. error" : "train error", rank_value(judge), true};
    if (judge->validates) columns[n++] = (Column){"best valid. loss", best_loss, false};
    if (judge->tests)
        columns[n++] = judge->classifies ? (Column){"test error", test_error, true}
                                         : (Column){"test loss", test_loss, false};
    return n;
}

static void append_spread(Text *out, SeedSpread spread, bool percent) {
    if (isnan(spread.mean)) {
        text_append(out, "-");
    } else if (percent) {
        text_append(out, "%.2f ", 100 * spread.mean);
        if (!isnan(spread.deviation)) text_append(out, "± %.2f ", 100 * spread.deviation);
        text_append(out, "%%");
    } else {
        text_append(out, "%.4g", spread.mean);
        if (!isnan(spread.deviation)) text_append(out, " ± %.2g", spread.deviation);
    }
}

/* Right-aligned; the sign is two bytes and one letter. */
static void append_cell(Text *out, SeedSpread spread, bool percent) {
    Text cell = {0};
    append_spread(&cell, spread, percent);
    const char *string = text_string(&cell);
    const int letters = (int)strlen(string) - (strstr(string, "±") != NULL);
    text_append(out, "%*s%s", letters < CELL_WIDTH ? CELL_WIDTH - letters : 1, "", string);
    text_finish(&cell);
}

static void append_table(Text *out, const Judge *judge) {
    Column columns[COLUMNS_MAX];
    const int n = choose_columns(judge, columns);
    text_append(out, "   %-20s", "racer");
    for (int k = 0; k < n; k++) text_append(out, "%*s", CELL_WIDTH, columns[k].head);
    text_append(out, "\n");
    for (int place = 0; place < judge->results->n_racers; place++) {
        const int racer = judge->order[place], lost = count_diverged(judge, racer);
        text_append(out, "%2d %-20s", place + 1, label(judge, racer));
        for (int k = 0; k < n; k++)
            append_cell(out, spread_of(judge, racer, columns[k].value), columns[k].percent);
        if (lost > 0)
            text_append(out, "  diverged with %d of %d, which are left out", lost, judge->results->n);
        text_append(out, "\n");
    }
}

/* Words. */

/* With how many seeds a racer ended lower than another; one that diverged is behind. */
static int count_ahead(const Judge *judge, int racer, int other) {
    ResultValue *value = rank_value(judge);
    int n = 0;
    for (int i = 0; i < judge->results->n; i++) {
        const double x = value(result_of(judge, i, racer)), y = value(result_of(judge, i, other));
        n += x < y || (!isnan(x) && isnan(y));
    }
    return n;
}

static void append_winner(Text *out, const Judge *judge) {
    const int winner = judge->order[0];
    const SeedSpread won = spread_of(judge, winner, rank_value(judge));
    if (won.n == 0) {
        text_append(out, "Nobody won: all diverged. Try lower rates.\n");
        return;
    }
    text_append(out, "%s has the lowest %s %s in the mean, ", label(judge, winner),
        judge->validates ? "validation" : "training", judge->classifies ? "error" : "loss");
    append_spread(out, won, judge->classifies);
    if (judge->results->n_racers > 1) {
        const int next = judge->order[1];
        text_append(out, "; %s, the next, ", label(judge, next));
        append_spread(out, spread_of(judge, next, rank_value(judge)), judge->classifies);
        text_append(out, ". With %d of %d seeds %s ended lower than %s", count_ahead(judge, winner, next),
            judge->results->n, label(judge, winner), label(judge, next));
    }
    text_append(out, ".\n");
}

void seeds_summary_append(Text *out, const SeedResults *results, const Training *training,
    const NetworkScene *scene, const Data *data, double seconds) {
    const Split *split = &data->split;
    char sizes[128];
    Judge judge = {.results = results,
        .training = training,
        .validates = split->validation.n > 0,
        .classifies = data->dataset->labels != NULL,
        .tests = split->test.n > 0};
    network_scene_sizes(scene, sizes, sizeof sizes);
    text_append(out,
        "%s (%zu parameters, %s, %s) on %s: %zu examples to train with, %zu to validate, %zu to test; "
        "%" PRId64 " steps an epoch; %.1f s\n",
        sizes, training_parameters(training), scene->mlp.activation->name, scene->init.row->name, scene->data,
        split->training.n, split->validation.n, split->test.n, training_epoch_steps(training), seconds);
    if (results->n == 0) return;
    rank(&judge);
    text_append(out,
        "%d seeds from %" PRIu64 " on the same data: mean ± standard deviation at the end of training\n",
        results->n, results->first);
    append_table(out, &judge);
    append_winner(out, &judge);
}
