/* Where the parts of a figure lie, and the axes of the plane. The parts themselves are drawn by their views,
 * which are told that it is for paper. */
#include "figure.h"

#include "ticks.h"
#include "viewer_state.h"
#include "widgets.h"

#include <math.h>

const char *const figure_names[FIGURES] = {"window", "plot", "chart"};

static const float TICK_LENGTH = 3, TICK_GAP = 3, LINE = 14, EDGE = 2, HAIRLINE = 0.6f, MARGIN_STEP = 4;
static const float PX_PER_TICK_X = 62, PX_PER_TICK_Y = 46;

/* The axes around the plane: what is written along each. */
typedef struct Axis {
    Tick ticks[TICKS_MAX];
    char labels[TICKS_MAX][FITTED_BYTES]; /* for print */
    int n;
    const char *name;
} Axis;

static Axis axis_of(double min, double max, float length, float per_tick, const char *name) {
    Axis axis = {.name = name};
    int wanted = (int)(length / per_tick);
    axis.n = ticks_linear(min, max, wanted < 2 ? 2 : wanted, axis.ticks);
    for (int i = 0; i < axis.n; i++) number_print(axis.ticks[i].label, axis.labels[i]);
    return axis;
}

static float text_width(Canvas *canvas, Font font, const char *text) {
    return canvas_text_width(canvas, font, SIZE_MONO, text);
}

/* Variables are slanted, as in print; longer names are words. */
static Font font_of_name(const char *name) {
    return name[0] && !name[1] ? FONT_ITALIC : FONT_TEXT;
}

static float widest(Canvas *canvas, const Axis *axis) {
    float width = text_width(canvas, font_of_name(axis->name), axis->name);
    for (int i = 0; i < axis->n; i++) width = fmaxf(width, text_width(canvas, FONT_TEXT, axis->labels[i]));
    /* In coarse steps, so that canvases that measure a little differently agree. */
    return MARGIN_STEP * ceilf(width / MARGIN_STEP);
}

/* Numbers below the plot, up to the axis's name at the right end. */
static void draw_below(Canvas *canvas, const Camera *camera, const Axis *axis, const Theme *theme) {
    Rect plot = camera->plot;
    float bottom = plot.y + plot.height, right = plot.x + plot.width;
    float baseline = bottom + TICK_LENGTH + TICK_GAP + 0.5f * LINE + 0.36f * SIZE_MONO;
    Font font = font_of_name(axis->name);
    float end = right - text_width(canvas, font, axis->name) - 8;
    for (int i = 0; i < axis->n; i++) {
        float x = (float)camera_x_px(camera, axis->ticks[i].value);
        float half = 0.5f * text_width(canvas, FONT_TEXT, axis->labels[i]);
        canvas_segments(canvas, (Point[]){{x, bottom}, {x, bottom + TICK_LENGTH}}, 1, HAIRLINE, theme->text);
        if (x + half < end)
            canvas_text(
                canvas, x, baseline, ALIGN_CENTRE, FONT_TEXT, SIZE_MONO, theme->text, axis->labels[i]);
    }
    canvas_text(canvas, right, baseline, ALIGN_RIGHT, font, SIZE_MONO, theme->text, axis->name);
}

/* Numbers to the left, down from the axis's name at the top. */
static void draw_left(Canvas *canvas, const Camera *camera, const Axis *axis, const Theme *theme) {
    Rect plot = camera->plot;
    float right = plot.x - TICK_LENGTH - TICK_GAP, top = plot.y + 0.72f * SIZE_MONO;
    for (int i = 0; i < axis->n; i++) {
        float y = (float)camera_y_px(camera, axis->ticks[i].value);
        canvas_segments(canvas, (Point[]){{plot.x, y}, {plot.x - TICK_LENGTH, y}}, 1, HAIRLINE, theme->text);
        if (y - 0.5f * SIZE_MONO > top)
            canvas_text(canvas, right, y + 0.36f * SIZE_MONO, ALIGN_RIGHT, FONT_TEXT, SIZE_MONO, theme->text,
                axis->labels[i]);
    }
    canvas_text(
        canvas, right, top, ALIGN_RIGHT, font_of_name(axis->name), SIZE_MONO, theme->text, axis->name);
}

static float snapped(const Canvas *canvas, float length) {
    return roundf(length * canvas->scale) / canvas->scale;
}

/* The plane in a part of the canvas. How wide the numbers are follows from what is shown, which follows from
 * how much room they leave: so they are measured once on a first guess. */
static void draw_plane(Viewer *viewer, Canvas *canvas, Rect rect) {
    const Subject *subject = &viewer->subject;
    const char *const *names = subject->surface->axes;
    Camera *camera = &viewer->ground.plane.camera;
    float below = TICK_LENGTH + TICK_GAP + LINE, left = 3 * SIZE_MONO;
    Rect plot = rect;
    Axis along, up;
    for (int pass = 0; pass < 2; pass++) {
        plot.x = snapped(canvas, rect.x + left);
        plot.y = snapped(canvas, rect.y + EDGE);
        plot.width = snapped(canvas, rect.x + rect.width - EDGE - plot.x);
        plot.height = snapped(canvas, rect.y + rect.height - below - plot.y);
        if (plot.width <= 0 || plot.height <= 0) return;
        camera_resize(camera, plot);
        Box box = camera_box(camera);
        along = axis_of(box.x_min, box.x_max, plot.width, PX_PER_TICK_X, names[0]);
        up = axis_of(box.y_min, box.y_max, plot.height, PX_PER_TICK_Y, names[1]);
        left = widest(canvas, &up) + TICK_GAP + TICK_LENGTH + EDGE;
    }
    surface_view_draw(&viewer->ground.plane, canvas, plot, subject, (Rect){0, 0, 0, 0}, INFINITY);
    draw_below(canvas, camera, &along, subject->theme);
    draw_left(canvas, camera, &up, subject->theme);
    Rect frame = {
        plot.x - 0.5f * HAIRLINE, plot.y - 0.5f * HAIRLINE, plot.width + HAIRLINE, plot.height + HAIRLINE};
    canvas_stroke_rect(canvas, frame, 0, HAIRLINE, subject->theme->text);
}

static void draw_plot(Viewer *viewer, Canvas *canvas, Rect rect) {
    Rect flat = rect, space = rect;
    if (viewer->ground.mode == VIEW_BOTH) {
        flat.width = space.width = 0.5f * rect.width;
        space.x += flat.width;
    }
    viewer->ground.plane.think = viewer->thinks ? &viewer->think : NULL;
    if (viewer->ground.mode != VIEW_TERRAIN) draw_plane(viewer, canvas, flat);
    if (viewer->ground.mode != VIEW_PLANE)
        terrain_view_draw(
            &viewer->ground.space, canvas, space, &viewer->subject, (Rect){0, 0, 0, 0}, INFINITY);
}

void viewer_draw_surface_figure(Viewer *viewer, Canvas *canvas, Figure figure, Rect rect) {
    if (figure == FIGURE_PLOT)
        draw_plot(viewer, canvas, rect);
    else
        chart_view_draw_figure(&viewer->chart, canvas, rect, &viewer->subject);
}

void viewer_draw_figure(Viewer *viewer, Canvas *canvas, Figure figure) {
    if (figure == FIGURE_WINDOW) {
        viewer_draw_finished(viewer, canvas);
        return;
    }
    Subject *subject = &viewer->subject;
    Rect everything = {0, 0, canvas->width, canvas->height};
    subject->still = subject->printed = true;
    viewer_prepare(viewer, canvas);
    canvas_fill_rect(canvas, everything, 0, subject->theme->background);
    viewer->arena->draw_figure(viewer, canvas, figure, everything);
    subject->still = subject->printed = false;
}
