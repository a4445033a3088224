/* A cell of the map is some pixels wide; cells of one colour that stand side by side are drawn as one. */
#include "basins_view.h"

#include <math.h>

static const float CELL = 6, ALPHA = 0.5f;

void basins_view_init(BasinsView *view, Pool *pool) {
    *view = (BasinsView){.racer = -1, .pool = pool, .finished = true};
}

void basins_view_finish(BasinsView *view) {
    basins_destroy(view->basins);
    view->basins = NULL;
}

bool basins_view_is_finished(const BasinsView *view) {
    return view->racer < 0 || view->finished;
}

/* What colours say: a minimum's number, or a height among those there are. */
typedef struct Key {
    double lowest, highest; /* of all ends */
    bool by_height;         /* no minimum is known */
} Key;

static Key key_of(const BasinsView *view) {
    Key key = {.lowest = INFINITY, .highest = -INFINITY, .by_height = true};
    for (int row = 0; row < view->wish.rows; row++)
        for (int column = 0; column < view->wish.columns; column++) {
            const BasinsEnd *end = basins_end(view->basins, column, row);
            if (!end || end->status == RACER_DIVERGED) continue;
            key.by_height &= end->minimum < 0;
            key.lowest = fmin(key.lowest, end->loss);
            key.highest = fmax(key.highest, end->loss);
        }
    return key;
}

static uint8_t between(uint8_t a, uint8_t b, double t) {
    return (uint8_t)lround(a + t * (b - a));
}

/* Of the racers' colours, told apart most easily first. */
static Colour colour_of_minimum(const Theme *theme, int minimum) {
    static const int order[RACER_COLOURS] = {1, 4, 3, 2, 5, 0, 6, 7};
    return theme->racers[order[minimum % RACER_COLOURS]];
}

static Colour colour_of(const Key *key, const Theme *theme, const BasinsEnd *end) {
    if (!end || end->status == RACER_DIVERGED) return (Colour){0, 0, 0, 0};
    if (!key->by_height) return colour_with_alpha(colour_of_minimum(theme, end->minimum), ALPHA);
    const double range = key->highest - key->lowest, t = range > 0 ? (end->loss - key->lowest) / range : 0;
    const Colour low = theme->accent, high = theme->warning;
    const Colour mixed = {
        between(low.r, high.r, t), between(low.g, high.g, t), between(low.b, high.b, t), 255};
    return colour_with_alpha(mixed, ALPHA);
}

static bool same_colour(Colour a, Colour b) {
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

/* An edge between cells lies between device pixels, so that neither shows through. */
static float edge(float from, float length, int i, int n, float scale) {
    return roundf((from + length * (float)i / (float)n) * scale) / scale;
}

static void draw_row(
    const BasinsView *view, Canvas *canvas, Rect plot, const Theme *theme, const Key *key, int row) {
    const BasinsWish *wish = &view->wish;
    const float top = edge(plot.y, plot.height, row, wish->rows, canvas->scale);
    const float bottom = edge(plot.y, plot.height, row + 1, wish->rows, canvas->scale);
    for (int begin = 0, end; begin < wish->columns; begin = end) {
        const Colour colour = colour_of(key, theme, basins_end(view->basins, begin, row));
        for (end = begin + 1; end < wish->columns; end++)
            if (!same_colour(colour, colour_of(key, theme, basins_end(view->basins, end, row)))) break;
        const float left = edge(plot.x, plot.width, begin, wish->columns, canvas->scale);
        const float right = edge(plot.x, plot.width, end, wish->columns, canvas->scale);
        if (colour.a > 0) canvas_fill_rect(canvas, (Rect){left, top, right - left, bottom - top}, 0, colour);
    }
}

void basins_view_draw(
    BasinsView *view, Canvas *canvas, const Camera *camera, const Subject *subject, double budget_s) {
    if (view->racer < 0 || view->racer >= race_racer_count(subject->race) || subject->veiled) return;
    if (!view->basins) view->basins = basins_create(view->pool);
    if (!view->basins) return;
    const Rect plot = camera->plot;
    view->wish = (BasinsWish){
        .surface = subject->surface,
        .spec = race_spec(subject->race, view->racer),
        .steps = race_step_count(subject->race),
        .seed = race_seed(subject->race),
        .box = camera_box(camera),
        .columns = (int)ceilf(plot.width / CELL),
        .rows = (int)ceilf(plot.height / CELL),
    };
    view->finished = basins_work(view->basins, &view->wish, budget_s);
    const Key key = key_of(view);
    for (int row = 0; row < view->wish.rows; row++) draw_row(view, canvas, plot, subject->theme, &key, row);
}
