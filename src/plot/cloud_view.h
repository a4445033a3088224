/* Clouds of gradients around the racers: where one step of the rate along each of many gradients would lead,
 * had chance chosen other examples or other noise (race/cloud.h). */
#ifndef SLALOM_CLOUD_VIEW_H
#define SLALOM_CLOUD_VIEW_H

#include "camera.h"
#include "canvas.h"
#include "cloud.h"
#include "subject.h"

typedef struct CloudView {
    int n;                              /* gradients of each racer; 0: no cloud is drawn */
    uint64_t race_version;              /* what `points` are of: */
    int64_t step;                       /* -1: nothing */
    int done;                           /* so many gradients */
    double *points;                     /* (racers, CLOUD_MAX, 2): in the plane; owned */
    CloudShape shapes[RACE_RACERS_MAX]; /* of those */
} CloudView;

void cloud_view_init(CloudView *view);
void cloud_view_finish(CloudView *view);

/* Every visible racer whose gradients differ by chance has its cloud, with the ellipse of two standard
 * deviations. Allocates once. */
void cloud_view_draw(CloudView *view, Canvas *canvas, const Camera *camera, const Subject *subject);

#endif
