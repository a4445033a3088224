/* The list and what keys and pointer do in it. What there is to choose is in palette_items.c; what follows
 * from a choice is the viewer's. */
#include "palette.h"

#include "ui_edit.h"
#include "ui_field.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const FIELD = "palette";
static const float WIDTH_MAX = 640, HEIGHT_MAX = 560, MARGIN = 16, PADDING = 12, FIELD_HEIGHT = 30;
static const float LINE_HEIGHT = 28, FORMULA_HEIGHT = 46, PICTURE_HEIGHT = 58, SCROLL_PX = 56;
static const float TEXT_HEIGHT = 17, SCROLLBAR_WIDTH = 3;

void palette_finish(Palette *palette) {
    thumbnails_destroy(palette->thumbnails);
    palette->thumbnails = NULL;
    file_list_finish(&palette->files);
    text_finish(&palette->typed);
}

static bool has_files(const Palette *palette) {
    return palette->only == PALETTE_FILE || palette->only == PALETTE_SAVE;
}

static void collect(Palette *palette, const char *typed) {
    text_clear(&palette->typed);
    text_append(&palette->typed, "%s", typed);
    palette->chosen = 0;
    palette->scroll = 0;
    palette->n_items = has_files(palette)
                           ? palette_collect_files(palette->only, &palette->files, typed, palette->items)
                           : palette_collect(palette->arena, palette->only, typed, palette->items);
}

static void open_for(Palette *palette, PaletteKind only) {
    palette->open = palette->is_new = true;
    palette->only = only;
    collect(palette, "");
}

void palette_open(Palette *palette, const struct Arena *arena, PaletteKind only) {
    palette->arena = arena;
    open_for(palette, only);
}

void palette_open_files(Palette *palette, FileList *files) {
    file_list_finish(&palette->files);
    palette->files = *files;
    *files = (FileList){0};
    open_for(palette, PALETTE_FILE);
}

void palette_open_save(Palette *palette) {
    open_for(palette, PALETTE_SAVE);
}

const char *palette_path(const Palette *palette, const PaletteItem *item) {
    return item->index == PALETTE_TYPED ? text_string(&palette->typed)
                                        : palette->files.entries[item->index].path;
}

/* Files are described by the palette, which has their names. */
static void describe(const Palette *palette, const PaletteItem *item, PaletteText *text) {
    if (item->kind != PALETTE_FILE && item->kind != PALETTE_SAVE) {
        palette_describe(palette->arena, item, text);
        return;
    }
    const FileEntry *entry = item->index == PALETTE_TYPED ? NULL : &palette->files.entries[item->index];
    *text = (PaletteText){.formula = NULL};
    snprintf(text->title, sizeof text->title, "%s%.80s",
        entry                        ? ""
        : item->kind == PALETTE_SAVE ? "save as "
                                     : "open ",
        entry ? entry->title : text_string(&palette->typed));
    snprintf(text->key, sizeof text->key, "%s", entry ? entry->kind : "");
}

static float height_of(const PaletteItem *item) {
    switch (item->kind) {
    case PALETTE_SURFACE: return PICTURE_HEIGHT;
    case PALETTE_OPTIMIZER:
    case PALETTE_SCHEDULE: return FORMULA_HEIGHT;
    default: return LINE_HEIGHT;
    }
}

/* Where item number i begins, from the top of the list; for n_items: where the list ends. */
static float top_of(const Palette *palette, int i) {
    float top = 0;
    for (int k = 0; k < i; k++) top += height_of(&palette->items[k]);
    return top;
}

static void keep_in_range(Palette *palette, Rect list) {
    float most = fmaxf(top_of(palette, palette->n_items) - list.height, 0);
    palette->scroll = fminf(fmaxf(palette->scroll, 0), most);
}

static void bring_into_sight(Palette *palette, Rect list) {
    if (palette->n_items == 0) return;
    float top = top_of(palette, palette->chosen), bottom = top + height_of(&palette->items[palette->chosen]);
    if (palette->scroll > top) palette->scroll = top;
    if (palette->scroll < bottom - list.height) palette->scroll = bottom - list.height;
}

static void choose(Palette *palette, Rect list, int item) {
    if (palette->n_items == 0) return;
    palette->chosen = item < 0 ? 0 : item >= palette->n_items ? palette->n_items - 1 : item;
    bring_into_sight(palette, list);
}

/* About a page of items on or back. */
static int page(const Palette *palette, Rect list, int way) {
    float height = 0;
    int item = palette->chosen;
    while (item + way >= 0 && item + way < palette->n_items) {
        height += height_of(&palette->items[item]);
        if (height > list.height - LINE_HEIGHT) break;
        item += way;
    }
    return item;
}

/* Goes round at the ends, as a list of a few is passed sooner that way. */
static int beside(const Palette *palette, int way) {
    int n = palette->n_items;
    return n > 0 ? (palette->chosen + way + n) % n : 0;
}

/* The keys of the list; the others are the field's. True where the item that is chosen is taken. */
static bool handle_keys(Palette *palette, Ui *ui, Rect list) {
    const Event *event = ui->event;
    if (!event || event->type != EVENT_KEY) return false;
    bool taken = false;
    switch (event->key) {
    case KEY_UP: choose(palette, list, beside(palette, -1)); break;
    case KEY_DOWN: choose(palette, list, beside(palette, 1)); break;
    case KEY_TAB: choose(palette, list, beside(palette, event->shift ? -1 : 1)); break;
    case KEY_PAGE_UP: choose(palette, list, page(palette, list, -1)); break;
    case KEY_PAGE_DOWN: choose(palette, list, page(palette, list, 1)); break;
    case KEY_ENTER: taken = palette->n_items > 0; break;
    case KEY_ESCAPE: palette->open = false; break;
    default:
        if (!event->control || event->key != 'k') return false;
        palette->open = false;
    }
    ui_take(ui);
    return taken;
}

static void follow_wheel(Palette *palette, Ui *ui, Rect list) {
    if (!ui->event || ui->event->type != EVENT_WHEEL) return;
    palette->scroll -= ui->event->scroll * SCROLL_PX;
    keep_in_range(palette, list);
    ui_take(ui);
}

static void draw_text(Ui *ui, float x, float middle, Align align, Font font, float size, Colour colour,
    float width, const char *text) {
    text_draw_fitted(ui->canvas, x, text_baseline(middle, size), align, font, size, colour, width, text);
}

/* In the first line from the right: the key of an action, or what it is; and where an optimizer comes from.
 * Returns how wide that is. */
static float draw_aside(const Palette *palette, Ui *ui, const PaletteItem *item, const PaletteText *text,
    float right, float middle, float room) {
    Font font = text->key[0] ? FONT_MONO : FONT_TEXT;
    const char *aside = text->key[0] ? text->key : palette->only == PALETTE_NONE ? text->kind : "";
    char fitted[FITTED_BYTES];
    float width = text_fit(ui->canvas, font, SIZE_SMALL, aside, 0.5f * room, fitted);
    draw_text(ui, right, middle, ALIGN_RIGHT, font, SIZE_SMALL, ui->theme->dim, width + 1, fitted);
    if (!text->note || item->kind == PALETTE_SURFACE) return width;
    float gap = width > 0 ? 14 : 0;
    width += gap + text_fit(ui->canvas, FONT_TEXT, SIZE_SMALL, text->note, 0.6f * room - width - gap, fitted);
    canvas_text(ui->canvas, right - width, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT,
        SIZE_SMALL, ui->theme->dim, fitted);
    return width;
}

/* The lines of a formula in one. */
static void draw_formula(Ui *ui, float x, float middle, float width, const char *formula) {
    char text[2 * FITTED_BYTES];
    size_t length = 0;
    for (; *formula && length + 2 < sizeof text; formula++) {
        if (*formula == '\n') text[length++] = ';';
        text[length++] = *formula == '\n' ? ' ' : *formula;
    }
    text[length] = '\0';
    draw_text(ui, x, middle, ALIGN_LEFT, FONT_MONO, SIZE_MONO, ui->theme->dim, width, text);
}

/* Title, formula, and what a surface shows, one below the other. */
static void draw_item(Palette *palette, Ui *ui, const PaletteItem *item, Rect rect) {
    const Theme *theme = ui->theme;
    PaletteText text;
    describe(palette, item, &text);
    float left = rect.x + PADDING, right = rect.x + rect.width - PADDING;
    bool surface = item->kind == PALETTE_SURFACE, tall = rect.height > LINE_HEIGHT;
    if (surface && palette->thumbnails) {
        float y = rect.y + 0.5f * (rect.height - THUMBNAIL_HEIGHT);
        ui->changed |= !thumbnails_draw(palette->thumbnails, ui->canvas, theme, item->index, left - 6, y);
        left += THUMBNAIL_WIDTH + 4;
    }
    float lines = surface ? 3 : tall ? 2 : 1, room = right - left;
    float middle = rect.y + 0.5f * rect.height - 0.5f * (lines - 1) * TEXT_HEIGHT;
    float aside = draw_aside(palette, ui, item, &text, right, middle, room);
    draw_text(ui, left, middle, ALIGN_LEFT, tall ? FONT_STRONG : FONT_TEXT, SIZE_NAME, theme->text,
        room - aside - (aside > 0 ? 12 : 0), text.title);
    if (text.formula) draw_formula(ui, left, middle + TEXT_HEIGHT, room, text.formula);
    if (surface)
        draw_text(ui, left, middle + 2 * TEXT_HEIGHT, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, theme->dim, room,
            text.note);
}

/* The items that are wholly in sight. Returns the one that was pressed; -1 for none. */
static int put_items(Palette *palette, Ui *ui, Rect list) {
    int pressed = -1;
    float y = list.y - roundf(palette->scroll);
    for (int i = 0; i < palette->n_items; i++) {
        const PaletteItem *item = &palette->items[i];
        Rect rect = {list.x, y, list.width, height_of(item)};
        y += rect.height;
        if (rect.y < list.y - 0.5f || y > list.y + list.height + 0.5f) continue;
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "palette %d", i + 1);
        const UiControl *control = ui_control(ui, name, UI_POINTER, rect, NULL);
        if (ui_is_pressed(ui, control)) {
            ui_take(ui);
            pressed = i;
        }
        if (!ui->draws) continue;
        if (i == palette->chosen)
            canvas_fill_rect(ui->canvas, rect, 6, colour_with_alpha(ui->theme->accent, 0.25f));
        else if (ui_is_hovered(ui, control))
            canvas_fill_rect(ui->canvas, rect, 6, ui->theme->raised);
        draw_item(palette, ui, item, rect);
    }
    return pressed;
}

static const char *hint_of(PaletteKind only) {
    switch (only) {
    case PALETTE_SURFACE: return "Which surface?";
    case PALETTE_OPTIMIZER: return "Add which optimizer?";
    case PALETTE_SCHEDULE: return "Which schedule?";
    case PALETTE_FILE: return "Open which scene? A name, or the path of a file";
    case PALETTE_SAVE: return "Save it under which name? Enter writes it, such as valley.yaml";
    default: return "Type what you want to do";
    }
}

static void draw_box(Ui *ui, Rect box) {
    Canvas *canvas = ui->canvas;
    canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0,
        colour_with_alpha(ui->theme->background, 0.8f));
    canvas_fill_rect(canvas, box, 10, ui->theme->panel);
    canvas_stroke_rect(canvas, box, 10, 1, ui->theme->line);
}

static void draw_scrollbar(const Palette *palette, Ui *ui, Rect list) {
    float whole = top_of(palette, palette->n_items);
    if (whole <= list.height) return;
    Rect thumb = {list.x + list.width + 4, list.y + list.height * palette->scroll / whole, SCROLLBAR_WIDTH,
        list.height * list.height / whole};
    canvas_fill_rect(ui->canvas, thumb, 0.5f * SCROLLBAR_WIDTH, ui->theme->faint);
}

static void draw_nothing(const Palette *palette, Ui *ui, Rect list) {
    draw_text(ui, list.x + PADDING, list.y + 0.5f * LINE_HEIGHT, ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
        ui->theme->dim, list.width - 2 * PADDING,
        palette->only == PALETTE_SAVE ? "" : "nothing is called like that");
}

PaletteItem palette_view(Palette *palette, Ui *ui) {
    Canvas *canvas = ui->canvas;
    float width = fminf(WIDTH_MAX, canvas->width - 2 * MARGIN);
    float height = fminf(HEIGHT_MAX, canvas->height - 2 * MARGIN);
    Rect box = {
        roundf(0.5f * (canvas->width - width)), roundf(0.3f * (canvas->height - height)), width, height};
    Rect field = {box.x + PADDING, box.y + PADDING, width - 2 * PADDING, FIELD_HEIGHT};
    Rect list = {box.x + PADDING, field.y + FIELD_HEIGHT + 8, width - 2 * PADDING, 0};
    list.height = fmaxf(box.y + height - PADDING - list.y, 0);
    if (!palette->thumbnails) palette->thumbnails = thumbnails_create();
    if (palette->thumbnails && ui->draws) thumbnails_begin_frame(palette->thumbnails);
    if (ui->draws) draw_box(ui, box);
    int taken = handle_keys(palette, ui, list) ? palette->chosen : -1;
    if (palette->is_new) ui->edit.name[0] = '\0'; /* what is typed begins anew */
    palette->is_new = false;
    if (ui_search(ui, FIELD, field, hint_of(palette->only), "a few letters of its name are enough")) {
        collect(palette, ui_edit_text(ui));
    }
    keep_in_range(palette, list);
    int pressed = put_items(palette, ui, list);
    if (pressed >= 0) taken = pressed;
    follow_wheel(palette, ui, list);
    if (ui->draws) {
        draw_scrollbar(palette, ui, list);
        if (palette->n_items == 0) draw_nothing(palette, ui, list);
    }
    const Event *event = ui->event;
    if (event && event->type == EVENT_POINTER_DOWN) {
        if (!rect_contains(box, event->x, event->y)) palette->open = false;
        ui_take(ui);
    }
    if (taken >= 0) palette->open = false;
    if (!palette->open) {
        ui_edit_end(ui);
        ui_drop_focus(ui);
    }
    return taken >= 0 ? palette->items[taken] : (PaletteItem){.kind = PALETTE_NONE};
}
