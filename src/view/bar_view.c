/* The buttons are rows of one table; a button does what the key with the same action does. */
#include "bar_view.h"

#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float PADDING = 14, BUTTON_HEIGHT = 26, BUTTON_PADDING = 10, GAP = 8, GROUP_GAP = 22;
static const float TITLE_WIDTH_LEAST = 90;

/* Text of a button; NULL: depends on the state. `widest` keeps the button from changing its width. */
typedef struct ButtonRow {
    Action action;
    const char *text, *widest;
    bool begins_group;
    int rank; /* where there is no room the highest ranks go first */
} ButtonRow;
static const ButtonRow rows[] = {
    {ACTION_FIRST, "reset", "reset", false, 3},
    {ACTION_PLAY, NULL, "pause", false, 0},
    {ACTION_STEP_FORWARD, "step", "step", false, 4},
    {ACTION_FASTER, NULL, "speed ×64", false, 2},
    {ACTION_SCREENSHOT, "PNG", "PNG", true, 5},
    {ACTION_THEME, "theme", "theme", false, 6},
    {ACTION_HELP, "?", "?", false, 1},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void button_text(const ButtonRow *row, const BarState *state, char *out, size_t out_size) {
    if (row->text)
        snprintf(out, out_size, "%s", row->text);
    else if (row->action == ACTION_PLAY)
        snprintf(out, out_size, "%s", state->playing ? "pause" : "play");
    else if (state->speed < 1)
        snprintf(out, out_size, "speed ×%s", state->speed < 0.4 ? "¼" : "½");
    else
        snprintf(out, out_size, "speed ×%.0f", state->speed);
}

/* Lays out the buttons whose rank is below `ranks`, ending at the right; returns where they begin. */
static float lay_out(BarView *bar, const float widths[ROWS], Rect rect, int ranks) {
    float x = rect.x + rect.width - PADDING;
    bar->n_buttons = 0;
    for (int i = 0; i < ROWS; i++)
        if (rows[i].rank < ranks) bar->n_buttons++;
    for (int i = ROWS - 1, place = bar->n_buttons; i >= 0; i--) {
        if (rows[i].rank >= ranks) continue;
        x -= widths[i];
        bar->buttons[--place] = (BarButton){
            .rect = {x, roundf(rect.y + 0.5f * (rect.height - BUTTON_HEIGHT)), widths[i], BUTTON_HEIGHT},
            .action = rows[i].action,
        };
        x -= rows[i].begins_group ? GROUP_GAP : GAP;
    }
    return x;
}

static const ButtonRow *row_of(Action action) {
    int i = 0;
    while (rows[i].action != action) i++;
    return &rows[i];
}

static void draw_buttons(const BarView *bar, Canvas *canvas, const Theme *theme, const BarState *state) {
    for (int i = 0; i < bar->n_buttons; i++) {
        Action action = bar->buttons[i].action;
        bool active =
            (action == ACTION_PLAY && state->playing) || (action == ACTION_HELP && state->help_open);
        char text[NUMBER_BYTES];
        button_text(row_of(action), state, text, sizeof text);
        button_draw(canvas, theme, bar->buttons[i].rect, text, (ButtonLook){active, action == bar->hovered});
    }
}

void bar_view_draw(BarView *bar, Canvas *canvas, Rect rect, const Subject *subject, const BarState *state) {
    const Theme *theme = subject->theme;
    const char *brand = "slalom";
    float brand_width = canvas_text_width(canvas, FONT_STRONG, 15, brand), widths[ROWS];
    float title_x = rect.x + PADDING + brand_width + 18, begin = 0;
    for (int i = 0; i < ROWS; i++)
        widths[i] =
            ceilf(canvas_text_width(canvas, FONT_TEXT, SIZE_NAME, rows[i].widest)) + 2 * BUTTON_PADDING;
    for (int ranks = ROWS; ranks >= 0; ranks--) {
        begin = lay_out(bar, widths, rect, ranks);
        if (begin - title_x >= TITLE_WIDTH_LEAST) break;
    }
    float middle = rect.y + 0.5f * rect.height;
    canvas_fill_rect(canvas, rect, 0, theme->panel);
    float bottom = rect.y + rect.height - 0.5f;
    canvas_segments(canvas, (Point[]){{rect.x, bottom}, {rect.x + rect.width, bottom}}, 1, 1, theme->line);
    text_draw_fitted(canvas, rect.x + PADDING, text_baseline(middle, 15), ALIGN_LEFT, FONT_STRONG, 15,
        theme->text, rect.width - 2 * PADDING, brand);
    text_draw_fitted(canvas, title_x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
        theme->text, begin - title_x - GAP, subject_surface_title(subject));
    draw_buttons(bar, canvas, theme, state);
}

Action bar_view_hit(const BarView *bar, float x, float y) {
    for (int i = 0; i < bar->n_buttons; i++)
        if (rect_contains(bar->buttons[i].rect, x, y)) return bar->buttons[i].action;
    return ACTION_NONE;
}

bool bar_view_hover(BarView *bar, float x, float y) {
    Action before = bar->hovered;
    bar->hovered = bar_view_hit(bar, x, y);
    return bar->hovered != before;
}
