/* Images in rows, with what they are taken for; weights as images. */
#include "images_inner.h"

#include "image_pixels.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE_MAX_PX = 2048 };
static const float MARK_WIDTH = 12, LINE = 14;

/* Room for a picture's pixels; false where there is none. */
static bool make_room(ImagesView *view, int width, int height) {
    const size_t wanted = (size_t)width * (size_t)height;
    if (wanted <= view->room) return true;
    uint32_t *pixels = realloc(view->pixels, wanted * sizeof *pixels);
    if (!pixels) return false;
    view->pixels = pixels;
    view->room = wanted;
    return true;
}

/* On whole pixels, so that they are copied as they are. */
static Rect on_pixels(const Canvas *canvas, Rect rect, int *width, int *height) {
    const float scale = canvas->scale;
    *width = (int)lroundf(fminf(fmaxf(rect.width * scale, 1), SIDE_MAX_PX));
    *height = (int)lroundf(fminf(fmaxf(rect.height * scale, 1), SIDE_MAX_PX));
    return (Rect){roundf(rect.x * scale) / scale, roundf(rect.y * scale) / scale, (float)*width / scale,
        (float)*height / scale};
}

void images_paint(const ImagesPass *pass, int32_t image, Rect rect) {
    ImagesView *view = pass->view;
    const ImageSet *set = &view->reviewer.set;
    int width, height;
    const Rect at = on_pixels(pass->ui->canvas, rect, &width, &height);
    if (!pass->ui->draws || !make_room(view, width, height)) return;
    dataset_original(set->dataset, image_set_example(set, (size_t)image), view->numbers);
    const ImageNumbers numbers = {view->numbers, set->dataset->width, set->dataset->height};
    uint32_t shades[IMAGE_SHADES];
    image_shades_grey(shades);
    const double white = set->dataset->white > 0 ? set->dataset->white : 1;
    image_pixels(&numbers, 0, white, shades, view->pixels, width, height);
    canvas_image(pass->ui->canvas, view->pixels, width, height, at);
}

void images_mark(const ImagesPass *pass, Point centre, bool right) {
    const float x = centre.x, y = centre.y;
    const Theme *theme = pass->subject->theme;
    Canvas *canvas = pass->ui->canvas;
    if (right) {
        const Point check[] = {{x - 3.5f, y}, {x - 1, y + 3}, {x + 4, y - 3.5f}};
        canvas_polyline(canvas, check, 3, 1.6f, theme->racers[3]);
    } else {
        const Point cross[] = {{x - 3, y - 3}, {x + 3, y + 3}, {x - 3, y + 3}, {x + 3, y - 3}};
        canvas_segments(canvas, cross, 2, 1.8f, theme->warning);
    }
}

static void draw_line(const ImagesPass *pass, Rect rect, int line, Colour colour, const char *text) {
    const float y = text_baseline(rect.y + ((float)line + 0.5f) * LINE, IMAGES_SIZE);
    text_draw_fitted(
        pass->ui->canvas, rect.x, y, ALIGN_LEFT, FONT_TEXT, IMAGES_SIZE, colour, rect.width, text);
}

/* "Shirt 87 %", in one line or in two; returns how many. */
static int draw_verdict(const ImagesPass *pass, const ImageReview *review, int32_t image, Rect rect) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const int class = review->classes[image];
    const bool right = class == image_set_label(&pass->view->reviewer.set, (size_t)image);
    const double confidence = (double)review->confidences[image];
    char share[NUMBER_BYTES] = "?", name[FITTED_BYTES];
    if (confidence >= 0) snprintf(share, sizeof share, "%.0f %%", 100 * confidence);
    const float space = canvas_text_width(canvas, FONT_TEXT, IMAGES_SIZE, " ");
    const float share_width = canvas_text_width(canvas, FONT_TEXT, IMAGES_SIZE, share) + space;
    const bool tall = pass->view->layout.caption > 3 * LINE;
    images_mark(pass, (Point){rect.x + 4, rect.y + 0.5f * LINE}, right);
    rect.x += MARK_WIDTH;
    rect.width -= MARK_WIDTH;
    const float width = text_fit(canvas, FONT_TEXT, IMAGES_SIZE, images_class(pass, class),
        rect.width - (tall ? 0 : share_width), name);
    draw_line(pass, rect, 0, right ? theme->text : theme->warning, name);
    if (!tall) rect.x += width + space;
    if (!tall && share_width > rect.width) return 1;
    draw_line(pass, rect, tall, theme->dim, share);
    return 1 + tall;
}

/* What it is taken for, and where that is wrong what it is; without a review what it is alone. */
static void draw_caption(const ImagesPass *pass, const ImageReview *review, int32_t image, Rect rect) {
    const Theme *theme = pass->subject->theme;
    const int label = image_set_label(&pass->view->reviewer.set, (size_t)image);
    char is[FITTED_BYTES];
    if (!review) {
        draw_line(pass, rect, 0, theme->dim, images_class(pass, label));
        return;
    }
    const int lines = draw_verdict(pass, review, image, rect);
    if (review->classes[image] == label) return;
    const float indent = lines == 1 ? MARK_WIDTH : 0;
    rect.x += indent;
    rect.width -= indent;
    snprintf(is, sizeof is, "is %s", images_class(pass, label));
    draw_line(pass, rect, lines, theme->text, is);
}

static void draw_tile(
    const ImagesPass *pass, const ImageReview *review, int32_t image, Rect rect, float room) {
    const ImagesView *view = pass->view;
    const Theme *theme = pass->subject->theme;
    const bool wrong =
        review && review->classes[image] != image_set_label(&view->reviewer.set, (size_t)image);
    const bool large = image == view->chosen || image == view->hovered;
    images_paint(pass, image, rect);
    if (wrong || (large && !pass->subject->still)) {
        const Rect edge = {rect.x - 2, rect.y - 2, rect.width + 4, rect.height + 4};
        const bool shows = large && !pass->subject->still;
        canvas_stroke_rect(pass->ui->canvas, edge, 2, 2, shows ? theme->text : theme->warning);
    }
    draw_caption(pass, review, image, (Rect){rect.x, rect.y + rect.height + 3, room, view->layout.caption});
}

static int find(const ImageOrder *order, int32_t image) {
    for (int i = 0; i < order->n; i++)
        if (order->images[i] == image) return i;
    return -1;
}

/* A press shows one large or no more; in focus, the arrow keys go from one to the next. */
static void handle_tiles(
    const ImagesPass *pass, const ImagesGrid *grid, const ImageOrder *order, Rect section, const char *name) {
    static const struct {
        int key, columns, rows;
    } keys[] = {{KEY_LEFT, -1, 0}, {KEY_RIGHT, 1, 0}, {KEY_UP, 0, -1}, {KEY_DOWN, 0, 1}};
    Ui *ui = pass->ui;
    ImagesView *view = pass->view;
    const Rect rect = {section.x, section.y + IMAGES_TITLE_HEIGHT, section.width,
        fmaxf(section.height - IMAGES_TITLE_HEIGHT, 0)};
    const UiControl *control = ui_control(ui, name, UI_AREA, rect, NULL);
    const int at = images_grid_at(grid, section, ui->pointer_x, ui->pointer_y);
    const bool points = images_points_at(pass, rect) && at >= 0 && at < order->n;
    ui_draw_focus(ui, control, 4);
    if (points && ui_is_hovered(ui, control)) view->hovered = order->images[at];
    if (points && ui_is_pressed(ui, control)) {
        view->chosen = view->chosen == order->images[at] ? -1 : order->images[at];
        ui_drop_focus(ui);
        ui_take(ui);
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys && ui->focus_seen && order->n > 0; i++) {
        if (!ui_has_key(ui, control, keys[i].key)) continue;
        const int before = find(order, view->chosen);
        const int next = before < 0 ? 0 : before + keys[i].columns + keys[i].rows * grid->columns;
        if (next >= 0 && next < order->n) view->chosen = order->images[next];
        ui_take(ui);
        return;
    }
}

void images_tiles(const ImagesPass *pass, int place, const ImagesGrid *grid, const ImageOrder *order,
    Rect section, const char *name, const char *title) {
    if (section.width <= 0) return;
    const int most = grid->columns * grid->rows;
    handle_tiles(pass, grid, order, section, name);
    if (!pass->ui->draws) return;
    images_title(pass, section, title);
    for (int i = 0; i < order->n && i < most; i++)
        draw_tile(pass, images_review(pass, place), order->images[i], images_grid_rect(grid, section, i),
            grid->step_x - 6);
}

/* Weights. */

/* Three times the root mean square of all that are shown: a few that are larger do not make the rest pale. */
static double weights_reach(const ImagesView *view) {
    const size_t n = (size_t)view->spec->sizes[0] * (size_t)view->spec->sizes[1];
    double sum = 0;
    for (int i = 0; i < view->reviewer.found.n; i++) {
        Vec first = view->reviewer.found.of[i].weights;
        first.n = n;
        sum += pow(vec_norm(&first), 2) / ((double)n * view->reviewer.found.n);
    }
    return 3 * sqrt(sum);
}

/* "-0.42 [colours] 0.42". */
static void draw_scale(const ImagesPass *pass, Rect rect) {
    enum { STEPS = 41 };
    Canvas *canvas = pass->ui->canvas;
    char most[NUMBER_BYTES], least[NUMBER_BYTES + 4];
    snprintf(most, sizeof most, "%.2g", pass->view->reach);
    snprintf(least, sizeof least, "−%s", most);
    const float y = text_baseline(rect.y + 0.5f * rect.height, IMAGES_SIZE);
    const Colour dim = pass->subject->theme->dim;
    float x = rect.x + canvas_text_width(canvas, FONT_MONO, IMAGES_SIZE, least) + 6;
    const float width = fminf(fmaxf(rect.width - 2 * (x - rect.x), 0), 2 * STEPS) / STEPS;
    canvas_text(canvas, rect.x, y, ALIGN_LEFT, FONT_MONO, IMAGES_SIZE, dim, least);
    for (int i = 0; i < STEPS; i++, x += width) {
        const Rect step = {x, rect.y + 5, width + 0.5f, fmaxf(rect.height - 10, 1)};
        canvas_fill_rect(canvas, step, 0, image_sign_colour(pass->subject->theme, 2.0 * i / (STEPS - 1) - 1));
    }
    x += 6;
    canvas_text(canvas, x, y, ALIGN_LEFT, FONT_MONO, IMAGES_SIZE, dim, most);
    x += canvas_text_width(canvas, FONT_MONO, IMAGES_SIZE, most) + 10;
    const float left = rect.x + rect.width - x;
    text_draw_fitted(canvas, x, y, ALIGN_LEFT, FONT_TEXT, IMAGES_SIZE, dim, left,
        images_fitting(pass, left, IMAGES_SIZE,
            pass->view->n_racers > 1 ? "and beyond, for both racers" : "and beyond, for all units",
            "and beyond"));
}

void images_weights(const ImagesPass *pass, int place, Rect section) {
    ImagesView *view = pass->view;
    const ImagesGrid *grid = &view->layout.weights;
    const ImageReview *review = images_review(pass, place);
    if (section.width <= 0 || !pass->ui->draws || !review) return;
    const int n_units = view->spec->sizes[1], most = grid->columns * grid->rows;
    const int n = n_units < most ? n_units : most;
    char title[FITTED_BYTES], few[FITTED_BYTES];
    if (view->reach_version != view->reviewer.version) {
        view->reach = weights_reach(view);
        view->reach_version = view->reviewer.version;
    }
    snprintf(title, sizeof title,
        n < n_units ? "weights of the first layer: %d of %d units" : "weights of the first layer: %d units",
        n, n_units);
    snprintf(few, sizeof few, n < n_units ? "weights: %d of %d units" : "weights: %d units", n, n_units);
    images_title(pass, section, images_fitting(pass, section.width, SIZE_SMALL, title, few));
    const double reach = view->reach > 0 ? view->reach : 1;
    uint32_t shades[IMAGE_SHADES];
    image_shades_signed(pass->subject->theme, shades);
    for (int i = 0; i < n; i++) {
        int width, height;
        const Rect at = on_pixels(pass->ui->canvas, images_grid_rect(grid, section, i), &width, &height);
        const Dataset *dataset = view->reviewer.set.dataset;
        if (!make_room(view, width, height)) return;
        const ImageNumbers numbers = {
            review->units + (size_t)i * (size_t)dataset->n_in, dataset->width, dataset->height};
        image_pixels(&numbers, -reach, reach, shades, view->pixels, width, height);
        canvas_image(pass->ui->canvas, view->pixels, width, height, at);
    }
    draw_scale(pass, (Rect){section.x, section.y + section.height - IMAGES_LEGEND_HEIGHT, section.width,
                         IMAGES_LEGEND_HEIGHT});
}
