/* The numbers behind learning curves: of every racer a row for each report, and where there are several seeds
 * the median over them with the lowest and the highest. Drawing is left to curves_view.
 *
 * A seed with which a racer diverged counts as infinitely bad from then on, and one with which it has stopped
 * keeps its last numbers: no row is better than another because somebody is missing in it. */
#ifndef SLALOM_CURVES_DATA_H
#define SLALOM_CURVES_DATA_H

#include "live_training.h"
#include "seed_runs.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum CurvesAxis {
    CURVES_STEPS,
    CURVES_EPOCHS,
    CURVES_EXAMPLES,
    CURVES_EVALUATIONS,
    CURVES_TIME,
    CURVES_AXES,
} CurvesAxis;

typedef enum CurvesPart { CURVES_TRAINING, CURVES_VALIDATION, CURVES_PARTS } CurvesPart;

/* A gap is validation minus training; it and the gradient have no parts, and stand where training does. */
typedef enum CurvesKind {
    CURVES_LOSS,
    CURVES_ERROR,
    CURVES_GRADIENT,
    CURVES_GAP,
    CURVES_ERROR_GAP,
    CURVES_KINDS,
} CurvesKind;

/* Of one seed there is only the middle. */
typedef enum CurvesLevel { CURVES_MIDDLE, CURVES_LOWEST, CURVES_HIGHEST, CURVES_LEVELS } CurvesLevel;

/* One racer's rows, a column for each number. */
typedef struct Curve {
    double *numbers; /* (columns, room); owned */
    int64_t n, room;
    bool stopped; /* early; of one seed */
} Curve;

/* What is trained, and how it may stop. Borrowed, like all that is in it. */
typedef struct CurvesSource {
    const LiveTraining *live;
    const SeedRuns *runs; /* NULL: there are none */
    int seeds;            /* the first among them */
    StopKind stop;
    int patience; /* reports */
} CurvesSource;

typedef struct CurvesData {
    CurvesSource source;
    Curve curves[RACE_RACERS_MAX];
    int n_curves;
    bool has[CURVES_KINDS][CURVES_PARTS];       /* there are such numbers */
    int64_t n_read, n_runs_read[SEEDS_MAX - 1]; /* reports that the rows are of */
} CurvesData;

/* Other trainings, from their beginning. Start from {0}. */
void curves_data_begin(CurvesData *data, const CurvesSource *source);
void curves_data_finish(CurvesData *data);

/* Takes the reports that there are by now, of at most so many rows for each seed. True where it has them all.
 */
bool curves_data_read(CurvesData *data, int64_t rows_max);

/* (n): where rows lie on an axis, which never falls; their values: NAN where there are none. */
const double *curves_data_places(const CurvesData *data, int racer, CurvesAxis axis);
const double *curves_data_values(
    const CurvesData *data, int racer, CurvesKind kind, CurvesPart part, CurvesLevel level);

/* The last row at a step or before; -1: none. */
int64_t curves_data_row(const CurvesData *data, int racer, int64_t step);
/* How many seeds a row is of. */
int curves_data_seeds_at(const CurvesData *data, int64_t row);

/* By what early stopping watches, the validation loss or error: the row with the best up to a row, and where
 * the patience was over; -1: none. */
int64_t curves_data_best(const CurvesData *data, int racer, int64_t row);
int64_t curves_data_stop(const CurvesData *data, int racer, int64_t row);
CurvesKind curves_data_watched(const CurvesData *data);

#endif
