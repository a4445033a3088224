/* Lines of the panel. What they say of a script is computed by working.c, of the surface by diagnostics.c. */
#include "working_view.h"

#include "diagnostics.h"
#include "pen.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float WIDTH_SHARE = 0.38f, WIDTH_MIN = 250, WIDTH_MAX = 420, PLOT_WIDTH_MIN = 300;
static const float HEIGHT_SHARE = 0.5f, PADDING = 12, GAP = 8, SCROLL_PX = 48, SCROLLBAR_WIDTH = 3;
static const float GAUGE_HEIGHT = 18, TRACK_HEIGHT = 5, TICK_HEIGHT = 11;
static const double GAUGE_BEYOND = 1.3; /* how far a gauge goes beyond the limit or the rate */
static const char NEXT_LINE[] = "  ";   /* before what did not fit into the line before */
static const double PLAIN = 1e-9;       /* a matrix so close to I is I */
static const double STAYS_S = 0.2;
enum { DIGITS = 4 };

void working_view_finish(WorkingView *working) {
    text_finish(&working->text);
}

static float snap(const Canvas *canvas, float length) {
    return roundf(length * canvas->scale) / canvas->scale;
}

Rect working_view_place(const Canvas *canvas, Rect *plot) {
    Rect panel = *plot;
    if (plot->width >= WIDTH_MIN + PLOT_WIDTH_MIN) {
        panel.width = snap(canvas, fminf(fmaxf(WIDTH_SHARE * plot->width, WIDTH_MIN), WIDTH_MAX));
        plot->width -= panel.width;
        panel.x += plot->width;
    } else {
        panel.height = snap(canvas, HEIGHT_SHARE * plot->height);
        plot->height -= panel.height;
        panel.y += plot->height;
    }
    return panel;
}

void working_view_advance(WorkingView *working, double seconds) {
    working->stays_s -= seconds;
}

/* Takes the step that is shown, unless the one before it still stays. False where there is none. */
static bool take_step(WorkingView *working, const Subject *subject, const ThinkView *think) {
    /* An event may come before the next picture, in which the race is followed. */
    bool current = think->racer >= 0 && think->race_version == subject->race_version;
    const ReplayStep *step = current ? think->step : NULL;
    if (!step || step->step >= race_trace(subject->race, think->racer)->last) return false;
    bool same = working->racer == think->racer && working->race_version == think->race_version;
    if (same && working->plays && working->stays_s > 0) return true;
    working->step = *step;
    working->model = think->model;
    working->racer = think->racer;
    working->race_version = think->race_version;
    working->stays_s = STAYS_S;
    return true;
}

/* What the panel is written with. */
typedef struct Sheet {
    Pen pen;
    Text *text;
    const Subject *subject;
    const ThinkView *think;
    const ReplayStep *step;
    const LocalModel *model;
    const Working *working; /* NULL for a method */
} Sheet;

/* Lines. */

/* One line of mono type in two colours. */
static void put_line(
    Sheet *sheet, Colour colour, const char *text, size_t length, Colour after_colour, const char *after) {
    Pen *pen = &sheet->pen;
    if (pen_shows(pen, PEN_LINE_HEIGHT)) {
        char bytes[FITTED_BYTES];
        Canvas *canvas = pen->ui->canvas;
        float baseline = text_baseline(pen->y + 0.5f * PEN_LINE_HEIGHT, SIZE_MONO), x = pen->column.x;
        snprintf(bytes, sizeof bytes, "%.*s", (int)length, text);
        text_draw_fitted(
            canvas, x, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO, colour, pen->column.width, bytes);
        float width = length > 0 ? canvas_text_width(canvas, FONT_MONO, SIZE_MONO, bytes) : 0;
        if (*after)
            text_draw_fitted(canvas, x + width, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO, after_colour,
                pen->column.width - width, after);
    }
    pen->y += PEN_LINE_HEIGHT;
}

static int count_characters(const char *text, size_t length) {
    int n = 0;
    for (size_t i = 0; i < length; i++) n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

/* A text over as many lines as it takes, and what it comes to behind it, on a line of its own where it must.
 */
static void put_wrapped(Sheet *sheet, Colour colour, const char *text, const char *result) {
    const Theme *theme = sheet->pen.ui->theme;
    int columns = sheet->pen.columns > 12 ? sheet->pen.columns : 12;
    char line[FITTED_BYTES];
    for (bool first = true; *text; first = false) {
        const char *next;
        int indent = first ? 0 : (int)strlen(NEXT_LINE);
        int room = columns - indent < 90 ? columns - indent : 90;
        size_t length = text_line(text, room, &next);
        int n = snprintf(line, sizeof line, "%s%.*s", first ? "" : NEXT_LINE, (int)length, text);
        bool fits =
            !*next && count_characters(line, (size_t)n) + count_characters(result, strlen(result)) <= columns;
        put_line(sheet, colour, line, (size_t)n, theme->text, fits ? result : "");
        if (!*next && !fits && *result)
            put_line(sheet, colour, NEXT_LINE, strlen(NEXT_LINE), theme->text, result + 1);
        text = next;
    }
}

/* "name   value" */
static void put_pair(Sheet *sheet, const char *name, Colour colour, const char *value) {
    Pen *pen = &sheet->pen;
    if (pen_shows(pen, PEN_LINE_HEIGHT)) {
        Canvas *canvas = pen->ui->canvas;
        float middle = pen->y + 0.5f * PEN_LINE_HEIGHT, right = pen->column.x + pen->column.width;
        float width = canvas_text_width(canvas, FONT_MONO, SIZE_MONO, value);
        text_draw_fitted(canvas, right, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_MONO, SIZE_MONO,
            colour, pen->column.width, value);
        text_draw_fitted(canvas, pen->column.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT,
            SIZE_SMALL, pen->ui->theme->dim, pen->column.width - width - GAP, name);
    }
    pen->y += PEN_LINE_HEIGHT;
}

static const char *number(Sheet *sheet, double value) {
    text_clear(sheet->text);
    working_print_number(sheet->text, value, DIGITS);
    return text_string(sheet->text);
}

static void put_number(Sheet *sheet, const char *name, double value) {
    put_pair(sheet, name, sheet->pen.ui->theme->text, number(sheet, value));
}

static void put_title(Sheet *sheet, const char *title) {
    Pen *pen = &sheet->pen;
    pen->y += GAP;
    if (pen_shows(pen, PEN_HEADER_HEIGHT))
        text_draw_fitted(pen->ui->canvas, pen->column.x,
            text_baseline(pen->y + 0.5f * PEN_HEADER_HEIGHT, SIZE_NAME), ALIGN_LEFT, FONT_STRONG, SIZE_NAME,
            pen->ui->theme->text, pen->column.width, title);
    pen->y += PEN_HEADER_HEIGHT;
}

/* "name = (1.234, −0.5678)" */
static void put_vector(Sheet *sheet, const char *name, const double v[2]) {
    Text *text = sheet->text;
    text_clear(text);
    text_append(text, " (");
    for (int k = 0; k < 2; k++) {
        text_append(text, k ? ", " : "");
        working_print_number(text, v[k], DIGITS);
    }
    text_append(text, ")");
    char result[FITTED_BYTES], left[RACER_LABEL_BYTES];
    snprintf(result, sizeof result, "%s", text_string(text));
    snprintf(left, sizeof left, "%s%s", name, strspn(name, " ") < strlen(name) ? " =" : "  ");
    put_wrapped(sheet, sheet->pen.ui->theme->dim, left, result);
}

/* The script. */

/* "v_x"; the coordinates of x are called as the surface calls them. */
static void name_coordinate(const Sheet *sheet, const WorkingLine *line, int k, char out[RACER_LABEL_BYTES]) {
    const char *axis = sheet->subject->surface->axes[k];
    if (line->name[0] == '\0' || strcmp(line->name, "x") == 0)
        snprintf(out, RACER_LABEL_BYTES, "%.20s", axis);
    else if (line->is_vector)
        snprintf(out, RACER_LABEL_BYTES, "%.20s_%.20s", line->name, axis);
    else
        snprintf(out, RACER_LABEL_BYTES, "%.31s", line->name);
}

static void put_worked(Sheet *sheet, int number, int k) {
    const WorkingLine *line = working_line(sheet->working, number);
    Text *text = sheet->text;
    char name[RACER_LABEL_BYTES], result[NUMBER_BYTES * 2];
    name_coordinate(sheet, line, k, name);
    text_clear(text);
    working_print_number(text, line->value[k], DIGITS);
    snprintf(result, sizeof result, " = %s", text_string(text));
    text_clear(text);
    text_append(text, "%s = ", name);
    size_t before = text->length;
    if (!line->is_given) working_print(sheet->working, number, k, text);
    if (line->is_given || strcmp(text_string(text) + before, result + 3) == 0) { /* nothing to work out */
        text->length = before - 3;
        text->bytes[text->length] = '\0';
    }
    put_wrapped(sheet, sheet->pen.ui->theme->dim, text_string(text), result);
}

static void put_script(Sheet *sheet) {
    Colour colour = subject_racer_text_colour(sheet->subject, sheet->think->racer);
    for (int i = 0; i < working_line_count(sheet->working); i++) {
        const WorkingLine *line = working_line(sheet->working, i);
        char statement[2 * FITTED_BYTES];
        const char *lead = line->name[0] == '\0' ? "g at " : line->is_given ? line->name : "";
        snprintf(statement, sizeof statement, "%s%s%.*s", lead, line->is_given ? " = " : "",
            (int)line->length, line->text);
        sheet->pen.y += 3;
        put_wrapped(sheet, colour, statement, "");
        for (int k = 0; k < (line->is_vector ? 2 : 1); k++) put_worked(sheet, i, k);
        if (line->name[0] == '\0') put_vector(sheet, "g", sheet->step->before.gradient);
    }
}

/* Whether it answers to the gradient by the gradient itself, or not at all. */
static bool is_plain(const ReplayStep *step) {
    double apart = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) apart = fmax(apart, fabs(step->matrix[i][j] - (i == j)));
    return !step->has_matrix || apart < PLAIN;
}

/* A method: what there is of numbers. */
static void put_method(Sheet *sheet, const Optimizer *optimizer) {
    const Theme *theme = sheet->pen.ui->theme;
    Colour colour = subject_racer_text_colour(sheet->subject, sheet->think->racer);
    const ReplayStep *step = sheet->step;
    for (const char *line = optimizer->update; *line;) {
        char statement[2 * FITTED_BYTES];
        size_t length = strcspn(line, "\n");
        snprintf(statement, sizeof statement, "%.*s", (int)length, line);
        put_wrapped(sheet, colour, statement, "");
        line += length + (line[length] == '\n');
    }
    sheet->pen.y += 3;
    if (!is_plain(step)) put_vector(sheet, step->searches ? "H" : "lr*inverse(H)", step->matrix[0]);
    if (!is_plain(step)) put_vector(sheet, step->searches ? " " : "             ", step->matrix[1]);
    if (step->searches) put_vector(sheet, "direction", step->direction);
    if (step->searches) {
        int trials = 0;
        for (int i = 0; i < step->n_evaluations; i++)
            trials += memcmp(step->evaluations[i].x, step->before.x, sizeof step->before.x) != 0;
        char text[FITTED_BYTES], result[2 * NUMBER_BYTES];
        snprintf(result, sizeof result, " %s", number(sheet, step->length));
        snprintf(text, sizeof text, "step, of %d trial%s =", trials, trials == 1 ? "" : "s");
        put_wrapped(sheet, theme->dim, text, result);
    }
    for (int k = 0; k < 2; k++) {
        char text[FITTED_BYTES], result[2 * NUMBER_BYTES], moved[2 * NUMBER_BYTES];
        double by = step->next[k] - step->before.x[k];
        snprintf(result, sizeof result, " = %s", number(sheet, step->next[k]));
        snprintf(moved, sizeof moved, "%s", number(sheet, fabs(by)));
        snprintf(text, sizeof text, "%.20s = %s %s %s", sheet->subject->surface->axes[k],
            number(sheet, step->before.x[k]), by < 0 ? "−" : "+", moved);
        put_wrapped(sheet, theme->dim, text, result);
    }
    if (step->failure) put_wrapped(sheet, theme->warning, step->failure, "");
}

/* Stability. */

/* A track from 0, filled to the rate, with ticks at the limits. */
static void put_gauge(Sheet *sheet, double rate, double descent, double method) {
    Pen *pen = &sheet->pen;
    double end = GAUGE_BEYOND * fmax(rate, isfinite(method) ? fmax(method, descent) : descent);
    if (pen_shows(pen, GAUGE_HEIGHT)) {
        const Theme *theme = pen->ui->theme;
        Rect track = {pen->column.x, roundf(pen->y + 0.5f * (GAUGE_HEIGHT - TRACK_HEIGHT)), pen->column.width,
            TRACK_HEIGHT};
        slider_draw(
            pen->ui->canvas, theme, track, rate / end, rate > method ? theme->warning : theme->accent, 0);
        const double limits[2] = {descent, method};
        for (int i = 0; i < 2; i++) {
            if (!isfinite(limits[i])) continue;
            float x = roundf(track.x + (float)(limits[i] / end) * track.width);
            float middle = track.y + 0.5f * TRACK_HEIGHT;
            canvas_segments(pen->ui->canvas,
                (Point[]){{x, middle - 0.5f * TICK_HEIGHT}, {x, middle + 0.5f * TICK_HEIGHT}}, 1, 2,
                limits[i] == method ? theme->text : theme->dim);
        }
    }
    pen->y += GAUGE_HEIGHT;
}

/* Only a limit of the rule's own says that a rate is too large. */
static void put_rate(Sheet *sheet, const Diagnostics *diagnostics) {
    const Theme *theme = sheet->pen.ui->theme;
    double rate = sheet->step->before.lr, limit = diagnostics->method_limit;
    char text[NUMBER_BYTES];
    number_short(rate, text);
    put_pair(sheet, "rate ε", rate > limit ? theme->warning : theme->text, text);
    if (!isfinite(diagnostics->descent_limit)) {
        put_pair(sheet, "limit of descent, 2/λ", theme->text, "none");
        return;
    }
    put_gauge(sheet, rate, diagnostics->descent_limit, limit);
    put_number(sheet, "limit of descent, 2/λ", diagnostics->descent_limit);
    if (!isfinite(limit))
        put_pair(sheet, "limit of this rule", theme->dim, "not known");
    else if (limit != diagnostics->descent_limit)
        put_number(sheet, "limit of this rule", limit);
}

/* What the rate becomes in each coordinate. */
static void put_effective_rates(Sheet *sheet) {
    const ReplayStep *step = sheet->step;
    if (!step->has_matrix || (step->matrix[0][0] == step->before.lr && step->matrix[1][1] == step->before.lr))
        return;
    for (int k = 0; k < 2; k++) {
        char name[RACER_LABEL_BYTES];
        snprintf(name, sizeof name, "effective rate in %.20s", sheet->subject->surface->axes[k]);
        put_number(sheet, name, step->matrix[k][k]);
    }
}

static void put_change(Sheet *sheet, const char *name, double change) {
    if (isnan(change)) return;
    const Theme *theme = sheet->pen.ui->theme;
    char text[2 * NUMBER_BYTES];
    const char *word = change < 0 ? " down" : change > 0 ? "   up" : "";
    snprintf(text, sizeof text, "%s%s%s", change > 0 ? "+" : "", number(sheet, change), word);
    put_pair(sheet, name, change > 0 ? theme->warning : theme->text, text);
}

static double angle_to_newton(const LocalModel *model, const ReplayStep *step) {
    double way[2], moved[2];
    for (int k = 0; k < 2; k++) {
        way[k] = model->stationary[k] - model->x[k];
        moved[k] = step->next[k] - step->before.x[k];
    }
    static const double degrees = 57.29577951308232;
    return degrees *
           fabs(atan2(way[0] * moved[1] - way[1] * moved[0], way[0] * moved[0] + way[1] * moved[1]));
}

static void put_stability(Sheet *sheet) {
    const Subject *subject = sheet->subject;
    const ReplayStep *step = sheet->step;
    const LocalModel *model = sheet->model;
    const RacerSpec *spec = race_spec(subject->race, sheet->think->racer);
    const Trace *trace = race_trace(subject->race, sheet->think->racer);
    const Diagnostics diagnostics =
        race_diagnose(subject->race, sheet->think->racer, step->step, subject->surface);
    put_title(sheet, "Stability");
    put_number(sheet, "smallest curvature λ", diagnostics.smallest);
    put_number(sheet, "largest curvature λ", diagnostics.largest);
    if (isfinite(diagnostics.condition)) put_number(sheet, "condition κ", diagnostics.condition);
    bool has_rate = !spec->optimizer->method;
    if (has_rate) put_rate(sheet, &diagnostics);
    if (has_rate) put_effective_rates(sheet);
    put_title(sheet, "The loss");
    if (has_rate) {
        put_change(sheet, "slope, −ε·g'g", -diagnostics.predicted_fall);
        put_change(sheet, "curvature, ½ε²·g'Hg", diagnostics.predicted_rise);
        put_change(
            sheet, "plain descent, predicted", diagnostics.predicted_rise - diagnostics.predicted_fall);
    }
    put_change(sheet, "this step, predicted", local_model_at(model, step->next) - step->loss);
    put_change(sheet, "this step, really", trace->loss[step->step + 1] - trace->loss[step->step]);
    double angle = angle_to_newton(model, step);
    char text[2 * NUMBER_BYTES];
    snprintf(text, sizeof text, "%.1f°", angle);
    if (isfinite(angle)) put_pair(sheet, "angle to Newton's step", sheet->pen.ui->theme->text, text);
}

/* All of it. */

static void put_sheet(Sheet *sheet) {
    const Optimizer *optimizer = race_spec(sheet->subject->race, sheet->think->racer)->optimizer;
    char title[RACER_LABEL_BYTES + 64];
    snprintf(title, sizeof title, "%s, step %lld → %lld",
        subject_racer_title(sheet->subject, sheet->think->racer), (long long)sheet->step->step,
        (long long)sheet->step->step + 1);
    put_title(sheet, title);
    bool seen_otherwise =
        memcmp(sheet->step->plain, sheet->step->before.here, sizeof sheet->step->plain) != 0;
    put_vector(sheet, "gradient", sheet->step->plain);
    if (seen_otherwise) put_vector(sheet, "as it is given", sheet->step->before.here);
    if (optimizer->method)
        put_method(sheet, optimizer);
    else if (sheet->working)
        put_script(sheet);
    put_stability(sheet);
    sheet->pen.y += GAP;
}

static const char *hint(const Subject *subject, const ThinkView *think) {
    if (subject->veiled) return "Guess first: the numbers come with the race.";
    if (subject->selected < 0)
        return "Choose a racer, by its name or with . and , to see how it works a step out.";
    return think->behind ? "One moment ..." : "There is no step to work out here.";
}

static void scroll_by(WorkingView *working, Ui *ui, float by) {
    float before = working->scroll;
    working->scroll = fminf(fmaxf(working->scroll + by, 0), working->scroll_max);
    ui->changed |= working->scroll != before;
}

static void handle_scroll(WorkingView *working, Ui *ui, Rect rect) {
    const UiControl *control = ui_control(ui, "working", UI_AREA, rect, NULL);
    if (control) ui_draw_focus(ui, control, 0);
    const Event *event = ui->event;
    if (event && event->type == EVENT_WHEEL && rect_contains(rect, event->x, event->y)) {
        scroll_by(working, ui, -event->scroll * SCROLL_PX);
        ui->event = NULL;
    } else if (ui_is_pressed(ui, control)) {
        ui_take(ui); /* it is not the plot's */
    } else if (working->scroll_max <= 0) {
        return;
    } else if (ui_has_key(ui, control, KEY_DOWN) || ui_has_key(ui, control, KEY_UP)) {
        scroll_by(working, ui, event->key == KEY_DOWN ? SCROLL_PX : -SCROLL_PX);
        ui_take(ui);
    } else if (ui_has_key(ui, control, KEY_PAGE_DOWN) || ui_has_key(ui, control, KEY_PAGE_UP)) {
        scroll_by(working, ui, event->key == KEY_PAGE_DOWN ? rect.height : -rect.height);
        ui_take(ui);
    }
}

static void draw_scrollbar(const WorkingView *working, Ui *ui, Rect rect) {
    float part = rect.height / (rect.height + working->scroll_max);
    Rect thumb = {rect.x + rect.width - SCROLLBAR_WIDTH - 2, rect.y + part * working->scroll, SCROLLBAR_WIDTH,
        part * rect.height};
    canvas_fill_rect(ui->canvas, thumb, 0.5f * SCROLLBAR_WIDTH, ui->theme->faint);
}

void working_view(WorkingView *working, Ui *ui, Rect rect, const Subject *subject, const ThinkView *think) {
    if (rect.width <= 2 * PADDING || rect.height <= 0) return;
    canvas_fill_rect(ui->canvas, rect, 0, ui->theme->panel);
    canvas_stroke_rect(ui->canvas, rect, 0, 1, ui->theme->line);
    Rect column = {rect.x + PADDING, rect.y, rect.width - 2 * PADDING, rect.height};
    Sheet sheet = {.pen = pen_start(ui, column),
        .text = &working->text,
        .subject = subject,
        .think = think,
        .step = &working->step,
        .model = &working->model};
    float character = canvas_text_width(ui->canvas, FONT_MONO, SIZE_MONO, "0");
    sheet.pen.columns = character > 0 ? (int)(column.width / character) : 1;
    bool known = take_step(working, subject, think);
    ui_clip(ui, rect);
    if (known) {
        sheet.working = replay_work(think->replay, &working->step);
        sheet.pen.measures = true;
        put_sheet(&sheet);
        working->scroll_max = fmaxf(sheet.pen.y - rect.y - rect.height, 0);
        working->scroll = fminf(working->scroll, working->scroll_max);
        sheet.pen.measures = !ui->draws;
        sheet.pen.y = rect.y - roundf(working->scroll);
        if (ui->draws) put_sheet(&sheet);
    } else {
        working->scroll_max = 0;
        sheet.pen.y += GAP;
        put_wrapped(&sheet, ui->theme->dim, hint(subject, think), "");
    }
    handle_scroll(working, ui, rect);
    if (working->scroll_max > 0) draw_scrollbar(working, ui, rect);
    ui_clip_all(ui);
}
