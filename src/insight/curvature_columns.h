/* What is known of how the loss curves where a racer has been, as columns of numbers over its steps. */
#ifndef SLALOM_CURVATURE_COLUMNS_H
#define SLALOM_CURVATURE_COLUMNS_H

#include "live_curvature.h"
#include "scene.h"

/* The sharpness is shown in three ways. */
typedef enum CurvatureKind {
    CURVATURE_SCALED =
        LOOK_SHARPNESS_SCALED, /* the largest eigenvalue as the racer's rule scales gradients: of P^-1 H */
    CURVATURE_LARGEST = LOOK_SHARPNESS_LOSS, /* of H itself */
    CURVATURE_SHARE =
        LOOK_SHARPNESS_SHARE, /* the first one, as a share of what is stable at the racer's rate */
    CURVATURE_SHARPNESSES,
    CURVATURE_SMALLEST = CURVATURE_SHARPNESSES, /* the smallest eigenvalue of H */
    CURVATURE_KINDS
} CurvatureKind;

typedef struct CurvatureColumns {
    double steps[CURVATURE_POINTS_MAX], epochs[CURVATURE_POINTS_MAX];
    double values[CURVATURE_KINDS][CURVATURE_POINTS_MAX]; /* NAN where there is none */
    double limits[CURVATURE_POINTS_MAX];                  /* of the scaled sharpness; NAN: none is known */
    bool scales; /* the racer's rule divides gradients by something */
    int n;
} CurvatureColumns;

/* Where a limit is drawn beside a kind. */
bool curvature_columns_limit(const CurvatureColumns *columns, CurvatureKind kind);

void curvature_columns_read(CurvatureColumns *columns, const LiveCurvature *curvature, LiveTraining *live,
    int racer, const RacerSpec *spec);

#endif
