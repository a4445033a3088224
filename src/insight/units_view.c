/* Which racers are shown, which of them is worked on, and what is said above them. */
#include "units_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nodes along the side of a map while a network changes, and when it rests; pixels between those of the large
 * map. */
enum { SIDE_COARSE = 24, SIDE_FINE = 64, LINE_SIDE = 96, CELL_COARSE_PX = 4, CELL_FINE_PX = 2 };
static const float OUTER = 10, GAP = 10, HEADING = 30, SAYING = 18, CHIPS = 26;

/* Following a training. */

static void finish_panel(UnitsPanel *panel) {
    for (int i = 0; i < 2; i++) unit_numbers_finish(&panel->numbers[i]);
    field_pass_finish(&panel->field);
    free(panel->picture);
    free(panel->pixels);
    free(panel->cells);
    *panel = (UnitsPanel){0};
}

void units_view_finish(UnitsView *view) {
    unit_maps_finish(&view->maps);
    for (int i = 0; i < UNITS_PANELS; i++) finish_panel(&view->panels[i]);
}

static void forget_numbers(UnitsView *view) {
    view->working = -1;
    for (int i = 0; i < UNITS_PANELS; i++)
        for (int k = 0; k < 2; k++) view->panels[i].numbers[k].step = -1;
}

static bool is_small(const MlpSpec *spec) {
    bool small = spec->n_layers + 1 <= UNITS_COLUMNS_MAX;
    for (int l = 0; l <= spec->n_layers; l++) small = small && spec->sizes[l] <= UNITS_WIDEST;
    return small;
}

void units_view_begin(UnitsView *view, const MlpSpec *spec, const Data *data, const BoundaryView *examples) {
    bool same = view->maps.spec.n_layers == spec->n_layers &&
                memcmp(view->maps.spec.sizes, spec->sizes, sizeof spec->sizes) == 0;
    view->examples = examples;
    view->small = is_small(spec);
    view->hovered = UNITS_NOTHING;
    if (!same) view->pinned = UNITS_NOTHING;
    UnitsGround ground = !view->small                       ? UNITS_NOWHERE
                         : examples->kind == BOUNDARY_PLANE ? UNITS_PLANE
                         : examples->kind == BOUNDARY_CURVE ? UNITS_LINE
                                                            : UNITS_MEAN;
    const double *box = examples->box;
    double half = 0.5 * fmax(box[1] - box[0], box[3] - box[2]);
    double middle[2] = {0.5 * (box[0] + box[1]), 0.5 * (box[2] + box[3])}, from[2], to[2];
    if (ground == UNITS_LINE) half = 0.5 * (box[1] - box[0]);
    for (int i = 0; i < 2; i++) {
        from[i] = middle[i] - half;
        to[i] = middle[i] + half;
    }
    unit_maps_begin(&view->maps, spec, data, ground, from, to);
    forget_numbers(view);
}

/* Colours and names. */

float units_full(double value) {
    static const double steps[] = {1, 1.5, 2, 3, 5, 7, 10};
    if (!(value > 0 && value < 1e30)) return 1;
    double power = pow(10, floor(log10(value)));
    int i = 0;
    while (steps[i] < 10 && steps[i] * power < value * (1 - 1e-6)) i++;
    return (float)(steps[i] * power);
}

uint32_t units_shade(const UnitsView *view, double value, float full) {
    double size = fabs(value) / (double)full * (CLASS_SHADES - 1);
    int i = size < CLASS_SHADES - 1 ? (int)size : CLASS_SHADES - 1; /* also what is not a number */
    return view->shades[value > 0][i];
}

bool units_room(uint32_t **pixels, size_t *room, size_t wanted) {
    if (wanted <= *room) return true;
    free(*pixels);
    *pixels = malloc(wanted * sizeof **pixels);
    *room = *pixels ? wanted : 0;
    return *pixels != NULL;
}

static void follow_theme(UnitsView *view, const Theme *theme, float scale) {
    enum { POINTS_SIZE_PERCENT = 75 };
    if (view->theme == theme && view->scale == scale) return;
    view->theme = theme;
    view->scale = scale;
    point_stamps_make(&view->stamps, POINTS_SIZE_PERCENT / 100.0f, scale);
    for (int k = 0; k < CLASS_COLOURS; k++) class_shades(theme, k, view->class_shades[k]);
    for (int k = 0; k < 2; k++) class_even_shades(theme, k, view->shades[k]);
    for (int i = 0; i < UNITS_PANELS; i++) view->panels[i].picture_px = 0;
}

/* Which racers. */

static int next_visible(const Subject *subject, int n, int after, int except) {
    for (int i = after + 1; i < n; i++)
        if (i != except && subject_racer_visible(subject, i)) return i;
    return -1;
}

/* The chosen one, or else the first; beside it the one that was chosen before. */
static void choose_racers(UnitsView *view, const Subject *subject, int racers[UNITS_PANELS]) {
    int n = subject_racer_count(subject), selected = subject->selected;
    if (selected != view->chosen && selected >= 0) view->before = view->chosen;
    if (selected >= 0) view->chosen = selected;
    bool stands = view->chosen >= 0 && view->chosen < n && subject_racer_visible(subject, view->chosen);
    racers[0] = stands ? view->chosen : next_visible(subject, n, -1, -1);
    stands = view->before >= 0 && view->before < n && view->before != racers[0] &&
             subject_racer_visible(subject, view->before);
    racers[1] = stands ? view->before : next_visible(subject, n, -1, racers[0]);
    if (racers[1] < 0 || racers[0] < racers[1]) return;
    int first = racers[1]; /* they stand in their own order */
    racers[1] = racers[0];
    racers[0] = first;
}

/* Where things are. */

/* Into n parts beside or above each other, and everything in them; false where that is too small. */
static bool place(UnitsView *view, Rect body, int n, bool beside) {
    bool fits = true;
    for (int i = 0; i < n; i++) {
        Rect rect = body;
        if (beside) {
            rect.width = floorf((body.width - GAP * (float)(n - 1)) / (float)n);
            rect.x += (float)i * (rect.width + GAP);
        } else {
            rect.height = floorf((body.height - GAP * (float)(n - 1)) / (float)n);
            rect.y += (float)i * (rect.height + GAP);
        }
        view->panels[i].rect = rect;
        fits = units_net_place(view, &view->panels[i], rect) && fits;
    }
    return fits;
}

static float node_of(const UnitsView *view) {
    return view->panels[0].net.node;
}

/* As large as it gets; two only where neurons stay legible. */
static void divide(UnitsView *view, Rect body, int n) {
    static const float LEGIBLE = 20, STRIPS_WIDTH = 360;
    view->has_room_for_two = false;
    if (n == 2 && view->small) {
        float beside = place(view, body, 2, true) ? node_of(view) : 0;
        float above = place(view, body, 2, false) ? node_of(view) : 0;
        view->has_room_for_two = fmaxf(beside, above) >= LEGIBLE;
        if (view->has_room_for_two && !view->alone) {
            place(view, body, 2, beside >= above);
            view->n_panels = 2;
            return;
        }
    } else if (n == 2) {
        view->has_room_for_two = body.width >= 2 * STRIPS_WIDTH;
        if (view->has_room_for_two && !view->alone) {
            place(view, body, 2, true);
            view->n_panels = 2;
            return;
        }
    }
    view->n_panels = n > 0;
    place(view, body, view->n_panels, true);
}

static void lay_out(UnitsView *view, Rect plot, const Subject *subject) {
    int racers[UNITS_PANELS], n_visible = 0;
    int n = subject_racer_count(subject);
    choose_racers(view, subject, racers);
    for (int i = 0; i < n; i++) n_visible += subject_racer_visible(subject, i);
    Rect body = {plot.x + OUTER, plot.y, plot.width - 2 * OUTER, plot.height - OUTER};
    bool says = plot.height >= 200;
    view->heading = (Rect){body.x, body.y, body.width, HEADING};
    view->chips = (Rect){body.x, body.y + HEADING + SAYING, body.width, n_visible > 1 ? CHIPS : 0};
    float top = HEADING + (says ? SAYING : 0) + (says ? view->chips.height : 0);
    if (!says) view->chips.height = 0;
    body.y += top;
    body.height = fmaxf(body.height - top, 1);
    divide(view, body, racers[0] < 0 ? 0 : racers[1] < 0 ? 1 : 2);
    if (view->n_panels == 1 && n_visible > 1 && view->chosen >= 0 && view->chosen < n &&
        subject_racer_visible(subject, view->chosen))
        racers[0] = view->chosen;
    for (int i = 0; i < view->n_panels; i++) view->panels[i].racer = racers[i];
}

/* Finding numbers. */

static int fine_side(const UnitsView *view) {
    return view->maps.ground == UNITS_PLANE ? SIDE_FINE : view->maps.ground == UNITS_LINE ? LINE_SIDE : 1;
}

static int stage_px(const UnitsView *view, const UnitsPanel *panel) {
    return (int)lroundf(panel->stage.width * view->scale);
}

static const UnitNumbers *numbers_of(const UnitsPanel *panel) {
    return &panel->numbers[panel->shown];
}

static bool is_stale(const UnitsView *view, int i, int64_t step) {
    const UnitNumbers *numbers = numbers_of(&view->panels[i]);
    return numbers->step != step || numbers->racer != view->panels[i].racer;
}

static bool is_done(const UnitsView *view, int i, int64_t step) {
    const UnitsPanel *panel = &view->panels[i];
    bool has_side = numbers_of(panel)->side == fine_side(view) || view->maps.ground == UNITS_NOWHERE;
    return !is_stale(view, i, step) && has_side && panel->picture_px == stage_px(view, panel);
}

bool units_view_is_finished(const UnitsView *view, const LiveState *state) {
    for (int i = 0; i < view->n_panels; i++)
        if (!state || !is_done(view, i, state->step)) return false;
    return true;
}

/* One that shows another state goes first, the one that does so for longer. -1: none. */
static int next_panel(const UnitsView *view, int64_t step) {
    int next = -1;
    for (int i = 0; i < view->n_panels; i++) {
        if (is_done(view, i, step)) continue;
        if (next < 0 || (is_stale(view, i, step) &&
                            (!is_stale(view, next, step) ||
                                numbers_of(&view->panels[i])->step < numbers_of(&view->panels[next])->step)))
            next = i;
    }
    return next;
}

/* The classes of the large map, row by row. True once they are painted. */
static bool work_on_picture(UnitsView *view, UnitsPanel *panel, const UnitNumbers *numbers, double end_s) {
    int side = stage_px(view, panel);
    if (view->maps.ground == UNITS_PLANE && side > 0) {
        double x0, dx, y0, dy;
        units_net_sight(view, side, &x0, &dx, &y0, &dy);
        while (!field_pass_row(&panel->field, view->maps.mlp, &numbers->weights, x0, dx, y0, dy))
            if (unit_maps_now_s() >= end_s) return false;
    }
    size_t wanted = (size_t)side * (size_t)side;
    if (!units_room(&panel->picture, &panel->picture_room, wanted)) return true;
    if (view->maps.ground == UNITS_PLANE && side > 0)
        field_pass_paint(&panel->field, panel->picture, side, side, view->class_shades, view->theme->text);
    units_net_stamp(view, panel);
    panel->picture_px = side;
    return true;
}

static bool ask(UnitsView *view, int i, const LiveState *state, bool coarse) {
    UnitsPanel *panel = &view->panels[i];
    int side = fine_side(view), stage = stage_px(view, panel);
    if (coarse && view->maps.ground == UNITS_PLANE) side = SIDE_COARSE;
    view->working = -1;
    if (!unit_maps_ask(&view->maps, &panel->numbers[!panel->shown], state, panel->racer, side)) return false;
    if (view->maps.ground == UNITS_PLANE && stage > 0 &&
        !field_pass_begin(
            &panel->field, stage, stage, coarse ? CELL_COARSE_PX : CELL_FINE_PX, &view->maps.spec))
        return false;
    view->working = i;
    return true;
}

/* What is under way goes on, unless another racer stands there by now. */
static bool goes_on(const UnitsView *view) {
    return view->working >= 0 && view->working < view->n_panels &&
           view->panels[view->working].numbers[!view->panels[view->working].shown].racer ==
               view->panels[view->working].racer;
}

void units_view_work(UnitsView *view, const LiveState *state, double budget_s) {
    double end_s = unit_maps_now_s() + budget_s;
    for (;;) {
        int i = goes_on(view) ? view->working : next_panel(view, state->step);
        if (i < 0) return;
        bool coarse = budget_s < INFINITY && is_stale(view, i, state->step);
        if (!goes_on(view) && !ask(view, i, state, coarse)) return;
        UnitsPanel *panel = &view->panels[i];
        UnitNumbers *numbers = &panel->numbers[!panel->shown];
        if (!unit_maps_work(&view->maps, end_s) || !work_on_picture(view, panel, numbers, end_s)) return;
        panel->shown = !panel->shown;
        view->working = -1;
        if (unit_maps_now_s() >= end_s) return;
    }
}

/* Drawing. */

static void find_scales(UnitsView *view) {
    for (int l = 0; l <= view->maps.spec.n_layers; l++) {
        double weight = 0, map = 0;
        for (int i = 0; i < view->n_panels; i++) {
            const UnitNumbers *numbers = numbers_of(&view->panels[i]);
            if (numbers->step < 0) continue;
            map = fmax(map, (double)numbers->reach[l]);
            if (l < view->maps.spec.n_layers)
                weight =
                    fmax(weight, view->gradients ? numbers->gradient_reach[l] : numbers->weight_reach[l]);
        }
        view->map_full[l] = units_full(map > 1e-6 ? map : 1); /* a mean of 0 but for rounding */
        if (l < view->maps.spec.n_layers) view->weight_full[l] = units_full(weight);
    }
}

static void draw_header(const UnitsPass *pass) {
    const Subject *subject = pass->subject;
    const LiveReport *report = subject->networks->reports[pass->panel->racer];
    Rect rect = pass->panel->rect;
    float middle = rect.y + 0.5f * UNITS_HEADER_HEIGHT, right = rect.x + rect.width;
    char text[4 * NUMBER_BYTES] = "", title[FITTED_BYTES];
    Colour colour = subject->theme->dim;
    if (subject_racer_status(subject, pass->panel->racer) == RACER_DIVERGED) {
        snprintf(text, sizeof text, "diverged");
        colour = subject->theme->warning;
    } else if (report) {
        const TrainingReport *of = &report->report;
        bool validates = !isnan(of->validation.error);
        double error = validates ? of->validation.error : of->training.error;
        char loss[NUMBER_BYTES];
        number_loss(of->training.loss, loss);
        int n = snprintf(text, sizeof text, "loss %s", loss);
        if (!isnan(error))
            snprintf(
                text + n, sizeof text - (size_t)n, "  %s %.1f%%", validates ? "val err" : "err", 100 * error);
    }
    float name = text_fit(pass->canvas, FONT_STRONG, SIZE_NAME,
        subject_racer_title(subject, pass->panel->racer), rect.width, title);
    canvas_text(pass->canvas, rect.x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG, SIZE_NAME,
        subject_racer_text_colour(subject, pass->panel->racer), title);
    if (canvas_text_width(pass->canvas, FONT_MONO, SIZE_MONO, text) > rect.width - name - 12) return;
    canvas_text(pass->canvas, right, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_MONO, SIZE_MONO,
        colour, text);
}

/* The first of some sentences that fits. */
static void say(Canvas *canvas, Rect rect, Colour colour, const char *const *variants) {
    while (variants[1] && canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, variants[0]) > rect.width)
        variants++;
    text_draw_fitted(canvas, rect.x, text_baseline(rect.y + 0.5f * rect.height, SIZE_SMALL), ALIGN_LEFT,
        FONT_TEXT, SIZE_SMALL, colour, rect.width, variants[0]);
}

static void draw_saying(const UnitsView *view, Canvas *canvas, const Subject *subject) {
    static const char *const places[] = {[UNITS_NOWHERE] = "",
        [UNITS_MEAN] = "on average over examples",
        [UNITS_PLANE] = "over the plane of the data"};
    char all[200], some[120];
    if (view->small && view->maps.ground == UNITS_LINE) {
        snprintf(
            all, sizeof all, "Squares: what each neuron gives along the input, up to the ± under its layer");
        snprintf(some, sizeof some, "Squares: what each neuron gives along the input");
    } else if (view->small) {
        snprintf(all, sizeof all,
            "Squares: what each neuron gives %s, blue above 0, orange below; full colour from the ± under "
            "its "
            "layer on",
            places[view->maps.ground]);
        snprintf(some, sizeof some, "Squares: what each neuron gives %s, blue +, orange −",
            places[view->maps.ground]);
    } else {
        snprintf(all, sizeof all,
            "A row is a unit, a column one of its inputs; blue above 0, orange below; where several fall on "
            "a pixel, the largest |w| is shown");
        snprintf(some, sizeof some, "A row is a unit, a column an input; a pixel is the largest |w| in it");
    }
    const char *const variants[] = {all, some, "blue +, orange −", NULL};
    Rect rect = {view->heading.x, view->heading.y + HEADING, view->heading.width, SAYING};
    say(canvas, rect, subject->theme->dim, variants);
}

void units_view_draw(UnitsView *view, Canvas *canvas, Rect plot, const Subject *subject,
    const LiveState *state, double budget_s) {
    follow_theme(view, subject->theme, canvas->scale);
    canvas_fill_rect(canvas, plot, 0, subject->theme->background);
    lay_out(view, plot, subject);
    if (state) units_view_work(view, state, budget_s);
    find_scales(view);
    if (plot.height >= 200) draw_saying(view, canvas, subject);
    for (int i = 0; i < view->n_panels; i++) {
        UnitsPanel *panel = &view->panels[i];
        const UnitNumbers *numbers = numbers_of(panel);
        UnitsPass pass = {view, panel, i, canvas, subject, numbers->step >= 0 ? numbers : NULL};
        draw_header(&pass);
        memset(panel->strips, 0, sizeof panel->strips);
        if (!pass.numbers || numbers->racer != panel->racer) continue;
        if (panel->net.node > 0)
            units_net_draw(&pass);
        else
            units_strips_draw(&pass);
    }
}

/* Pointing. */

UnitsTarget units_view_at(const UnitsView *view, float x, float y) {
    for (int i = 0; i < view->n_panels; i++)
        if (rect_contains(view->panels[i].rect, x, y))
            return view->panels[i].net.node > 0 ? units_net_at(view, i, x, y)
                                                : units_strips_at(view, i, x, y);
    return UNITS_NOTHING;
}

UnitsTarget units_view_target(const UnitsView *view) {
    return view->hovered.panel >= 0 ? view->hovered : view->pinned;
}

bool units_target_is(UnitsTarget a, UnitsTarget b) {
    return a.panel == b.panel && a.layer == b.layer && a.unit == b.unit && a.from == b.from;
}

Rect units_view_header(const UnitsView *view, int panel) {
    Rect rect = view->panels[panel].rect;
    rect.height = fminf(UNITS_HEADER_HEIGHT, rect.height);
    return rect;
}

/* "− ▬▬ 0 ▬▬ +": from the colour of the most negative to that of the most positive. */
void units_view_draw_legend(const UnitsView *view, Canvas *canvas, float left) {
    enum { SAMPLES = 9 };
    static const float STEP = 16, SIDE = 26;
    Rect rect = view->heading;
    float middle = roundf(rect.y + 0.5f * rect.height), baseline = text_baseline(middle, SIZE_SMALL);
    const char *name = view->gradients ? "gradient of the loss by a weight" : "weight";
    if (!view->small) name = "weights and gradients";
    float wide = canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, name) + 8;
    float width = SAMPLES * STEP + 2 * SIDE, right = rect.x + rect.width;
    if (right - width < left + 8) return;
    float x = right - width + SIDE;
    Colour dim = view->theme->dim;
    canvas_text(canvas, x - 6, baseline, ALIGN_RIGHT, FONT_TEXT, SIZE_SMALL, dim, "−");
    for (int i = 0; i < SAMPLES; i++, x += STEP) {
        float share = (float)(2 * i - SAMPLES + 1) / (SAMPLES - 1);
        units_draw_sample(view, canvas, (Rect){x, middle, STEP, 0}, share);
    }
    canvas_text(canvas, x + 6, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, dim, "+");
    if (right - width - wide < left + 8) return;
    canvas_text(canvas, right - width, baseline, ALIGN_RIGHT, FONT_TEXT, SIZE_SMALL, dim, name);
}
