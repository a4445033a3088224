/* What the racers have in common, and is not the surface. */
#include "race_card.h"

#include <math.h>

static const UiRange steps_range = {10, 20000, .logarithmic = true, .whole = true, .normal = 200};
static const UiRange seed_range = {1, 100, .whole = true, .normal = 1};

static bool check(const void *context, double value, Status *status) {
    (void)context;
    return (value >= 0 && value <= 1e9 && value == floor(value)) ||
           status_fail(status, STATUS_BAD_INPUT, "it is a whole number, 0 or more");
}

static void put_title(Pen *pen) {
    pen->y += PEN_CARD_PADDING;
    if (pen_shows(pen, PEN_HEADER_HEIGHT))
        canvas_text(pen->ui->canvas, pen->column.x,
            text_baseline(pen->y + 0.5f * PEN_HEADER_HEIGHT, SIZE_NAME), ALIGN_LEFT, FONT_STRONG, SIZE_NAME,
            pen->ui->theme->text, "Race");
    pen->y += PEN_HEADER_HEIGHT;
}

static bool put_count(
    Pen *pen, const char *control, const char *name, const char *tip, const UiRange *range, double *value) {
    PenRow row = {.control = control,
        .name = name,
        .tip = tip,
        .check = check,
        .range = *range,
        .fill = pen->ui->theme->dim};
    return pen_slider(pen, &row, value);
}

void race_card(Pen *pen, Editor *editor) {
    uint32_t gesture = pen->ui->gesture;
    double steps = (double)editor->scene.steps, seed = (double)editor->scene.seed;
    pen_separator(pen);
    put_title(pen);
    if (put_count(pen, "race.steps", "steps", "how long the race is", &steps_range, &steps))
        editor_change(editor, "steps", gesture)->steps = llround(steps);
    if (put_count(pen, "race.seed", "seed", "of everything random: noise, minibatches", &seed_range, &seed))
        editor_change(editor, "seed", gesture)->seed = (uint64_t)llround(seed);
    pen->y += PEN_CARD_PADDING;
}
