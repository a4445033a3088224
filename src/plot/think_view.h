/* What the racer that is chosen thinks in the step that is shown, drawn on the flat picture: the step and
 * what it is made of, where the gradient was taken, how it answers to gradients of every direction, and the
 * quadratic model.
 *
 * Steps may be far shorter than a pixel. Arrows, trial points and the ellipse are then drawn so many times as
 * long, and the step's label says so; the model's curve is always where it is. */
#ifndef SLALOM_THINK_VIEW_H
#define SLALOM_THINK_VIEW_H

#include "camera.h"
#include "canvas.h"
#include "label_placer.h"
#include "local_model.h"
#include "replay.h"
#include "status.h"
#include "subject.h"
#include "trails.h"

enum { THINK_LABELS_MAX = 8, THINK_ARROWS_MAX = 4 };

typedef struct ThinkLabel {
    Point point;
    Colour colour;
    char text[32];
} ThinkLabel;

typedef struct ThinkView {
    Replay *replay;         /* owned */
    uint64_t race_version;  /* what is replayed: */
    int racer;              /* -1: nothing */
    const ReplayStep *step; /* NULL: nothing to show */
    LocalModel model;       /* of step */
    bool behind;            /* not there yet: a next update goes on */
    double factor;          /* of arrows; kept as long as it is good; 0: none yet */
    TrailBuffer curve;
    ThinkLabel labels[THINK_LABELS_MAX]; /* of the picture under way */
    int n_labels;
    Point arrows[THINK_ARROWS_MAX][2]; /* of the same: labels keep off them */
    int n_arrows;
    int choices[THINK_LABELS_MAX]; /* see placer_place */
} ThinkView;

bool think_view_init(ThinkView *think, Status *status);
void think_view_finish(ThinkView *think);

/* Follows the subject for about `budget_s`. The race must not have changed but for what race_version tells.
 */
void think_view_update(ThinkView *think, const Subject *subject, double budget_s);
/* Lets go of the race, which may then be destroyed. */
void think_view_rest(ThinkView *think);

/* All but the labels, below the heads; then the labels, where the heads are blocked. */
void think_view_draw(ThinkView *think, Canvas *canvas, const Camera *camera, const Subject *subject);
void think_view_draw_labels(ThinkView *think, Canvas *canvas, LabelPlacer *placer, const Subject *subject);

#endif
