/* Eigenvalues are live_curvature's; what they mean for a rate is the optimizer's row's to say. */
#include "curvature_columns.h"

#include <math.h>

/* Where the first report lies that is later than a step. */
static int64_t report_after(LiveTraining *live, int racer, int64_t step) {
    int64_t low = 0, high = live_training_report_count(live);
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (live_training_report(live, middle, racer)->report.step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The eigenvalue beyond which the rate that a racer has at a step would be unstable. */
static double limit_at(LiveTraining *live, const RacerSpec *spec, int racer, int64_t step) {
    const int64_t after = report_after(live, racer, step);
    if (!spec->optimizer->stability || after == 0) return NAN;
    const double lr = live_training_report(live, after - 1, racer)->report.lr;
    return lr > 0 ? spec->optimizer->stability(racer_values(spec, step)) / lr : NAN;
}

bool curvature_columns_limit(const CurvatureColumns *columns, CurvatureKind kind) {
    return kind == CURVATURE_SCALED || (kind == CURVATURE_LARGEST && !columns->scales);
}

void curvature_columns_read(CurvatureColumns *columns, const LiveCurvature *curvature, LiveTraining *live,
    int racer, const RacerSpec *spec) {
    const CurvatureCurve *curve = live_curvature_curve(curvature, racer);
    const double epoch = (double)live_training_epoch_steps(live);
    columns->n = 0;
    columns->scales = live_training_scales(live, racer);
    for (int i = 0; i < curve->n; i++) {
        const CurvaturePoint *point = &curve->points[i];
        if (!point->known) continue;
        const int n = columns->n++;
        const HessianExtremes *extremes = &point->extremes;
        const double scaled = columns->scales ? extremes->scaled : extremes->largest;
        columns->steps[n] = (double)point->step;
        columns->epochs[n] = (double)point->step / epoch;
        columns->limits[n] = limit_at(live, spec, racer, point->step);
        columns->values[CURVATURE_SCALED][n] = scaled;
        columns->values[CURVATURE_LARGEST][n] = extremes->largest;
        columns->values[CURVATURE_SHARE][n] = scaled / columns->limits[n];
        columns->values[CURVATURE_SMALLEST][n] = extremes->smallest;
    }
}
