/* The confusion matrix: a row for each class with what its images are taken for, shaded by the share of the
 * row, and how many of them that is; at the right how often each class is mistaken. */
#include "images_inner.h"

#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const float SIZE_LEAST = 9, ROOM = 2;

static const ImageSet *set_of(const ImagesPass *pass) {
    return &pass->view->reviewer.set;
}

static uint32_t count_of(const ImagesPass *pass, const ImageReview *review, int label, int class) {
    return review->confusion[label * set_of(pass)->n_classes + class];
}

static uint32_t row_count(const ImagesPass *pass, const ImageReview *review, int label) {
    uint32_t sum = 0;
    for (int class = 0; class < set_of(pass)->n_classes; class ++)
        sum += count_of(pass, review, label, class);
    return sum;
}

static Colour mixed(Colour from, Colour to, float share) {
    const float part = fminf(fmaxf(share, 0), 1);
    return (Colour){(uint8_t)lroundf(from.r + part * (to.r - from.r)),
        (uint8_t)lroundf(from.g + part * (to.g - from.g)), (uint8_t)lroundf(from.b + part * (to.b - from.b)),
        255};
}

/* Small shares are seen too: by the root. */
static Colour cell_colour(const Theme *theme, bool right, float share) {
    return mixed(theme->panel, right ? theme->accent : theme->warning, 0.85f * sqrtf(share));
}

/* Black or white, whichever is read better on it. */
static Colour count_colour(Colour ground) {
    const float light = 0.3f * ground.r + 0.59f * ground.g + 0.11f * ground.b;
    return light > 125 ? (Colour){16, 20, 26, 255} : (Colour){255, 255, 255, 255};
}

/* The size of type in which the largest count fits into a cell; 0: none. */
static float count_size(const ImagesPass *pass, const ImageReview *review) {
    const int n = set_of(pass)->n_classes;
    uint32_t most = 0;
    char text[NUMBER_BYTES];
    for (int i = 0; i < n * n; i++)
        if (review->confusion[i] > most) most = review->confusion[i];
    snprintf(text, sizeof text, "%" PRIu32, most);
    for (float size = IMAGES_SIZE; size >= SIZE_LEAST; size -= 1)
        if (canvas_text_width(pass->ui->canvas, FONT_MONO, size, text) + ROOM <= pass->view->layout.cell &&
            size + ROOM <= pass->view->layout.cell)
            return size;
    return 0;
}

static void draw_cells(const ImagesPass *pass, const ImageReview *review, Rect matrix) {
    Canvas *canvas = pass->ui->canvas;
    const int n = set_of(pass)->n_classes;
    const float cell = pass->view->layout.cell, size = count_size(pass, review);
    for (int label = 0; label < n; label++) {
        const float row = fmaxf((float)row_count(pass, review, label), 1);
        for (int class = 0; class < n; class ++) {
            const uint32_t count = count_of(pass, review, label, class);
            const Rect rect = {matrix.x + cell * (float)class, matrix.y + cell * (float)label, cell, cell};
            const Rect inner = {rect.x, rect.y, cell - (cell > 8), cell - (cell > 8)};
            const Colour ground = cell_colour(pass->subject->theme, label == class, (float)count / row);
            char text[NUMBER_BYTES];
            canvas_fill_rect(canvas, inner, 0, ground);
            snprintf(text, sizeof text, "%" PRIu32, count);
            if (count > 0 && size > 0)
                canvas_text(canvas, rect.x + 0.5f * (cell - 1), text_baseline(rect.y + 0.5f * cell, size),
                    ALIGN_CENTRE, FONT_MONO, size, count_colour(ground), text);
        }
    }
}

/* The longest beginning of a name that fits, without an ellipsis: "Pul". */
static void fit_beginning(Canvas *canvas, const char *name, float width, char out[FITTED_BYTES]) {
    snprintf(out, FITTED_BYTES, "%s", name);
    size_t length = strlen(out);
    while (length > 0 && canvas_text_width(canvas, FONT_TEXT, IMAGES_SIZE, out) > width) {
        do length--;
        while (length > 0 && ((unsigned char)out[length] & 0xc0) == 0x80);
        out[length] = '\0';
    }
}

/* So many lines are there from one name to the next where all would not fit. */
static int name_step(float cell) {
    return cell >= IMAGES_SIZE + ROOM ? 1 : (int)ceilf((IMAGES_SIZE + ROOM) / cell);
}

static void draw_names(const ImagesPass *pass, const ImageReview *review, Rect section, Rect matrix) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const int n = set_of(pass)->n_classes;
    const float cell = pass->view->layout.cell;
    const int step = name_step(cell);
    const float room = section.x + section.width - (matrix.x + matrix.width);
    const float errors = fminf(pass->view->layout.rate, room), end = matrix.x + matrix.width + errors;
    for (int i = 0; i < n; i += step) {
        char name[FITTED_BYTES], rate[NUMBER_BYTES];
        const float y = text_baseline(matrix.y + cell * ((float)i + 0.5f), IMAGES_SIZE);
        fit_beginning(canvas, images_class(pass, i), cell * (float)step - 2, name);
        canvas_text(canvas, matrix.x + cell * ((float)i + 0.5f * (float)step), matrix.y - 4, ALIGN_CENTRE,
            FONT_TEXT, IMAGES_SIZE, theme->dim, name);
        text_draw_fitted(canvas, matrix.x - 6, y, ALIGN_RIGHT, FONT_TEXT, IMAGES_SIZE, theme->dim,
            matrix.x - section.x - 6, images_class(pass, i));
        const uint32_t row = row_count(pass, review, i);
        if (row == 0) continue;
        const double error = 1 - (double)count_of(pass, review, i, i) / row;
        snprintf(rate, sizeof rate, "%.1f %%", 100 * error);
        text_draw_fitted(canvas, end, y, ALIGN_RIGHT, FONT_MONO, IMAGES_SIZE, theme->text, errors, rate);
    }
    text_draw_fitted(
        canvas, end, matrix.y - 4, ALIGN_RIGHT, FONT_TEXT, IMAGES_SIZE, theme->dim, errors, "error");
}

/* A cell in words. */
static void draw_words(const ImagesPass *pass, const ImageReview *review, int place, Rect rect) {
    const ImagesView *view = pass->view;
    const bool points = view->pointed.label >= 0 && view->pointed_place == place;
    const bool chosen = view->cell.label >= 0 && view->cell_place == place;
    if ((!points && !chosen) || pass->subject->still) return;
    const ImageCell cell = points ? view->pointed : view->cell;
    char text[FITTED_BYTES];
    snprintf(text, sizeof text, "%s taken for %s: %" PRIu32 " of %" PRIu32, images_class(pass, cell.label),
        images_class(pass, cell.class), count_of(pass, review, cell.label, cell.class),
        row_count(pass, review, cell.label));
    text_draw_fitted(pass->ui->canvas, rect.x, text_baseline(rect.y + 0.5f * rect.height, IMAGES_SIZE),
        ALIGN_LEFT, FONT_TEXT, IMAGES_SIZE, pass->subject->theme->text, rect.width, text);
}

static void draw_frame(const ImagesPass *pass, ImageCell cell, Rect matrix, Colour colour) {
    const float side = pass->view->layout.cell;
    const Rect rect = {
        matrix.x + side * (float)cell.class - 1, matrix.y + side * (float)cell.label - 1, side + 1, side + 1};
    canvas_stroke_rect(pass->ui->canvas, rect, 0, 2, colour);
}

static void choose(ImagesView *view, ImageCell cell, int place) {
    const bool same =
        view->cell_place == place && view->cell.label == cell.label && view->cell.class == cell.class;
    view->cell = same ? (ImageCell){-1, -1} : cell;
    view->cell_place = place;
}

/* A press on a cell shows its images, or no more; in focus, the arrow keys go from one to the next. */
static void handle(const ImagesPass *pass, int place, Rect matrix) {
    static const struct {
        int key, label, class;
    } keys[] = {{KEY_LEFT, 0, -1}, {KEY_RIGHT, 0, 1}, {KEY_UP, -1, 0}, {KEY_DOWN, 1, 0}};
    Ui *ui = pass->ui;
    ImagesView *view = pass->view;
    const int n = set_of(pass)->n_classes;
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "confusion %d", place + 1);
    const UiControl *control = ui_control(ui, name, UI_AREA, matrix, NULL);
    ui_draw_focus(ui, control, 2);
    if (images_points_at(pass, matrix) && ui_is_hovered(ui, control)) {
        const int label = (int)((ui->pointer_y - matrix.y) / view->layout.cell),
                  class = (int)((ui->pointer_x - matrix.x) / view->layout.cell);
        view->pointed = (ImageCell){label < n ? label : n - 1, class < n ? class : n - 1};
        view->pointed_place = place;
        if (ui_is_pressed(ui, control)) {
            choose(view, view->pointed, place);
            ui_drop_focus(ui);
            ui_take(ui);
            return;
        }
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys && ui->focus_seen; i++) {
        if (!ui_has_key(ui, control, keys[i].key)) continue;
        const bool is_here = view->cell.label >= 0 && view->cell_place == place;
        const ImageCell from = is_here ? view->cell : (ImageCell){-keys[i].label, -keys[i].class};
        const ImageCell next = {from.label + keys[i].label, from.class + keys[i].class};
        if (next.label >= 0 && next.label < n && next.class >= 0 && next.class < n) view->cell = next;
        view->cell_place = place;
        ui_take(ui);
        return;
    }
}

void images_confusion(const ImagesPass *pass, int place, Rect section) {
    const ImagesView *view = pass->view;
    const ImageReview *review = images_review(pass, place);
    if (section.width <= 0 || !review) return;
    const Rect matrix = images_matrix_rect(&view->layout, section, set_of(pass)->n_classes);
    handle(pass, place, matrix);
    if (!pass->ui->draws) return;
    images_title(pass, section,
        images_fitting(pass, section.width, SIZE_SMALL,
            "confusion: a row for each class, by what it is taken for", "confusion: a row for each class"));
    draw_cells(pass, review, matrix);
    draw_names(pass, review, section, matrix);
    const bool still = pass->subject->still;
    if (view->pointed.label >= 0 && view->pointed_place == place && !still)
        draw_frame(pass, view->pointed, matrix, pass->subject->theme->dim);
    if (view->cell.label >= 0 && view->cell_place == place)
        draw_frame(pass, view->cell, matrix, pass->subject->theme->text);
    draw_words(pass, review, place,
        (Rect){section.x, section.y + section.height - IMAGES_LEGEND_HEIGHT, section.width,
            IMAGES_LEGEND_HEIGHT});
}
