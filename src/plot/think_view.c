/* Arrows and curves of one step. What happened in it is found by replay.c, what the model is by
 * local_model.c. */
#include "think_view.h"

#include "dash.h"
#include "points.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float STEP_WIDTH = 2.6f, PART_WIDTH = 2.2f, HINT_WIDTH = 1.5f, CURVE_WIDTH = 1.4f;
static const float TIP_LENGTH = 9, TIP_WIDTH = 4.2f, ARROW_MIN_PX = 5, EDGE = 2;
static const float RING_RADIUS = 5, TRIAL_RADIUS = 3, STATIONARY_RADIUS = 4.5f;
/* Arrows as they are, where the longest is between these; otherwise they become about as long as wanted. */
static const double LEAST_PX = 40, WANTED_PX = 95, MOST_SHARE = 0.42;
static const double ELLIPSE_MIN_PX = 45, ELLIPSE_MAX_PX = 110, ROUND = 1.02;
static const float BLOCK = 10;        /* labels keep so far off arrows */
static const double PARALLEL = 0.998; /* cosine from which a hint would lie on the step */
static const double TAU = 6.283185307179586;
enum { ELLIPSE_POINTS = 73, BLOCKS_MAX = 12 };

bool think_view_init(ThinkView *think, Status *status) {
    *think = (ThinkView){.replay = replay_create(), .racer = -1};
    for (int i = 0; i < THINK_LABELS_MAX; i++) think->choices[i] = -1;
    return think->replay || status_fail(status, STATUS_FAILED, "out of memory");
}

void think_view_finish(ThinkView *think) {
    replay_destroy(think->replay);
    trail_buffer_finish(&think->curve);
}

void think_view_rest(ThinkView *think) {
    think->racer = -1;
    think->step = NULL;
    think->behind = false;
}

void think_view_update(ThinkView *think, const Subject *subject, double budget_s) {
    int racer = subject->veiled ? -1 : subject->selected;
    if (racer < 0 || racer >= race_racer_count(subject->race)) {
        think_view_rest(think);
        return;
    }
    if (racer != think->racer || subject->race_version != think->race_version) {
        if (racer != think->racer) think->factor = 0;
        Status status = status_ok();
        think_view_rest(think);
        if (!replay_follow(think->replay, subject->race, racer, &status)) return;
        think->racer = racer;
        think->race_version = subject->race_version;
    }
    think->behind = !replay_seek(think->replay, subject->step, budget_s);
    if (think->behind) return;
    const ReplayStep *step = think->step = replay_step(think->replay);
    if (step) think->model = local_model_of(step->before.x, step->loss, step->plain, step->hessian);
}

/* Where things are. */

typedef struct Frame {
    Canvas *canvas;
    const Camera *camera;
    const Theme *theme;
    Colour colour; /* the racer's */
    Point centre;  /* where the racer is */
    double factor;
} Frame;

/* A displacement in the plane, in pixels. */
static Point offset(const Camera *camera, const double v[2]) {
    return (Point){
        (float)(v[0] * camera->zoom / camera->unit_x), (float)(-v[1] * camera->zoom / camera->unit_y)};
}

static Point point_of(const Camera *camera, const double x[2]) {
    return (Point){(float)camera_x_px(camera, x[0]), (float)camera_y_px(camera, x[1])};
}

/* A point so many times as far from x. */
static Point magnified(const Frame *frame, const double x[2], const double point[2]) {
    const double from[2] = {point[0] - x[0], point[1] - x[1]};
    Point at = offset(frame->camera, from);
    return (Point){
        frame->centre.x + (float)frame->factor * at.x, frame->centre.y + (float)frame->factor * at.y};
}

static double length_px(const Camera *camera, const double v[2]) {
    Point px = offset(camera, v);
    return hypot(px.x, px.y);
}

static double round_factor(double factor) {
    double power = pow(10, floor(log10(factor))), lead = factor / power;
    return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

/* Kept while the longest arrow is neither a dot nor too long, so that nothing jumps as the race plays. */
static double choose_factor(double before, double longest, const Rect *plot) {
    double most = MOST_SHARE * fmin(plot->width, plot->height);
    if (!(longest > 0) || !isfinite(longest)) return 1;
    if (longest >= LEAST_PX && longest <= most) return 1;
    if (before > 0 && longest * before >= LEAST_PX && longest * before <= most) return before;
    return round_factor(fmin(WANTED_PX, most) / longest);
}

static void add_label(ThinkView *think, Point point, Colour colour, const char *text) {
    if (think->n_labels == THINK_LABELS_MAX) return;
    ThinkLabel *label = &think->labels[think->n_labels++];
    *label = (ThinkLabel){.point = point, .colour = colour};
    snprintf(label->text, sizeof label->text, "%s", text);
}

/* Drawing. */

static bool draw_arrow(
    ThinkView *think, const Frame *frame, Point from, Point to, float width, Colour colour) {
    float dx = to.x - from.x, dy = to.y - from.y, length = hypotf(dx, dy);
    if (!(length >= ARROW_MIN_PX) || !isfinite(length)) return false;
    float tip = fminf(TIP_LENGTH + width, 0.7f * length), half = TIP_WIDTH * tip / TIP_LENGTH;
    dx /= length;
    dy /= length;
    Point neck = {to.x - 0.8f * tip * dx, to.y - 0.8f * tip * dy};
    Point back = {to.x - tip * dx, to.y - tip * dy};
    Point head[4] = {
        to, {back.x - half * dy, back.y + half * dx}, {back.x + half * dy, back.y - half * dx}, to};
    Colour edge = frame->theme->marker_edge;
    canvas_segments(frame->canvas, (Point[]){from, neck}, 1, width + EDGE, edge);
    canvas_polyline(frame->canvas, head, 4, EDGE, edge);
    canvas_segments(frame->canvas, (Point[]){from, neck}, 1, width, colour);
    canvas_polygon(frame->canvas, head, 3, colour);
    if (think->n_arrows < THINK_ARROWS_MAX) {
        Point *arrow = think->arrows[think->n_arrows++];
        arrow[0] = from;
        arrow[1] = to;
    }
    return true;
}

static void draw_ring(const Frame *frame, Point at, float radius, Colour colour) {
    Rect ring = {at.x - radius, at.y - radius, 2 * radius, 2 * radius};
    Rect edge = {ring.x - 1, ring.y - 1, ring.width + 2, ring.height + 2};
    canvas_stroke_rect(frame->canvas, edge, radius + 1, 3.6f, frame->theme->marker_edge);
    canvas_stroke_rect(frame->canvas, ring, radius, 1.8f, colour);
}

/* The level set of the model through x, and the point where a Newton step would end. */
static void draw_model(ThinkView *think, const Frame *frame) {
    static const char *const names[] = {[STATIONARY_MINIMUM] = "minimum of the model",
        [STATIONARY_SADDLE] = "saddle of the model",
        [STATIONARY_MAXIMUM] = "maximum of the model"};
    const LocalModel *model = &think->model;
    const Camera *camera = frame->camera;
    Box box = camera_box(camera);
    double reach = hypot(box.x_max - box.x_min, box.y_max - box.y_min) +
                   hypot(model->stationary[0] - model->x[0], model->stationary[1] - model->x[1]);
    Colour colour = colour_with_alpha(frame->theme->marker, 0.8f);
    double points[LOCAL_MODEL_POINTS][2];
    for (int branch = 0; branch < 2; branch++) {
        if (!local_model_curve(model, reach, branch, points)) continue;
        trail_project(&think->curve, points[0], LOCAL_MODEL_POINTS - 1, camera, frame->canvas->scale);
        for (int piece = 0, begin = 0; piece < think->curve.n_pieces; begin = think->curve.ends[piece++])
            dash_polyline(frame->canvas, think->curve.points + begin, think->curve.ends[piece] - begin,
                CURVE_WIDTH, DASH_DASHED, colour);
    }
    if (model->kind == STATIONARY_DEGENERATE) return;
    Point at = point_of(camera, model->stationary);
    if (!rect_contains(camera->plot, at.x, at.y) ||
        hypotf(at.x - frame->centre.x, at.y - frame->centre.y) < 4)
        return;
    draw_ring(frame, at, STATIONARY_RADIUS, frame->theme->marker);
    add_label(think, at, frame->theme->text, names[model->kind]);
}

/* A circle of gradients as the racer answers to it: its shape, about as large as the arrows are long. A
 * circle again, of what treats all directions alike, says nothing and is left out. */
static void draw_ellipse(ThinkView *think, const Frame *frame, double longest) {
    const ReplayStep *step = think->step;
    if (!step->has_matrix) return;
    Point points[ELLIPSE_POINTS], top = {0, INFINITY};
    double widest = 0, narrowest = INFINITY;
    for (int i = 0; i < ELLIPSE_POINTS; i++) {
        double c = cos(TAU * i / (ELLIPSE_POINTS - 1)), s = sin(TAU * i / (ELLIPSE_POINTS - 1));
        const double v[2] = {
            step->matrix[0][0] * c + step->matrix[0][1] * s, step->matrix[1][0] * c + step->matrix[1][1] * s};
        double size = hypot(v[0], v[1]);
        widest = fmax(widest, size);
        narrowest = fmin(narrowest, size);
        points[i] = offset(frame->camera, v);
    }
    double extent = 0;
    for (int i = 0; i < ELLIPSE_POINTS; i++) extent = fmax(extent, hypot(points[i].x, points[i].y));
    if (!isfinite(extent) || !(widest > ROUND * narrowest)) return;
    float scale = (float)(fmin(fmax(longest * frame->factor, ELLIPSE_MIN_PX), ELLIPSE_MAX_PX) / extent);
    for (int i = 0; i < ELLIPSE_POINTS; i++) {
        points[i] = (Point){frame->centre.x + scale * points[i].x, frame->centre.y + scale * points[i].y};
        if (points[i].y < top.y) top = points[i];
    }
    canvas_polygon(frame->canvas, points, ELLIPSE_POINTS - 1, colour_with_alpha(frame->colour, 0.1f));
    canvas_polyline(
        frame->canvas, points, ELLIPSE_POINTS, CURVE_WIDTH, colour_with_alpha(frame->colour, 0.75f));
    if (rect_contains(frame->camera->plot, top.x, top.y))
        add_label(think, top, frame->colour, "preconditioner");
}

/* Points that a line search has tried. */
static void draw_trials(ThinkView *think, const Frame *frame) {
    const ReplayStep *step = think->step;
    if (!step->searches) return;
    int n = 0;
    Point first = {0, 0};
    for (int i = 0; i < step->n_evaluations; i++) {
        const double *x = step->evaluations[i].x;
        if (x[0] == step->before.x[0] && x[1] == step->before.x[1]) continue;
        Point at = magnified(frame, step->before.x, x);
        if (!isfinite(at.x) || !isfinite(at.y)) continue;
        draw_ring(frame, at, TRIAL_RADIUS, frame->theme->marker);
        if (n++ == 0) first = at;
    }
    if (n > 1 && rect_contains(frame->camera->plot, first.x, first.y))
        add_label(think, first, frame->theme->text, "first trial");
}

/* Downhill, where the step goes elsewhere. */
static void draw_downhill(ThinkView *think, const Frame *frame, double longest) {
    const ReplayStep *step = think->step;
    const double down[2] = {-step->plain[0], -step->plain[1]};
    const double moved[2] = {step->next[0] - step->before.x[0], step->next[1] - step->before.x[1]};
    Point way = offset(frame->camera, down), taken = offset(frame->camera, moved);
    double size = hypot(way.x, way.y),
           cosine = (way.x * taken.x + way.y * taken.y) / (size * hypot(taken.x, taken.y));
    if (!(size > 0) || !isfinite(size) || cosine > PARALLEL) return;
    float scale = (float)(fmax(0.75 * longest * frame->factor, 40) / size);
    Point tip = {frame->centre.x + scale * way.x, frame->centre.y + scale * way.y};
    if (draw_arrow(think, frame, frame->centre, tip, HINT_WIDTH, frame->theme->marker))
        add_label(think, tip, frame->theme->text, "downhill −g");
}

/* The step, and where it can be divided, what is remembered and then this gradient's part, end to end. */
static void draw_step(ThinkView *think, const Frame *frame) {
    const ReplayStep *step = think->step;
    const double *x = step->before.x;
    Point tip = magnified(frame, x, step->next), turn;
    const double remembered[2] = {step->next[0] - step->own[0], step->next[1] - step->own[1]};
    turn = magnified(frame, x, remembered);
    Colour own = frame->theme->marker, memory = frame->theme->accent;
    if (step->has_parts && draw_arrow(think, frame, frame->centre, turn, PART_WIDTH, memory))
        add_label(think, turn, frame->theme->text, "momentum");
    if (step->has_parts && draw_arrow(think, frame, turn, tip, PART_WIDTH, own)) {
        Point middle = {0.5f * (turn.x + tip.x), 0.5f * (turn.y + tip.y)};
        add_label(think, middle, frame->theme->text, "this gradient");
    }
    if (step->looks_ahead) {
        Point ahead = magnified(frame, x, step->before.ahead);
        dash_polyline(
            frame->canvas, (Point[]){frame->centre, ahead}, 2, CURVE_WIDTH, DASH_DOTTED, frame->colour);
        draw_ring(frame, ahead, RING_RADIUS, frame->colour);
        add_label(think, ahead, frame->colour, "look-ahead");
    }
    char text[32];
    if (frame->factor == 1)
        snprintf(text, sizeof text, "step");
    else
        snprintf(text, sizeof text, "step, drawn ×%g", frame->factor);
    if (draw_arrow(think, frame, frame->centre, tip, STEP_WIDTH, frame->colour))
        add_label(think, tip, frame->colour, text);
}

/* Not finite where the racer leaves for infinity in this step. */
static double longest_px(const ReplayStep *step, const Camera *camera) {
    const double *x = step->before.x;
    const double moved[2] = {step->next[0] - x[0], step->next[1] - x[1]};
    const double ahead[2] = {step->before.ahead[0] - x[0], step->before.ahead[1] - x[1]};
    double size = length_px(camera, moved);
    if (!isfinite(size)) return size;
    double longest = fmax(size, length_px(camera, ahead));
    if (!step->has_parts) return longest;
    const double rest[2] = {moved[0] - step->own[0], moved[1] - step->own[1]};
    return fmax(longest, fmax(length_px(camera, step->own), length_px(camera, rest)));
}

void think_view_draw(ThinkView *think, Canvas *canvas, const Camera *camera, const Subject *subject) {
    const ReplayStep *step = think->step;
    think->n_labels = think->n_arrows = 0;
    if (!step || think->racer < 0) return;
    double longest = longest_px(step, camera);
    if (!isfinite(longest)) return;
    think->factor = choose_factor(think->factor, longest, &camera->plot);
    const Frame frame = {.canvas = canvas,
        .camera = camera,
        .theme = subject->theme,
        .colour = subject_racer_text_colour(subject, think->racer),
        .centre = point_of(camera, step->before.x),
        .factor = think->factor};
    if (!rect_contains(camera->plot, frame.centre.x, frame.centre.y)) return;
    draw_model(think, &frame);
    draw_ellipse(think, &frame, longest);
    draw_downhill(think, &frame, longest);
    draw_trials(think, &frame);
    draw_step(think, &frame);
}

/* Squares along a line. */
static void block_arrow(LabelPlacer *placer, const Point arrow[2]) {
    float dx = arrow[1].x - arrow[0].x, dy = arrow[1].y - arrow[0].y, length = hypotf(dx, dy);
    int n = (int)fminf(length / BLOCK, BLOCKS_MAX);
    for (int i = 1; i <= n; i++) {
        Point at = {arrow[0].x + dx * (float)i / (float)n, arrow[0].y + dy * (float)i / (float)n};
        placer_block(placer, (Rect){at.x - 0.4f * BLOCK, at.y - 0.4f * BLOCK, 0.8f * BLOCK, 0.8f * BLOCK});
    }
}

void think_view_draw_labels(ThinkView *think, Canvas *canvas, LabelPlacer *placer, const Subject *subject) {
    for (int i = 0; i < think->n_arrows; i++) block_arrow(placer, think->arrows[i]);
    for (int i = think->n_labels - 1; i >= 0; i--) {
        const ThinkLabel *label = &think->labels[i];
        point_draw_label(
            canvas, placer, subject, label->point, label->colour, label->text, &think->choices[i]);
    }
}
