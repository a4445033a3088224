/* Chooses how much of the cards is shown, and scrolls. A card itself is in a file of its own. */
#include "cards_view.h"

#include "network_card.h"
#include "pen.h"
#include "race_card.h"
#include "racer_card.h"
#include "surface_card.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PADDING = 12, SCROLL_PX = 48, SCROLLBAR_WIDTH = 3, ADD_HEIGHT = 22;
static const float NETWORK_SEEN = 230;

/* The fullest form in which all cards fit is taken. */
static const Form forms[] = {
    {8, OPTIMIZER_PARAMETERS_MAX, true}, {8, 2, true}, {8, 1, true}, {4, 1, true}, {3, 1, true}, {2, 1, true},
    {1, 1, true}, {1, 0, true}, {1, 0, false}, /* then only the first, the rate, is named beside the title */
    {0, 0, false}, /* networks alone have this: their own card is long, and is what a class changes */
};
enum { FORMS = sizeof forms / sizeof *forms, FORMS_OF_SURFACES = FORMS - 1 };

static void put_add(Pen *pen) {
    bool shows = pen_shows(pen, ADD_HEIGHT);
    Rect rect = {pen->column.x, pen->y + 3, pen->column.width, ADD_HEIGHT - 4};
    pen->y += ADD_HEIGHT;
    if (pen->measures) return;
    char tip[UI_TIP_BYTES];
    action_tip(ACTION_ADD_RACER, tip, sizeof tip);
    if (!shows && pen->ui->draws)
        ui_control(pen->ui, "add", UI_BUTTON, rect, tip);
    else if (ui_button(pen->ui, "add", rect, "+ optimizer",
                 (UiLook){.small = true, .flat = true, .dim = true}, tip))
        pen->ui->posted = ACTION_ADD_RACER;
}

/* All cards; returns their height. The surface's formula may be `spare` lines longer than the form says. */
static float put_cards(
    CardsView *cards, Pen *pen, const Subject *subject, Editor *editor, const Form *form, int spare) {
    float top = pen->y;
    int n = subject_racer_count(subject);
    for (int i = 0; i < n; i++) racer_card(pen, subject, editor, i, form, cards->devices);
    put_add(pen);
    if (subject->networks) {
        network_card(pen, subject, editor);
    } else {
        surface_card(pen, subject, editor, form->formula_lines + spare);
        race_card(pen, editor);
    }
    return pen->y - top;
}

/* How much of all cards shall be seen without scrolling: of networks' the beginning is enough, or their
 * racers would have to go without their sliders. */
static float height_to_fit(const Pen *measure, const Subject *subject, Editor *editor, float height) {
    if (!subject->networks) return height;
    Pen network = *measure;
    network.y = 0;
    network_card(&network, subject, editor);
    return height - fmaxf(network.y - NETWORK_SEEN, 0);
}

static void draw_scrollbar(
    const CardsView *cards, Canvas *canvas, Rect rect, const Theme *theme, float height) {
    float part = rect.height / height;
    Rect thumb = {rect.x + rect.width - SCROLLBAR_WIDTH - 2, rect.y + part * cards->scroll, SCROLLBAR_WIDTH,
        part * rect.height};
    canvas_fill_rect(canvas, thumb, 0.5f * SCROLLBAR_WIDTH, theme->faint);
}

static void scroll_by(CardsView *cards, float by) {
    cards->scroll = fminf(fmaxf(cards->scroll + by, 0), cards->scroll_max);
}

static void follow_wheel(CardsView *cards, Ui *ui, Rect rect) {
    const Event *event = ui->event;
    if (!event || event->type != EVENT_WHEEL || !rect_contains(rect, event->x, event->y)) return;
    float before = cards->scroll;
    scroll_by(cards, -event->scroll * SCROLL_PX);
    ui->event = NULL;
    ui->changed |= cards->scroll != before;
}

static void bring_into_sight(CardsView *cards, Ui *ui, Rect rect, const char *name) {
    const UiControl *control = ui_find(ui, name);
    if (!control || control->rect.x < rect.x) return;
    float above = rect.y + 8 - control->rect.y;
    float below = control->rect.y + control->rect.height + 8 - rect.y - rect.height;
    if (above > 0 || below > 0) {
        scroll_by(cards, above > 0 ? -above : below);
        ui->changed = true;
    }
}

/* The control that the keyboard has reached, and the racer that was chosen by a key. */
static void follow_focus(CardsView *cards, Ui *ui, Rect rect, const Subject *subject) {
    size_t caret = ui->edit.name[0] ? ui->edit.text.caret + 1 : 0;
    bool types = caret > 0 && caret != cards->caret_before;
    if (types || (ui->focus_seen && strcmp(cards->focus_before, ui->focus) != 0))
        bring_into_sight(cards, ui, rect, ui->focus);
    cards->caret_before = caret;
    snprintf(cards->focus_before, sizeof cards->focus_before, "%s", ui->focus);
    if (cards->wanted[0] && ui->draws && ui_find(ui, cards->wanted)) {
        bring_into_sight(cards, ui, rect, cards->wanted);
        cards->wanted[0] = '\0';
        return;
    }
    if (subject->selected != cards->selected_before && subject->selected >= 0) {
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "racer %d.remove", subject->selected + 1);
        bring_into_sight(cards, ui, rect, name);
        snprintf(name, sizeof name, "racer %d.title", subject->selected + 1);
        bring_into_sight(cards, ui, rect, name);
    }
    cards->selected_before = subject->selected;
}

void cards_view(CardsView *cards, Ui *ui, Rect rect, const Subject *subject, Editor *editor) {
    if (rect.width <= 0 || rect.height <= 0) return;
    Rect column = {rect.x + PADDING, rect.y, rect.width - 2 * PADDING, rect.height};
    const Form *form = forms;
    float height = 0;
    int n_forms = subject->networks ? FORMS : FORMS_OF_SURFACES;
    for (int i = 0; i < n_forms; i++) {
        Pen measure = pen_start(ui, column);
        measure.measures = true;
        form = &forms[i];
        height = put_cards(cards, &measure, subject, editor, form, 0);
        if (height_to_fit(&measure, subject, editor, height) <= rect.height) break;
    }
    int spare = height < rect.height ? (int)((rect.height - height) / PEN_LINE_HEIGHT) : 0;
    cards->scroll_max = fmaxf(height - rect.height, 0);
    scroll_by(cards, 0);
    ui_clip(ui, rect);
    Pen pen = pen_start(ui, column);
    pen.y = rect.y - roundf(cards->scroll);
    put_cards(cards, &pen, subject, editor, form, spare);
    ui_clip_all(ui);
    follow_focus(cards, ui, rect, subject);
    follow_wheel(cards, ui, rect);
    if (cards->scroll_max > 0) draw_scrollbar(cards, ui->canvas, rect, ui->theme, height);
}
