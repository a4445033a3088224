/* Columns that grow with the reports. With several seeds a row is worked out anew whenever one more of them
 * has come so far. */
#include "curves_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROOM = 64,
    VALUES = CURVES_KINDS * CURVES_PARTS,
    COLUMN_BEST = CURVES_AXES,
    COLUMN_STOP,
    COLUMN_VALUES, /* (CURVES_LEVELS, CURVES_KINDS, CURVES_PARTS) */
};

static bool has_bands(const CurvesData *data) {
    return data->source.seeds > 1;
}

static int column_count(const CurvesData *data) {
    return COLUMN_VALUES + (has_bands(data) ? CURVES_LEVELS : 1) * VALUES;
}

static double *column(const Curve *curve, int i) {
    return curve->numbers + (size_t)i * (size_t)curve->room;
}

static int value_index(CurvesKind kind, CurvesPart part) {
    return (int)kind * CURVES_PARTS + (int)part;
}

void curves_data_finish(CurvesData *data) {
    for (int i = 0; i < RACE_RACERS_MAX; i++) free(data->curves[i].numbers);
    *data = (CurvesData){0};
}

void curves_data_begin(CurvesData *data, const CurvesSource *source) {
    const bool keeps_room = has_bands(data) == (source->seeds > 1);
    for (int i = 0; i < RACE_RACERS_MAX; i++) {
        Curve *curve = &data->curves[i];
        if (!keeps_room) free(curve->numbers);
        *curve = keeps_room ? (Curve){.numbers = curve->numbers, .room = curve->room} : (Curve){0};
    }
    data->source = *source;
    data->n_curves = live_training_racer_count(source->live);
    data->n_read = 0;
    memset(data->has, 0, sizeof data->has);
    memset(data->n_runs_read, 0, sizeof data->n_runs_read);
}

/* Room for one more row; false where memory is out. */
static bool grow(const CurvesData *data, Curve *curve) {
    if (curve->n < curve->room) return true;
    const int64_t room = curve->room > 0 ? 2 * curve->room : FIRST_ROOM;
    double *numbers = malloc((size_t)room * (size_t)column_count(data) * sizeof *numbers);
    if (!numbers) return false;
    for (int i = 0; i < column_count(data) && curve->n > 0; i++)
        memcpy(numbers + (size_t)i * (size_t)room, column(curve, i), (size_t)curve->n * sizeof *numbers);
    free(curve->numbers);
    curve->numbers = numbers;
    curve->room = room;
    return true;
}

static void read_values(const TrainingReport *report, double values[VALUES]) {
    const MlpScore *training = &report->training, *validation = &report->validation;
    for (int i = 0; i < VALUES; i++) values[i] = NAN;
    values[value_index(CURVES_LOSS, CURVES_TRAINING)] = training->loss;
    values[value_index(CURVES_LOSS, CURVES_VALIDATION)] = validation->loss;
    values[value_index(CURVES_ERROR, CURVES_TRAINING)] = training->error;
    values[value_index(CURVES_ERROR, CURVES_VALIDATION)] = validation->error;
    values[value_index(CURVES_GAP, CURVES_TRAINING)] = validation->loss - training->loss;
    values[value_index(CURVES_ERROR_GAP, CURVES_TRAINING)] = validation->error - training->error;
    values[value_index(CURVES_GRADIENT, CURVES_TRAINING)] = report->grad_norm;
}

static void note_what_there_is(CurvesData *data, const double values[VALUES]) {
    for (int i = 0; i < VALUES; i++)
        if (!isnan(values[i])) data->has[i / CURVES_PARTS][i % CURVES_PARTS] = true;
}

static void read_places(const LiveReport *report, double places[CURVES_AXES]) {
    places[CURVES_STEPS] = (double)report->report.step;
    places[CURVES_EPOCHS] = report->report.epoch;
    places[CURVES_EXAMPLES] = (double)report->report.examples;
    places[CURVES_EVALUATIONS] = (double)report->evaluations;
    places[CURVES_TIME] = report->seconds;
}

/* What follows from the rows before it, from a row to the end. */
static void judge(const CurvesData *data, Curve *curve, int racer, int64_t from) {
    const double *watched =
        curves_data_values(data, racer, curves_data_watched(data), CURVES_VALIDATION, CURVES_MIDDLE);
    double *best = column(curve, COLUMN_BEST), *stop = column(curve, COLUMN_STOP);
    for (int64_t row = from; row < curve->n; row++) {
        const int64_t before = row > 0 ? (int64_t)best[row - 1] : -1;
        const bool better = isfinite(watched[row]) && (before < 0 || watched[row] < watched[before]);
        best[row] = (double)(better ? row : before);
        stop[row] = row > 0 ? stop[row - 1] : -1;
        if (stop[row] < 0 && best[row] >= 0 && (double)row - best[row] >= data->source.patience)
            stop[row] = (double)row;
    }
}

/* One seed: reports are rows. */

static void add(CurvesData *data, int racer, const LiveReport *report) {
    Curve *curve = &data->curves[racer];
    double places[CURVES_AXES], values[VALUES];
    if (!grow(data, curve)) return;
    read_places(report, places);
    read_values(&report->report, values);
    note_what_there_is(data, values);
    const int64_t row = curve->n++;
    for (int i = 0; i < CURVES_AXES; i++) column(curve, i)[row] = places[i];
    for (int i = 0; i < VALUES; i++) column(curve, COLUMN_VALUES + i)[row] = values[i];
    curve->stopped = report->report.status == TRAINING_STOPPED;
    judge(data, curve, racer, row);
}

static void read_one_seed(CurvesData *data, int64_t end) {
    for (; data->n_read < end; data->n_read++) {
        for (int i = 0; i < data->n_curves; i++) {
            const LiveReport *report = live_training_report(data->source.live, data->n_read, i);
            if (report->is_news) add(data, i, report);
        }
    }
}

/* Several: a row is of all seeds that have come so far. */

/* How many reports there are of each further one; INT64_MAX where there will be no more. */
typedef struct Reached {
    int64_t reports[SEEDS_MAX - 1], counts[SEEDS_MAX - 1];
    int n;
} Reached;

static Reached find_reached(const CurvesData *data) {
    Reached reached = {.n = data->source.runs ? data->source.seeds - 1 : 0};
    for (int i = 0; i < reached.n; i++) {
        const bool over = seed_runs_is_over(data->source.runs, i);
        reached.counts[i] = seed_runs_report_count(data->source.runs, i);
        /* One that could not be made never counts. */
        reached.reports[i] = over && reached.counts[i] > 0 ? INT64_MAX : reached.counts[i];
    }
    return reached;
}

/* The reports of a racer in a row, (seeds); returns how many there are. */
static int gather(const CurvesData *data, const Reached *reached, int racer, int64_t row,
    const LiveReport *reports[SEEDS_MAX]) {
    int n = 0;
    reports[n++] = live_training_report(data->source.live, row, racer);
    for (int i = 0; i < reached->n; i++) {
        if (row >= reached->reports[i]) continue;
        const int64_t last = reached->counts[i] - 1;
        reports[n++] = seed_runs_report(data->source.runs, i, row < last ? row : last, racer);
    }
    return n;
}

static void sort(double *values, int n) {
    for (int i = 1; i < n; i++) {
        const double value = values[i];
        int at = i;
        for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
        values[at] = value;
    }
}

static double median(const double *sorted, int n) {
    return n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

static void read_seed_values(const CurvesData *data, const LiveReport *report, double values[VALUES]) {
    read_values(&report->report, values);
    if (report->report.status != TRAINING_DIVERGED) return;
    for (int i = 0; i < VALUES; i++)
        if (data->has[i / CURVES_PARTS][i % CURVES_PARTS]) values[i] = INFINITY;
}

/* Steps, epochs and examples are the same for all that go on. */
static void set_places(
    const CurvesData *data, const Curve *curve, int64_t row, const LiveReport *const *reports, int n) {
    double places[SEEDS_MAX][CURVES_AXES], of_row[CURVES_AXES], sorted[SEEDS_MAX];
    for (int i = 0; i < data->n_curves; i++) {
        const LiveReport *report = live_training_report(data->source.live, row, i);
        if (i == 0 || (double)report->report.step > of_row[CURVES_STEPS]) read_places(report, of_row);
    }
    for (int s = 0; s < n; s++) read_places(reports[s], places[s]);
    for (int i = 0; i < CURVES_AXES; i++) {
        for (int s = 0; s < n; s++) sorted[s] = places[s][i];
        sort(sorted, n);
        const bool is_own = i == CURVES_EVALUATIONS || i == CURVES_TIME;
        column(curve, i)[row] = is_own ? median(sorted, n) : of_row[i];
    }
}

static void set_row(CurvesData *data, const Reached *reached, int racer, int64_t row) {
    const Curve *curve = &data->curves[racer];
    const LiveReport *reports[SEEDS_MAX];
    double values[SEEDS_MAX][VALUES], sorted[SEEDS_MAX];
    const int n = gather(data, reached, racer, row, reports);
    for (int s = 0; s < n; s++) {
        read_seed_values(data, reports[s], values[s]);
        note_what_there_is(data, values[s]);
    }
    set_places(data, curve, row, reports, n);
    for (int i = 0; i < VALUES; i++) {
        int known = 0;
        for (int s = 0; s < n; s++)
            if (!isnan(values[s][i])) sorted[known++] = values[s][i];
        sort(sorted, known);
        const double levels[CURVES_LEVELS] = {[CURVES_MIDDLE] = known > 0 ? median(sorted, known) : NAN,
            [CURVES_LOWEST] = known > 0 ? sorted[0] : NAN,
            [CURVES_HIGHEST] = known > 0 ? sorted[known - 1] : NAN};
        for (int level = 0; level < CURVES_LEVELS; level++)
            column(curve, COLUMN_VALUES + level * VALUES + i)[row] = levels[level];
    }
}

static void set_rows(CurvesData *data, const Reached *reached, int64_t from, int64_t to) {
    for (int64_t row = from; row < to; row++)
        for (int i = 0; i < data->n_curves; i++)
            if (row < data->curves[i].n) set_row(data, reached, i, row);
}

/* As long as seeds are missing in some rows the medians may fall from row to row. */
static void smooth_places(const Curve *curve, int64_t from) {
    for (int i = 0; i < CURVES_AXES; i++) {
        double *places = column(curve, i);
        for (int64_t row = from > 0 ? from : 1; row < curve->n; row++)
            places[row] = fmax(places[row], places[row - 1]);
    }
}

static bool read_seeds(CurvesData *data, int64_t end, int64_t rows_max) {
    const Reached reached = find_reached(data);
    int64_t changed = INT64_MAX, begin = data->n_read;
    bool all = true;
    for (int i = 0; i < data->n_curves; i++)
        while (data->curves[i].n < end && grow(data, &data->curves[i])) data->curves[i].n++;
    set_rows(data, &reached, begin, end);
    data->n_read = end;
    if (begin < end) changed = begin;
    for (int i = 0; i < reached.n; i++) {
        const int64_t from = data->n_runs_read[i],
                      known = reached.reports[i] < end ? reached.reports[i] : end;
        const int64_t to = known - from > rows_max ? from + rows_max : known;
        if (to <= from) continue;
        set_rows(data, &reached, from, to < begin ? to : begin); /* the others have just been set */
        data->n_runs_read[i] = to;
        all = all && to == known;
        if (from < changed) changed = from;
    }
    for (int i = 0; i < data->n_curves && changed < end; i++) {
        smooth_places(&data->curves[i], changed);
        judge(data, &data->curves[i], i, changed);
    }
    return all;
}

bool curves_data_read(CurvesData *data, int64_t rows_max) {
    const int64_t count = live_training_report_count(data->source.live);
    const int64_t end = count - data->n_read > rows_max ? data->n_read + rows_max : count;
    bool all = true;
    if (has_bands(data))
        all = read_seeds(data, end, rows_max);
    else
        read_one_seed(data, end);
    return all && end == count;
}

/* Reading. */

const double *curves_data_places(const CurvesData *data, int racer, CurvesAxis axis) {
    return column(&data->curves[racer], (int)axis);
}

const double *curves_data_values(
    const CurvesData *data, int racer, CurvesKind kind, CurvesPart part, CurvesLevel level) {
    const int at = has_bands(data) ? (int)level : 0;
    return column(&data->curves[racer], COLUMN_VALUES + at * VALUES + value_index(kind, part));
}

int64_t curves_data_row(const CurvesData *data, int racer, int64_t step) {
    const Curve *curve = &data->curves[racer];
    int64_t low = 0, high = curve->n;
    while (low < high) { /* the first that is later */
        const int64_t middle = low + (high - low) / 2;
        if (column(curve, CURVES_STEPS)[middle] <= (double)step)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

int curves_data_seeds_at(const CurvesData *data, int64_t row) {
    int n = 1;
    for (int i = 0; i < data->source.seeds - 1; i++) n += data->n_runs_read[i] > row;
    return n;
}

CurvesKind curves_data_watched(const CurvesData *data) {
    return data->source.stop == STOP_ERROR ? CURVES_ERROR : CURVES_LOSS;
}

int64_t curves_data_best(const CurvesData *data, int racer, int64_t row) {
    return row < 0 ? -1 : (int64_t)column(&data->curves[racer], COLUMN_BEST)[row];
}

int64_t curves_data_stop(const CurvesData *data, int racer, int64_t row) {
    return row < 0 ? -1 : (int64_t)column(&data->curves[racer], COLUMN_STOP)[row];
}
