/* Which panel is worked on, and what lies on its field. The field itself is field_pass's. */
#include "boundary_view.h"

#include "boundary_examples.h"
#include "clock.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_FINEST_PX = 2, CELL_USUAL_PX = 4, CELL_COARSEST_PX = 32, SIDE_MAX_PX = 4096 };
static const double COARSE_SHARE = 0.5; /* of a picture's time: a coarse pass takes no longer */
static const float GAP = 8, OUTER = 10, HEADER = 26, HEADER_PADDING = 10, HEADER_GAP = 8, CURVE_STEP_PX = 2;

/* Following a training. */

static void finish_panel(BoundaryPanel *panel) {
    free(panel->pixels);
    field_pass_finish(&panel->field);
    *panel = (BoundaryPanel){.step = -1};
}

static void finish_network(BoundaryView *view) {
    mlp_destroy(view->mlp);
    view->mlp = NULL;
    boundary_examples_drop(view);
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

static bool take_network(BoundaryView *view, const MlpSpec *spec, Status *status) {
    enum { BATCH = 512 };
    MlpSpec own = *spec;
    own.batch_max = BATCH;
    view->mlp = mlp_create(&own, status);
    return view->mlp && boundary_examples_take(view, spec->sizes[spec->n_layers], status);
}

bool boundary_view_begin(
    BoundaryView *view, const MlpSpec *spec, const Data *data, int n_racers, Status *status) {
    const BoundaryKind kind = kind_of(data->dataset);
    const bool is_like_before = kind == view->kind && n_racers == view->n_panels;
    finish_network(view);
    view->data = data;
    view->n_panels = n_racers;
    view->ns_per_cell = 200; /* until it is known better */
    for (int i = 0; i < RACE_RACERS_MAX; i++) {
        BoundaryPanel *panel = &view->panels[i];
        panel->remembers = is_like_before && (panel->step >= 0 || panel->remembers);
        panel->step = -1;
    }
    if (kind == BOUNDARY_NONE) return true;
    view->kind = kind;
    if (take_network(view, spec, status)) return true;
    finish_network(view);
    return false;
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
    panel->remembers = false;
    return panel->pixels != NULL;
}

/* Data keep off the header. */
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
    if (view->kind == BOUNDARY_PLANE) {
        Batch batch = {.size = view->n_examples, .n_in = 2, .inputs = view->inputs};
        field_pass_paint(
            &panel->field, panel->pixels, panel->width_px, panel->height_px, view->shades, view->theme->text);
        if (batch.size > 0) mlp_outputs(view->mlp, &state->weights[racer], &batch, view->outputs);
    } else {
        fill(panel, view->theme->panel);
    }
    boundary_examples_stamp(view, panel, sight, &state->batch);
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

/* Points are smaller in small panels, where they would hide each other. */
static float point_size(const BoundaryView *view) {
    static const float NARROW = 220, SMALL = 0.75f;
    for (int i = 0; i < view->n_panels; i++) {
        const Rect rect = view->panels[i].rect;
        if (rect.width > 0) return fminf(rect.width, rect.height) < NARROW ? SMALL : 1;
    }
    return 1;
}

static void follow_look(BoundaryView *view, const Theme *theme, float scale) {
    const float size = point_size(view);
    if (view->theme == theme && view->scale == scale && view->point_size == size) return;
    view->theme = theme;
    view->scale = scale;
    view->point_size = size;
    point_stamps_make(&view->stamps, size, scale);
    for (int k = 0; k < CLASS_COLOURS; k++) class_shades(theme, k, view->shades[k]);
    for (int i = 0; i < view->n_panels; i++) {
        view->panels[i].step = -1;
        view->panels[i].remembers = false;
    }
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

/* What stands in a header beside the racer's name: in all panels the same, the first of these that has room
 * in every one of them. */
typedef struct Figures {
    bool loss, error;
    bool is_short;      /* "err" also for validation */
    const char *widest; /* as wide as they get while they change */
} Figures;

static const Figures figures_forms[] = {{true, true, false, "loss 0.000  val err 00.0%"},
    {false, true, false, "val err 00.0%"}, {false, true, true, "err 00.0%"}, {false, false, false, ""}};
static const Figures figures_of_loss[] = {{true, false, false, "loss 0.000"}, {false, false, false, ""}};

static float header_padding(Rect rect) {
    static const float NARROW = 200;
    return rect.width < NARROW ? 0.6f * HEADER_PADDING : HEADER_PADDING;
}

static float header_room(Canvas *canvas, const Subject *subject, int racer, Rect rect) {
    const float title =
        canvas_text_width(canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer));
    return rect.width - title - 2 * header_padding(rect) - HEADER_GAP;
}

static const Figures *choose_figures(const BoundaryView *view, Canvas *canvas, const Subject *subject) {
    static const float LEAST = 60; /* names that leave less have none */
    const Figures *figures = view->kind == BOUNDARY_PLANE ? figures_forms : figures_of_loss;
    float room = INFINITY;
    for (int i = 0; i < view->n_panels; i++) {
        const Rect rect = view->panels[i].rect;
        const float here = rect.width > 0 ? header_room(canvas, subject, i, rect) : INFINITY;
        if (here >= LEAST) room = fminf(room, here);
    }
    while (figures->widest[0] && canvas_text_width(canvas, FONT_MONO, SIZE_MONO, figures->widest) > room)
        figures++;
    return figures;
}

static void write_figures(const Figures *figures, const TrainingReport *report, char out[4 * NUMBER_BYTES]) {
    const bool validates = !isnan(report->validation.error);
    const double error = validates ? report->validation.error : report->training.error;
    char loss[NUMBER_BYTES];
    int n = 0;
    out[0] = '\0';
    number_loss(report->training.loss, loss);
    if (figures->loss) n = snprintf(out, 4 * NUMBER_BYTES, "loss %s", loss);
    if (figures->error && !isnan(error))
        snprintf(out + n, (size_t)(4 * NUMBER_BYTES - n), "%s%s %.1f%%", n > 0 ? "  " : "",
            validates && !figures->is_short ? "val err" : "err", 100 * error);
}

/* "SGD  loss 0.004  val err 0.0%" */
static void draw_header(
    Canvas *canvas, const Subject *subject, int racer, Rect rect, const Figures *figures) {
    const Theme *theme = subject->theme;
    const LiveReport *report = subject->networks->reports[racer];
    const float middle = rect.y + 0.5f * HEADER, padding = header_padding(rect);
    const Rect header = {rect.x, rect.y, rect.width, fminf(HEADER, rect.height)};
    canvas_fill_rect(canvas, header, 0, theme->label_back);
    const bool diverged = subject_racer_status(subject, racer) == RACER_DIVERGED;
    char text[4 * NUMBER_BYTES] = "", title[FITTED_BYTES];
    if (diverged)
        snprintf(text, sizeof text, "diverged");
    else if (report)
        write_figures(figures, &report->report, text);
    text_fit(
        canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer), rect.width - 2 * padding, title);
    canvas_text(canvas, rect.x + padding, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
        SIZE_NAME, subject_racer_text_colour(subject, racer), title);
    if (canvas_text_width(canvas, FONT_MONO, SIZE_MONO, text) > header_room(canvas, subject, racer, rect))
        return;
    canvas_text(canvas, rect.x + rect.width - padding, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT,
        FONT_MONO, SIZE_MONO, diverged ? theme->warning : theme->text, text);
}

static void draw_panel(
    const BoundaryView *view, Canvas *canvas, const Subject *subject, int racer, const Figures *figures) {
    const BoundaryPanel *panel = &view->panels[racer];
    if (panel->rect.width <= 0) return;
    if (panel->pixels && (panel->step >= 0 || panel->remembers)) {
        canvas_image(canvas, panel->pixels, panel->width_px, panel->height_px, panel->rect);
        if (view->kind == BOUNDARY_CURVE && panel->step >= 0) draw_curve(view, canvas, subject, racer);
    } else {
        canvas_fill_rect(canvas, panel->rect, 0, subject->theme->panel);
    }
    draw_header(canvas, subject, racer, panel->rect, figures);
    bool selected = subject->selected == racer && !subject->still;
    /* An undecided network's field is as dark as what is around it. */
    canvas_stroke_rect(canvas, panel->rect, 0, selected ? 2 : 1,
        selected ? subject_racer_colour(subject, racer) : subject->theme->line);
}

void boundary_view_draw(BoundaryView *view, Canvas *canvas, Rect plot, Rect legend, const Subject *subject,
    const LiveState *state, double budget_s) {
    place_panels(view, plot, subject, canvas->scale);
    follow_look(view, subject->theme, canvas->scale);
    boundary_examples_legend(view, canvas, legend);
    if (subject->veiled && view->kind != BOUNDARY_NONE) boundary_examples_draw(view, canvas, plot);
    for (int i = 0; i < view->n_panels; i++)
        if (view->panels[i].rect.width > 0 && !size_panel(&view->panels[i], canvas->scale)) return;
    if (state) work(view, state, budget_s);
    const Figures *figures = choose_figures(view, canvas, subject);
    for (int i = 0; i < view->n_panels; i++) draw_panel(view, canvas, subject, i, figures);
    view->seen = view->drawn;
}

void boundary_view_refresh(
    BoundaryView *view, Canvas *canvas, const Subject *subject, const LiveState *state, double budget_s) {
    if (state) work(view, state, budget_s);
    const Figures *figures = choose_figures(view, canvas, subject);
    for (int i = 0; i < view->n_panels; i++)
        if (view->panels[i].order > view->seen) draw_panel(view, canvas, subject, i, figures);
    view->seen = view->drawn;
}

bool boundary_view_place(const BoundaryView *view, int racer, Point at, double place[2]) {
    const BoundaryPanel *panel = &view->panels[racer];
    Rect field = panel->rect;
    field.y += HEADER;
    field.height -= HEADER;
    if (view->kind == BOUNDARY_NONE || !rect_contains(field, at.x, at.y)) return false;
    const Sight sight = sight_of(view, panel);
    place[0] = sight.x0 + sight.dx * (double)((at.x - panel->rect.x) * view->scale);
    place[1] = sight.y0 + sight.dy * (double)((at.y - panel->rect.y) * view->scale);
    return true;
}

Point boundary_view_point(const BoundaryView *view, int racer, const double place[2]) {
    const BoundaryPanel *panel = &view->panels[racer];
    const Sight sight = sight_of(view, panel);
    const double column = (place[0] - sight.x0) / sight.dx, row = (place[1] - sight.y0) / sight.dy;
    return (Point){panel->rect.x + (float)(column / (double)view->scale),
        panel->rect.y + (float)(row / (double)view->scale)};
}

void boundary_view_unit(const BoundaryView *view, int racer, double unit[2]) {
    const Sight sight = sight_of(view, &view->panels[racer]);
    unit[0] = fabs(sight.dx) * (double)view->scale;
    unit[1] = fabs(sight.dy) * (double)view->scale;
}
