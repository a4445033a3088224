/* The same few lines for every racer, from its optimizer's row and the table of devices. */
#include "racer_card.h"

#include "formula_field.h"
#include "marker.h"
#include "text.h"
#include "ui_field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float TOOL_HEIGHT = 20, TOOL_GAP = 4, TOOL_PADDING = 5, NEXT_WIDTH = 40, MARKER_AREA = 20;

static void format_parameter(const OptimizerParameter *parameter, double value, char out[NUMBER_BYTES]) {
    if (parameter->scale == SCALE_SWITCH)
        snprintf(out, NUMBER_BYTES, "%s", value != 0 ? "on" : "off");
    else
        number_short(value, out);
}

static void control_name(char out[UI_NAME_BYTES], int racer, const char *part) {
    snprintf(out, UI_NAME_BYTES, "racer %d.%s", racer + 1, part);
}

/* A press on the title chooses the racer, and puts it back where it is chosen already. */
static void header_controls(const Pen *pen, const Subject *subject, Editor *editor, int racer) {
    char name[UI_NAME_BYTES];
    Rect marker = {pen->column.x - 4, pen->y, MARKER_AREA, PEN_HEADER_HEIGHT};
    Rect title = {marker.x + MARKER_AREA, pen->y, pen->column.width - MARKER_AREA + 8, PEN_HEADER_HEIGHT};
    control_name(name, racer, "style");
    if (ui_area(pen->ui, name, marker, "another colour and marker (C)")) {
        editor->selected = racer;
        pen->ui->posted = ACTION_STYLE;
    }
    control_name(name, racer, "title");
    bool selected = subject->selected == racer;
    const char *tip = selected ? "fold this card" : "choose this racer: all its settings (. and ,)";
    if (ui_area(pen->ui, name, title, tip)) editor->selected = selected ? -1 : racer;
}

/* Beside the title, if there is room: the status; before the loss: `rate`. */
static void put_header(Pen *pen, const Subject *subject, Editor *editor, int racer, const char *rate) {
    if (!pen->measures) header_controls(pen, subject, editor, racer);
    if (pen_shows(pen, PEN_HEADER_HEIGHT)) {
        Canvas *canvas = pen->ui->canvas;
        const Theme *theme = pen->ui->theme;
        float middle = pen->y + 0.5f * PEN_HEADER_HEIGHT, right = pen->column.x + pen->column.width;
        bool diverged = !subject->veiled && subject_racer_status(subject, racer) == RACER_DIVERGED;
        const char *status = subject->veiled ? "" : subject_racer_status_name(subject, racer);
        double loss = subject_racer_loss(subject, racer);
        bool hidden = !subject->veiled && !subject_racer_visible(subject, racer);
        char number[NUMBER_BYTES], title[FITTED_BYTES];
        number_scientific(loss, number);
        if (isnan(loss) && subject->networks && !subject->networks->reports[racer]) number[0] = '\0';
        if (subject->veiled) snprintf(number, sizeof number, "?");
        float number_width = canvas_text_width(canvas, FONT_MONO, SIZE_SMALL, number);
        marker_draw(canvas, marker_of_style(subject_racer_style(subject, racer)),
            (Point){pen->column.x + 7, middle}, 5, subject_racer_colour(subject, racer), 0, theme->panel);
        float room = right - number_width - 8 - pen->column.x - PEN_INDENT;
        float width =
            text_fit(canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer), room, title);
        canvas_text(canvas, pen->column.x + PEN_INDENT, text_baseline(middle, SIZE_NAME), ALIGN_LEFT,
            FONT_STRONG, SIZE_NAME, hidden ? theme->dim : theme->text, title);
        const char *aside = hidden ? "hidden" : status;
        Colour colour = diverged ? theme->warning : theme->dim;
        float aside_width = canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, aside);
        float rate_width = canvas_text_width(canvas, FONT_MONO, SIZE_SMALL, rate);
        if (width + (aside[0] ? 8 + aside_width : 0) + 12 + rate_width <= room)
            canvas_text(canvas, right - number_width - 12, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT,
                FONT_MONO, SIZE_SMALL, theme->dim, rate);
        if (width + 8 + aside_width <= room)
            canvas_text(canvas, pen->column.x + PEN_INDENT + width + 8, text_baseline(middle, SIZE_SMALL),
                ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, colour, aside);
        canvas_text(canvas, right, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT, FONT_MONO, SIZE_SMALL,
            diverged ? theme->warning : theme->text, number);
    }
    pen->y += PEN_HEADER_HEIGHT;
}

/* The hyperparameters from `first` on, as many as go into one line. */
static void put_others(Pen *pen, const Subject *subject, const RacerSpec *spec, int first) {
    char line[FITTED_BYTES] = "";
    size_t length = 0, room = (size_t)(pen->columns < 100 ? pen->columns : 100);
    int n = optimizer_parameter_count(spec->optimizer);
    const double *values = racer_values(spec, subject->step);
    for (int i = first; i < n; i++) {
        char value[NUMBER_BYTES], item[NUMBER_BYTES + SYMBOL_NAME_BYTES];
        format_parameter(&spec->optimizer->parameters[i], values[i], value);
        int bytes = snprintf(
            item, sizeof item, "%s%s %s", i > first ? "  " : "", spec->optimizer->parameters[i].name, value);
        bool fits = length + (size_t)bytes + (i + 1 < n ? 2 : 0) <= room;
        length += (size_t)snprintf(line + length, sizeof line - length, "%s", fits ? item : " …");
        if (!fits) break;
    }
    if (line[0]) pen_line(pen, pen->ui->theme->dim, line, length, "");
}

/* The last statement about x; the last of all where none is. */
static const char *last_move(const char *text) {
    const char *move = NULL, *line = text;
    for (const char *next = text; next; line = next + 1) {
        next = strchr(line, '\n');
        if (line[0] == 'x' && line[1] == ' ') move = line;
        if (!next) break;
    }
    return move ? move : line;
}

/* What the optimizer does, statement by statement. Where there is no room for all of them, those are left out
 * that stand before the last: what happens to x is always shown. */
static void put_update(Pen *pen, const Optimizer *optimizer, int max_lines) {
    const char *text = optimizer->update, *last = last_move(text);
    Colour dim = pen->ui->theme->dim;
    if (max_lines == 0) return;
    if (optimizer->probe && max_lines > 1) {
        char probe[FITTED_BYTES];
        int length = snprintf(probe, sizeof probe, "g at %s", optimizer->probe);
        pen_line(pen, dim, probe, (size_t)length, "");
        max_lines--;
    }
    if (pen_count_lines(pen, text) > max_lines) {
        pen_formula(pen, text, max_lines - 1);
        pen_line(pen, dim, last, strcspn(last, "\n"), "");
    } else {
        pen_formula(pen, text, max_lines);
    }
}

/* Whatever stands between the plain gradient and the optimizer, the schedule, and what changes on the way:
 * nothing of it is hidden. */
static void put_departures(Pen *pen, const RacerSpec *spec) {
    char text[2 * SCHEDULE_TEXT_BYTES] = "";
    size_t length = 0;
    if (spec->schedule.text[0]) {
        length = (size_t)snprintf(text, sizeof text, "schedule ");
        length += schedule_describe(&spec->schedule, text + length, sizeof text - length);
    }
    if (spec->schedule.warmup > 0 && length < sizeof text)
        length += (size_t)snprintf(
            text + length, sizeof text - length, "%swarmup %g", length ? "  " : "", spec->schedule.warmup);
    for (int i = 0; i < DEVICE_COUNT && length < sizeof text; i++) {
        if (spec->devices[i] == device_table[i].value || spec->devices[i] == 0) continue;
        char value[NUMBER_BYTES];
        format_parameter(&device_table[i], spec->devices[i], value);
        length += (size_t)snprintf(
            text + length, sizeof text - length, "%s%s %s", length ? "  " : "", device_table[i].name, value);
    }
    for (int i = 0; i < spec->n_changes && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%sbranched at %lld",
            length ? "  " : "", (long long)spec->changes[i].step);
    for (const char *line = text; *line;) {
        const char *next;
        pen_line(pen, pen->ui->theme->text, line, text_line(line, pen->columns, &next), "");
        line = next;
    }
}

static UiRange range_of(const OptimizerParameter *parameter) {
    return (UiRange){
        .min = parameter->min,
        .max = parameter->max,
        .logarithmic = parameter->scale == SCALE_LOG,
        .whole = parameter->domain == DOMAIN_COUNT,
        .from_zero = parameter->domain == DOMAIN_NOT_NEGATIVE,
        .normal = parameter->value,
    };
}

static bool check(const void *context, double value, Status *status) {
    const OptimizerParameter *parameter = context;
    return parameter_check(parameter, "it", value, status);
}

/* A slider of one number of the racer. True where it has changed. */
static bool put_parameter(Pen *pen, int racer, const OptimizerParameter *parameter, Colour colour,
    const char *tip, double *value, char control[UI_NAME_BYTES]) {
    control_name(control, racer, parameter->name);
    PenRow row = {
        .control = control,
        .name = parameter->name,
        .tip = tip,
        .check = check,
        .context = parameter,
        .range = range_of(parameter),
        .is_switch = parameter->scale == SCALE_SWITCH,
        .fill = colour,
    };
    return pen_slider(pen, &row, value);
}

static void put_sliders(
    Pen *pen, const Subject *subject, Editor *editor, int racer, const RacerSpec *spec, int rows) {
    const double *values = racer_values(spec, subject->step);
    for (int i = 0; i < rows; i++) {
        char control[UI_NAME_BYTES];
        double value = values[i];
        if (!put_parameter(pen, racer, &spec->optimizer->parameters[i], subject_racer_colour(subject, racer),
                NULL, &value, control))
            continue;
        RacerSpec *changed = editor_change_racer(editor, racer, control, pen->ui->gesture);
        editor_values(editor, changed)[i] = value;
    }
}

/* A row with a name, and room for a field of text that leaves `spare` pixels at its right. True where it is
 * in sight. */
static bool put_text_row(Pen *pen, const char *name, float spare, Rect *row, Rect *field) {
    *row = (Rect){pen->column.x + PEN_INDENT, pen->y, pen->column.width - PEN_INDENT, PEN_ROW_HEIGHT};
    float name_width = floorf(0.27f * pen->column.width);
    *field = (Rect){row->x + name_width, row->y + 1, row->width - name_width - spare, row->height - 2};
    bool shows = pen_shows(pen, PEN_ROW_HEIGHT);
    pen->y += PEN_ROW_HEIGHT;
    if (shows)
        text_draw_fitted(pen->ui->canvas, row->x, text_baseline(row->y + 0.5f * row->height, SIZE_SMALL),
            ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, pen->ui->theme->dim, name_width - 8, name);
    return shows;
}

static void change_schedule(Pen *pen, Editor *editor, int racer, const char *control, const char *text) {
    ScheduleSpec next = editor->scene.racers[racer].schedule;
    Status status = status_ok();
    if (schedule_read(&next, text, &status))
        editor_change(editor, control, pen->ui->gesture)->racers[racer].schedule = next;
    else
        ui_tell(pen->ui, status.message);
}

static void put_label(Pen *pen, Editor *editor, int racer, const RacerSpec *spec) {
    char field[UI_NAME_BYTES], text[RACER_LABEL_BYTES];
    control_name(field, racer, "label");
    memcpy(text, spec->label, sizeof text);
    Rect row, at;
    bool shows = put_text_row(pen, "name", 0, &row, &at);
    if (pen->measures) return;
    if (!shows && pen->ui->draws)
        ui_control(pen->ui, field, UI_FIELD, at, NULL);
    else if (ui_text(
                 pen->ui, field, at, text, sizeof text, (UiLook){.small = true}, "how the racer is called") &&
             text[0] && text_is_printable(text))
        memcpy(editor_change(editor, field, pen->ui->gesture)->racers[racer].label, text, sizeof text);
}

/* The schedule as text, to be typed: a name with its parameters, or a formula; and a button for the next of
 * the table. */
static void put_schedule(Pen *pen, Editor *editor, int racer, const RacerSpec *spec) {
    Ui *ui = pen->ui;
    char field[UI_NAME_BYTES], button[UI_NAME_BYTES], text[SCHEDULE_TEXT_BYTES];
    control_name(field, racer, "schedule");
    control_name(button, racer, "next schedule");
    schedule_describe(&spec->schedule, text, sizeof text);
    Rect row, at;
    bool shows = put_text_row(pen, "schedule", NEXT_WIDTH + TOOL_GAP, &row, &at);
    Rect next = {row.x + row.width - NEXT_WIDTH, row.y + 1, NEXT_WIDTH, row.height - 2};
    if (pen->measures) return;
    if (!shows && ui->draws) {
        ui_control(ui, field, UI_FIELD, at, NULL);
        ui_control(ui, button, UI_BUTTON, next, NULL);
        return;
    }
    UiLook small = {.small = true};
    if (ui_text(ui, field, at, text, sizeof text, small, "a schedule's name, or a formula of t, lr and T"))
        change_schedule(pen, editor, racer, field, text);
    if (!ui_button(ui, button, next, "next", small, "the next schedule of the table")) return;
    const Schedule *row_now =
        schedule_find(spec->schedule.text[0] ? spec->schedule.text : schedule_table[0].name);
    int i = row_now ? (int)(row_now - schedule_table) : -1;
    change_schedule(pen, editor, racer, button, schedule_table[(i + 1) % schedule_count].name);
}

static const OptimizerParameter warmup_row = {"warmup", 0, 1, 1000, SCALE_LOG, DOMAIN_NOT_NEGATIVE};

static void put_devices(Pen *pen, Editor *editor, int racer, const RacerSpec *spec) {
    put_label(pen, editor, racer, spec);
    put_schedule(pen, editor, racer, spec);
    Colour colour = pen->ui->theme->dim;
    char control[UI_NAME_BYTES];
    double value = spec->schedule.warmup;
    if (put_parameter(pen, racer, &warmup_row, colour, "steps before the schedule", &value, control))
        editor_change(editor, control, pen->ui->gesture)->racers[racer].schedule.warmup = round(value);
    for (int i = 0; i < DEVICE_COUNT; i++) {
        value = spec->devices[i];
        if (put_parameter(pen, racer, &device_table[i], colour, NULL, &value, control))
            editor_change(editor, control, pen->ui->gesture)->racers[racer].devices[i] = value;
    }
}

/* The formula of the racer that is chosen is pressed to be changed. */
static void put_script_area(Pen *pen, int racer, float top) {
    char name[UI_NAME_BYTES], tip[UI_TIP_BYTES];
    script_field_name(racer, name);
    action_tip(ACTION_SCRIPT, tip, sizeof tip);
    formula_area(pen, top, name, tip);
}

/* The tools of the racer that is chosen: buttons that do what keys do. */
static void put_tools(Pen *pen, const Subject *subject, int racer, bool devices) {
    const RacerLook *look = &subject_racer(subject, racer)->look;
    const struct {
        const char *text, *part;
        Action action;
        bool active;
    } tools[] = {
        {"hide", "hide", ACTION_HIDE, look->hidden},
        {"solo", "solo", ACTION_SOLO, look->solo},
        {"edit", "edit", ACTION_SCRIPT, false},
        {"copy", "copy", ACTION_DUPLICATE, false},
        {"up", "up", ACTION_MOVE_UP, false},
        {"down", "down", ACTION_MOVE_DOWN, false},
        {"more", "more", ACTION_DEVICES, devices},
        {"remove", "remove", ACTION_REMOVE, false},
    };
    enum { TOOLS = sizeof tools / sizeof *tools };
    float x = pen->column.x + PEN_INDENT, right = pen->column.x + pen->column.width;
    for (int i = 0; i < TOOLS; i++) {
        char name[UI_NAME_BYTES], tip[UI_TIP_BYTES];
        control_name(name, racer, tools[i].part);
        action_tip(tools[i].action, tip, sizeof tip);
        float width = ceilf(canvas_text_width(pen->ui->canvas, FONT_TEXT, SIZE_SMALL, tools[i].text)) +
                      2 * TOOL_PADDING;
        if (x + width > right) {
            x = pen->column.x + PEN_INDENT;
            pen->y += TOOL_HEIGHT + 2;
        }
        Rect rect = {x, pen->y + 2, width, TOOL_HEIGHT - 2};
        UiLook face = {.small = true, .active = tools[i].active};
        x += width + TOOL_GAP;
        if (pen->measures) continue;
        if (!pen_shows(pen, TOOL_HEIGHT) && pen->ui->draws)
            ui_control(pen->ui, name, UI_BUTTON, rect, tip);
        else if (ui_button(pen->ui, name, rect, tools[i].text, face, tip))
            pen->ui->posted = tools[i].action;
    }
    pen->y += TOOL_HEIGHT + 2;
}

void racer_card(Pen *pen, const Subject *subject, Editor *editor, int racer, const Form *form, bool devices) {
    const RacerSpec *spec = subject_racer(subject, racer);
    bool selected = subject->selected == racer;
    int n = optimizer_parameter_count(spec->optimizer), rows = selected || n < form->rows ? n : form->rows;
    char rate[2 * NUMBER_BYTES] = "", number[NUMBER_BYTES];
    if (!selected && form->rows == 0 && !form->others) {
        format_parameter(&spec->optimizer->parameters[0], racer_values(spec, subject->step)[0], number);
        snprintf(rate, sizeof rate, "%s %s", spec->optimizer->parameters[0].name, number);
    }
    float top = pen->y;
    pen->y += PEN_CARD_PADDING;
    put_header(pen, subject, editor, racer, rate);
    float formula_top = pen->y;
    if (!racer_script_field(pen, editor, racer)) {
        put_update(pen, spec->optimizer, selected ? 12 : form->formula_lines);
        if (selected && has_script(&editor->scene, racer)) put_script_area(pen, racer, formula_top);
    }
    put_departures(pen, spec);
    put_sliders(pen, subject, editor, racer, spec, rows);
    if (!selected && form->others) put_others(pen, subject, spec, rows);
    if (selected && devices) put_devices(pen, editor, racer, spec);
    if (selected) put_tools(pen, subject, racer, devices);
    pen->y += PEN_CARD_PADDING;
    if (selected && !pen->measures)
        canvas_fill_rect(pen->ui->canvas, (Rect){pen->column.x - 12, top, 3, pen->y - top}, 0,
            subject_racer_colour(subject, racer));
    pen_separator(pen);
}
