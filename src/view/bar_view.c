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
    const char *name; /* of the control */
    int rank;         /* where there is no room the highest ranks go first */
    bool of_surfaces; /* means nothing to networks */
    bool of_ground;   /* means nothing where there is none to be seen from above and in space */
} ButtonRow;
static const ButtonRow rows[] = {
    {ACTION_FIRST, "reset", "reset", false, "bar.reset", 4},
    {ACTION_PLAY, NULL, "pause", false, "bar.play", 0},
    {ACTION_STEP_FORWARD, "step", "step", false, "bar.step", 5},
    {ACTION_SPEED, NULL, "speed ×64", false, "bar.speed", 3},
    {ACTION_BRANCH, "branch", "branch", false, "bar.branch", 7, true},
    {ACTION_VIEW_FLAT, "2D", "2D", true, "bar.2d", 6, .of_ground = true},
    {ACTION_VIEW_SPACE, "3D", "3D", false, "bar.3d", 6, .of_ground = true},
    {ACTION_LESSONS, "lessons", "lessons", true, "bar.lessons", 6},
    {ACTION_PANEL, "panel", "panel", true, "bar.panel", 2},
    {ACTION_SCREENSHOT, "PNG", "PNG", true, "bar.png", 8},
    {ACTION_THEME, "theme", "theme", false, "bar.theme", 9},
    {ACTION_HELP, "?", "?", false, "bar.help", 1},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void button_text(const ButtonRow *row, const BarState *state, char *out, size_t out_size) {
    if (row->text)
        snprintf(out, out_size, "%s", row->text);
    else if (row->action == ACTION_PLAY)
        snprintf(out, out_size, "%s", state->playing ? "pause" : "play");
    else
        snprintf(out, out_size, "%s", state->speed);
}

/* The panel's button is for those who do not see the panel. */
static bool is_left_out(const ButtonRow *row, int ranks, const BarState *state) {
    return row->rank >= ranks || (row->of_surfaces && state->trains) ||
           (row->of_ground && !state->has_mode) || (row->action == ACTION_PANEL && !state->panel_hidden);
}

static float width_of(Ui *ui, const ButtonRow *row) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_NAME, row->widest)) + 2 * BUTTON_PADDING;
}

/* Where the buttons whose rank is below `ranks` begin, so that they end at the right. */
static float buttons_begin(Ui *ui, Rect rect, int ranks, const BarState *state) {
    float x = rect.x + rect.width - PADDING;
    bool first = true;
    for (int i = ROWS - 1; i >= 0; i--) {
        if (is_left_out(&rows[i], ranks, state)) continue;
        x -= width_of(ui, &rows[i]) + (first ? 0 : GAP);
        first = false;
        if (rows[i].begins_group) x -= GROUP_GAP - GAP;
    }
    return x;
}

static bool is_active(const ButtonRow *row, const BarState *state) {
    return (row->action == ACTION_PLAY && state->playing) ||
           (row->action == ACTION_BRANCH && state->branches) ||
           (row->action == ACTION_VIEW_FLAT && state->mode != VIEW_TERRAIN) ||
           (row->action == ACTION_VIEW_SPACE && state->mode != VIEW_PLANE) ||
           (row->action == ACTION_HELP && state->help_open);
}

static void put_buttons(Ui *ui, Rect rect, float x, int ranks, const BarState *state) {
    for (int i = 0; i < ROWS; i++) {
        if (is_left_out(&rows[i], ranks, state)) continue;
        if (rows[i].begins_group) x += GROUP_GAP - GAP;
        float width = width_of(ui, &rows[i]);
        Rect button = {x, roundf(rect.y + 0.5f * (rect.height - BUTTON_HEIGHT)), width, BUTTON_HEIGHT};
        char text[NUMBER_BYTES], tip[UI_TIP_BYTES];
        button_text(&rows[i], state, text, sizeof text);
        action_tip(rows[i].action, tip, sizeof tip);
        UiLook look = {.active = is_active(&rows[i], state)};
        if (ui_button(ui, rows[i].name, button, text, look, tip)) ui->posted = rows[i].action;
        x += width + GAP;
    }
}

void bar_view(Ui *ui, Rect rect, const BarState *state) {
    const Theme *theme = ui->theme;
    Canvas *canvas = ui->canvas;
    const char *brand = "slalom";
    float brand_width = canvas_text_width(canvas, FONT_STRONG, 15, brand);
    float title_x = rect.x + PADDING + brand_width + 18, begin = 0;
    int ranks = ROWS;
    for (; ranks >= 0; ranks--) {
        begin = buttons_begin(ui, rect, ranks, state);
        if (begin - title_x >= TITLE_WIDTH_LEAST) break;
    }
    float middle = rect.y + 0.5f * rect.height;
    canvas_fill_rect(canvas, rect, 0, theme->panel);
    float bottom = rect.y + rect.height - 0.5f;
    canvas_segments(canvas, (Point[]){{rect.x, bottom}, {rect.x + rect.width, bottom}}, 1, 1, theme->line);
    text_draw_fitted(canvas, rect.x + PADDING, text_baseline(middle, 15), ALIGN_LEFT, FONT_STRONG, 15,
        theme->text, rect.width - 2 * PADDING, brand);
    text_draw_fitted(canvas, title_x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
        theme->text, begin - title_x - GAP, state->title);
    put_buttons(ui, rect, begin, ranks, state);
}
