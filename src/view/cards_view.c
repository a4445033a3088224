/* The column of cards. A card is measured and drawn by the same function, so that the two cannot differ. */
#include "cards_view.h"

#include "marker.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PADDING = 12, CARD_PADDING = 6, HEADER_HEIGHT = 21, LINE_HEIGHT = 16, ROW_HEIGHT = 17;
static const float INDENT = 20, BAR_HEIGHT = 4, VALUE_WIDTH = 62, NAME_SHARE = 0.27f, SCROLL_PX = 48;
static const float SCROLLBAR_WIDTH = 3;

/* How much of a card is shown; the fullest form in which all cards fit is taken. */
typedef struct Form {
    int formula_lines; /* at most */
    int rows;          /* hyperparameters with a row of their own, at most; the others share a line */
    bool others;       /* whether that line is shown */
} Form;
static const Form forms[] = {
    {8, OPTIMIZER_PARAMETERS_MAX, true}, {8, 2, true}, {8, 1, true}, {4, 1, true}, {3, 1, true}, {2, 1, true},
    {1, 1, true}, {1, 0, true}, {1, 0, false}, /* then only the first, the rate, is named beside the title */
};
enum { FORMS = sizeof forms / sizeof *forms };

/* Where the next line of a card goes. */
typedef struct Pen {
    Canvas *canvas; /* NULL: only measures */
    const Theme *theme;
    Rect column; /* where cards may be seen */
    float y;
    int columns; /* characters of mono type in a line of a card */
} Pen;

/* A line that is not seen whole is not drawn at all: half a line of text is none. */
static bool draws(const Pen *pen, float height) {
    return pen->canvas && pen->y >= pen->column.y && pen->y + height <= pen->column.y + pen->column.height;
}

static void put_line(Pen *pen, Colour colour, const char *text, size_t length, const char *after) {
    if (draws(pen, LINE_HEIGHT)) {
        char bytes[FITTED_BYTES];
        snprintf(bytes, sizeof bytes, "%.*s%s", (int)(length < 120 ? length : 120), text, after);
        text_draw_fitted(pen->canvas, pen->column.x + INDENT,
            text_baseline(pen->y + 0.5f * LINE_HEIGHT, SIZE_MONO), ALIGN_LEFT, FONT_MONO, SIZE_MONO, colour,
            pen->column.width - INDENT, bytes);
    }
    pen->y += LINE_HEIGHT;
}

static int count_lines(const char *text, int columns) {
    int n = 0;
    for (; *text; n++) text_line(text, columns, &text);
    return n;
}

/* The text in at most max_lines lines; the last one elided where there is more. */
static void put_formula(Pen *pen, const char *text, int max_lines) {
    for (int line = 0; line < max_lines && *text; line++) {
        const char *next;
        size_t length = text_line(text, pen->columns, &next);
        put_line(pen, pen->theme->dim, text, length, line + 1 == max_lines && *next ? " …" : "");
        text = next;
    }
}

/* "lr ———●—— 0.05": what a slider would be made of. No bar where the fraction is negative. */
static void put_row(Pen *pen, const char *name, double fraction, const char *value, Colour colour) {
    if (draws(pen, ROW_HEIGHT)) {
        float middle = pen->y + 0.5f * ROW_HEIGHT, x = pen->column.x + INDENT;
        float right = pen->column.x + pen->column.width;
        float name_width = floorf(NAME_SHARE * pen->column.width);
        text_draw_fitted(pen->canvas, x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
            pen->theme->dim, fraction < 0 ? right - VALUE_WIDTH - x : name_width - 8, name);
        text_draw_fitted(pen->canvas, right, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT, FONT_MONO,
            SIZE_SMALL, pen->theme->text, VALUE_WIDTH, value);
        Rect bar = {x + name_width, roundf(middle - 0.5f * BAR_HEIGHT), right - VALUE_WIDTH - x - name_width,
            BAR_HEIGHT};
        if (fraction >= 0 && bar.width > 8) slider_draw(pen->canvas, pen->theme, bar, fraction, colour, 0);
    }
    pen->y += ROW_HEIGHT;
}

static void put_separator(Pen *pen) {
    if (draws(pen, 1))
        canvas_segments(pen->canvas,
            (Point[]){{pen->column.x, pen->y + 0.5f}, {pen->column.x + pen->column.width, pen->y + 0.5f}}, 1,
            1, pen->theme->line);
    pen->y += 1;
}

static void format_parameter(const OptimizerParameter *parameter, double value, char out[NUMBER_BYTES]) {
    if (parameter->scale == SCALE_SWITCH)
        snprintf(out, NUMBER_BYTES, "%s", value != 0 ? "on" : "off");
    else
        number_short(value, out);
}

/* Beside the title, if there is room: the status, or else `aside`. */
static void put_racer_header(Pen *pen, const Subject *subject, int racer, const char *aside) {
    if (draws(pen, HEADER_HEIGHT)) {
        float middle = pen->y + 0.5f * HEADER_HEIGHT, right = pen->column.x + pen->column.width;
        RacerStatus status = subject_racer_status(subject, racer);
        double loss = race_trace(subject->race, racer)->loss[subject_row(subject, racer)];
        char number[NUMBER_BYTES], title[FITTED_BYTES];
        number_scientific(loss, number);
        float number_width = canvas_text_width(pen->canvas, FONT_MONO, SIZE_SMALL, number);
        marker_draw(pen->canvas, marker_of_style(subject_racer_style(subject, racer)),
            (Point){pen->column.x + 7, middle}, 5, subject_racer_colour(subject, racer), 0,
            pen->theme->panel);
        float room = right - number_width - 8 - pen->column.x - INDENT;
        float width =
            text_fit(pen->canvas, FONT_STRONG, SIZE_NAME, subject_racer_title(subject, racer), room, title);
        canvas_text(pen->canvas, pen->column.x + INDENT, text_baseline(middle, SIZE_NAME), ALIGN_LEFT,
            FONT_STRONG, SIZE_NAME, pen->theme->text, title);
        Colour colour = status == RACER_DIVERGED ? pen->theme->warning : pen->theme->dim;
        if (status != RACER_RUNNING) aside = racer_status_name(status);
        if (width + 8 + canvas_text_width(pen->canvas, FONT_TEXT, SIZE_SMALL, aside) <= room)
            canvas_text(pen->canvas, pen->column.x + INDENT + width + 8, text_baseline(middle, SIZE_SMALL),
                ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, colour, aside);
        canvas_text(pen->canvas, right, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT, FONT_MONO, SIZE_SMALL,
            status == RACER_DIVERGED ? pen->theme->warning : pen->theme->text, number);
    }
    pen->y += HEADER_HEIGHT;
}

/* The hyperparameters from `first` on, as many as go into one line. */
static void put_others(Pen *pen, const RacerSpec *spec, int first) {
    char line[FITTED_BYTES] = "";
    size_t length = 0, room = (size_t)(pen->columns < 100 ? pen->columns : 100);
    int n = optimizer_parameter_count(spec->optimizer);
    for (int i = first; i < n; i++) {
        char value[NUMBER_BYTES], item[NUMBER_BYTES + SYMBOL_NAME_BYTES];
        format_parameter(&spec->optimizer->parameters[i], spec->values[i], value);
        int bytes = snprintf(
            item, sizeof item, "%s%s %s", i > first ? "  " : "", spec->optimizer->parameters[i].name, value);
        bool fits = length + (size_t)bytes + (i + 1 < n ? 2 : 0) <= room;
        length += (size_t)snprintf(line + length, sizeof line - length, "%s", fits ? item : " …");
        if (!fits) break;
    }
    if (line[0]) put_line(pen, pen->theme->dim, line, length, "");
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
    if (optimizer->probe && max_lines > 1) {
        char probe[FITTED_BYTES];
        int length = snprintf(probe, sizeof probe, "g at %s", optimizer->probe);
        put_line(pen, pen->theme->dim, probe, (size_t)length, "");
        max_lines--;
    }
    if (count_lines(text, pen->columns) > max_lines) {
        put_formula(pen, text, max_lines - 1);
        put_line(pen, pen->theme->dim, last, strcspn(last, "\n"), "");
    } else {
        put_formula(pen, text, max_lines);
    }
}

/* Whatever stands between the plain gradient and the optimizer, and the schedule: nothing of it is hidden. */
static void put_departures(Pen *pen, const RacerSpec *spec) {
    char text[2 * SCHEDULE_TEXT_BYTES] = "";
    size_t length = 0;
    if (spec->schedule.text[0])
        length += (size_t)snprintf(text, sizeof text, "schedule %s", spec->schedule.text);
    for (int i = 0; i < spec->schedule.n_settings && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, " %s %g",
            spec->schedule.settings[i].name, spec->schedule.settings[i].value);
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
    for (const char *line = text; *line;) {
        const char *next;
        put_line(pen, pen->theme->text, line, text_line(line, pen->columns, &next), "");
        line = next;
    }
}

static void put_racer(Pen *pen, const Subject *subject, int racer, const Form *form) {
    const RacerSpec *spec = race_spec(subject->race, racer);
    char rate[2 * NUMBER_BYTES] = "", number[NUMBER_BYTES];
    if (form->rows == 0 && !form->others) {
        format_parameter(&spec->optimizer->parameters[0], spec->values[0], number);
        snprintf(rate, sizeof rate, "%s %s", spec->optimizer->parameters[0].name, number);
    }
    pen->y += CARD_PADDING;
    put_racer_header(pen, subject, racer, rate);
    put_update(pen, spec->optimizer, form->formula_lines);
    put_departures(pen, spec);
    int n = optimizer_parameter_count(spec->optimizer);
    int rows = n < form->rows ? n : form->rows;
    for (int i = 0; i < rows; i++) {
        const OptimizerParameter *parameter = &spec->optimizer->parameters[i];
        char value[NUMBER_BYTES];
        format_parameter(parameter, spec->values[i], value);
        double fraction = parameter->scale == SCALE_SWITCH
                              ? -1
                              : range_fraction(spec->values[i], parameter->min, parameter->max,
                                    parameter->scale == SCALE_LOG);
        put_row(pen, parameter->name, fraction, value, subject_racer_colour(subject, racer));
    }
    if (form->others) put_others(pen, spec, rows);
    pen->y += CARD_PADDING;
    put_separator(pen);
}

static void put_surface(Pen *pen, const Subject *subject, int formula_lines) {
    const Surface *surface = subject->surface;
    pen->y += CARD_PADDING;
    if (draws(pen, HEADER_HEIGHT)) {
        float middle = pen->y + 0.5f * HEADER_HEIGHT, right = pen->column.x + pen->column.width;
        const char *word = "Surface";
        float width = canvas_text_width(pen->canvas, FONT_STRONG, SIZE_NAME, word);
        canvas_text(pen->canvas, pen->column.x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
            SIZE_NAME, pen->theme->text, word);
        if (surface->row)
            text_draw_fitted(pen->canvas, right, text_baseline(middle, SIZE_SMALL), ALIGN_RIGHT, FONT_TEXT,
                SIZE_SMALL, pen->theme->dim, pen->column.width - width - 12, surface->name);
    }
    pen->y += HEADER_HEIGHT;
    /* The definitions begin a line of their own. */
    const char *where = strstr(surface->text, " where ");
    if (where && formula_lines > 1 && where - surface->text <= pen->columns) {
        put_line(pen, pen->theme->dim, surface->text, (size_t)(where - surface->text), "");
        put_formula(pen, where + 1, formula_lines - 1);
    } else {
        put_formula(pen, surface->text, formula_lines);
    }
    if (surface->examples) { /* every departure from the plain gradient is visible */
        char batch[64];
        int length =
            snprintf(batch, sizeof batch, "%zu of %zu examples a step, %s", examples_batch(surface->examples),
                examples_count(surface->examples), example_order_names[examples_order(surface->examples)]);
        put_line(pen, pen->theme->text, batch, (size_t)length, "");
    }
    for (int i = 0; i < surface->formula->n_parameters; i++) {
        const FormulaParameter *parameter = &surface->formula->parameters[i];
        double value = surface->values[parameter->symbol];
        char text[NUMBER_BYTES];
        number_short(value, text);
        put_row(pen, parameter->name,
            range_fraction(value, parameter->min, parameter->max, parameter->logarithmic), text,
            pen->theme->dim);
    }
    pen->y += CARD_PADDING;
}

/* All cards; returns their height. The surface's formula may be `spare` lines longer than the form says. */
static float put_cards(Pen *pen, const Subject *subject, const Form *form, int spare) {
    float top = pen->y;
    for (int i = 0; i < race_racer_count(subject->race); i++) put_racer(pen, subject, i, form);
    put_surface(pen, subject, form->formula_lines + spare);
    return pen->y - top;
}

static void draw_scrollbar(
    const CardsView *cards, Canvas *canvas, Rect rect, const Theme *theme, float height) {
    float part = rect.height / height;
    Rect thumb = {rect.x + rect.width - SCROLLBAR_WIDTH - 2, rect.y + part * cards->scroll, SCROLLBAR_WIDTH,
        part * rect.height};
    canvas_fill_rect(canvas, thumb, 0.5f * SCROLLBAR_WIDTH, theme->faint);
}

void cards_view_draw(CardsView *cards, Canvas *canvas, Rect rect, const Subject *subject) {
    if (rect.width <= 0 || rect.height <= 0) return;
    float character = canvas_text_width(canvas, FONT_MONO, SIZE_MONO, "0");
    Pen pen = {
        .theme = subject->theme,
        .column = {rect.x + PADDING, rect.y, rect.width - 2 * PADDING, rect.height},
        .y = rect.y,
    };
    pen.columns = character > 0 ? (int)((pen.column.width - INDENT) / character) : 1;
    const Form *form = forms;
    float height = 0;
    for (int i = 0; i < FORMS; i++) {
        Pen measure = pen;
        form = &forms[i];
        height = put_cards(&measure, subject, form, 0);
        if (height <= rect.height) break;
    }
    int spare = height < rect.height ? (int)((rect.height - height) / LINE_HEIGHT) : 0;
    cards->scroll_max = fmaxf(height - rect.height, 0);
    cards->scroll = fminf(fmaxf(cards->scroll, 0), cards->scroll_max);
    pen.canvas = canvas;
    pen.y = rect.y - roundf(cards->scroll);
    put_cards(&pen, subject, form, spare);
    if (cards->scroll_max > 0) draw_scrollbar(cards, canvas, rect, subject->theme, height);
}

bool cards_view_scroll(CardsView *cards, float notches) {
    float before = cards->scroll;
    cards->scroll = fminf(fmaxf(cards->scroll - notches * SCROLL_PX, 0), cards->scroll_max);
    return cards->scroll != before;
}
