/* Networks neuron by neuron, in the plot: what is drawn, which racers, and what is pointed at. */
#include "network_view.h"
#include "viewer_state.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float BUTTON_HEIGHT = 22, PADDING = 8, GAP = 6;

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    units_view_begin(&stage->units, live_training_network(stage->live), stage->data, &stage->boundary);
    return true;
}

static void finish(NetworkStage *stage) {
    units_view_finish(&stage->units);
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    units_view_draw(
        &stage->units, canvas, plot, &viewer->subject, live_training_state(stage->live), budget_s);
}

/* What has been computed is drawn with the next whole picture. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    const LiveState *state = live_training_state(stage->live);
    (void)canvas, (void)plot;
    if (state) units_view_work(&stage->units, state, budget_s);
}

static float width_of(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * PADDING;
}

/* One of some that stand in a row; *x moves on. False also where it has no room. */
static bool put_button(
    Ui *ui, const char *name, float *x, Rect row, const char *text, bool active, const char *tip) {
    Rect rect = {*x, roundf(row.y + 0.5f * (row.height - BUTTON_HEIGHT)), width_of(ui, text), BUTTON_HEIGHT};
    if (rect.x + rect.width > row.x + row.width) return false;
    *x += rect.width + GAP;
    return ui_button(ui, name, rect, text, (UiLook){.active = active, .small = true}, tip);
}

/* What lines are; one racer or two. Returns where they end. */
static float pass_heading(Viewer *viewer, UnitsView *units) {
    Ui *ui = &viewer->ui;
    float x = units->heading.x;
    if (units->small) {
        if (put_button(ui, "units.weights", &x, units->heading, "weights", !units->gradients,
                "lines are weights: colour by sign, width by size"))
            units->gradients = false;
        if (put_button(ui, "units.gradients", &x, units->heading, "gradients", units->gradients,
                "lines are the loss by each weight, in the next minibatch"))
            units->gradients = true;
    }
    x += GAP;
    if (units->has_room_for_two &&
        put_button(ui, "units.two", &x, units->heading, "two racers", !units->alone,
            "the chosen racer and the one chosen before it, on one scale"))
        units->alone = !units->alone;
    return x;
}

/* Racers to choose from; all get narrower where they do not fit. */
static void pass_chips(Viewer *viewer, const UnitsView *units) {
    Ui *ui = &viewer->ui;
    const Subject *subject = &viewer->subject;
    Rect row = units->chips;
    int n = subject_racer_count(subject), visible = 0;
    float wanted = 0;
    if (row.height <= 0) return;
    for (int i = 0; i < n; i++) {
        if (!subject_racer_visible(subject, i)) continue;
        wanted += width_of(ui, subject_racer_title(subject, i));
        visible++;
    }
    float share = fminf((row.width - GAP * (float)(visible - 1)) / wanted, 1), x = row.x;
    for (int i = 0; i < n && share > 0; i++) {
        if (!subject_racer_visible(subject, i)) continue;
        char name[UI_NAME_BYTES], text[FITTED_BYTES];
        const char *title = subject_racer_title(subject, i);
        Rect rect = {x, row.y + 2, share * width_of(ui, title), BUTTON_HEIGHT};
        bool shown = false;
        for (int k = 0; k < units->n_panels; k++) shown = shown || units->panels[k].racer == i;
        snprintf(name, sizeof name, "units.racer %d", i + 1);
        text_fit(ui->canvas, FONT_TEXT, SIZE_SMALL, title, fmaxf(rect.width - PADDING, 0), text);
        if (ui_area(ui, name, rect, "show this racer")) viewer->editor.selected = i;
        canvas_fill_rect(ui->canvas, rect, 4, shown ? ui->theme->raised : ui->theme->background);
        canvas_stroke_rect(
            ui->canvas, rect, 4, 1, shown ? subject_racer_colour(subject, i) : ui->theme->line);
        canvas_text(ui->canvas, rect.x + 0.5f * rect.width,
            text_baseline(rect.y + 0.5f * rect.height, SIZE_SMALL), ALIGN_CENTRE, FONT_TEXT, SIZE_SMALL,
            subject_racer_text_colour(subject, i), text);
        x += rect.width + GAP;
    }
}

/* What is pointed at, and what was pressed: it stays. */
static void follow_pointer(Ui *ui, UnitsView *units) {
    const Event *event = ui->event;
    UnitsTarget before = units->hovered;
    if (event && event->type == EVENT_POINTER_MOVE) units->hovered = UNITS_NOTHING;
    for (int i = 0; i < units->n_panels; i++) {
        char name[UI_NAME_BYTES];
        Rect rect = units->panels[i].rect, header = units_view_header(units, i);
        rect.y += header.height;
        rect.height -= header.height;
        snprintf(name, sizeof name, "units.net %d", i + 1);
        const UiControl *control = ui_control(ui, name, UI_POINTER, rect, NULL);
        if (event && event->type == EVENT_POINTER_MOVE && ui_is_hovered(ui, control)) {
            units->hovered = units_view_at(units, event->x, event->y);
        } else if (ui_is_pressed(ui, control)) {
            UnitsTarget target = units_view_at(units, event->x, event->y);
            units->pinned = units_target_is(units->pinned, target) ? UNITS_NOTHING : target;
            ui_drop_focus(ui);
            ui_take(ui);
        }
    }
    if (!units_target_is(before, units->hovered)) ui->changed = true;
}

static void pass(Viewer *viewer, Rect plot, Rect tools) {
    UnitsView *units = &viewer->network->units;
    Ui *ui = &viewer->ui;
    (void)plot, (void)tools;
    follow_pointer(ui, units);
    float left = pass_heading(viewer, units);
    pass_chips(viewer, units);
    for (int i = 0; i < units->n_panels; i++) {
        char name[UI_NAME_BYTES];
        Rect header = units_view_header(units, i);
        snprintf(name, sizeof name, "panel %d", units->panels[i].racer + 1);
        if (ui_area(ui, name, header, NULL)) viewer->editor.selected = units->panels[i].racer;
    }
    if (ui->draws) units_view_draw_legend(units, ui->canvas, left);
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    return !units_view_is_finished(&stage->units, live_training_state(stage->live));
}

static void show_look(NetworkStage *stage, const Look *look) {
    UnitsView *units = &stage->units;
    units->gradients = look->gradients;
    units->alone = look->compare[0] > 0 && look->compare[1] == 0;
    units->chosen = look->compare[0] - 1;
    units->before = look->compare[1] - 1;
}

/* The one that was chosen, and which it is compared with, as far as a person has said so. */
static void tell_look(const NetworkStage *stage, Look *look) {
    const UnitsView *units = &stage->units;
    const int n = stage->scene.n_racers, first = units->chosen >= 0 && units->chosen < n ? units->chosen : 0;
    int second = units->before;
    look->gradients = units->gradients;
    look->compare[0] = look->compare[1] = 0;
    if (!units->alone && units->chosen < 0) return;
    for (int i = 0; i < units->n_panels; i++)
        if (units->n_panels > 1 && units->panels[i].racer != first) second = units->panels[i].racer;
    if (second < 0 || second >= n || second == first) second = first == 0 ? 1 : 0;
    if (!units->alone && second >= n) return;
    look->compare[0] = first + 1;
    look->compare[1] = units->alone ? 0 : second + 1;
}

const NetworkView units_network_view = {
    .tip = "neurons and weights of a racer",
    .begin = begin,
    .finish = finish,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .show_look = show_look,
    .tell_look = tell_look,
};
