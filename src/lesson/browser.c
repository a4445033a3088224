/* The page of cards, and what keys and pointer do on it. */
#include "browser.h"

#include "fuzzy.h"
#include "ui_edit.h"
#include "ui_field.h"
#include "widgets.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const FIELD = "browser";
static const float MARGIN = 24, HEAD = 62, FIELD_HEIGHT = 30, BUTTON_HEIGHT = 26, GAP = 14, SCROLL_PX = 64;
static const float CARD_WIDTH = 208, CARD_WIDTH_LEAST = 150, PICTURE_SHARE = 0.56f, TITLE_HEIGHT = 46,
                   TOPIC_HEIGHT = 36;
static const float SCROLLBAR_WIDTH = 3;

void browser_finish(Browser *browser) {
    typeset_finish(&browser->title);
    lesson_pictures_destroy(browser->pictures);
    browser->pictures = NULL;
}

/* The place of its topic: that of the first lesson which has it. */
static int topic_place(const LessonList *list, int entry) {
    for (int i = 0; i < list->n; i++)
        if (strcmp(list->entries[i].topic, list->entries[entry].topic) == 0) return i;
    return entry;
}

/* How well what is typed abbreviates number, title or topic; -1: not at all. */
static int score_of(const LessonEntry *entry, const char *typed) {
    char number[NUMBER_BYTES];
    snprintf(number, sizeof number, "%d", entry->number);
    if (strcmp(number, typed) == 0) return INT_MAX;
    int title = fuzzy_score(typed, entry->title), topic = fuzzy_score(typed, entry->topic);
    return title > topic ? title : topic;
}

/* In their order, or, while something is typed, the best first. */
static void collect(Browser *browser, const LessonList *list, const char *typed) {
    int scores[LESSONS_MAX];
    browser->n_items = 0;
    browser->is_typed = typed[0] != '\0';
    for (int place = 0; place < list->n; place++)
        for (int i = 0; i < list->n; i++) {
            int at = browser->by_number || browser->is_typed ? i : topic_place(list, i);
            int score = score_of(&list->entries[i], typed), to = browser->n_items;
            if (at != place || score < 0) continue;
            for (; browser->is_typed && to > 0 && scores[to - 1] < score; to--) {
                scores[to] = scores[to - 1];
                browser->items[to] = browser->items[to - 1];
            }
            scores[to] = score;
            browser->items[to] = i;
            browser->n_items++;
        }
    if (browser->chosen >= browser->n_items)
        browser->chosen = browser->n_items > 0 ? browser->n_items - 1 : 0;
}

void browser_open(Browser *browser, LessonList *list, int lesson) {
    lesson_list_read(list);
    browser->open = browser->is_new = true;
    browser->scroll = 0;
    browser->chosen = 0;
    collect(browser, list, "");
    for (int i = browser->n_items - 1; i >= 0; i--)
        if (lesson >= 0 ? browser->items[i] == lesson : !list->entries[browser->items[i]].done)
            browser->chosen = i;
}

/* What the cards of a page have in common. */
typedef struct Grid {
    Rect list;
    int columns;
    float card_width, card_height;
} Grid;

static Grid grid_of(Rect list) {
    Grid grid = {.list = list};
    grid.columns = (int)fmaxf((list.width + GAP) / (CARD_WIDTH + GAP), 1);
    if (grid.columns < 2 && list.width > 2 * CARD_WIDTH_LEAST + GAP) grid.columns = 2;
    float columns = (float)grid.columns;
    grid.card_width = floorf((list.width - GAP * (columns - 1)) / columns);
    grid.card_height = roundf(PICTURE_SHARE * grid.card_width) + TITLE_HEIGHT;
    return grid;
}

static bool begins_topic(const Browser *browser, const LessonList *list, int item) {
    if (browser->by_number || browser->is_typed) return false;
    return item == 0 || strcmp(list->entries[browser->items[item]].topic,
                            list->entries[browser->items[item - 1]].topic) != 0;
}

static void lay_out(Browser *browser, const LessonList *list, const Grid *grid) {
    int row = -1, column = 0;
    float top = 0;
    for (int i = 0; i < browser->n_items; i++) {
        bool topic = begins_topic(browser, list, i);
        if (topic || column == grid->columns || i == 0) {
            if (row >= 0) top += grid->card_height + GAP;
            if (topic) top += TOPIC_HEIGHT;
            row++;
            column = 0;
        }
        browser->rows[i] = row;
        browser->columns[i] = column++;
        browser->tops[i] = top;
    }
    browser->height = browser->n_items > 0 ? top + grid->card_height : 0;
}

static void keep_in_range(Browser *browser, const Grid *grid) {
    float most = fmaxf(browser->height - grid->list.height, 0);
    browser->scroll = fminf(fmaxf(browser->scroll, 0), most);
}

static void bring_into_sight(Browser *browser, const LessonList *list, const Grid *grid) {
    if (browser->n_items == 0) return;
    float top = browser->tops[browser->chosen], bottom = top + grid->card_height + 4;
    if (begins_topic(browser, list, browser->chosen - browser->columns[browser->chosen])) top -= TOPIC_HEIGHT;
    browser->scroll = fminf(fmaxf(browser->scroll, bottom - grid->list.height), top);
    keep_in_range(browser, grid);
}

/* The item in the row above or below that is nearest to the chosen one's column. */
static int beside(const Browser *browser, int way) {
    int row = browser->rows[browser->chosen] + way, best = browser->chosen, distance = LESSONS_MAX;
    for (int i = 0; i < browser->n_items; i++) {
        int away = abs(browser->columns[i] - browser->columns[browser->chosen]);
        if (browser->rows[i] == row && away < distance) {
            best = i;
            distance = away;
        }
    }
    return best;
}

static int within(const Browser *browser, int item) {
    return item < 0 ? 0 : item >= browser->n_items ? browser->n_items - 1 : item;
}

/* The keys of the page; the others are the field's. True where the lesson that is chosen is opened. */
static bool handle_keys(Browser *browser, Ui *ui, const LessonList *list, const Grid *grid) {
    const Event *event = ui->event;
    if (!event || event->type != EVENT_KEY) return false;
    int page = grid->columns * (int)fmaxf(grid->list.height / (grid->card_height + GAP), 1),
        to = browser->chosen;
    bool taken = false;
    switch (event->key) {
    case KEY_LEFT: to--; break;
    case KEY_RIGHT: to++; break;
    case KEY_UP: to = browser->n_items > 0 ? beside(browser, -1) : 0; break;
    case KEY_DOWN: to = browser->n_items > 0 ? beside(browser, 1) : 0; break;
    case KEY_PAGE_UP: to -= page; break;
    case KEY_PAGE_DOWN: to += page; break;
    case KEY_HOME: to = 0; break;
    case KEY_END: to = browser->n_items - 1; break;
    case KEY_TAB:
        browser->by_number = !browser->by_number;
        browser->is_new = true;
        break;
    case KEY_ENTER: taken = browser->n_items > 0; break;
    case KEY_ESCAPE: browser->open = false; break;
    default: return false;
    }
    if (browser->n_items > 0) browser->chosen = within(browser, to);
    bring_into_sight(browser, list, grid);
    ui_take(ui);
    return taken;
}

static void draw_tick(Ui *ui, float x, float y) {
    canvas_circle(ui->canvas, (Point){x, y}, 10, ui->theme->accent);
    canvas_polyline(ui->canvas, (Point[]){{x - 4.5f, y}, {x - 1.2f, y + 3.5f}, {x + 4.5f, y - 3.5f}}, 3, 2,
        ui->theme->on_accent);
}

static void draw_card(
    Browser *browser, Ui *ui, const LessonEntry *entry, Rect rect, bool chosen, bool hovered) {
    const Theme *theme = ui->theme;
    Canvas *canvas = ui->canvas;
    Rect picture = {rect.x, rect.y, rect.width, rect.height - TITLE_HEIGHT};
    canvas_fill_rect(canvas, rect, 8, theme->panel);
    canvas_fill_rect(canvas, picture, 0, theme->raised);
    if (browser->pictures)
        ui->changed |= !lesson_pictures_draw(browser->pictures, canvas, theme, entry->shipped, picture);
    if (entry->done) draw_tick(ui, rect.x + rect.width - 17, rect.y + 17);
    if (chosen || hovered)
        canvas_stroke_rect(canvas, (Rect){rect.x - 3, rect.y - 3, rect.width + 6, rect.height + 6}, 9,
            chosen ? 3.0f : 1.5f, chosen ? theme->accent : theme->faint);
    char number[NUMBER_BYTES] = "";
    if (entry->number > 0) snprintf(number, sizeof number, "%d", entry->number);
    float top = picture.y + picture.height + 7, left = rect.x + 10;
    canvas_text(
        canvas, left, top + 0.75f * SIZE_NAME, ALIGN_LEFT, FONT_STRONG, SIZE_NAME, theme->accent, number);
    left += canvas_text_width(canvas, FONT_STRONG, SIZE_NAME, "00") + 7;
    typeset_set(&browser->title, canvas, entry->title, SIZE_NAME, rect.x + rect.width - 8 - left);
    typeset_draw(
        &browser->title, canvas, left, top, 0, browser->title.n_lines < 2 ? 1 : 2, theme->text, theme->text);
}

/* The cards and topics that are in sight. Returns the item that was pressed; -1 for none. */
static int put_cards(Browser *browser, Ui *ui, const LessonList *list, const Grid *grid) {
    int pressed = -1;
    ui_clip(ui, (Rect){grid->list.x - 6, grid->list.y - 4, grid->list.width + 12, grid->list.height + 8});
    for (int i = 0; i < browser->n_items; i++) {
        const LessonEntry *entry = &list->entries[browser->items[i]];
        Rect rect = {grid->list.x + (float)browser->columns[i] * (grid->card_width + GAP),
            grid->list.y + browser->tops[i] - roundf(browser->scroll), grid->card_width, grid->card_height};
        float topic_y = rect.y - 0.5f * TOPIC_HEIGHT + 2;
        bool topic_in_sight = topic_y > grid->list.y + 6 && topic_y < grid->list.y + grid->list.height - 6;
        if (ui->draws && begins_topic(browser, list, i) && topic_in_sight)
            text_draw_fitted(ui->canvas, rect.x, text_baseline(topic_y, 15), ALIGN_LEFT, FONT_STRONG, 15,
                ui->theme->dim, grid->list.width, entry->topic[0] ? entry->topic : "Other");
        if (rect.y + rect.height < grid->list.y || rect.y > grid->list.y + grid->list.height) continue;
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "browser %d", entry->number > 0 ? entry->number : 1000 + i);
        const UiControl *control = ui_control(ui, name, UI_POINTER, rect, NULL);
        if (ui_is_pressed(ui, control)) {
            ui_take(ui);
            pressed = i;
        }
        if (ui->draws) draw_card(browser, ui, entry, rect, i == browser->chosen, ui_is_hovered(ui, control));
    }
    ui_clip_all(ui);
    return pressed;
}

/* Title, progress, field and buttons. True where the order has changed. */
static bool put_head(Browser *browser, Ui *ui, const LessonList *list, Rect *field) {
    const Theme *theme = ui->theme;
    Canvas *canvas = ui->canvas;
    float middle = 0.5f * HEAD, right = canvas->width - MARGIN;
    const struct {
        const char *name, *text, *tip;
        bool active;
    } buttons[] = {
        {"browser.close", "×", "close it (Esc)", false},
        {"browser.number", "by number", "in their order (Tab)", browser->by_number},
        {"browser.topic", "by topic", "those of one topic together (Tab)", !browser->by_number},
    };
    bool before = browser->by_number;
    for (int i = 0; i < 3; i++) {
        float width = ceilf(canvas_text_width(canvas, FONT_TEXT, SIZE_NAME, buttons[i].text)) + 20;
        Rect rect = {right - width, middle - 0.5f * BUTTON_HEIGHT, width, BUTTON_HEIGHT};
        right = rect.x - 8;
        if (!ui_button(ui, buttons[i].name, rect, buttons[i].text, (UiLook){.active = buttons[i].active},
                buttons[i].tip))
            continue;
        if (i == 0)
            browser->open = false;
        else
            browser->by_number = i == 1;
    }
    char progress[64];
    snprintf(progress, sizeof progress, "%d of %d finished", lesson_list_done(list), list->n);
    float left = MARGIN, width = canvas_text_width(canvas, FONT_STRONG, 18, "Lessons");
    canvas_text(canvas, left, text_baseline(middle, 18), ALIGN_LEFT, FONT_STRONG, 18, theme->text, "Lessons");
    left += width + 14;
    if (right - left > 360) {
        canvas_text(canvas, left, text_baseline(middle, SIZE_NAME) + 1, ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
            theme->dim, progress);
        left += canvas_text_width(canvas, FONT_TEXT, SIZE_NAME, progress) + 18;
    }
    float room = fminf(right - left - 6, 320);
    *field = (Rect){right - 6 - room, middle - 0.5f * FIELD_HEIGHT, fmaxf(room, 60), FIELD_HEIGHT};
    return before != browser->by_number;
}

static void draw_scrollbar(const Browser *browser, Ui *ui, const Grid *grid) {
    if (browser->height <= grid->list.height) return;
    float part = grid->list.height / browser->height;
    Rect thumb = {grid->list.x + grid->list.width + 10, grid->list.y + part * browser->scroll,
        SCROLLBAR_WIDTH, part * grid->list.height};
    canvas_fill_rect(ui->canvas, thumb, 0.5f * SCROLLBAR_WIDTH, ui->theme->faint);
}

static void reorder(Browser *browser, const LessonList *list, const char *typed) {
    int lesson = browser->n_items > 0 ? browser->items[browser->chosen] : -1;
    collect(browser, list, typed);
    for (int i = 0; i < browser->n_items; i++)
        if (browser->items[i] == lesson) browser->chosen = i;
}

int browser_view(Browser *browser, Ui *ui, const LessonList *list) {
    Canvas *canvas = ui->canvas;
    Rect field, page = {MARGIN, HEAD + 4, canvas->width - 2 * MARGIN, fmaxf(canvas->height - HEAD - 16, 40)};
    Grid grid = grid_of(page);
    if (!browser->pictures) browser->pictures = lesson_pictures_create();
    if (browser->pictures && ui->draws) lesson_pictures_begin_frame(browser->pictures);
    canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, ui->theme->background);
    lay_out(browser, list, &grid);
    if (browser->is_new) {
        ui->edit.name[0] = '\0'; /* what is typed begins anew */
        reorder(browser, list, "");
        lay_out(browser, list, &grid);
        bring_into_sight(browser, list, &grid);
    }
    browser->is_new = false;
    int taken = handle_keys(browser, ui, list, &grid) ? browser->chosen : -1;
    bool reordered = put_head(browser, ui, list, &field);
    bool typed =
        ui_search(ui, FIELD, field, "Type a few letters", "a few letters of title or topic are enough");
    if (typed) browser->chosen = 0;
    if (typed || reordered) {
        if (typed)
            collect(browser, list, ui_edit_text(ui));
        else
            reorder(browser, list, ui_edit_text(ui));
        lay_out(browser, list, &grid);
        browser->scroll = 0;
        bring_into_sight(browser, list, &grid);
    }
    int pressed = put_cards(browser, ui, list, &grid);
    if (pressed >= 0) taken = browser->chosen = pressed;
    if (ui->event && ui->event->type == EVENT_WHEEL) {
        browser->scroll -= ui->event->scroll * SCROLL_PX;
        keep_in_range(browser, &grid);
        ui_take(ui);
    }
    if (ui->draws) {
        draw_scrollbar(browser, ui, &grid);
        if (browser->n_items == 0)
            canvas_text(canvas, MARGIN, HEAD + 24, ALIGN_LEFT, FONT_TEXT, SIZE_NAME, ui->theme->dim,
                "no lesson is called like that");
    }
    if (ui->event && ui->event->type == EVENT_POINTER_DOWN) ui_take(ui);
    if (taken >= 0) browser->open = false;
    if (!browser->open) {
        ui_edit_end(ui);
        ui_drop_focus(ui);
    }
    return taken >= 0 ? browser->items[taken] : -1;
}
