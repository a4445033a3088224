/* Where each line goes, and what part of it is in sight. What the lines say is known to the cards. */
#include "pen.h"

#include "ui_field.h"

#include <math.h>
#include <stdio.h>

static const float VALUE_WIDTH = 62, NAME_SHARE = 0.27f, SWITCH_WIDTH = 40, TO_WIDTH = 22;

Pen pen_start(Ui *ui, Rect column) {
    float character = canvas_text_width(ui->canvas, FONT_MONO, SIZE_MONO, "0");
    return (Pen){
        .ui = ui,
        .column = column,
        .y = column.y,
        .columns = character > 0 ? (int)((column.width - PEN_INDENT) / character) : 1,
    };
}

bool pen_shows(const Pen *pen, float height) {
    return !pen->measures && pen->y >= pen->column.y - 0.5f &&
           pen->y + height <= pen->column.y + pen->column.height + 0.5f;
}

void pen_line(Pen *pen, Colour colour, const char *text, size_t length, const char *after) {
    if (pen_shows(pen, PEN_LINE_HEIGHT)) {
        char bytes[FITTED_BYTES];
        snprintf(bytes, sizeof bytes, "%.*s%s", (int)(length < 120 ? length : 120), text, after);
        text_draw_fitted(pen->ui->canvas, pen->column.x + PEN_INDENT,
            text_baseline(pen->y + 0.5f * PEN_LINE_HEIGHT, SIZE_MONO), ALIGN_LEFT, FONT_MONO, SIZE_MONO,
            colour, pen->column.width - PEN_INDENT, bytes);
    }
    pen->y += PEN_LINE_HEIGHT;
}

int pen_count_lines(const Pen *pen, const char *text) {
    int n = 0;
    for (; *text; n++) text_line(text, pen->columns, &text);
    return n;
}

void pen_formula(Pen *pen, const char *text, int max_lines) {
    for (int line = 0; line < max_lines && *text; line++) {
        const char *next;
        size_t length = text_line(text, pen->columns, &next);
        pen_line(pen, pen->ui->theme->dim, text, length, line + 1 == max_lines && *next ? " …" : "");
        text = next;
    }
}

void pen_separator(Pen *pen) {
    if (pen_shows(pen, 1))
        canvas_segments(pen->ui->canvas,
            (Point[]){{pen->column.x, pen->y + 0.5f}, {pen->column.x + pen->column.width, pen->y + 0.5f}}, 1,
            1, pen->ui->theme->line);
    pen->y += 1;
}

/* What the slider is for, and how to get back. */
static void describe(const PenRow *row, char tip[UI_TIP_BYTES]) {
    char normal[NUMBER_BYTES];
    number_short(row->range.normal, normal);
    if (row->is_switch || isnan(row->range.normal))
        snprintf(tip, UI_TIP_BYTES, "%s", row->tip ? row->tip : row->name);
    else
        snprintf(
            tip, UI_TIP_BYTES, "%s; a double click brings back %s", row->tip ? row->tip : row->name, normal);
}

static bool put_switch(Ui *ui, const PenRow *row, const char *tip, Rect rect, double *value) {
    UiLook look = {.small = true, .active = *value != 0};
    if (!ui_button(ui, row->control, rect, *value != 0 ? "on" : "off", look, tip)) return false;
    *value = *value != 0 ? 0 : 1;
    return true;
}

bool pen_slider(Pen *pen, const PenRow *row, double *value) {
    Ui *ui = pen->ui;
    Rect whole = {pen->column.x + PEN_INDENT, pen->y, pen->column.width - PEN_INDENT, PEN_ROW_HEIGHT};
    bool shows = pen_shows(pen, PEN_ROW_HEIGHT);
    pen->y += PEN_ROW_HEIGHT;
    if (pen->measures) return false;
    float middle = whole.y + 0.5f * whole.height, right = whole.x + whole.width;
    float name_width = floorf(NAME_SHARE * pen->column.width);
    Rect control = {
        whole.x + name_width - 6, whole.y, right - VALUE_WIDTH - whole.x - name_width + 8, whole.height};
    bool changed;
    char number[UI_NAME_BYTES], tip[UI_TIP_BYTES];
    describe(row, tip);
    snprintf(number, sizeof number, "%s =", row->control);
    if (!shows && ui->draws) {
        ui_control(ui, row->control, UI_SLIDER, whole, tip);
        if (!row->is_switch) ui_control(ui, number, UI_FIELD, whole, tip);
        return false;
    }
    if (row->is_switch) {
        Rect button = {right - SWITCH_WIDTH, whole.y + 1, SWITCH_WIDTH, whole.height - 2};
        name_width = whole.width - SWITCH_WIDTH;
        changed = put_switch(ui, row, tip, button, value);
    } else {
        changed = ui_slider(ui, row->control, control, &row->range, row->fill, value, tip);
        Rect field = {right - VALUE_WIDTH, whole.y + 1, VALUE_WIDTH, whole.height - 2};
        UiNumber kind = {.range = &row->range, .check = row->check, .context = row->context};
        changed |= ui_number(ui, number, field, &kind, value, "press to type a number");
    }
    if (shows)
        text_draw_fitted(ui->canvas, whole.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT,
            SIZE_SMALL, ui->theme->dim, name_width - 8, row->name);
    return changed;
}

static bool is_below(const void *context, double value, Status *status) {
    return value < *(const double *)context ||
           status_fail(status, STATUS_BAD_INPUT, "it must be below the other end");
}

static bool is_above(const void *context, double value, Status *status) {
    return value > *(const double *)context ||
           status_fail(status, STATUS_BAD_INPUT, "it must be above the other end");
}

bool pen_interval(Pen *pen, const char *control, const char *name, double *from, double *to) {
    Ui *ui = pen->ui;
    bool shows = pen_shows(pen, PEN_ROW_HEIGHT);
    Rect row = {pen->column.x + PEN_INDENT, pen->y, pen->column.width - PEN_INDENT, PEN_ROW_HEIGHT};
    pen->y += PEN_ROW_HEIGHT;
    if (pen->measures) return false;
    char names[2][UI_NAME_BYTES];
    snprintf(names[0], sizeof names[0], "%s from", control);
    snprintf(names[1], sizeof names[1], "%s to", control);
    float middle = row.y + 0.5f * row.height, right = row.x + row.width;
    Rect fields[2] = {{right - 2 * VALUE_WIDTH - TO_WIDTH, row.y + 1, VALUE_WIDTH, row.height - 2},
        {right - VALUE_WIDTH, row.y + 1, VALUE_WIDTH, row.height - 2}};
    if (!shows && ui->draws) {
        for (int i = 0; i < 2; i++) ui_control(ui, names[i], UI_FIELD, fields[i], NULL);
        return false;
    }
    const UiRange range = {.min = *from, .max = *to, .normal = NAN};
    UiNumber below = {&range, is_below, to}, above = {&range, is_above, from};
    bool changed = ui_number(ui, names[0], fields[0], &below, from, "where the picture begins");
    changed |= ui_number(ui, names[1], fields[1], &above, to, "where the picture ends");
    if (!shows) return changed;
    text_draw_fitted(ui->canvas, row.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        ui->theme->dim, fields[0].x - row.x - 4, name);
    canvas_text(ui->canvas, right - VALUE_WIDTH - 0.5f * TO_WIDTH, text_baseline(middle, SIZE_SMALL),
        ALIGN_CENTRE, FONT_TEXT, SIZE_SMALL, ui->theme->dim, "to");
    return changed;
}
