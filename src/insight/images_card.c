/* One image in large, and how likely each network takes each class to be. */
#include "images_inner.h"

#include "widgets.h"

#include <math.h>
#include <stdio.h>

enum { ROWS_MAX = 10 };
static const float PAD = 12, ROW = 18, TITLE = 26, HEAD = 22, SIDE_MAX = 224, SIDE_MIN = 56;
static const float BAR_MAX = 90, BAR_MIN = 30, RATE = 50;

/* A class, and what each racer says of it. */
typedef struct CardRow {
    int class;
    double beliefs[IMAGE_RACERS_MAX];
} CardRow;

typedef struct Card {
    int32_t image;
    int label, n_racers, n_rows;
    CardRow rows[ROWS_MAX];
    Rect rect, picture;
    float names, bar; /* widths */
} Card;

/* Of many classes those that the first racer takes for the likeliest. */
static void take_rows(Card *card, double (*beliefs)[IMAGE_CLASSES_MAX], int n_classes) {
    bool taken[IMAGE_CLASSES_MAX] = {false};
    card->n_rows = n_classes < ROWS_MAX ? n_classes : ROWS_MAX;
    for (int i = 0; i < card->n_rows; i++) {
        int best = -1;
        for (int class = 0; class < n_classes; class ++)
            if (!taken[class] && (best < 0 || (n_classes > ROWS_MAX && beliefs[0][class] > beliefs[0][best])))
                best = class;
        taken[best] = true;
        card->rows[i].class = best;
        for (int k = 0; k < card->n_racers; k++) card->rows[i].beliefs[k] = beliefs[k][best];
    }
}

static void ask(const ImagesPass *pass, Card *card) {
    const ImagesView *view = pass->view;
    const ImageSet *set = &view->reviewer.set;
    const size_t n_in = (size_t)set->dataset->n_in;
    const int n_out = view->spec->sizes[view->spec->n_layers];
    static const int one = 1;
    double beliefs[IMAGE_RACERS_MAX][IMAGE_CLASSES_MAX];
    float outputs[IMAGE_CLASSES_MAX];
    const Batch batch = {
        .size = one,
        .n_in = set->dataset->n_in,
        .inputs = set->dataset->inputs + image_set_example(set, (size_t)card->image) * n_in,
    };
    for (int i = 0; i < card->n_racers; i++) {
        mlp_outputs(view->mlp, &images_review(pass, i)->weights, &batch, outputs);
        image_class_of(view->spec->loss, outputs, n_out, set->n_classes, beliefs[i]);
    }
    if (card->n_racers > 0) take_rows(card, beliefs, set->n_classes);
}

/* On the side that the pointer is not on, or over the middle where there is no other. */
static bool place(const ImagesPass *pass, Card *card, Rect plot) {
    const ImagesView *view = pass->view;
    const Dataset *dataset = view->reviewer.set.dataset;
    const float n = (float)card->n_racers, rows = (float)card->n_rows;
    card->names = 0;
    for (int i = 0; i < card->n_rows; i++)
        card->names = fmaxf(card->names, canvas_text_width(pass->ui->canvas, FONT_TEXT, IMAGES_SIZE,
                                             images_class(pass, card->rows[i].class)));
    card->names = fminf(ceilf(card->names) + 8, 80);
    const float room = plot.width - 20 - 3 * PAD - card->names - n * RATE;
    card->bar = fminf(BAR_MAX, fmaxf(0.4f * room / fmaxf(n, 1), BAR_MIN));
    const float bars = n > 0 ? card->names + n * (card->bar + RATE) : 0;
    const float height = plot.height - 20 - TITLE - PAD;
    const float side = fminf(fminf(SIDE_MAX, plot.width - 20 - 3 * PAD - bars), height);
    if (side < SIDE_MIN || HEAD + rows * ROW > height) return false;
    const int longer = dataset->width > dataset->height ? dataset->width : dataset->height;
    const float whole =
        floorf(side / (float)longer) >= 1 ? floorf(side / (float)longer) * (float)longer : side;
    card->rect.width = whole + bars + (n > 0 ? 3 : 2) * PAD;
    card->rect.height = TITLE + fmaxf(whole, n > 0 ? HEAD + rows * ROW : 0) + PAD;
    const bool left = view->layout.n == 1 ? false : pass->ui->pointer_x > plot.x + 0.5f * plot.width;
    card->rect.x = roundf(left ? plot.x + 10 : plot.x + plot.width - 10 - card->rect.width);
    card->rect.y = roundf(plot.y + 0.5f * (plot.height - card->rect.height));
    card->picture = (Rect){card->rect.x + PAD, card->rect.y + TITLE,
        whole * (float)dataset->width / (float)longer, whole * (float)dataset->height / (float)longer};
    return true;
}

static void draw_bars(const ImagesPass *pass, const Card *card) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const float x = card->picture.x +
                    (card->rect.width - 3 * PAD - card->names - (float)card->n_racers * (card->bar + RATE)) +
                    PAD;
    for (int k = 0; k < card->n_racers; k++) {
        const int racer = pass->view->reviewer.found.of[k].racer;
        text_draw_fitted(canvas, x + card->names + (float)k * (card->bar + RATE),
            text_baseline(card->rect.y + TITLE + 0.5f * HEAD, IMAGES_SIZE), ALIGN_LEFT, FONT_STRONG,
            IMAGES_SIZE, subject_racer_text_colour(pass->subject, racer), card->bar + RATE - 6,
            subject_racer_title(pass->subject, racer));
    }
    for (int i = 0; i < card->n_rows; i++) {
        const CardRow *row = &card->rows[i];
        const float y = card->rect.y + TITLE + HEAD + ((float)i + 0.5f) * ROW;
        const bool is_it = row->class == card->label;
        text_draw_fitted(canvas, x, text_baseline(y, IMAGES_SIZE), ALIGN_LEFT,
            is_it ? FONT_STRONG : FONT_TEXT, IMAGES_SIZE, is_it ? theme->text : theme->dim, card->names - 6,
            images_class(pass, row->class));
        for (int k = 0; k < card->n_racers; k++) {
            const float left = x + card->names + (float)k * (card->bar + RATE);
            const double share = row->beliefs[k] >= 0 ? row->beliefs[k] : 0;
            char rate[NUMBER_BYTES] = "?";
            if (row->beliefs[k] >= 0) snprintf(rate, sizeof rate, "%.1f %%", 100 * row->beliefs[k]);
            canvas_fill_rect(canvas, (Rect){left, y - 5, card->bar, 10}, 2, theme->line);
            if (share > 0)
                canvas_fill_rect(canvas, (Rect){left, y - 5, fmaxf((float)share * card->bar, 1), 10}, 2,
                    is_it ? theme->racers[3] : theme->warning);
            canvas_text(canvas, left + card->bar + RATE - 6, text_baseline(y, IMAGES_SIZE), ALIGN_RIGHT,
                FONT_MONO, IMAGES_SIZE, theme->text, rate);
        }
    }
}

void images_card(const ImagesPass *pass, Rect plot) {
    ImagesView *view = pass->view;
    Ui *ui = pass->ui;
    Card card = {.image = view->hovered >= 0 ? view->hovered : view->chosen};
    const Theme *theme = pass->subject->theme;
    if (!ui->draws) { /* as it was drawn: an event meets what is seen */
        if (view->card.width <= 0) return;
        if (ui_area(ui, "image", view->card, NULL)) view->chosen = -1;
        return;
    }
    view->card.width = 0;
    if (card.image < 0 || pass->subject->still) return;
    card.label = image_set_label(&view->reviewer.set, (size_t)card.image);
    card.n_racers = pass->has_review ? view->reviewer.found.n : 0;
    ask(pass, &card);
    if (!place(pass, &card, plot)) return;
    view->card = card.rect;
    canvas_fill_rect(ui->canvas, card.rect, 6, theme->raised);
    canvas_stroke_rect(ui->canvas, card.rect, 6, 1, theme->dim);
    char title[FITTED_BYTES];
    snprintf(title, sizeof title, "image %d: %s", (int)card.image + 1, images_class(pass, card.label));
    text_draw_fitted(ui->canvas, card.rect.x + PAD, text_baseline(card.rect.y + 0.5f * TITLE, SIZE_NAME),
        ALIGN_LEFT, FONT_STRONG, SIZE_NAME, theme->text, card.rect.width - 2 * PAD, title);
    images_paint(pass, card.image, card.picture);
    draw_bars(pass, &card);
    if (view->chosen >= 0) ui_area(ui, "image", card.rect, NULL);
}
