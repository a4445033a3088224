/* Running a scene and writing down what is measured. How a quantity is worked out is for its table. */
#include "record.h"

#include <math.h>
#include <stdlib.h>

void record_finish(Record *record) {
    for (int i = 0; record->values && i < record->n_measures; i++) free(record->values[i]);
    free(record->values);
    free(record->steps);
    *record = (Record){0};
}

static bool is_wanted(const Measure *measure, int act) {
    return measure->act == act;
}

/* Room for more rows of every measure; room: rows there are already. */
static bool reserve(Record *record, int64_t rows, int act, const MeasureList *measures) {
    double *steps = realloc(record->steps, (size_t)rows * sizeof *steps);
    if (!steps) return false;
    record->steps = steps;
    for (int i = 0; i < measures->n; i++) {
        if (!is_wanted(&measures->items[i], act)) continue;
        const size_t n = isnan(measures->items[i].only) ? (size_t)rows : 1;
        double *values = realloc(record->values[i], n * sizeof *values);
        if (!values) return false;
        if (!record->values[i]) values[0] = NAN;
        record->values[i] = values;
    }
    return true;
}

static bool begin(Record *record, const MeasureList *measures, Status *status) {
    *record = (Record){.n_measures = measures->n, .epoch_steps = NAN};
    record->values = calloc((size_t)measures->n + 1, sizeof *record->values);
    return record->values || status_fail(status, STATUS_FAILED, "out of memory");
}

/* Races. */

typedef struct RaceRun {
    Race *race;
    Surface *surface;
    Field *field;
    Regret *regret;
    uint64_t seed;
} RaceRun;

static void close_race(RaceRun *run) {
    regret_destroy(run->regret);
    race_destroy(run->race);
    surface_destroy(run->surface);
    field_destroy(run->field);
}

static bool open_race(
    RaceRun *run, const Scene *scene, int act, const MeasureList *measures, Status *status) {
    bool wants_regret = false;
    for (int i = 0; i < measures->n; i++) {
        const Column *column = measures->items[i].quantity.column;
        if (is_wanted(&measures->items[i], act) && column && column_wants_regret(column)) wants_regret = true;
    }
    if (subject_of(scene) == SUBJECT_FIELD) {
        run->field = scene_field(scene, status);
        run->race = run->field ? scene_field_race(scene, run->field, status) : NULL;
    } else {
        run->surface = scene_surface(scene, status);
        run->race = run->surface ? scene_race(scene, run->surface, status) : NULL;
    }
    if (run->race && wants_regret) run->regret = regret_create(run->race, run->surface, status);
    return run->race && (run->regret || !wants_regret);
}

static double measure_race(const RaceRun *run, const Measure *measure, int64_t row) {
    const CheckQuantity *quantity = &measure->quantity;
    if (quantity->column)
        return column_value(quantity->column, run->race, measure->racer, run->surface, run->regret);
    const RaceMoment moment = {.race = run->race,
        .racer = measure->racer,
        .row = row,
        .surface = run->surface,
        .field = run->field,
        .seed = run->seed,
        .argument = measure->argument};
    return quantity->lesson->of_race(&moment);
}

static void record_race_row(Record *record, const RaceRun *run, int act, const MeasureList *measures) {
    const int64_t row = race_steps_done(run->race);
    record->steps[row] = (double)row;
    record->n_rows = row + 1;
    for (int i = 0; i < measures->n; i++) {
        const Measure *measure = &measures->items[i];
        if (!is_wanted(measure, act) || row > race_trace(run->race, measure->racer)->last) continue;
        if (isnan(measure->only))
            record->values[i][row] = measure_race(run, measure, row);
        else if (measure->only == (double)row)
            record->values[i][0] = measure_race(run, measure, row);
    }
}

static void end_race(Record *record, const RaceRun *run, int act, const MeasureList *measures) {
    for (int racer = 0; racer < race_racer_count(run->race); racer++) {
        const Trace *trace = race_trace(run->race, racer);
        record->last[racer] = trace->last;
        for (int64_t row = 1; row <= trace->last; row++)
            if (trace->loss[row] < trace->loss[record->best[racer]]) record->best[racer] = row;
    }
    for (int i = 0; i < measures->n; i++) { /* at the end, or where a racer ended before */
        const Measure *measure = &measures->items[i];
        if (!is_wanted(measure, act) || isnan(measure->only)) continue;
        const int64_t last = record->last[measure->racer];
        if (measure->only > (double)last) record->values[i][0] = measure_race(run, measure, last);
    }
}

static bool run_race(
    Record *record, const Scene *scene, int act, const MeasureList *measures, Status *status) {
    RaceRun run = {.seed = scene->seed};
    bool good = open_race(&run, scene, act, measures, status);
    record->planned = (double)scene->steps;
    if (good && !reserve(record, scene->steps + 1, act, measures))
        good = status_fail(status, STATUS_FAILED, "out of memory");
    if (good) {
        do record_race_row(record, &run, act, measures);
        while (race_step(run.race));
        end_race(record, &run, act, measures);
    }
    close_race(&run);
    return good;
}

/* Trainings. */

typedef struct TrainingRun {
    Training *training;
    Data data;
    uint64_t seed;
} TrainingRun;

static double measure_training(TrainingRun *run, const Measure *measure) {
    const CheckQuantity *quantity = &measure->quantity;
    if (quantity->training_column)
        return quantity->training_column->number(training_report(run->training, measure->racer));
    if (quantity->layer_column) {
        const TrainingLayer layer = training_layer(run->training, measure->racer, measure->layer);
        return quantity->layer_column->number(&layer);
    }
    const TrainingMoment moment = {.training = run->training,
        .data = &run->data,
        .racer = measure->racer,
        .layer = measure->layer,
        .seed = run->seed,
        .argument = measure->argument};
    return quantity->lesson->of_training(&moment);
}

static void record_report(Record *record, TrainingRun *run, int act, const MeasureList *measures) {
    const int64_t row = record->n_rows++;
    record->steps[row] = (double)training_steps_done(run->training);
    for (int racer = 0; racer < training_racer_count(run->training); racer++)
        if (training_is_news(run->training, racer)) record->last[racer] = row;
    for (int i = 0; i < measures->n; i++) {
        const Measure *measure = &measures->items[i];
        if (!is_wanted(measure, act) || !training_is_news(run->training, measure->racer)) continue;
        if (isnan(measure->only))
            record->values[i][row] = measure_training(run, measure);
        else if (measure->only == record->steps[row])
            record->values[i][0] = measure_training(run, measure);
    }
}

static void end_training(Record *record, TrainingRun *run, int act, const MeasureList *measures) {
    for (int racer = 0; racer < training_racer_count(run->training); racer++) {
        const double best = (double)training_best(run->training, racer)->step;
        int64_t row = record->last[racer];
        while (row > 0 && record->steps[row] > best) row--;
        record->best[racer] = row;
    }
    for (int i = 0; i < measures->n; i++) {
        const Measure *measure = &measures->items[i];
        if (!is_wanted(measure, act) || isnan(measure->only)) continue;
        if (measure->only > record->steps[record->last[measure->racer]])
            record->values[i][0] = measure_training(run, measure);
    }
}

static bool train(Record *record, TrainingRun *run, int act, const MeasureList *measures) {
    int64_t room = 0;
    while (training_advance(run->training) == TRAINING_REPORTED) {
        if (record->n_rows == room) {
            room = room ? 2 * room : 64;
            if (!reserve(record, room, act, measures)) return false;
        }
        record_report(record, run, act, measures);
    }
    end_training(record, run, act, measures);
    return true;
}

static bool run_training(
    Record *record, const Scene *scene, int act, const MeasureList *measures, Status *status) {
    TrainingRun run = {.seed = scene->seed};
    run.training = network_scene_open(
        &scene->network, scene->racers, scene->n_racers, scene->seed, NULL, &run.data, status);
    if (!run.training) return false;
    record->planned = (double)training_steps(run.training);
    record->epoch_steps = (double)training_epoch_steps(run.training);
    bool good = train(record, &run, act, measures) || status_fail(status, STATUS_FAILED, "out of memory");
    training_destroy(run.training);
    data_finish(&run.data);
    return good;
}

bool record_run(
    Record *record, const Scene *scene, uint64_t seed, int act, const MeasureList *measures, Status *status) {
    Scene seeded = *scene; /* borrows everything */
    seeded.seed = seed;
    if (!begin(record, measures, status)) return false;
    bool good = subject_of(scene) == SUBJECT_NETWORK ? run_training(record, &seeded, act, measures, status)
                                                     : run_race(record, &seeded, act, measures, status);
    if (!good) record_finish(record);
    return good;
}

double record_value(const Record *record, const Measure *measure, int index, double step) {
    const double *values = record->values ? record->values[index] : NULL;
    if (!values || record->n_rows == 0) return NAN;
    if (!isnan(measure->only)) return values[0];
    if (!(step >= 0) || (step > record->planned && isfinite(step))) return NAN;
    int64_t low = 0, high = record->last[measure->racer];
    if (step >= record->steps[high]) return values[high];
    while (high - low > 1) { /* steps[low] <= step < steps[high] */
        int64_t middle = low + (high - low) / 2;
        if (record->steps[middle] <= step)
            low = middle;
        else
            high = middle;
    }
    return values[low];
}
