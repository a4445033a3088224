/* Ticks and their numbers. Which numbers are round is decided in paint/ticks.h. */
#include "axes.h"

#include "ticks.h"
#include "widgets.h"

static const float INSET = 8, TICK_LENGTH = 4, LINE_HEIGHT = 14;
static const float PX_PER_TICK_X = 120, PX_PER_TICK_Y = 90;
enum { WANTED_LEAST = 2 };

typedef struct Axes {
    Canvas *canvas;
    Rect plot;
    Colour colour;
    LabelPlacer *placer;
} Axes;

static int wanted(float length, float per_tick) {
    int n = (int)(length / per_tick);
    return n < WANTED_LEAST ? WANTED_LEAST : n;
}

/* One line of text whose box begins at x and is centred on y; left out, and false, where it would leave
 * [x_min, x_max]. */
static bool write(const Axes *axes, float x, float centre_y, float x_min, float x_max, const char *label) {
    float width = canvas_text_width(axes->canvas, FONT_MONO, SIZE_MONO, label);
    if (x < x_min || x + width > x_max) return false;
    canvas_text(axes->canvas, x, text_baseline(centre_y, SIZE_MONO), ALIGN_LEFT, FONT_MONO, SIZE_MONO,
        axes->colour, label);
    placer_block(axes->placer, (Rect){x - 2, centre_y - 0.5f * LINE_HEIGHT, width + 4, LINE_HEIGHT});
    return true;
}

static void draw_bottom(const Axes *axes, const Camera *camera, const char *name) {
    Rect plot = axes->plot;
    Box box = camera_box(camera);
    Tick ticks[TICKS_MAX];
    int n = ticks_linear(box.x_min, box.x_max, wanted(plot.width, PX_PER_TICK_X), ticks);
    float bottom = plot.y + plot.height, centre_y = bottom - INSET - 0.5f * LINE_HEIGHT;
    float name_width = canvas_text_width(axes->canvas, FONT_MONO, SIZE_MONO, name);
    float name_x = plot.x + plot.width - INSET - name_width;
    for (int i = 0; i < n; i++) {
        float x = (float)camera_x_px(camera, ticks[i].value);
        float half = 0.5f * canvas_text_width(axes->canvas, FONT_MONO, SIZE_MONO, ticks[i].label);
        if (write(axes, x - half, centre_y, plot.x + INSET, name_x - INSET, ticks[i].label))
            canvas_segments(
                axes->canvas, (Point[]){{x, bottom}, {x, bottom - TICK_LENGTH}}, 1, 1, axes->colour);
    }
    write(axes, name_x, centre_y, plot.x + INSET, plot.x + plot.width, name);
}

static void draw_left(const Axes *axes, const Camera *camera, const char *name) {
    Rect plot = axes->plot;
    Box box = camera_box(camera);
    Tick ticks[TICKS_MAX];
    int n = ticks_linear(box.y_min, box.y_max, wanted(plot.height, PX_PER_TICK_Y), ticks);
    float name_y = plot.y + INSET + 0.5f * LINE_HEIGHT;
    for (int i = 0; i < n; i++) {
        float y = (float)camera_y_px(camera, ticks[i].value);
        if (y < name_y + LINE_HEIGHT || y > plot.y + plot.height - INSET - 1.75f * LINE_HEIGHT) continue;
        if (write(axes, plot.x + INSET, y, plot.x, plot.x + plot.width, ticks[i].label))
            canvas_segments(
                axes->canvas, (Point[]){{plot.x, y}, {plot.x + TICK_LENGTH, y}}, 1, 1, axes->colour);
    }
    write(axes, plot.x + INSET, name_y, plot.x, plot.x + plot.width, name);
}

void axes_draw(Canvas *canvas, const Camera *camera, const Theme *theme, const char *const names[2],
    LabelPlacer *placer) {
    Axes axes = {canvas, camera->plot, colour_with_alpha(theme->text, 0.72f), placer};
    draw_bottom(&axes, camera, names[0]);
    draw_left(&axes, camera, names[1]);
}
