/* Who has the focus, the pointer and the event; buttons and sliders. What a widget is for is known to the
 * views only. */
#include "ui.h"

#include "ui_field.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double TIP_AFTER_S = 0.6;
static const float TIP_PADDING = 8, TIP_HEIGHT = 24, TIP_GAP = 8;

void ui_init(Ui *ui) {
    *ui = (Ui){.pointer_x = -1, .pointer_y = -1};
}

void ui_finish(Ui *ui) {
    text_finish(&ui->copied);
    text_finish(&ui->edit.before);
}

static void set_name(char to[UI_NAME_BYTES], const char *name) {
    snprintf(to, UI_NAME_BYTES, "%s", name);
}

static bool is_same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

void ui_begin(Ui *ui, Canvas *canvas, const Theme *theme, const Event *event) {
    ui->draws = event == NULL;
    ui->canvas = event ? mute_canvas_init(&ui->mute, canvas) : canvas;
    ui->theme = theme;
    ui->event = event;
    ui->posted = ACTION_NONE;
    ui->told[0] = '\0';
    text_clear(&ui->copied);
    ui->n_controls = 0;
    ui->changed = false;
    ui->edit.tells = false;
    ui_clip_all(ui);
    ui->lets_go = event && event->type == EVENT_POINTER_UP;
    if (!event) return;
    if (event->type == EVENT_POINTER_DOWN) {
        ui->gesture++;
        ui->focus_seen = false;
        ui->hovered_s = 0;
    }
    if (event->type == EVENT_POINTER_DOWN || event->type == EVENT_POINTER_MOVE ||
        event->type == EVENT_POINTER_UP) {
        ui->pointer_x = event->x;
        ui->pointer_y = event->y;
        set_name(ui->hovered_before, ui->hovered);
        ui->hovered[0] = '\0';
    }
}

/* Puts the focus on the control after (or before) the one that has it, among those that can be seen or
 * scrolled to. */
static void move_focus(Ui *ui, int by) {
    int n = ui->n_controls, at = by > 0 ? -1 : n;
    for (int i = 0; i < n; i++)
        if (is_same(ui->controls[i].name, ui->focus)) at = i;
    for (int tried = 0; tried < n; tried++) {
        at = (at + by + n) % n;
        if (ui->controls[at].kind == UI_POINTER) continue;
        ui_focus(ui, ui->controls[at].name);
        return;
    }
}

static void draw_tip(Ui *ui, const UiControl *control, const char *tip, Colour colour) {
    char text[FITTED_BYTES];
    Canvas *canvas = ui->canvas;
    float width = text_fit(canvas, FONT_TEXT, SIZE_SMALL, tip, canvas->width - 24, text);
    Rect box = {
        0, control->seen.y + control->seen.height + TIP_GAP, ceilf(width) + 2 * TIP_PADDING, TIP_HEIGHT};
    box.x = roundf(control->seen.x + 0.5f * (control->seen.width - box.width));
    box.x = fmaxf(fminf(box.x, canvas->width - box.width - 4), 4);
    if (box.y + box.height > canvas->height - 4) box.y = control->seen.y - TIP_GAP - box.height;
    canvas_reset_clip(canvas);
    canvas_fill_rect(canvas, box, 5, ui->theme->raised);
    canvas_stroke_rect(canvas, box, 5, 1, ui->theme->dim);
    canvas_text(canvas, box.x + TIP_PADDING, text_baseline(box.y + 0.5f * box.height, SIZE_SMALL), ALIGN_LEFT,
        FONT_TEXT, SIZE_SMALL, colour, text);
}

void ui_end(Ui *ui) {
    const Event *event = ui->event;
    if (event && event->type == EVENT_KEY && event->key == KEY_TAB && !event->control) {
        move_focus(ui, event->shift ? -1 : 1);
        ui_take(ui);
    } else if (event && event->type == EVENT_KEY && event->key == KEY_ESCAPE && ui->focus[0]) {
        ui_drop_focus(ui);
        ui_take(ui);
    } else if (event && event->type == EVENT_POINTER_DOWN) {
        ui_drop_focus(ui);
    }
    if (!ui_find(ui, ui->edit.name)) ui->edit.name[0] = '\0'; /* what it belonged to is gone */
    if (!ui->draws) {
        if (ui->lets_go) ui->active[0] = '\0'; /* whatever became of the widget that held it */
        if (!is_same(ui->hovered, ui->hovered_before)) {
            ui->changed = true;
            ui->hovered_s = 0;
            ui->tip_shown = false;
        }
        return;
    }
    const UiControl *control = ui->active[0] ? NULL : ui_find(ui, ui->hovered);
    ui->tip_shown = control && control->tip[0] && ui->hovered_s >= TIP_AFTER_S;
    if (ui->tip_shown) draw_tip(ui, control, control->tip, ui->theme->text);
    if (!ui->edit.tells || ui->tip_shown) return;
    char told[FITTED_BYTES];
    status_headline(&ui->edit.problem, told, sizeof told);
    control = ui_find(ui, ui->edit.name);
    if (control) draw_tip(ui, control, told, ui->theme->warning);
}

bool ui_is_waiting(const Ui *ui) {
    const UiControl *control = ui_find(ui, ui->hovered);
    return control && control->tip[0] && !ui->active[0] && !ui->tip_shown;
}

bool ui_advance(Ui *ui, double seconds) {
    if (!ui_is_waiting(ui)) return false;
    ui->hovered_s += seconds;
    return ui->hovered_s >= TIP_AFTER_S;
}

static Rect intersection(Rect a, Rect b) {
    float x0 = fmaxf(a.x, b.x), y0 = fmaxf(a.y, b.y);
    float x1 = fminf(a.x + a.width, b.x + b.width), y1 = fminf(a.y + a.height, b.y + b.height);
    return (Rect){x0, y0, fmaxf(x1 - x0, 0), fmaxf(y1 - y0, 0)};
}

void ui_clip(Ui *ui, Rect rect) {
    ui->clip = rect;
    canvas_set_clip(ui->canvas, rect);
}

void ui_clip_all(Ui *ui) {
    ui_clip(ui, (Rect){0, 0, ui->canvas->width, ui->canvas->height});
}

void ui_take(Ui *ui) {
    ui->event = NULL;
    ui->changed = true;
}

void ui_tell(Ui *ui, const char *message) {
    snprintf(ui->told, sizeof ui->told, "%s", message);
}

void ui_drop_focus(Ui *ui) {
    if (ui->focus[0]) ui->changed = true;
    ui->focus[0] = '\0';
    ui->focus_seen = false;
}

void ui_focus(Ui *ui, const char *name) {
    set_name(ui->focus, name);
    ui->focus_seen = ui->changed = true;
}

const UiControl *ui_control(Ui *ui, const char *name, UiKind kind, Rect rect, const char *tip) {
    if (ui->n_controls == UI_CONTROLS_MAX) return NULL;
    UiControl *control = &ui->controls[ui->n_controls++];
    *control = (UiControl){.kind = kind, .rect = rect, .seen = intersection(rect, ui->clip)};
    snprintf(control->tip, sizeof control->tip, "%s", tip ? tip : "");
    set_name(control->name, name);
    bool inside = rect_contains(control->seen, ui->pointer_x, ui->pointer_y) && control->seen.height > 0;
    bool free = ui->active[0] == '\0' || is_same(ui->active, name);
    if (inside && free && !ui->draws) set_name(ui->hovered, name);
    return control;
}

bool ui_is_hovered(const Ui *ui, const UiControl *control) {
    return control && is_same(ui->hovered, control->name);
}

bool ui_is_active(const Ui *ui, const UiControl *control) {
    return control && is_same(ui->active, control->name);
}

bool ui_is_focused(const Ui *ui, const UiControl *control) {
    return control && is_same(ui->focus, control->name);
}

bool ui_shows_focus(const Ui *ui, const UiControl *control) {
    return ui->focus_seen && ui_is_focused(ui, control);
}

bool ui_is_pressed_by(Ui *ui, const UiControl *control, int button) {
    const Event *event = ui->event;
    if (!control || !event || event->type != EVENT_POINTER_DOWN || event->button != button) return false;
    if (control->seen.height <= 0 || !rect_contains(control->seen, event->x, event->y)) return false;
    set_name(ui->active, control->name);
    set_name(ui->focus, control->name);
    return true;
}

bool ui_is_pressed(Ui *ui, const UiControl *control) {
    return ui_is_pressed_by(ui, control, 1);
}

bool ui_has_key(const Ui *ui, const UiControl *control, int key) {
    const Event *event = ui->event;
    return event && event->type == EVENT_KEY && event->key == key && !event->control && !event->alt &&
           ui_is_focused(ui, control);
}

void ui_draw_focus(Ui *ui, const UiControl *control, float radius) {
    if (!ui->draws || !ui_shows_focus(ui, control)) return;
    Rect r = control->rect;
    canvas_stroke_rect(
        ui->canvas, (Rect){r.x - 2, r.y - 2, r.width + 4, r.height + 4}, radius + 2, 2, ui->theme->accent);
}

const UiControl *ui_find(const Ui *ui, const char *name) {
    for (int i = 0; i < ui->n_controls; i++)
        if (is_same(ui->controls[i].name, name)) return &ui->controls[i];
    return NULL;
}

/* The press of a button counts when it is let go on it, as a person can still think better of it. */
static bool was_pressed(Ui *ui, const UiControl *control) {
    if (ui_is_pressed(ui, control)) {
        ui_take(ui);
        return false;
    }
    const Event *event = ui->event;
    if (event && event->type == EVENT_POINTER_UP && ui_is_active(ui, control)) {
        ui->active[0] = '\0';
        ui_take(ui);
        return rect_contains(control->seen, ui->pointer_x, ui->pointer_y);
    }
    if (!ui->focus_seen || (!ui_has_key(ui, control, ' ') && !ui_has_key(ui, control, KEY_ENTER)))
        return false;
    ui->gesture++;
    ui_take(ui);
    return true;
}

bool ui_area(Ui *ui, const char *name, Rect rect, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_AREA, rect, tip);
    bool pressed = was_pressed(ui, control);
    if (control) ui_draw_focus(ui, control, 4);
    return pressed;
}

bool ui_button(Ui *ui, const char *name, Rect rect, const char *text, UiLook look, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_BUTTON, rect, tip);
    bool pressed = was_pressed(ui, control);
    if (!ui->draws) return pressed;
    const Theme *theme = ui->theme;
    bool hovered = ui_is_hovered(ui, control);
    float size = look.small ? SIZE_SMALL : SIZE_NAME, radius = look.small ? 4 : 5;
    if (look.active || !look.flat || hovered)
        canvas_fill_rect(ui->canvas, rect, radius, look.active ? theme->accent : theme->raised);
    if (!look.active && (!look.flat || hovered))
        canvas_stroke_rect(ui->canvas, rect, radius, 1, hovered ? theme->dim : theme->line);
    Colour colour = look.active ? theme->on_accent : look.dim ? theme->dim : theme->text;
    text_draw_fitted(ui->canvas, rect.x + 0.5f * rect.width, text_baseline(rect.y + 0.5f * rect.height, size),
        ALIGN_CENTRE, FONT_TEXT, size, colour, rect.width - 4, text);
    ui_draw_focus(ui, control, radius);
    return pressed;
}
