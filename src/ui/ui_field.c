/* Fields of one line: where each character is, what the pointer does there, and when what was typed is taken.
 */
#include "ui_field.h"

#include "text.h"
#include "ui_edit.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PADDING = 4, RADIUS = 4, CARET_WIDTH = 1.5f;
enum { LINE_BYTES = 512 }; /* as much of a line as is measured at once */

/* A line of text between two edges. */
typedef struct Line {
    Font font;
    float size;
    Rect inner;
    Align align; /* of a text that fits */
} Line;

static float width_of(Ui *ui, const Line *line, const char *text, size_t begin, size_t end) {
    char part[LINE_BYTES];
    size_t length = end - begin < sizeof part ? end - begin : sizeof part - 1;
    memcpy(part, text + begin, length);
    part[length] = '\0';
    return length > 0 ? canvas_text_width(ui->canvas, line->font, line->size, part) : 0;
}

/* The end of what fits into the line from `first` on. */
static size_t end_of_sight(Ui *ui, const Line *line) {
    const TextEdit *text = &ui->edit.text;
    size_t end = ui->edit.first;
    while (end < text->length) {
        size_t next = text_edit_after(text, end);
        if (width_of(ui, line, text->bytes, ui->edit.first, next) > line->inner.width) break;
        end = next;
    }
    return end;
}

/* Pushes the text so far that the caret is in sight, and nothing is out of sight without need. */
static void keep_caret_in_sight(Ui *ui, const Line *line) {
    const TextEdit *text = &ui->edit.text;
    size_t first = ui->edit.first < text->caret ? ui->edit.first : text->caret, least = text->caret;
    for (size_t before = least; before > 0; least = before) {
        before = text_edit_before(text, before);
        if (width_of(ui, line, text->bytes, before, text->caret) > line->inner.width) break;
    }
    if (first < least) first = least;
    ui->edit.first = first;
    while (ui->edit.first > 0) {
        first = ui->edit.first;
        ui->edit.first = text_edit_before(text, first);
        if (end_of_sight(ui, line) == text->length) continue;
        ui->edit.first = first;
        break;
    }
}

static float left_of_text(Ui *ui, const Line *line) {
    const TextEdit *text = &ui->edit.text;
    if (line->align != ALIGN_RIGHT || ui->edit.first > 0) return line->inner.x;
    float width = width_of(ui, line, text->bytes, 0, end_of_sight(ui, line));
    return line->inner.x + fmaxf(line->inner.width - width, 0);
}

/* The gap between characters that is nearest to x. */
static size_t offset_at(Ui *ui, const Line *line, float x) {
    const TextEdit *text = &ui->edit.text;
    float left = left_of_text(ui, line);
    size_t end = end_of_sight(ui, line), offset = ui->edit.first;
    while (offset < end) {
        size_t next = text_edit_after(text, offset);
        float middle = 0.5f * (width_of(ui, line, text->bytes, ui->edit.first, offset) +
                                  width_of(ui, line, text->bytes, ui->edit.first, next));
        if (x < left + middle) break;
        offset = next;
    }
    return offset;
}

/* A press places the caret, a drag selects; two select a word, three all. */
static void handle_pointer(Ui *ui, const UiControl *control, const Line *line) {
    const Event *event = ui->event;
    TextEdit *text = &ui->edit.text;
    if (ui_is_pressed(ui, control)) {
        size_t offset = offset_at(ui, line, event->x);
        if (event->clicks == 2)
            text_edit_select_word(text, offset);
        else if (event->clicks > 2)
            text_edit_select_all(text);
        else
            text_edit_place(text, offset, event->shift);
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_MOVE) {
        text_edit_place(text, offset_at(ui, line, event->x), true);
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_UP) {
        ui->active[0] = '\0';
        ui_take(ui);
    }
}

static void draw_box(Ui *ui, Rect rect, bool bad) {
    canvas_fill_rect(ui->canvas, rect, RADIUS, ui->theme->background);
    canvas_stroke_rect(ui->canvas, rect, RADIUS, 1.5f, bad ? ui->theme->warning : ui->theme->accent);
}

static void draw_edited(Ui *ui, Rect rect, const Line *line) {
    const TextEdit *text = &ui->edit.text;
    const Theme *theme = ui->theme;
    bool bad = ui->edit.problem.code != STATUS_OK;
    draw_box(ui, rect, bad);
    size_t first = ui->edit.first, last = end_of_sight(ui, line), begin, end;
    float left = left_of_text(ui, line), middle = rect.y + 0.5f * rect.height;
    float top = middle - 0.7f * line->size, height = 1.4f * line->size;
    if (text_edit_selection(text, &begin, &end) && end > first && begin < last) {
        float from = width_of(ui, line, text->bytes, first, begin > first ? begin : first);
        float to = width_of(ui, line, text->bytes, first, end < last ? end : last);
        canvas_fill_rect(ui->canvas, (Rect){left + from, top, to - from, height}, 2,
            colour_with_alpha(theme->accent, 0.35f));
    }
    char shown[LINE_BYTES];
    size_t length = last - first < sizeof shown ? last - first : sizeof shown - 1;
    memcpy(shown, text->bytes + first, length);
    shown[length] = '\0';
    canvas_text(ui->canvas, left, text_baseline(middle, line->size), ALIGN_LEFT, line->font, line->size,
        bad ? theme->warning : theme->text, shown);
    float caret = left + width_of(ui, line, text->bytes, first, text->caret);
    canvas_fill_rect(
        ui->canvas, (Rect){caret - 0.5f * CARET_WIDTH, top, CARET_WIDTH, height}, 0, theme->text);
}

/* A field that is not edited shows that it could be. */
static void draw_resting(
    Ui *ui, const UiControl *control, const Line *line, Colour colour, const char *text) {
    Rect rect = control->rect;
    if (ui_is_hovered(ui, control)) canvas_stroke_rect(ui->canvas, rect, RADIUS, 1, ui->theme->dim);
    float x = line->align == ALIGN_RIGHT ? line->inner.x + line->inner.width : line->inner.x;
    text_draw_fitted(ui->canvas, x, text_baseline(rect.y + 0.5f * rect.height, line->size), line->align,
        line->font, line->size, colour, line->inner.width, text);
    ui_draw_focus(ui, control, RADIUS);
}

static Line line_in(Rect rect, Font font, float size, Align align) {
    Rect inner = {rect.x + PADDING, rect.y, fmaxf(rect.width - 2 * PADDING, 0), rect.height};
    return (Line){font, size, inner, align};
}

/* Begins by a press or by Enter. */
static void begin_where_asked(Ui *ui, const UiControl *control) {
    if (!ui_is_pressed(ui, control) && !ui_has_key(ui, control, KEY_ENTER)) return;
    ui_edit_want(ui, control->name);
    ui_take(ui);
}

/* After Enter the keyboard goes on from here only if it came here. */
static void end_edit(Ui *ui) {
    ui_edit_end(ui);
    if (!ui->focus_seen) ui_drop_focus(ui);
}

/* What a step means to a field that takes its text at the end. Sets *taken where it is taken now. */
static void finish_where_asked(Ui *ui, UiEditStep step, bool good, bool *taken) {
    bool ends = step == UI_EDIT_LEFT || step == UI_EDIT_ESCAPE ||
                (good && (step == UI_EDIT_TAB || step == UI_EDIT_ENTER));
    bool keeps_event = step == UI_EDIT_LEFT || (step == UI_EDIT_TAB && good) || step == UI_EDIT_NONE;
    *taken = ends && good && step != UI_EDIT_ESCAPE;
    if (step == UI_EDIT_LEFT || step == UI_EDIT_TAB) {
        if (ends) ui_edit_end(ui);
    } else if (ends) {
        end_edit(ui);
    }
    if (!keeps_event && ui->event) ui_take(ui);
}

/* The number that the text is. Spaces around it do not count. */
static bool read_number(Ui *ui, const UiNumber *number, double *value) {
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "%s", ui_edit_text(ui) + strspn(ui_edit_text(ui), " "));
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') text[--length] = '\0';
    ui->edit.problem = status_ok();
    if (!text_parse_number(text, value))
        return status_fail(&ui->edit.problem, STATUS_BAD_INPUT, "'%.40s' is not a number", text);
    if (number->range->whole && *value != round(*value))
        return status_fail(&ui->edit.problem, STATUS_BAD_INPUT, "a whole number is needed here");
    return !number->check || number->check(number->context, *value, &ui->edit.problem);
}

static bool step_number(Ui *ui, const UiNumber *number, double *value, int way, bool fine) {
    double to = *value;
    if (ui->edit.name[0]) read_number(ui, number, &to);
    ui_take(ui);
    if (!ui_range_step(number->range, &to, way, fine)) return false;
    *value = to;
    return true;
}

static bool edit_number(Ui *ui, const UiControl *control, const UiNumber *number, double *value) {
    UiEditStep step = ui_edit_step(ui, control);
    double typed = *value;
    if (step == UI_EDIT_UP || step == UI_EDIT_DOWN) {
        if (!step_number(ui, number, value, step == UI_EDIT_UP ? 1 : -1, false)) return false;
        char text[NUMBER_BYTES];
        text_format_number(text, sizeof text, *value);
        text_edit_start(&ui->edit.text, text, false);
        ui->edit.problem = status_ok();
        return true;
    }
    if (step == UI_EDIT_NONE) return false;
    bool good = read_number(ui, number, &typed), taken;
    finish_where_asked(ui, step, good, &taken);
    bool changed = taken && typed != *value;
    if (changed) *value = typed;
    return changed;
}

/* Typing a number where the keyboard is begins with it. */
static bool begins_number(const Ui *ui, const UiControl *control) {
    const Event *event = ui->event;
    if (!event || event->type != EVENT_KEY || event->control || event->alt || !event->text[0]) return false;
    return ui_shows_focus(ui, control) && strchr("0123456789.-+", event->text[0]) != NULL;
}

static bool rest_number(Ui *ui, const UiControl *control, const UiNumber *number, double *value) {
    bool up = ui_has_key(ui, control, KEY_UP);
    if (up || ui_has_key(ui, control, KEY_DOWN))
        return step_number(ui, number, value, up ? 1 : -1, ui->event->shift);
    if (begins_number(ui, control)) {
        ui_edit_want(ui, control->name);
        if (ui_edit_is_on(ui, control, "", false)) return edit_number(ui, control, number, value);
    }
    begin_where_asked(ui, control);
    return false;
}

bool ui_number(Ui *ui, const char *name, Rect rect, const UiNumber *number, double *value, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_FIELD, rect, tip);
    if (!control) return false;
    Line line = line_in(rect, FONT_MONO, SIZE_SMALL, ALIGN_RIGHT);
    char text[NUMBER_BYTES];
    text_format_number(text, sizeof text, *value);
    bool changed = false;
    if (ui_edit_is_on(ui, control, text, false)) {
        handle_pointer(ui, control, &line);
        changed = edit_number(ui, control, number, value);
    } else {
        changed = rest_number(ui, control, number, value);
    }
    if (!ui->draws) return changed;
    if (strcmp(ui->edit.name, name) == 0) {
        keep_caret_in_sight(ui, &line);
        ui->edit.tells = ui->edit.problem.code != STATUS_OK;
        draw_edited(ui, rect, &line);
    } else {
        number_short(*value, text);
        draw_resting(ui, control, &line, ui->theme->text, text);
    }
    return changed;
}

static bool read_text(Ui *ui, size_t size) {
    size_t length = ui->edit.text.length;
    ui->edit.problem = status_ok();
    if (length == 0) return status_fail(&ui->edit.problem, STATUS_BAD_INPUT, "a name is needed here");
    return length < size ||
           status_fail(&ui->edit.problem, STATUS_BAD_INPUT, "too long: %zu of %zu bytes", length, size - 1);
}

static bool edit_text(Ui *ui, const UiControl *control, char *text, size_t size) {
    UiEditStep step = ui_edit_step(ui, control);
    if (step == UI_EDIT_NONE || step == UI_EDIT_UP || step == UI_EDIT_DOWN) return false;
    bool good = read_text(ui, size), taken;
    finish_where_asked(ui, step, good, &taken);
    if (!taken || strcmp(text, ui_edit_text(ui)) == 0) return false;
    memcpy(text, ui_edit_text(ui), ui->edit.text.length + 1);
    return true;
}

bool ui_text(Ui *ui, const char *name, Rect rect, char *text, size_t size, UiLook look, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_FIELD, rect, tip);
    if (!control) return false;
    Line line = line_in(rect, FONT_TEXT, look.small ? SIZE_SMALL : SIZE_NAME, ALIGN_LEFT);
    bool changed = false;
    if (ui_edit_is_on(ui, control, text, false)) {
        handle_pointer(ui, control, &line);
        changed = edit_text(ui, control, text, size);
    } else {
        begin_where_asked(ui, control);
    }
    if (!ui->draws) return changed;
    if (strcmp(ui->edit.name, name) == 0) {
        keep_caret_in_sight(ui, &line);
        ui->edit.tells = ui->edit.problem.code != STATUS_OK;
        draw_edited(ui, rect, &line);
    } else {
        draw_resting(ui, control, &line, look.dim ? ui->theme->dim : ui->theme->text, text);
    }
    return changed;
}

bool ui_search(Ui *ui, const char *name, Rect rect, const char *hint, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_FIELD, rect, tip);
    if (!control) return false;
    Line line = line_in(rect, FONT_TEXT, SIZE_NAME, ALIGN_LEFT);
    line.inner.x += PADDING;
    line.inner.width = fmaxf(line.inner.width - 2 * PADDING, 0);
    if (strcmp(ui->edit.name, name) != 0) ui_edit_want(ui, name);
    if (!ui_edit_is_on(ui, control, "", false)) return false;
    memcpy(ui->focus, ui->edit.name, sizeof ui->focus);
    handle_pointer(ui, control, &line);
    bool changed = ui_edit_step(ui, control) == UI_EDIT_CHANGED;
    if (changed) ui->edit.problem = status_ok();
    if (!ui->draws) return changed;
    keep_caret_in_sight(ui, &line);
    ui->edit.tells = ui->edit.problem.code != STATUS_OK;
    draw_edited(ui, rect, &line);
    if (ui->edit.text.length == 0)
        text_draw_fitted(ui->canvas, line.inner.x + PADDING,
            text_baseline(rect.y + 0.5f * rect.height, SIZE_NAME), ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
            ui->theme->dim, line.inner.width - PADDING, hint);
    return changed;
}

void status_headline(const Status *status, char *out, size_t out_size) {
    const char *message = status->message;
    size_t length = strcspn(message, "\n");
    /* "formula:1:7: there is no ..." */
    const char *colon = status->place >= 0 ? memchr(message, ':', length) : NULL;
    if (colon) {
        const char *after = colon + 1 + strspn(colon + 1, "0123456789:");
        if (after > colon + 1 && *after == ' ') message = after + 1;
    }
    snprintf(out, out_size, "%.*s", (int)strcspn(message, "\n"), message);
}
