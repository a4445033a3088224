/* Which panel is worked on, and what lies on its field. The field itself is field_pass's. */
#include "boundary_view.h"

#include "clock.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_FINEST_PX = 2, CELL_USUAL_PX = 4, CELL_COARSEST_PX = 32, SIDE_MAX_PX = 4096 };
static const double COARSE_SHARE = 0.5; /* of a picture's time: a coarse pass takes no longer */
static const double MARGIN = 0.08;      /* around the data, of their extent */
static const float GAP = 8, OUTER = 10, HEADER = 26, HEADER_PADDING = 10, CURVE_STEP_PX = 2;

/* Following a training. */

static void finish_panel(BoundaryPanel *panel) {
    free(panel->pixels);
    field_pass_finish(&panel->field);
    *panel = (BoundaryPanel){.step = -1};
}

static void finish_network(BoundaryView *view) {
    mlp_destroy(view->mlp);
    free(view->inputs);
    free(view->answers);
    free(view->outputs);
    view->mlp = NULL;
    view->inputs = view->answers = view->outputs = NULL;
    view->n_examples = view->n_training = 0;
    view->kind = BOUNDARY_NONE;
}

void boundary_view_finish(BoundaryView *view) {
    finish_network(view);
    for (int i = 0; i < RACE_RACERS_MAX; i++) finish_panel(&view->panels[i]);
}

static BoundaryKind kind_of(const Dataset *dataset) {
    if (dataset->n_in == 2 && dataset->labels) return BOUNDARY_PLANE;
    return dataset->n_in == 1 && dataset->targets && dataset->n_out == 1 ? BOUNDARY_CURVE : BOUNDARY_NONE;
}

/* Some examples of a part, at most `most`: evenly, and yet in step with nothing that repeats, as classes that
 * take turns do, or copies. */
static void take_examples(BoundaryView *view, Part part, size_t most) {
    static const double golden = 0.6180339887498949;
    const Dataset *dataset = view->data->dataset;
    const double share = part.n > most ? ((double)most - 4) / (double)part.n : 1; /* to within 4 examples */
    const size_t n_in = (size_t)dataset->n_in;
    for (size_t i = 0, end = (size_t)view->n_examples + most; i < part.n; i++) {
        if (fmod((double)i * golden, 1) >= share || (size_t)view->n_examples == end) continue;
        size_t at = (size_t)view->n_examples++, from = part.first + i;
        memcpy(view->inputs + at * n_in, dataset->inputs + from * n_in, n_in * sizeof(float));
        view->answers[at] = dataset->labels ? (float)dataset->labels[from] : dataset->targets[from];
    }
}

static void find_box(BoundaryView *view) {
    double *box = view->box;
    int n_in = view->data->dataset->n_in;
    box[0] = box[2] = INFINITY;
    box[1] = box[3] = -INFINITY;
    for (int i = 0; i < view->n_examples; i++) {
        double x = view->inputs[i * n_in];
        double y = n_in == 2 ? view->inputs[i * n_in + 1] : view->answers[i];
        box[0] = fmin(box[0], x);
        box[1] = fmax(box[1], x);
        box[2] = fmin(box[2], y);
        box[3] = fmax(box[3], y);
    }
    for (int i = 0; i < 4; i += 2) {
        double margin = fmax(MARGIN * (box[i + 1] - box[i]), 1e-6);
        box[i] -= margin;
        box[i + 1] += margin;
    }
}

static bool take_network(BoundaryView *view, const MlpSpec *spec, Status *status) {
    enum { BATCH = 512 };
    MlpSpec own = *spec;
    own.batch_max = BATCH;
    size_t room = BOUNDARY_TRAINING_MAX + BOUNDARY_VALIDATION_MAX,
           n_out = (size_t)spec->sizes[spec->n_layers];
    view->mlp = mlp_create(&own, status);
    if (!view->mlp) return false;
    view->inputs = malloc(room * 2 * sizeof(float));
    view->answers = malloc(room * sizeof(float));
    view->outputs = malloc(room * n_out * sizeof(float));
    return (view->inputs && view->answers && view->outputs) ||
           status_fail(status, STATUS_FAILED, "out of memory");
}

bool boundary_view_begin(
    BoundaryView *view, const MlpSpec *spec, const Data *data, int n_racers, Status *status) {
    finish_network(view);
    view->data = data;
    view->n_panels = n_racers;
    view->ns_per_cell = 200; /* until it is known better */
    for (int i = 0; i < RACE_RACERS_MAX; i++) view->panels[i].step = -1;
    BoundaryKind kind = kind_of(data->dataset);
    if (kind == BOUNDARY_NONE) return true;
    if (!take_network(view, spec, status)) {
        finish_network(view);
        return false;
    }
    view->kind = kind;
    take_examples(view, data->split.training, BOUNDARY_TRAINING_MAX);
    view->n_training = view->n_examples;
    take_examples(view, data->split.validation, BOUNDARY_VALIDATION_MAX);
    find_box(view);
    return true;
}

/* Panels. */

void boundary_view_divide(Rect plot, int n, float scale, Rect *rects) {
    int best = 1;
    float largest = 0;
    for (int columns = 1; columns <= n; columns++) {
        int rows = (n + columns - 1) / columns;
        float width = (plot.width - 2 * OUTER - GAP * (float)(columns - 1)) / (float)columns;
        float height = (plot.height - 2 * OUTER - GAP * (float)(rows - 1)) / (float)rows;
        if (fminf(width, height - HEADER) <= largest) continue;
        largest = fminf(width, height - HEADER);
        best = columns;
    }
    int rows = (n + best - 1) / best;
    float width = (plot.width - 2 * OUTER - GAP * (float)(best - 1)) / (float)best;
    float height = (plot.height - 2 * OUTER - GAP * (float)(rows - 1)) / (float)rows;
    width = floorf(fmaxf(width, 1) * scale) / scale;
    height = floorf(fmaxf(height, 1) * scale) / scale;
    for (int i = 0; i < n; i++)
        rects[i] = (Rect){roundf((plot.x + OUTER + (float)(i % best) * (width + GAP)) * scale) / scale,
            roundf((plot.y + OUTER + (float)(i / best) * (height + GAP)) * scale) / scale, width, height};
}

static void place_panels(BoundaryView *view, Rect plot, const Subject *subject, float scale) {
    Rect rects[RACE_RACERS_MAX];
    int n = 0;
    for (int i = 0; i < view->n_panels; i++) n += subject_racer_visible(subject, i);
    boundary_view_divide(plot, n, scale, rects);
    n = 0;
    for (int i = 0; i < view->n_panels; i++) {
        bool shows = subject_racer_visible(subject, i);
        view->panels[i].rect = shows ? rects[n++] : (Rect){0, 0, 0, 0};
    }
}

/* Room for its pixels; what it showed is gone where it has another size. */
static bool size_panel(BoundaryPanel *panel, float scale) {
    int width = (int)lroundf(panel->rect.width * scale), height = (int)lroundf(panel->rect.height * scale);
    if (width > SIDE_MAX_PX || height > SIDE_MAX_PX || width < 1 || height < 1) return false;
    if (width == panel->width_px && height == panel->height_px && panel->pixels) return true;
    size_t wanted = (size_t)width * (size_t)height;
    if (wanted > panel->room) {
        free(panel->pixels);
        panel->pixels = malloc(wanted * sizeof *panel->pixels);
        panel->room = panel->pixels ? wanted : 0;
    }
    panel->width_px = width;
    panel->height_px = height;
    panel->step = -1;
    return panel->pixels != NULL;
}

/* The plane as it lies under a panel's pixels; data keep off the header. */
typedef struct Sight {
    double x0, dx, y0, dy;
} Sight;

static Sight sight_of(const BoundaryView *view, const BoundaryPanel *panel) {
    const double *box = view->box;
    double header = (double)(HEADER * view->scale);
    double width = panel->width_px, height = fmax(panel->height_px - header, 1);
    double dx = (box[1] - box[0]) / width, dy = (box[3] - box[2]) / height;
    if (view->kind == BOUNDARY_PLANE) dx = dy = fmax(dx, dy);
    double middle = header + 0.5 * height;
    return (Sight){
        0.5 * (box[0] + box[1]) - 0.5 * dx * width, dx, 0.5 * (box[2] + box[3]) + dy * middle, -dy};
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
    Sight sight;
} Ground;

static void stamp(const Ground *ground, StampShape shape, double x, double y, Colour colour) {
    double column = (x - ground->sight.x0) / ground->sight.dx,
           row = (y - ground->sight.y0) / ground->sight.dy;
    BoundaryPanel *panel = ground->panel;
    if (!(fabs(column) < SIDE_MAX_PX && fabs(row) < SIDE_MAX_PX)) return;
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

/* The curve, and where it runs: in the panel's field, as rows of one column. */
static void ask_curve(BoundaryView *view, BoundaryPanel *panel, const Sight *sight, const Vec *weights) {
    FieldPass *field = &panel->field;
    for (int i = 0; i < field->columns; i++)
        field->inputs[i] = (float)(sight->x0 + sight->dx * i * field->cell_px);
    Batch batch = {.size = field->columns, .n_in = 1, .inputs = field->inputs};
    mlp_outputs(view->mlp, weights, &batch, field->outputs);
    field->done = field->rows;
}

static uint32_t opaque(Colour colour) {
    return 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

static void fill(BoundaryPanel *panel, Colour colour) {
    size_t n = (size_t)panel->width_px * (size_t)panel->height_px;
    for (size_t i = 0; i < n; i++) panel->pixels[i] = opaque(colour);
}

/* Puts a panel's pass and all that lies on it into its pixels. */
static void finish_picture(BoundaryView *view, int racer, const LiveState *state, const Sight *sight) {
    BoundaryPanel *panel = &view->panels[racer];
    Ground ground = {view, panel, *sight};
    if (view->kind == BOUNDARY_PLANE) {
        Batch batch = {.size = view->n_examples, .n_in = 2, .inputs = view->inputs};
        field_pass_paint(
            &panel->field, panel->pixels, panel->width_px, panel->height_px, view->shades, view->theme->text);
        mlp_outputs(view->mlp, &state->weights[racer], &batch, view->outputs);
    } else {
        fill(panel, view->theme->panel);
    }
    stamp_batch(&ground, &state->batch);
    stamp_examples(&ground);
    panel->step = state->step;
    panel->cell_px = panel->field.cell_px;
    panel->order = ++view->drawn;
}

/* Working on panels. */

static int coarse_cell(const BoundaryView *view, const BoundaryPanel *panel, double budget_s) {
    if (view->kind == BOUNDARY_CURVE) return (int)CURVE_STEP_PX;
    int cell = CELL_USUAL_PX;
    double pixels_s = (double)panel->width_px * (double)panel->height_px * 1e-9 * view->ns_per_cell;
    while (cell < CELL_COARSEST_PX && pixels_s / (cell * cell) > COARSE_SHARE * budget_s) cell *= 2;
    return cell;
}

/* A whole pass at once, or, until `end_s`, a part of it; the weights must stay until it is finished. True
 * where it is. */
static bool work_on(BoundaryView *view, int racer, const LiveState *state, double end_s) {
    BoundaryPanel *panel = &view->panels[racer];
    Sight sight = sight_of(view, panel);
    const Vec *weights = &state->weights[racer];
    if (view->kind == BOUNDARY_CURVE) {
        ask_curve(view, panel, &sight, weights);
    } else {
        int first = panel->field.done;
        double begin_s = clock_work_s();
        while (!field_pass_row(&panel->field, view->mlp, weights, sight.x0, sight.dx, sight.y0, sight.dy))
            if (clock_now_s() >= end_s) break;
        int rows = panel->field.done - first;
        double ns = 1e9 * (clock_work_s() - begin_s) / fmax((double)rows * panel->field.columns, 1);
        if (rows > 0) view->ns_per_cell += 0.2 * (ns - view->ns_per_cell);
        if (panel->field.done < panel->field.rows) return false;
    }
    finish_picture(view, racer, state, &sight);
    return true;
}

/* The panel to work on: one that shows another state, the one that has for the longest time; otherwise the
 * coarsest. -1: none. */
static int next_panel(const BoundaryView *view, int64_t step) {
    int next = -1;
    for (int i = 0; i < view->n_panels; i++) {
        const BoundaryPanel *panel = &view->panels[i];
        bool stale = panel->step != step;
        if (panel->rect.width <= 0 || !panel->pixels || (!stale && panel->cell_px <= CELL_FINEST_PX))
            continue;
        const BoundaryPanel *best = next >= 0 ? &view->panels[next] : NULL;
        bool best_stale = best && best->step != step;
        bool better =
            !best || (stale && !best_stale) ||
            (stale == best_stale && (stale ? panel->order < best->order : panel->cell_px > best->cell_px));
        if (better) next = i;
    }
    return next;
}

static bool begin_pass(BoundaryView *view, BoundaryPanel *panel, int cell) {
    const MlpSpec *spec = mlp_spec(view->mlp);
    panel->pass_cell = cell;
    return field_pass_begin(&panel->field, panel->width_px, panel->height_px, cell, spec);
}

static void work(BoundaryView *view, const LiveState *state, double budget_s) {
    double end_s = clock_now_s() + budget_s;
    for (int racer; (racer = next_panel(view, state->step)) >= 0;) {
        BoundaryPanel *panel = &view->panels[racer];
        bool stale = panel->step != state->step;
        int cell = stale ? coarse_cell(view, panel, budget_s) : panel->cell_px / 2;
        bool goes_on = !stale && panel->pass_step == state->step && panel->pass_cell == cell &&
                       panel->field.done > 0 && panel->field.done < panel->field.rows;
        if (!goes_on && !begin_pass(view, panel, cell)) return;
        panel->pass_step = state->step;
        if (!work_on(view, racer, state, stale ? INFINITY : end_s)) return;
        if (clock_now_s() >= end_s) return;
    }
}

bool boundary_view_is_finished(const BoundaryView *view, const LiveState *state) {
    return view->kind == BOUNDARY_NONE || !state || next_panel(view, state->step) < 0;
}

/* Drawing. */

static void follow_theme(BoundaryView *view, const Theme *theme, float scale) {
    if (view->theme == theme && view->scale == scale) return;
    view->theme = theme;
    view->scale = scale;
    point_stamps_make(&view->stamps, 1, scale);
    for (int k = 0; k < CLASS_COLOURS; k++) class_shades(theme, k, view->shades[k]);
    for (int i = 0; i < view->n_panels; i++) view->panels[i].step = -1;
}

static void draw_curve(const BoundaryView *view, Canvas *canvas, const Subject *subject, int racer) {
    enum { POINTS_MAX = SIDE_MAX_PX / 2 + 2 };
    const BoundaryPanel *panel = &view->panels[racer];
    const FieldPass *field = &panel->field;
    Point points[POINTS_MAX];
    Sight sight = sight_of(view, panel);
    int n = field->columns < POINTS_MAX ? field->columns : POINTS_MAX;
    for (int i = 0; i < n; i++) {
        double row = ((double)field->outputs[i] - sight.y0) / sight.dy;
        points[i] = (Point){panel->rect.x + (float)(i * field->cell_px) / view->scale,
            panel->rect.y + (float)fmin(fmax(row, -SIDE_MAX_PX), 2 * SIDE_MAX_PX) / view->scale};
    }
    canvas_set_clip(canvas, panel->rect);
    canvas_polyline(canvas, points, n, 2.2f, subject_racer_colour(subject, racer));
    canvas_reset_clip(canvas);
}

/* "loss 0.004  val err 0.0%", as much of it as there is room for. */
static void draw_header(Canvas *canvas, const Subject *subject, int racer, Rect rect) {
    const Theme *theme = subject->theme;
    const LiveReport *report = subject->networks->reports[racer];
    float middle = rect.y + 0.5f * HEADER, right = rect.x + rect.width - HEADER_PADDING;
    Rect header = {rect.x, rect.y, rect.width, fminf(HEADER, rect.height)};
    canvas_fill_rect(canvas, header, 0, theme->label_back);
    char numbers[2][2 * NUMBER_BYTES] = {"", ""}, title[FITTED_BYTES];
    Colour colour = theme->text;
    if (subject_racer_status(subject, racer) == RACER_DIVERGED) {
        snprintf(numbers[0], sizeof numbers[0], "diverged");
        colour = theme->warning;
    } else if (report) {
        const TrainingReport *of = &report->report;
        bool validates = !isnan(of->validation.error);
        double error = validates ? of->validation.error : of->training.error;
        snprintf(numbers[0], sizeof numbers[0], "loss %.3f", of->training.loss);
        if (!isnan(error))
            snprintf(numbers[1], sizeof numbers[1], "%s %.1f%%", validates ? "val err" : "err", 100 * error);
    }
    float room = rect.width - 2 * HEADER_PADDING;
    text_fit(canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer), room, title);
    float left = rect.x + HEADER_PADDING + canvas_text_width(canvas, FONT_STRONG, SIZE_NAME, title) + 12;
    canvas_text(canvas, rect.x + HEADER_PADDING, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
        SIZE_NAME, subject_racer_text_colour(subject, racer), title);
    for (int i = 1; i >= 0; i--) {
        float width = canvas_text_width(canvas, FONT_MONO, SIZE_MONO, numbers[i]);
        if (!numbers[i][0] || right - width < left) continue;
        canvas_text(canvas, right, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_MONO, SIZE_MONO,
            colour, numbers[i]);
        right -= width + 12;
    }
}

static void draw_panel(const BoundaryView *view, Canvas *canvas, const Subject *subject, int racer) {
    const BoundaryPanel *panel = &view->panels[racer];
    if (panel->rect.width <= 0) return;
    if (panel->pixels && panel->step >= 0) {
        canvas_image(canvas, panel->pixels, panel->width_px, panel->height_px, panel->rect);
        if (view->kind == BOUNDARY_CURVE) draw_curve(view, canvas, subject, racer);
    } else {
        canvas_fill_rect(canvas, panel->rect, 0, subject->theme->panel);
    }
    draw_header(canvas, subject, racer, panel->rect);
    bool selected = subject->selected == racer && !subject->still;
    if (selected) canvas_stroke_rect(canvas, panel->rect, 0, 2, subject_racer_colour(subject, racer));
}

/* While a class guesses: what is to be learned, and nothing of who learns it. */
static void draw_examples(const BoundaryView *view, Canvas *canvas, Rect plot) {
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

void boundary_view_draw(BoundaryView *view, Canvas *canvas, Rect plot, const Subject *subject,
    const LiveState *state, double budget_s) {
    follow_theme(view, subject->theme, canvas->scale);
    if (subject->veiled && view->kind != BOUNDARY_NONE) draw_examples(view, canvas, plot);
    place_panels(view, plot, subject, canvas->scale);
    for (int i = 0; i < view->n_panels; i++)
        if (view->panels[i].rect.width > 0 && !size_panel(&view->panels[i], canvas->scale)) return;
    if (state) work(view, state, budget_s);
    for (int i = 0; i < view->n_panels; i++) draw_panel(view, canvas, subject, i);
    view->seen = view->drawn;
}

void boundary_view_refresh(
    BoundaryView *view, Canvas *canvas, const Subject *subject, const LiveState *state, double budget_s) {
    if (state) work(view, state, budget_s);
    for (int i = 0; i < view->n_panels; i++)
        if (view->panels[i].order > view->seen) draw_panel(view, canvas, subject, i);
    view->seen = view->drawn;
}

int boundary_view_racer_at(const BoundaryView *view, float x, float y) {
    for (int i = 0; i < view->n_panels; i++)
        if (view->panels[i].rect.width > 0 && rect_contains(view->panels[i].rect, x, y)) return i;
    return -1;
}
