/* What is shown of whom, and the order in which it is drawn. What networks make of images is
 * image_reviewer's, where things are, images_layout's. */
#include "images_inner.h"

#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const float BUTTON_HEIGHT = 22, BUTTON_GAP = 6, BESIDE_WIDTH = 136, PAGE_WIDTH = 92;
static const char *const page_names[IMAGES_PAGES] = {
    [IMAGES_PICTURES] = "images", [IMAGES_CONFUSION] = "confusion", [IMAGES_WEIGHTS] = "weights"};

/* Following a training. */

bool images_view_suits(const Data *data) {
    return image_set_suits(data->dataset);
}

void images_view_begin(ImagesView *view, const MlpSpec *spec, const Data *data, bool threaded) {
    images_view_release(view);
    if (!view->known) {
        view->cell = (ImageCell){-1, -1};
        view->chosen = -1;
        view->known = true;
    }
    view->spec = spec;
    view->data = data;
    view->threaded = threaded;
    view->failed = !images_view_suits(data);
}

/* What hands have chosen stays, for the same data under another training. */
void images_view_release(ImagesView *view) {
    image_reviewer_finish(&view->reviewer);
    mlp_destroy(view->mlp);
    free(view->numbers);
    view->mlp = NULL;
    view->numbers = NULL;
    view->spec = NULL;
    view->data = NULL;
    view->begun = false;
    view->hardest.n = view->sample.n = view->n_racers = 0;
    view->hovered = view->pointed.label = -1;
    view->card.width = 0;
}

void images_view_finish(ImagesView *view) {
    images_view_release(view);
    free(view->pixels);
    *view = (ImagesView){0};
}

/* At the first picture. */
static bool open(ImagesView *view) {
    Status status = status_ok();
    if (view->begun || view->failed || !view->spec) return view->begun;
    MlpSpec one = *view->spec;
    one.batch_max = 1;
    view->mlp = mlp_create(&one, &status);
    view->numbers = malloc((size_t)view->data->dataset->n_in * sizeof *view->numbers);
    view->failed = !view->mlp || !view->numbers ||
                   !image_reviewer_begin(&view->reviewer, view->spec, view->data, view->threaded, &status);
    if (view->failed) return false;
    const ImageSet *set = &view->reviewer.set;
    if (view->chosen >= (int32_t)set->n) view->chosen = -1;
    if (view->cell.label >= set->n_classes || view->cell.class >= set->n_classes)
        view->cell = (ImageCell){-1, -1};
    view->ordered_version = view->reach_version = UINT64_MAX;
    view->begun = true;
    return true;
}

/* The racer that is worked on, or the first in sight, and the one beside it. */
static void find_racers(ImagesView *view, const Subject *subject) {
    const int n = subject_racer_count(subject);
    int first = subject->selected, second = view->beside - 1;
    if (first < 0 || first >= n || !subject_racer_visible(subject, first)) first = -1;
    for (int i = 0; i < n && first < 0; i++)
        if (subject_racer_visible(subject, i) && (view->beside == 0 || i != second)) first = i;
    for (int i = 0; i < n && first < 0; i++)
        if (subject_racer_visible(subject, i)) first = i;
    view->n_racers = 0;
    if (first < 0) return;
    view->racers[view->n_racers++] = first;
    if (view->beside == 0) return;
    if (second >= n || second == first || !subject_racer_visible(subject, second)) second = -1;
    for (int i = 0; i < n && second < 0; i++)
        if (i != first && subject_racer_visible(subject, i)) second = i;
    if (second >= 0) view->racers[view->n_racers++] = second;
}

static ImagesNeeds needs_of(const ImagesView *view, Canvas *canvas) {
    const ImageSet *set = &view->reviewer.set;
    const float share = canvas_text_width(canvas, FONT_TEXT, IMAGES_SIZE, " 100 %");
    float longest = 0;
    for (int i = 0; i < set->n_classes; i++)
        longest =
            fmaxf(longest, canvas_text_width(canvas, FONT_TEXT, IMAGES_SIZE, set->dataset->classes[i].text));
    longest = ceilf(fminf(longest, 90));
    return (ImagesNeeds){
        .width = set->dataset->width,
        .height = set->dataset->height,
        .n_classes = set->n_classes,
        .n_units = view->spec->sizes[1],
        .caption = longest + ceilf(share) + 14,
        .narrow = fmaxf(longest, ceilf(share)) + 14,
        .name = fmaxf(longest + 8, 20),
        .rate = ceilf(canvas_text_width(canvas, FONT_MONO, IMAGES_SIZE, "100.0 %")) + 6,
    };
}

/* Puts the images in order where there is news of them. */
static void order(ImagesView *view, bool rests) {
    const ImageReviews *found = &view->reviewer.found;
    const ImagesGrid *grid = &view->layout.hardest;
    const int wanted = grid->columns * grid->rows;
    const int samples = view->layout.sample.columns * view->layout.sample.rows;
    if (view->sample.n != samples) image_order_sample(&view->sample, &view->reviewer.set, samples);
    const int place = view->cell.label >= 0 && view->cell_place < found->n ? view->cell_place : 0;
    const bool same_cell = view->cell.label == view->ordered_cell.label &&
                           view->cell.class == view->ordered_cell.class && place == view->ordered_place;
    const bool same = view->ordered_version == view->reviewer.version && same_cell &&
                      view->ordered_n == wanted && view->settled >= rests;
    if (same || found->step < 0 || view->n_racers == 0) return;
    const bool settles = rests || !same_cell || view->hardest.n == 0;
    const ImageCell cell = place == view->cell_place ? view->cell : (ImageCell){-1, -1};
    image_order_follow(&view->hardest, &found->of[place], &view->reviewer.set, cell, wanted, settles);
    view->ordered_version = view->reviewer.version;
    view->ordered_cell = view->cell;
    view->ordered_place = place;
    view->ordered_n = wanted;
    view->settled = rests;
}

void images_view_prepare(ImagesView *view, Canvas *canvas, Rect plot, const Subject *subject,
    const LiveState *state, bool rests, double budget_s) {
    if (!open(view)) return;
    find_racers(view, subject);
    const ImagesNeeds needs = needs_of(view, canvas);
    view->layout = images_layout(plot, canvas->scale, &needs, view->n_racers, view->page);
    image_reviewer_follow(&view->reviewer, state, view->racers, view->n_racers, rests, budget_s);
    order(view, rests);
}

bool images_view_is_finished(const ImagesView *view, const LiveState *state) {
    return view->failed || !view->begun ||
           image_reviewer_is_finished(&view->reviewer, state, view->racers, view->n_racers);
}

/* For its files. */

const ImageReview *images_review(const ImagesPass *pass, int place) {
    const ImageReviews *found = &pass->view->reviewer.found;
    return pass->has_review && place < found->n ? &found->of[place] : NULL;
}

const char *images_class(const ImagesPass *pass, int class) {
    return pass->view->reviewer.set.dataset->classes[class].text;
}

bool images_points_at(const ImagesPass *pass, Rect rect) {
    const Ui *ui = pass->ui;
    const Rect *card = &pass->view->card;
    const bool covered = card->width > 0 && rect_contains(*card, ui->pointer_x, ui->pointer_y);
    return !covered && rect.height > 0 && rect_contains(rect, ui->pointer_x, ui->pointer_y);
}

const char *images_fitting(
    const ImagesPass *pass, float width, float size, const char *text, const char *otherwise) {
    return canvas_text_width(pass->ui->canvas, FONT_TEXT, size, text) <= width ? text : otherwise;
}

void images_title(const ImagesPass *pass, Rect section, const char *text) {
    text_draw_fitted(pass->ui->canvas, section.x,
        text_baseline(section.y + 0.5f * IMAGES_TITLE_HEIGHT - 2, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT,
        SIZE_SMALL, pass->subject->theme->dim, section.width, text);
}

/* Over all. */

static void draw_top(const ImagesPass *pass, Rect rect) {
    const ImagesView *view = pass->view;
    const ImageSet *set = &view->reviewer.set;
    char text[FITTED_BYTES];
    int length = set->n < set->part.n ? snprintf(text, sizeof text, "%zu of ", set->n) : 0;
    length += snprintf(text + length, sizeof text - (size_t)length, "%zu %s images", set->part.n,
        set->validates ? "validation" : "training");
    if (pass->has_review)
        snprintf(text + length, sizeof text - (size_t)length, " at step %" PRId64, view->reviewer.found.step);
    text_draw_fitted(pass->ui->canvas, rect.x, text_baseline(rect.y + 0.5f * rect.height, SIZE_NAME),
        ALIGN_LEFT, FONT_TEXT, SIZE_NAME, pass->subject->theme->text, rect.width, text);
}

/* Who is beside: the next one, and after the last nobody. */
static void choose_beside(ImagesView *view, const Subject *subject) {
    const int n = subject_racer_count(subject), first = view->n_racers > 0 ? view->racers[0] : -1;
    int next = view->n_racers > 1 ? view->racers[1] + 1 : 0;
    while (next < n && (next == first || !subject_racer_visible(subject, next))) next++;
    view->beside = next < n ? next + 1 : 0;
}

/* Buttons are at the right of the tabs, or where that is too narrow of the line at the top. Returns what is
 * left of the line. */
static Rect put_buttons(const ImagesPass *pass, Rect top, Rect tools) {
    ImagesView *view = pass->view;
    const ImagesLayout *layout = &view->layout;
    const bool pages = layout->n_pages > 1;
    int visible = 0;
    for (int i = 0; i < subject_racer_count(pass->subject); i++)
        visible += subject_racer_visible(pass->subject, i);
    const float wanted = (visible > 1 ? BESIDE_WIDTH : 0) + (pages ? PAGE_WIDTH + BUTTON_GAP : 0);
    const bool on_tabs = tools.width >= wanted;
    if (pass->subject->still || wanted == 0 || (!on_tabs && top.width < wanted)) return top;
    const Rect row = on_tabs ? tools : top;
    float x = row.x + row.width - wanted;
    const float y = row.y + 0.5f * (row.height - BUTTON_HEIGHT);
    char text[FITTED_BYTES];
    if (visible > 1) {
        snprintf(text, sizeof text, "beside: %s",
            view->n_racers > 1 ? subject_racer_title(pass->subject, view->racers[1]) : "nobody");
        if (ui_button(pass->ui, "images.beside", (Rect){x, y, BESIDE_WIDTH, BUTTON_HEIGHT}, text,
                (UiLook){.small = true}, "compare it with the next racer on the same images"))
            choose_beside(view, pass->subject);
        x += BESIDE_WIDTH + BUTTON_GAP;
    }
    if (pages) {
        const int next = (layout->page + 1) % layout->n_pages;
        snprintf(text, sizeof text, "show %s", page_names[layout->pages[next]]);
        if (ui_button(pass->ui, "images.page", (Rect){x, y, PAGE_WIDTH, BUTTON_HEIGHT}, text,
                (UiLook){.small = true}, "show what there is no room for beside the rest"))
            view->page = next;
    }
    if (!on_tabs) top.width -= wanted + BUTTON_GAP;
    return top;
}

/* "Adam  12 wrong, 5.2 %  loss 0.213", as much of it as there is room for. */
static void draw_header(const ImagesPass *pass, int place, Rect rect) {
    Canvas *canvas = pass->ui->canvas;
    const Subject *subject = pass->subject;
    const int racer = pass->view->racers[place];
    const ImageReview *review = images_review(pass, place);
    char numbers[2][2 * NUMBER_BYTES] = {"", ""}, loss[NUMBER_BYTES];
    const float middle = rect.y + 0.5f * rect.height;
    canvas_fill_rect(canvas, rect, 4, subject->theme->panel);
    marker_draw(canvas, subject_racer_marker(subject, racer), (Point){rect.x + 12, middle}, 5,
        subject_racer_colour(subject, racer), 0, subject->theme->background);
    if (review && review->racer == racer) {
        const double error = (double)review->wrong / (double)pass->view->reviewer.set.n;
        snprintf(loss, sizeof loss, "%.3f", review->loss);
        snprintf(numbers[0], sizeof numbers[0], "%zu wrong, %.1f %%", review->wrong, 100 * error);
        snprintf(numbers[1], sizeof numbers[1], "loss %s", loss);
    }
    float right = rect.x + rect.width - 8;
    const float name =
        fminf(canvas_text_width(canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer)),
            0.4f * rect.width);
    for (int i = 0; i < 2; i++) {
        const float width = canvas_text_width(canvas, FONT_MONO, SIZE_MONO, numbers[i]);
        if (!numbers[i][0] || right - width < rect.x + 24 + name + 8) continue;
        canvas_text(canvas, right, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_MONO, SIZE_MONO,
            subject->theme->text, numbers[i]);
        right -= width + 14;
    }
    text_draw_fitted(canvas, rect.x + 24, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
        SIZE_NAME, subject_racer_text_colour(subject, racer), right - rect.x - 24,
        subject_racer_title(subject, racer));
}

/* A press works on the racer, with the other one beside it from then on. */
static void put_header(const ImagesPass *pass, int place, Rect rect, int *selected) {
    ImagesView *view = pass->view;
    char name[UI_NAME_BYTES];
    if (place >= view->n_racers) return;
    if (pass->ui->draws) draw_header(pass, place, rect);
    snprintf(name, sizeof name, "images.racer %d", place + 1);
    if (!ui_area(pass->ui, name, rect, NULL)) return;
    const int racer = view->racers[place];
    if (place == 1) view->beside = view->racers[0] + 1;
    *selected = *selected == racer ? -1 : racer;
}

static void put_sections(const ImagesPass *pass, int place) {
    ImagesView *view = pass->view;
    const ImagesPlace *at = &view->layout.places[place];
    const int of = view->ordered_place < view->n_racers ? view->ordered_place : 0;
    char title[2 * FITTED_BYTES], name[UI_NAME_BYTES];
    const char *racer = view->n_racers > 0 ? subject_racer_title(pass->subject, view->racers[of]) : "";
    if (view->ordered_cell.label >= 0 && view->n_racers > 0)
        snprintf(title, sizeof title, "%s taken for %s by %s%s", images_class(pass, view->ordered_cell.label),
            images_class(pass, view->ordered_cell.class), racer,
            view->hardest.n > 0 ? ", the hardest first" : ": none");
    else
        snprintf(title, sizeof title, "the hardest for %s: with the largest loss", racer);
    snprintf(name, sizeof name, "hardest %d", place + 1);
    if (pass->has_review)
        images_tiles(pass, place, &view->layout.hardest, &view->hardest, at->hardest, name, title);
    snprintf(name, sizeof name, "sample %d", place + 1);
    images_tiles(
        pass, place, &view->layout.sample, &view->sample, at->sample, name, "a sample, always the same");
    images_confusion(pass, place, at->confusion);
    images_weights(pass, place, at->weights);
}

/* What the pointer is on is shown at once. */
static void follow_pointer(const ImagesPass *pass, int32_t hovered, ImageCell pointed) {
    const ImagesView *view = pass->view;
    pass->ui->changed |= view->hovered != hovered || view->pointed.label != pointed.label ||
                         view->pointed.class != pointed.class;
}

void images_view_pass(
    ImagesView *view, Ui *ui, Rect plot, Rect tools, const Subject *subject, int *selected) {
    const Event *event = ui->event;
    ImagesPass pass = {.view = view, .ui = ui, .subject = subject};
    if (ui->draws) canvas_fill_rect(ui->canvas, plot, 0, subject->theme->background);
    if (!view->begun) return;
    const int32_t hovered = view->hovered;
    const ImageCell pointed = view->pointed;
    pass.has_review = view->reviewer.found.step >= 0 && view->n_racers > 0;
    if (event && event->type == EVENT_POINTER_MOVE) view->hovered = view->pointed.label = -1;
    if (event && event->type == EVENT_KEY && event->key == KEY_ESCAPE && view->chosen >= 0 && !ui->focus[0]) {
        view->chosen = -1;
        ui_take(ui);
        return;
    }
    const Rect top = put_buttons(&pass, view->layout.top, tools);
    ui_clip(ui, plot);
    if (ui->draws) draw_top(&pass, top);
    for (int i = 0; i < view->layout.n; i++) {
        put_header(&pass, i, view->layout.places[i].header, selected);
        put_sections(&pass, i);
    }
    images_card(&pass, plot);
    ui_clip_all(ui);
    follow_pointer(&pass, hovered, pointed);
}
