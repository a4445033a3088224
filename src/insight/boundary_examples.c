/* Which examples are shown, and as what. Where a network's answers come from is known to boundary_view.c. */
#include "boundary_examples.h"

#include "widgets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MARGIN = 0.08; /* around the data, of their extent */
static const double FAR_PX = 4096; /* nothing is that far off */
static const float LEGEND_INDENT = 12;

/* Which examples. */

static bool is_by_hand(const BoundaryView *view, size_t example) {
    return data_origin(view->data, example) < 0;
}

/* Some examples of a part, at most `most`, by hand or not: evenly, and yet in step with nothing that repeats,
 * as classes that take turns do, or copies. */
static void take_part(BoundaryView *view, Part part, bool by_hand, size_t most) {
    static const double golden = 0.6180339887498949;
    const Dataset *dataset = view->data->dataset;
    size_t n = 0;
    for (size_t i = 0; i < part.n; i++) n += is_by_hand(view, part.first + i) == by_hand;
    const double share = n > most ? ((double)most - 4) / (double)n : 1; /* to within 4 examples */
    const size_t n_in = (size_t)dataset->n_in, end = (size_t)view->n_examples + most;
    for (size_t i = 0, number = 0; i < part.n && (size_t)view->n_examples < end; i++) {
        const size_t from = part.first + i;
        if (is_by_hand(view, from) != by_hand || fmod((double)number++ * golden, 1) >= share) continue;
        size_t at = (size_t)view->n_examples++;
        memcpy(view->inputs + at * n_in, dataset->inputs + from * n_in, n_in * sizeof(float));
        view->answers[at] = dataset->labels ? (float)dataset->labels[from] : dataset->targets[from];
        view->origins[at] = data_origin(view->data, from);
    }
}

/* Points by hand are shown all, and stand behind the others. */
static void take_all(BoundaryView *view) {
    const Split *split = &view->data->split;
    take_part(view, split->training, false, BOUNDARY_TRAINING_MAX);
    take_part(view, split->training, true, HAND_POINTS_MAX);
    view->n_training = view->n_examples;
    for (int by_hand = 0; by_hand < 2; by_hand++) /* all of one kind: only a canvas keeps points for it */
        take_part(view, split->validation, by_hand, BOUNDARY_VALIDATION_MAX);
}

/* Of all examples of the data; points by hand, which may lie where they are put in sight, move nothing there.
 */
static void find_box(BoundaryView *view) {
    double *box = view->box;
    const double *extent = view->data->extent;
    for (int i = 0; i < 4; i += 2) {
        const double margin = fmax(MARGIN * (extent[i + 1] - extent[i]), 1e-6);
        box[i] = extent[i] - margin;
        box[i + 1] = extent[i + 1] + margin;
    }
    const int n_in = view->data->dataset->n_in;
    for (int i = 0; i < view->n_examples; i++) {
        const double place[2] = {
            view->inputs[i * n_in], n_in == 2 ? view->inputs[i * n_in + 1] : view->answers[i]};
        for (int j = 0; j < 2; j++) {
            const double middle = 0.5 * (box[2 * j] + box[2 * j + 1]), half = fabs(place[j] - middle);
            box[2 * j] = fmin(box[2 * j], middle - half);
            box[2 * j + 1] = fmax(box[2 * j + 1], middle + half);
        }
    }
}

bool boundary_examples_take(BoundaryView *view, int n_out, Status *status) {
    const size_t room = BOUNDARY_TRAINING_MAX + HAND_POINTS_MAX + BOUNDARY_VALIDATION_MAX;
    view->inputs = malloc(room * 2 * sizeof *view->inputs);
    view->answers = malloc(room * sizeof *view->answers);
    view->outputs = malloc(room * (size_t)n_out * sizeof *view->outputs);
    view->origins = malloc(room * sizeof *view->origins);
    if (!view->inputs || !view->answers || !view->outputs || !view->origins)
        return status_fail(status, STATUS_FAILED, "out of memory");
    if (!view->data->is_blank) take_all(view);
    find_box(view);
    return true;
}

void boundary_examples_drop(BoundaryView *view) {
    free(view->inputs);
    free(view->answers);
    free(view->outputs);
    free(view->origins);
    view->inputs = view->answers = view->outputs = NULL;
    view->origins = NULL;
    view->n_examples = view->n_training = 0;
}

/* What lies on the field. */

static bool is_wrong(const BoundaryView *view, int example) {
    const MlpSpec *spec = mlp_spec(view->mlp);
    int n_out = spec->sizes[spec->n_layers], class = 0;
    const float *z = view->outputs + example * n_out;
    if (n_out == 1) return (z[0] > (float)spec->loss->boundary) != (view->answers[example] > 0);
    for (int k = 1; k < n_out; k++)
        if (z[k] > z[class]) class = k;
    return class != (int)view->answers[example];
}

typedef struct Ground {
    const BoundaryView *view;
    BoundaryPanel *panel;
    const Sight *sight;
} Ground;

static void stamp(const Ground *ground, StampShape shape, double x, double y, Colour colour) {
    double column = (x - ground->sight->x0) / ground->sight->dx,
           row = (y - ground->sight->y0) / ground->sight->dy;
    BoundaryPanel *panel = ground->panel;
    if (!(fabs(column) < FAR_PX && fabs(row) < FAR_PX)) return;
    point_stamp(&ground->view->stamps, shape, panel->pixels, panel->width_px, panel->height_px,
        (int)lround(column), (int)lround(row), colour);
}

static void stamp_batch(const Ground *ground, const Batch *batch) {
    bool is_plane = ground->view->kind == BOUNDARY_PLANE;
    if ((size_t)batch->size >= ground->view->data->split.training.n) return; /* all would be none */
    for (int i = 0; i < batch->size; i++) {
        double x = batch->inputs[i * batch->n_in];
        double y = is_plane ? batch->inputs[i * batch->n_in + 1] : batch->targets[i];
        stamp(ground, STAMP_HALO, x, y, ground->view->theme->text);
    }
}

static void stamp_examples(const Ground *ground) {
    const BoundaryView *view = ground->view;
    bool is_plane = view->kind == BOUNDARY_PLANE;
    int n_in = is_plane ? 2 : 1;
    for (int i = 0; i < view->n_examples; i++) {
        double x = view->inputs[i * n_in], y = is_plane ? view->inputs[i * n_in + 1] : view->answers[i];
        bool learns = i < view->n_training;
        Colour colour = is_plane ? class_colour(view->theme, (int)view->answers[i])
                        : learns ? view->theme->dim
                                 : view->theme->faint;
        if (is_plane && is_wrong(view, i)) stamp(ground, STAMP_WRONG, x, y, view->theme->warning);
        stamp(ground, STAMP_EDGE, x, y, class_edge_colour(view->theme));
        stamp(ground, learns ? STAMP_DISC : STAMP_RING, x, y, colour);
    }
}

void boundary_examples_stamp(
    const BoundaryView *view, BoundaryPanel *panel, const Sight *sight, const Batch *batch) {
    const Ground ground = {view, panel, sight};
    stamp_batch(&ground, batch);
    stamp_examples(&ground);
}

/* While a class guesses: what is to be learned, and nothing of who learns it. */
void boundary_examples_draw(const BoundaryView *view, Canvas *canvas, Rect plot) {
    const double *box = view->box;
    const float radius = 4;
    bool is_plane = view->kind == BOUNDARY_PLANE;
    double dx = (box[1] - box[0]) / fmax(plot.width, 1), dy = (box[3] - box[2]) / fmax(plot.height, 1);
    if (is_plane) dx = dy = fmax(dx, dy);
    canvas_set_clip(canvas, plot);
    for (int i = 0; i < view->n_training; i++) {
        double x = view->inputs[is_plane ? 2 * i : i],
               y = is_plane ? view->inputs[2 * i + 1] : view->answers[i];
        Point at = {plot.x + 0.5f * plot.width + (float)((x - 0.5 * (box[0] + box[1])) / dx),
            plot.y + 0.5f * plot.height - (float)((y - 0.5 * (box[2] + box[3])) / dy)};
        canvas_circle(canvas, at, radius,
            is_plane ? class_colour(view->theme, (int)view->answers[i]) : view->theme->dim);
    }
    canvas_reset_clip(canvas);
}

/* The legend. */

enum { SIGNS_MAX = 4, SIGN_TEXTS = 3 };

/* From the longest text to the shortest. */
typedef struct Sign {
    StampShape shape;
    const char *texts[SIGN_TEXTS];
} Sign;

static Colour sign_colour(const BoundaryView *view, StampShape shape) {
    return shape == STAMP_WRONG ? view->theme->warning : view->theme->text;
}

static void draw_sign(const BoundaryView *view, Canvas *canvas, Point at, const Sign *sign) {
    float inner, outer;
    Colour colour = sign_colour(view, sign->shape);
    point_stamp_radii(sign->shape, &inner, &outer);
    if (inner < 0) {
        canvas_circle(canvas, at, outer, colour);
        return;
    }
    const float middle = 0.5f * (inner + outer);
    const Rect ring = {at.x - middle, at.y - middle, 2 * middle, 2 * middle};
    if (sign->shape != STAMP_RING) canvas_circle(canvas, at, 2, view->theme->dim);
    canvas_stroke_rect(canvas, ring, middle, outer - inner, colour);
}

static const float SIGN_WIDTH = 16, SIGN_GAP = 16, SIGN_GAP_LEAST = 10;

/* Those that there are; returns how many. */
static int take_signs(const BoundaryView *view, Sign signs[SIGNS_MAX]) {
    static const Sign all[SIGNS_MAX] = {{STAMP_DISC, {"learned from", "learned", "train"}},
        {STAMP_RING, {"validation", "validation", "valid."}},
        {STAMP_WRONG, {"taken for another class", "wrong", "wrong"}},
        {STAMP_HALO, {"in the next minibatch", "next minibatch", "batch"}}};
    const bool is_plane = view->kind == BOUNDARY_PLANE, validates = view->n_examples > view->n_training;
    int n = 0;
    for (int i = 0; i < SIGNS_MAX && view->n_examples > 0; i++) {
        const bool is_there = all[i].shape == STAMP_RING    ? validates
                              : all[i].shape == STAMP_WRONG ? is_plane
                                                            : true;
        if (is_there) signs[n++] = all[i];
    }
    return n;
}

/* The longest texts that all have room; the last ones where none have. */
static int choose_texts(Canvas *canvas, const Sign *signs, int n, float room) {
    for (int k = 0; k < SIGN_TEXTS; k++) {
        float wanted = (float)n * SIGN_WIDTH + (float)(n - 1) * (k == 0 ? SIGN_GAP : SIGN_GAP_LEAST);
        for (int i = 0; i < n; i++)
            wanted += canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, signs[i].texts[k]);
        if (wanted <= room) return k;
    }
    return SIGN_TEXTS - 1;
}

void boundary_examples_legend(const BoundaryView *view, Canvas *canvas, Rect line) {
    const float middle = line.y + 0.5f * line.height, baseline = text_baseline(middle, SIZE_SMALL);
    float x = line.x + LEGEND_INDENT;
    Sign signs[SIGNS_MAX];
    const int n = take_signs(view, signs), text = choose_texts(canvas, signs, n, line.x + line.width - x);
    for (int i = 0; i < n; i++) {
        const float width = canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, signs[i].texts[text]);
        if (x + SIGN_WIDTH + width > line.x + line.width) return;
        draw_sign(view, canvas, (Point){x + 6, middle}, &signs[i]);
        canvas_text(canvas, x + SIGN_WIDTH, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, view->theme->dim,
            signs[i].texts[text]);
        x += SIGN_WIDTH + width + (text == 0 ? SIGN_GAP : SIGN_GAP_LEAST);
    }
    if (n > 0) return;
    text_draw_fitted(canvas, x, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, view->theme->dim,
        line.x + line.width - x, "nothing to learn yet: choose a class, then click");
}
