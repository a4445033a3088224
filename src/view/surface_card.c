/* What is raced on. A parameter that is changed is a setting of the scene, as --set gives it. */
#include "surface_card.h"

#include "formula_field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_header(Pen *pen, const Subject *subject) {
    Ui *ui = pen->ui;
    Rect header = {pen->column.x - 4, pen->y, pen->column.width + 8, PEN_HEADER_HEIGHT};
    char tip[UI_TIP_BYTES];
    action_tip(ACTION_SURFACE, tip, sizeof tip);
    if (!pen->measures && ui_area(ui, "surface.title", header, tip)) ui->posted = ACTION_SURFACE;
    if (pen_shows(pen, PEN_HEADER_HEIGHT)) {
        float middle = pen->y + 0.5f * PEN_HEADER_HEIGHT, right = pen->column.x + pen->column.width;
        const char *word = "Surface";
        float width = canvas_text_width(ui->canvas, FONT_STRONG, SIZE_NAME, word);
        canvas_text(ui->canvas, pen->column.x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
            SIZE_NAME, ui->theme->text, word);
        if (subject->surface->row)
            text_draw_fitted(ui->canvas, right, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT, FONT_TEXT,
                SIZE_SMALL, ui->theme->dim, pen->column.width - width - 12, subject->surface->name);
    }
    pen->y += PEN_HEADER_HEIGHT;
}

/* The definitions begin a line of their own. */
static void put_formula(Pen *pen, const char *text, int lines) {
    const char *where = strstr(text, " where ");
    if (where && lines > 1 && where - text <= pen->columns) {
        pen_line(pen, pen->ui->theme->dim, text, (size_t)(where - text), "");
        pen_formula(pen, where + 1, lines - 1);
    } else {
        pen_formula(pen, text, lines);
    }
}

static bool check(const void *context, double value, Status *status) {
    const FormulaParameter *parameter = context;
    if (!parameter->ranged || (value >= parameter->min && value <= parameter->max)) return true;
    return status_fail(
        status, STATUS_BAD_INPUT, "%s is from %g to %g", parameter->name, parameter->min, parameter->max);
}

static void set_parameter(Scene *scene, const char *name, double value) {
    for (int i = 0; i < scene->n_settings; i++) {
        if (strcmp(scene->settings[i].name, name) != 0) continue;
        scene->settings[i].value = value;
        return;
    }
    if (scene->n_settings == FORMULA_PARAMETERS_MAX) return;
    Setting *setting = &scene->settings[scene->n_settings++];
    snprintf(setting->name, sizeof setting->name, "%s", name);
    setting->value = value;
}

/* Four digits of what is in sight: more would tremble under every move. */
static double rounded(double value, double width) {
    double unit = pow(10, floor(log10(width)) - 3);
    return unit > 0 && isfinite(unit) ? nearbyint(value / unit) * unit : value;
}

static void put_box(Pen *pen, const Subject *subject, Editor *editor) {
    Box box = subject->seen;
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    Box shown = {rounded(box.x_min, width), rounded(box.x_max, width), rounded(box.y_min, height),
        rounded(box.y_max, height)};
    char names[2][SYMBOL_NAME_BYTES + sizeof " in sight"];
    for (int i = 0; i < 2; i++) snprintf(names[i], sizeof names[i], "%s in sight", subject->surface->axes[i]);
    bool changed = pen_interval(pen, "surface.x", names[0], &shown.x_min, &shown.x_max);
    changed |= pen_interval(pen, "surface.y", names[1], &shown.y_min, &shown.y_max);
    if (!changed) return;
    editor->asks_for_box = true;
    editor->box = shown;
}

void surface_card(Pen *pen, const Subject *subject, Editor *editor, int formula_lines) {
    const Surface *surface = subject->surface;
    pen->y += PEN_CARD_PADDING;
    put_header(pen, subject);
    float top = pen->y;
    if (!surface_formula_field(pen, subject, editor)) {
        char tip[UI_TIP_BYTES];
        action_tip(ACTION_FORMULA, tip, sizeof tip);
        put_formula(pen, surface->text, formula_lines);
        formula_area(pen, top, SURFACE_FORMULA, tip);
    }
    for (int i = 0; i < surface->formula->n_parameters; i++) {
        const FormulaParameter *parameter = &surface->formula->parameters[i];
        double value = surface->values[parameter->symbol];
        char control[UI_NAME_BYTES];
        snprintf(control, sizeof control, "surface.%s", parameter->name);
        PenRow row = {
            .control = control,
            .name = parameter->name,
            .check = check,
            .context = parameter,
            .range = {.min = parameter->min,
                .max = parameter->max,
                .logarithmic = parameter->logarithmic && parameter->min > 0,
                .normal = parameter->value},
            .fill = pen->ui->theme->dim,
        };
        if (pen_slider(pen, &row, &value))
            set_parameter(editor_change(editor, control, pen->ui->gesture), parameter->name, value);
    }
    put_box(pen, subject, editor);
    pen->y += PEN_CARD_PADDING;
}
