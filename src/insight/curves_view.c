/* The two plots put together: which lines there are, how far they reach, the chips, what hands do. Drawing is
 * curves_draw's, numbers are curves_data's, pixels and axes chart_plot's. */
#include "curves_parts.h"

#include "chart_read.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_A_PICTURE = 1024 }; /* of each seed, while it is watched */
static const int seed_choices[] = {1, 2, 4, 8, 16, 32};
enum { SEED_CHOICES = sizeof seed_choices / sizeof *seed_choices, SEEDS_TEXT_BYTES = 40 };
static const float TITLE_HEIGHT = 26, FOOT_HEIGHT = 24, NOTE_HEIGHT = 22, TICK_WIDTH = 40, TICK_GAP = 8;
static const float LOSS_SHARE = 0.56f, CHIP_HEIGHT = 18, CHIP_PADDING = 6, SAMPLE_WIDTH = 18, SAMPLE_GAP = 16,
                   SAMPLE_TEXT_GAP = 5;
static const float LINE_WIDTH = 1.6f;

/* In a scene and for people (series.h). */
static const char *const quantity_names[CURVES_KINDS] = {
    [CURVES_LOSS] = "loss",
    [CURVES_ERROR] = "error",
    [CURVES_GRADIENT] = "gradient",
    [CURVES_GAP] = "gap",
    [CURVES_ERROR_GAP] = "error_gap",
};
static const char *const axis_names[CURVES_AXES] = {"step", "epoch", "examples", "gradients", "time, s"};
static const char *const plot_names[CURVES_PLOTS] = {"upper", "lower"};

static const ChartLookAxis look_axes[CURVES_AXES] = {
    [CURVES_STEPS] = CHART_LOOK_AXIS_STEPS,
    [CURVES_EPOCHS] = CHART_LOOK_AXIS_USUAL,
    [CURVES_EXAMPLES] = CHART_LOOK_AXIS_EXAMPLES,
    [CURVES_EVALUATIONS] = CHART_LOOK_AXIS_EVALUATIONS,
    [CURVES_TIME] = CHART_LOOK_AXIS_TIME,
};

static const Quantity *quantity_of(CurvesKind kind) {
    return &quantity_table[quantity_find(quantity_names[kind])];
}

static CurvesSettings usual_settings(void) {
    return (CurvesSettings){.lower = CURVES_ERROR, .axis = CURVES_EPOCHS};
}

void curves_view_init(CurvesView *curves) {
    *curves = (CurvesView){.settings = usual_settings(), .read_place = -1};
}

void curves_view_finish(CurvesView *curves) {
    curves_data_finish(&curves->data);
}

void curves_view_begin(CurvesView *curves, const CurvesSource *source) {
    curves_data_begin(&curves->data, source);
    curves->read_place = -1;
}

/* Choosing. */

void curves_view_next_axis(CurvesView *curves) {
    curves->settings.axis = (curves->settings.axis + 1) % CURVES_AXES;
    curves->settings.x = (ChartRange){0, 0};
    curves->read_place = -1;
}

void curves_view_next_scale(CurvesView *curves, CurvesPlot plot) {
    curves->settings.scales[plot] = curves->plots[plot].logarithmic ? CHART_LINEAR : CHART_LOGARITHMIC;
    curves->settings.y[plot] = (ChartRange){0, 0};
}

static bool has_kind(const CurvesView *curves, CurvesKind kind) {
    return kind != CURVES_LOSS && curves->data.has[kind][CURVES_TRAINING];
}

/* CURVES_LOSS: there is none. */
static CurvesKind shown_lower(const CurvesView *curves) {
    CurvesKind kind = curves->settings.lower;
    for (int i = 0; i < CURVES_KINDS && !has_kind(curves, kind); i++) kind = (kind + 1) % CURVES_KINDS;
    return has_kind(curves, kind) ? kind : CURVES_LOSS;
}

void curves_view_next_lower(CurvesView *curves, int by) {
    int kind = (int)shown_lower(curves);
    if (kind == CURVES_LOSS) return;
    do kind = (kind + by + CURVES_KINDS) % CURVES_KINDS;
    while (!has_kind(curves, (CurvesKind)kind));
    curves->settings.lower = (CurvesKind)kind;
    curves->settings.scales[CURVES_LOWER] = CHART_SCALE_AUTO;
    curves->settings.y[CURVES_LOWER] = (ChartRange){0, 0};
}

static void ask_for_more_seeds(CurvesView *curves) {
    int next = 0;
    while (next < SEED_CHOICES && seed_choices[next] <= curves->data.source.seeds) next++;
    curves->wanted_seeds = seed_choices[next % SEED_CHOICES];
}

void curves_view_show_look(CurvesView *curves, const ChartLook *look) {
    CurvesSettings settings = usual_settings();
    for (int kind = CURVES_ERROR; kind < CURVES_KINDS; kind++)
        if (strcmp(quantity_table[look->quantity].name, quantity_names[kind]) == 0)
            settings.lower = (CurvesKind)kind;
    for (int i = 0; i < CURVES_AXES; i++)
        if (look_axes[i] == look->axis) settings.axis = (CurvesAxis)i;
    settings.scales[CURVES_UPPER] = (ChartScale)look->scale;
    settings.scales[CURVES_LOWER] = (ChartScale)look->lower_scale;
    settings.x = (ChartRange){look->x[0], look->x[1]};
    settings.y[CURVES_UPPER] = (ChartRange){look->y[0], look->y[1]};
    settings.y[CURVES_LOWER] = (ChartRange){look->lower_y[0], look->lower_y[1]};
    curves->settings = settings;
}

ChartLook curves_view_look(const CurvesView *curves) {
    const CurvesSettings *settings = &curves->settings;
    const ChartRange *y = settings->y;
    const CurvesKind lower = settings->lower;
    return (ChartLook){.quantity = lower == CURVES_ERROR ? 0 : quantity_find(quantity_names[lower]),
        .axis = look_axes[settings->axis],
        .scale = (int)settings->scales[CURVES_UPPER],
        .lower_scale = (int)settings->scales[CURVES_LOWER],
        .x = {settings->x.low, settings->x.high},
        .y = {y[CURVES_UPPER].low, y[CURVES_UPPER].high},
        .lower_y = {y[CURVES_LOWER].low, y[CURVES_LOWER].high}};
}

/* What is drawn. */

bool curves_has_parts(CurvesKind kind) {
    return kind == CURVES_LOSS || kind == CURVES_ERROR;
}

bool curves_is_shown(const CurvesPass *pass, int racer) {
    return pass->curves->data.curves[racer].n > 0 && subject_racer_visible(pass->subject, racer);
}

ChartLine curves_line(const CurvesPass *pass, int racer, CurvesPart part, CurvesLevel level) {
    const CurvesData *data = &pass->curves->data;
    return (ChartLine){.last = data->curves[racer].n - 1,
        .values = curves_data_values(data, racer, pass->kind, part, level),
        .places = curves_data_places(data, racer, pass->curves->settings.axis)};
}

int64_t curves_last_row(const CurvesPass *pass, int racer) {
    return curves_data_row(&pass->curves->data, racer, pass->subject->step);
}

int curves_noted_racer(const CurvesPass *pass) {
    const int selected = pass->subject->selected;
    if (selected >= 0 && selected < pass->curves->data.n_curves && curves_is_shown(pass, selected))
        return selected;
    for (int i = 0; i < pass->curves->data.n_curves; i++)
        if (curves_is_shown(pass, i)) return i;
    return -1;
}

bool curves_reads(const CurvesPass *pass) {
    return !pass->subject->still && pass->curves->read_place >= 0;
}

static void measure(const CurvesPass *pass, int racer, ChartRange x, ChartExtent *extent) {
    const bool bands = pass->curves->data.source.seeds > 1;
    for (int part = 0; part < (curves_has_parts(pass->kind) ? CURVES_PARTS : 1); part++) {
        for (int level = bands ? CURVES_LOWEST : CURVES_MIDDLE;
             level < (bands ? CURVES_LEVELS : CURVES_LOWEST); level++) {
            const ChartLine line = curves_line(pass, racer, (CurvesPart)part, (CurvesLevel)level);
            chart_line_measure(&line, x, extent);
        }
    }
}

/* To what is shown, and all that was reached for the values: the vertical axis stands still. */
static void find_ranges(const CurvesPass *pass) {
    CurvesView *curves = pass->curves;
    const CurvesSettings *settings = &curves->settings;
    const Quantity *quantity = quantity_of(pass->kind);
    const bool zoomed = chart_range_is_set(settings->x);
    ChartExtent extent = CHART_EXTENT_NONE;
    double end = 0;
    for (int i = 0; i < curves->data.n_curves; i++) {
        if (!curves_is_shown(pass, i)) continue;
        measure(pass, i, zoomed ? settings->x : (ChartRange){0, INFINITY}, &extent);
        const int64_t row = curves_last_row(pass, i);
        if (row >= 0) end = fmax(end, curves_data_places(&curves->data, i, settings->axis)[row]);
    }
    const ChartScale scale = settings->scales[pass->which];
    const bool suits = scale == CHART_SCALE_AUTO ? quantity->logarithmic : scale == CHART_LOGARITHMIC;
    ChartPlot *plot = pass->plot;
    plot->logarithmic = suits && extent.low_positive < INFINITY;
    plot->x = zoomed ? settings->x : (ChartRange){0, end > 0 ? end : 1};
    ChartRange all = chart_range(&extent, plot->logarithmic, quantity->bounded);
    if (pass->kind == CURVES_ERROR && !plot->logarithmic) all.low = 0;
    curves->all_y[pass->which] = all;
    const ChartRange y = settings->y[pass->which];
    plot->y = chart_range_is_set(y) ? chart_range_shown(y, plot->logarithmic) : all;
}

/* Where the horizontal axis ends: at what was reached. */
static double axis_end(const CurvesPass *pass) {
    double end = pass->plot->x.high;
    for (int i = 0; i < pass->curves->data.n_curves; i++) {
        const int64_t n = pass->curves->data.curves[i].n;
        if (!curves_is_shown(pass, i)) continue;
        end = fmax(end, curves_data_places(&pass->curves->data, i, pass->curves->settings.axis)[n - 1]);
    }
    return end;
}

/* Controls. */

static float chip_width(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * CHIP_PADDING;
}

/* A row of chips from the left, as far as there is room. */
typedef struct Row {
    float x, y, end;
} Row;

static bool put_chip(
    const CurvesPass *pass, Row *row, const char *what, const char *text, bool flat, const char *tip) {
    char name[UI_NAME_BYTES];
    const Rect rect = {row->x, row->y, fminf(chip_width(pass->ui, text), row->end - row->x), CHIP_HEIGHT};
    if (rect.width < 2 * CHIP_PADDING + 8) return false;
    row->x += rect.width;
    snprintf(name, sizeof name, "curves.%s.%s", plot_names[pass->which], what);
    char fitted[FITTED_BYTES];
    text_fit(pass->ui->canvas, FONT_TEXT, SIZE_SMALL, text, rect.width - 2 * CHIP_PADDING + 1, fitted);
    return ui_button(pass->ui, name, rect, fitted, (UiLook){.flat = flat, .dim = flat, .small = true}, tip);
}

/* "8 seeds", or how many of them there are where it is shown. */
static void seeds_text(const CurvesPass *pass, char out[SEEDS_TEXT_BYTES]) {
    const CurvesData *data = &pass->curves->data;
    const int seeds = data->source.seeds, noted = curves_noted_racer(pass);
    const int64_t row = noted >= 0 ? curves_last_row(pass, noted) : -1;
    const int there = row >= 0 ? curves_data_seeds_at(data, row) : 1;
    if (there < seeds)
        snprintf(out, SEEDS_TEXT_BYTES, "%d of %d seeds", there, seeds);
    else
        snprintf(out, SEEDS_TEXT_BYTES, "%d %s", seeds, seeds == 1 ? "seed" : "seeds");
}

static void put_chips(const CurvesPass *pass, Row *row) {
    CurvesView *curves = pass->curves;
    const CurvesSettings *settings = &curves->settings;
    const bool upper = pass->which == CURVES_UPPER;
    char text[SEEDS_TEXT_BYTES];
    if (put_chip(
            pass, row, "scale", pass->plot->logarithmic ? "log" : "linear", true, "logarithmic or linear"))
        curves_view_next_scale(curves, pass->which);
    seeds_text(pass, text);
    if (upper && put_chip(pass, row, "seeds", text, true,
                     "how much is chance: again from other weights, in other orders, on the same data"))
        ask_for_more_seeds(curves);
    const bool zoomed =
        chart_range_is_set(settings->y[pass->which]) || (upper && chart_range_is_set(settings->x));
    if (!zoomed || !put_chip(pass, row, "all", "show all", false, "everything again, not the part zoomed to"))
        return;
    curves->settings.y[pass->which] = (ChartRange){0, 0};
    if (upper) curves->settings.x = (ChartRange){0, 0};
}

/* What lines and bands are. */
typedef enum LegendEntry { LEGEND_TRAINING, LEGEND_VALIDATION, LEGEND_BAND, LEGEND_ENTRIES } LegendEntry;
static const char *const legend_texts[LEGEND_ENTRIES] = {"training", "validation", "lowest to highest"};

static float legend_width(Canvas *canvas, int entry) {
    return SAMPLE_WIDTH + SAMPLE_GAP + canvas_text_width(canvas, FONT_TEXT, SIZE_MONO, legend_texts[entry]);
}

static void draw_legend_entry(const CurvesPass *pass, int entry, float end, float middle) {
    const Colour colour = pass->subject->theme->faint;
    Canvas *canvas = pass->ui->canvas;
    const float x = end - legend_width(canvas, entry) + SAMPLE_GAP - SAMPLE_TEXT_GAP;
    canvas_text(canvas, end, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT, SIZE_MONO, colour,
        legend_texts[entry]);
    if (entry == LEGEND_BAND)
        canvas_fill_rect(
            canvas, (Rect){x, roundf(middle) - 4, SAMPLE_WIDTH, 8}, 1, colour_with_alpha(colour, 0.4f));
    else
        dash_polyline(canvas, (Point[]){{x, roundf(middle)}, {x + SAMPLE_WIDTH, roundf(middle)}}, 2,
            LINE_WIDTH, entry == LEGEND_TRAINING ? DASH_SOLID : DASH_DASHED, colour);
}

/* From the right; where there is little room, of lines alone. */
static void draw_legend(const CurvesPass *pass, float left, float end, float middle) {
    Canvas *canvas = pass->ui->canvas;
    bool shown[LEGEND_ENTRIES] = {
        true, pass->curves->data.has[CURVES_LOSS][CURVES_VALIDATION], pass->curves->data.source.seeds > 1};
    float width = 0;
    for (int i = 0; i < LEGEND_ENTRIES; i++) width += shown[i] ? legend_width(canvas, i) : 0;
    for (int i = LEGEND_ENTRIES - 1; i >= 0 && end - width < left; i--) {
        width -= shown[i] ? legend_width(canvas, i) : 0;
        shown[i] = false;
    }
    for (int i = LEGEND_ENTRIES - 1; i >= 0; i--) {
        if (!shown[i]) continue;
        draw_legend_entry(pass, i, end, middle);
        end -= legend_width(canvas, i);
    }
}

/* "loss  log  8 seeds", and what lines are, or where they are read. */
static void put_title(const CurvesPass *pass) {
    Ui *ui = pass->ui;
    const Theme *theme = pass->subject->theme;
    const float middle = pass->rect.y + 0.5f * TITLE_HEIGHT - 2;
    const char *title = quantity_of(pass->kind)->title;
    Row row = {pass->rect.x + CHART_PADDING, roundf(middle - 0.5f * CHIP_HEIGHT),
        pass->rect.x + pass->rect.width - CHART_PADDING};
    if (pass->which == CURVES_UPPER) {
        text_draw_fitted(ui->canvas, row.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT,
            SIZE_SMALL, theme->dim, row.end - row.x, title);
        row.x += canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, title) + 6;
    } else {
        row.x -= CHIP_PADDING;
        if (put_chip(pass, &row, "quantity", title, true, quantity_of(pass->kind)->tip))
            curves_view_next_lower(pass->curves, 1);
    }
    put_chips(pass, &row);
    if (!ui->draws || pass->which != CURVES_UPPER) return;
    if (!curves_reads(pass)) {
        draw_legend(pass, row.x + 4, row.end, middle);
        return;
    }
    char text[CURVES_PLACE_BYTES];
    curves_place_text(pass->curves->settings.axis, pass->curves->read_place, text);
    text_draw_fitted(ui->canvas, row.end, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT, SIZE_MONO,
        theme->text, row.end - row.x - 4, text);
}

/* Returns where the numbers of the axis must end. */
static float put_axis_chip(const CurvesPass *pass) {
    const Rect *plot = &pass->plot->rect;
    const char *text = axis_names[pass->curves->settings.axis];
    const float width = chip_width(pass->ui, text), end = pass->rect.x + pass->rect.width - CHART_PADDING;
    Row row = {end + CHIP_PADDING - width,
        roundf(plot->y + plot->height + 0.5f * (FOOT_HEIGHT - CHIP_HEIGHT)), end + CHIP_PADDING};
    const float left = row.x;
    if (left >= pass->rect.x && put_chip(pass, &row, "axis", text, true,
                                    "by steps, epochs, examples, gradients taken, or measured time"))
        curves_view_next_axis(pass->curves);
    return left;
}

/* Hands. */

/* By keyboard: some rows on from where it is read. */
static void move_reading(const CurvesPass *pass, int rows) {
    CurvesView *curves = pass->curves;
    const int racer = curves_noted_racer(pass);
    const int64_t last = racer >= 0 ? curves_last_row(pass, racer) : -1;
    if (last < 0) return;
    const ChartLine line = curves_line(pass, racer, CURVES_TRAINING, CURVES_MIDDLE);
    int64_t row = curves->read_place < 0 ? last : chart_line_row(&line, curves->read_place, last) + rows;
    row = row < 0 ? 0 : row > last ? last : row;
    curves->read_place = line.places[row];
}

static void act(const CurvesPass *pass, const UiControl *control) {
    CurvesView *curves = pass->curves;
    Ui *ui = pass->ui;
    const ChartZoom zoom = {.plot = pass->plot,
        .x = &curves->settings.x,
        .y = &curves->settings.y[pass->which],
        .x_end = axis_end(pass),
        .all_y = curves->all_y[pass->which]};
    chart_zoom_hand(&zoom, &curves->drags[pass->which], ui, control);
    if (!ui->event || ui->event->type != EVENT_KEY || !ui_shows_focus(ui, control)) return;
    const int by = ui_has_key(ui, control, KEY_RIGHT) - ui_has_key(ui, control, KEY_LEFT);
    if (by != 0) {
        move_reading(pass, ui->event->shift ? 10 * by : by);
        ui_take(ui);
        return;
    }
    chart_zoom_keys(&zoom, ui, control,
        curves->read_place >= 0 ? curves->read_place : 0.5 * (pass->plot->x.low + pass->plot->x.high));
}

/* Where the pointer is, for both plots. */
static void read_pointer(const CurvesPass *pass, const UiControl *control) {
    Ui *ui = pass->ui;
    const Event *event = ui->event;
    if (!event || event->type != EVENT_POINTER_MOVE) return;
    const double before = pass->curves->read_place;
    if (pass->which == CURVES_UPPER) pass->curves->read_place = -1;
    if (ui_is_hovered(ui, control))
        pass->curves->read_place = fmax(chart_plot_x_at(pass->plot, ui->pointer_x), 0);
    if (pass->curves->read_place != before) ui->changed = true;
}

/* The whole. */

static void pass_plot(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject, CurvesPlot which,
    CurvesKind kind, float note) {
    const CurvesPass pass = {curves, ui, subject, rect, which, kind, &curves->plots[which]};
    const float left = rect.x + CHART_PADDING + TICK_WIDTH + TICK_GAP, top = TITLE_HEIGHT + note;
    const float right = rect.x + rect.width - CHART_PADDING - curves_label_width(&pass);
    pass.plot->rect =
        (Rect){left, rect.y + top, fmaxf(right - left, 1), fmaxf(rect.height - top - FOOT_HEIGHT, 1)};
    find_ranges(&pass);
    put_title(&pass);
    if (ui->draws && note > 0)
        curves_draw_note(&pass,
            (Rect){rect.x + CHART_PADDING, rect.y + TITLE_HEIGHT - 4, rect.width - 2 * CHART_PADDING, note});
    const float foot = put_axis_chip(&pass);
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "curves.%s.plot", plot_names[which]);
    const UiControl *control = ui_control(ui, name, UI_AREA, pass.plot->rect, NULL);
    read_pointer(&pass, control);
    if (!ui->draws && control) act(&pass, control);
    if (!ui->draws) return;
    curves_draw(&pass, foot);
    if (control) ui_draw_focus(ui, control, 2);
}

void curves_view(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject, bool whole) {
    if (rect.width <= 0 || rect.height <= 0) return;
    if (ui->draws && !curves_data_read(&curves->data, subject->still ? INT64_MAX : ROWS_A_PICTURE))
        ui->changed = true; /* the next picture has more */
    const CurvesKind kind = shown_lower(curves);
    const bool both = kind != CURVES_LOSS;
    const float note =
        whole && !subject->printed && curves->data.has[CURVES_LOSS][CURVES_VALIDATION] ? NOTE_HEIGHT : 0;
    Rect upper = rect, lower = rect;
    if (both) upper.height = roundf(LOSS_SHARE * rect.height + 0.5f * note);
    lower.y += upper.height;
    lower.height -= upper.height;
    pass_plot(curves, ui, upper, subject, CURVES_UPPER, CURVES_LOSS, note);
    if (both) pass_plot(curves, ui, lower, subject, CURVES_LOWER, kind, 0);
}
