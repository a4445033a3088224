/* A field of several lines. A line that is too long goes on in the next, after a space where there is one;
 * its characters are all of one width, so that a place is a line and a column. */
#include "text.h"
#include "ui_edit.h"
#include "ui_field.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PADDING = 6, RADIUS = 4, LINE_HEIGHT = 16, CARET_WIDTH = 1.5f;
static const float TELL_HEIGHT = 15, TELL_GAP = 3; /* of a line of what is wrong, and above it */
enum { TELL_LINES = 2, COLUMNS_MAX = 200 };

/* bytes[begin, end) are shown in one line; the next begins at `next`. */
typedef struct Line {
    size_t begin, end, next;
} Line;

static Line line_from(const TextEdit *text, size_t begin, int columns) {
    size_t end = begin, space = begin;
    for (int column = 0; end < text->length && text->bytes[end] != '\n'; column++) {
        if (column == columns) {
            if (space > begin) end = space;
            return (Line){begin, end, end};
        }
        bool is_space = text->bytes[end] == ' ';
        end = text_edit_after(text, end);
        if (is_space) space = end;
    }
    return (Line){begin, end, end < text->length ? end + 1 : end};
}

/* The lines that a text takes; at the end of a line that ended by itself there is one more. */
static int count_lines(const TextEdit *text, int columns) {
    int n = 1;
    for (Line line = line_from(text, 0, columns); line.next > line.end || line.next < text->length; n++)
        line = line_from(text, line.next, columns);
    return n;
}

/* Line number i, counted from 0; the last one where there are fewer. */
static Line line_number(const TextEdit *text, int columns, int i) {
    Line line = line_from(text, 0, columns);
    while (i-- > 0 && (line.next > line.end || line.next < text->length))
        line = line_from(text, line.next, columns);
    return line;
}

static int count_characters(const TextEdit *text, size_t begin, size_t end) {
    int n = 0;
    for (; begin < end; n++) begin = text_edit_after(text, begin);
    return n;
}

/* Where the character at an offset is shown. */
static void find_place(const TextEdit *text, int columns, size_t offset, int *row, int *column) {
    Line line = line_from(text, 0, columns);
    *row = 0;
    while (offset >= line.next && (line.next > line.end || line.next < text->length)) {
        line = line_from(text, line.next, columns);
        ++*row;
    }
    *column = count_characters(text, line.begin, offset);
}

static size_t offset_in(const TextEdit *text, const Line *line, int column) {
    size_t offset = line->begin;
    /* Behind the last character of a line that goes on the next begins. */
    size_t end =
        line->next == line->end && line->next < text->length ? text_edit_before(text, line->end) : line->end;
    while (column-- > 0 && offset < end) offset = text_edit_after(text, offset);
    return offset;
}

static float advance_of(Ui *ui) {
    return canvas_text_width(ui->canvas, FONT_MONO, SIZE_MONO, "0");
}

static int columns_in(Ui *ui, float width) {
    float advance = advance_of(ui);
    int columns = advance > 0 ? (int)((width - 2 * PADDING - CARET_WIDTH) / advance) : 1;
    return columns < 1 ? 1 : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
}

static int shown_lines(int n, int max_lines) {
    return n < max_lines ? n : max_lines;
}

float ui_script_height(Ui *ui, const char *name, float width, const UiScript *script) {
    int n = script->max_lines;
    if (strcmp(ui->edit.name, name) == 0) n = count_lines(&ui->edit.text, columns_in(ui, width));
    return LINE_HEIGHT * (float)shown_lines(n, script->max_lines) + TELL_HEIGHT * TELL_LINES + 2 * PADDING + TELL_GAP;
}

static size_t offset_at(Ui *ui, Rect rect, int columns, float x, float y) {
    const TextEdit *text = &ui->edit.text;
    float row = floorf((y - rect.y - PADDING) / LINE_HEIGHT) + (float)ui->edit.first;
    Line line = line_number(text, columns, row > 0 ? (int)row : 0);
    float column = roundf((x - rect.x - PADDING) / fmaxf(advance_of(ui), 1));
    return offset_in(text, &line, column > 0 ? (int)fminf(column, COLUMNS_MAX) : 0);
}

static void handle_pointer(Ui *ui, const UiControl *control, int columns) {
    const Event *event = ui->event;
    TextEdit *text = &ui->edit.text;
    if (ui_is_pressed(ui, control)) {
        size_t offset = offset_at(ui, control->rect, columns, event->x, event->y);
        if (event->clicks == 2)
            text_edit_select_word(text, offset);
        else if (event->clicks > 2)
            text_edit_select_all(text);
        else
            text_edit_place(text, offset, event->shift);
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_MOVE) {
        text_edit_place(text, offset_at(ui, control->rect, columns, event->x, event->y), true);
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_UP) {
        ui->active[0] = '\0';
        ui_take(ui);
    }
}

/* To the same column of the line above or below; to the end of the text beyond the first and the last. */
static void move_by_line(Ui *ui, int columns, int by) {
    TextEdit *text = &ui->edit.text;
    int row, column;
    find_place(text, columns, text->caret, &row, &column);
    int to = row + by;
    size_t offset = to < 0 ? 0 : text->length;
    if (to >= 0 && to < count_lines(text, columns)) {
        Line line = line_number(text, columns, to);
        offset = offset_in(text, &line, column);
    }
    text_edit_place(text, offset, ui->event->shift);
    ui_take(ui);
}

static UiScriptResult handle_keys(Ui *ui, const UiControl *control, const UiScript *script, int columns) {
    UiEditStep step = ui_edit_step(ui, control);
    switch (step) {
    case UI_EDIT_NONE: return UI_SCRIPT_NONE;
    case UI_EDIT_CHANGED: return UI_SCRIPT_CHANGED;
    case UI_EDIT_UP:
    case UI_EDIT_DOWN: move_by_line(ui, columns, step == UI_EDIT_UP ? -1 : 1); return UI_SCRIPT_NONE;
    case UI_EDIT_ENTER:
        if (ui->event->control || (script->enter_ends && !ui->event->shift)) break;
        ui_take(ui);
        return text_edit_insert(&ui->edit.text, "\n") ? UI_SCRIPT_CHANGED : UI_SCRIPT_NONE;
    case UI_EDIT_ESCAPE:
    case UI_EDIT_LEFT:
    case UI_EDIT_TAB: break;
    }
    if (step == UI_EDIT_ENTER || step == UI_EDIT_ESCAPE) {
        ui_take(ui);
        if (!ui->focus_seen) ui_drop_focus(ui);
    }
    ui_edit_end(ui);
    return step == UI_EDIT_ESCAPE ? UI_SCRIPT_CANCELLED : UI_SCRIPT_DONE;
}

static void keep_caret_in_sight(Ui *ui, int columns, int max_lines) {
    const TextEdit *text = &ui->edit.text;
    int row, column, n = count_lines(text, columns), first = (int)ui->edit.first;
    find_place(text, columns, text->caret, &row, &column);
    if (first > row) first = row;
    if (first < row - max_lines + 1) first = row - max_lines + 1;
    if (first > n - max_lines) first = n - max_lines;
    ui->edit.first = first > 0 ? (size_t)first : 0;
}

/* A wave under `n` characters. */
static void draw_wave(Ui *ui, float x, float y, float width) {
    enum { WAVE_POINTS = 64 };
    Point points[WAVE_POINTS];
    int n = (int)fminf(fmaxf(roundf(width / 2), 3), WAVE_POINTS - 1);
    for (int i = 0; i <= n; i++)
        points[i] = (Point){x + width * (float)i / (float)n, y + (i % 2 ? 1.2f : -1.2f)};
    canvas_polyline(ui->canvas, points, n + 1, 1.3f, ui->theme->warning);
}

/* The word that is wrong; where the text has ended too early, the place behind it. */
static void draw_mark(Ui *ui, const Line *line, size_t place, float x, float baseline, float advance) {
    const TextEdit *text = &ui->edit.text;
    size_t end = place;
    while (end < line->end && !strchr(" +-*/^()=,;", text->bytes[end])) end = text_edit_after(text, end);
    int characters = count_characters(text, place, end);
    draw_wave(ui, x + advance * (float)count_characters(text, line->begin, place), baseline + 3.5f,
        advance * (float)(characters > 0 ? characters : 1));
}

static void draw_selection(Ui *ui, const Line *line, float x, float top, float advance) {
    const TextEdit *text = &ui->edit.text;
    size_t begin, end;
    if (!text_edit_selection(text, &begin, &end) || end <= line->begin || begin >= line->next) return;
    int from = begin > line->begin ? count_characters(text, line->begin, begin) : 0;
    int to = count_characters(text, line->begin, end < line->end ? end : line->end);
    /* A line end that is selected is seen as well. */
    float further = end > line->end && line->next > line->end ? 0.5f : 0;
    canvas_fill_rect(ui->canvas,
        (Rect){x + advance * (float)from, top, advance * ((float)(to - from) + further), LINE_HEIGHT}, 0,
        colour_with_alpha(ui->theme->accent, 0.35f));
}

/* Where the mistake is; behind the text where it has none. */
static size_t place_of_problem(const Ui *ui) {
    const Status *problem = &ui->edit.problem;
    size_t length = ui->edit.text.length;
    if (problem->code == STATUS_OK || problem->place < 0) return length + 1;
    return (size_t)problem->place < length ? (size_t)problem->place : length;
}

/* Half a line of text is none. */
static bool is_in_sight(const Ui *ui, float top, float height) {
    return top >= ui->clip.y - 0.5f && top + height <= ui->clip.y + ui->clip.height + 0.5f;
}

static void draw_line(Ui *ui, const Line *line, float x, float top, float advance) {
    const TextEdit *text = &ui->edit.text;
    char shown[4 * COLUMNS_MAX + 1];
    size_t length = line->end - line->begin;
    memcpy(shown, text->bytes + line->begin, length);
    while (length > 0 && shown[length - 1] == ' ') length--;
    shown[length] = '\0';
    draw_selection(ui, line, x, top, advance);
    if (length > 0)
        canvas_text(ui->canvas, x, text_baseline(top + 0.5f * LINE_HEIGHT, SIZE_MONO), ALIGN_LEFT, FONT_MONO,
            SIZE_MONO, ui->theme->text, shown);
}

static void draw_text(Ui *ui, Rect rect, int columns, int rows) {
    const TextEdit *text = &ui->edit.text;
    float advance = advance_of(ui), x = rect.x + PADDING;
    int caret_row, caret_column, bad_row = -1, bad_column;
    find_place(text, columns, text->caret, &caret_row, &caret_column);
    size_t place = place_of_problem(ui);
    if (place <= text->length) find_place(text, columns, place, &bad_row, &bad_column);
    Line line = line_number(text, columns, (int)ui->edit.first);
    for (int i = 0; i < rows; i++, line = line_from(text, line.next, columns)) {
        float top = rect.y + PADDING + LINE_HEIGHT * (float)i;
        int row = (int)ui->edit.first + i;
        if (!is_in_sight(ui, top, LINE_HEIGHT)) continue;
        draw_line(ui, &line, x, top, advance);
        if (row == bad_row)
            draw_mark(ui, &line, place, x, text_baseline(top + 0.5f * LINE_HEIGHT, SIZE_MONO), advance);
        if (row == caret_row)
            canvas_fill_rect(ui->canvas,
                (Rect){x + advance * (float)caret_column - 0.5f * CARET_WIDTH, top, CARET_WIDTH, LINE_HEIGHT},
                0, ui->theme->text);
    }
}

/* As many words as fit into `width`; returns their bytes. */
static size_t words_that_fit(Ui *ui, const char *text, float width) {
    char part[STATUS_MESSAGE_BYTES];
    size_t fits = 0, end = 0, length = strlen(text);
    while (end < length) {
        end += strspn(text + end, " ");
        end += strcspn(text + end, " ");
        snprintf(part, sizeof part, "%.*s", (int)end, text);
        if (canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, part) > width) break;
        fits = end;
    }
    return fits > 0 ? fits : length;
}

/* What is wrong, or how to go on. */
static void draw_telling(Ui *ui, Rect rect, const UiScript *script) {
    char told[STATUS_MESSAGE_BYTES];
    bool bad = ui->edit.problem.code != STATUS_OK;
    if (bad)
        status_headline(&ui->edit.problem, told, sizeof told);
    else
        snprintf(told, sizeof told, "%s keeps it · Esc brings the old one back",
            script->enter_ends ? "Enter" : "Ctrl+Enter");
    const char *rest = told;
    float width = rect.width - 2 * PADDING;
    float y = rect.y + rect.height - PADDING - TELL_HEIGHT * ((float)TELL_LINES - 0.5f);
    for (int i = 0; i < TELL_LINES && *rest; i++) {
        char part[STATUS_MESSAGE_BYTES];
        size_t length = i + 1 < TELL_LINES ? words_that_fit(ui, rest, width) : strlen(rest);
        snprintf(part, sizeof part, "%.*s", (int)length, rest);
        if (is_in_sight(ui, y - 0.5f * TELL_HEIGHT, TELL_HEIGHT))
            text_draw_fitted(ui->canvas, rect.x + PADDING, text_baseline(y, SIZE_SMALL), ALIGN_LEFT,
                FONT_TEXT, SIZE_SMALL, bad ? ui->theme->warning : ui->theme->dim, width, part);
        rest += length + strspn(rest + length, " ");
        y += TELL_HEIGHT;
    }
}

UiScriptResult ui_script(Ui *ui, const char *name, Rect rect, const UiScript *script) {
    const UiControl *control = ui_control(ui, name, UI_FIELD, rect, script->tip);
    if (!control) return UI_SCRIPT_NONE;
    bool was_on = strcmp(ui->edit.name, name) == 0;
    if (!ui_edit_is_on(ui, control, script->text, true)) return UI_SCRIPT_NONE;
    /* A formula is often typed anew; of a script a part is changed, and a letter should not replace it all. */
    if (!was_on && !script->enter_ends) text_edit_place(&ui->edit.text, ui->edit.text.length, false);
    int columns = columns_in(ui, rect.width);
    handle_pointer(ui, control, columns);
    UiScriptResult result = handle_keys(ui, control, script, columns);
    keep_caret_in_sight(ui, columns, script->max_lines);
    if (!ui->draws) return result;
    bool bad = ui->edit.problem.code != STATUS_OK;
    canvas_fill_rect(ui->canvas, rect, RADIUS, ui->theme->background);
    canvas_stroke_rect(ui->canvas, rect, RADIUS, 1.5f, bad ? ui->theme->warning : ui->theme->accent);
    draw_text(ui, rect, columns, shown_lines(count_lines(&ui->edit.text, columns), script->max_lines));
    draw_telling(ui, rect, script);
    return result;
}
