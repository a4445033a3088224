/* Where the chips stand and what they say; what they do is chart_view's. */
#include "chart_chips.h"

#include "chart_read.h"
#include "marker.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

enum { TITLE_BYTES = 48 };
static const float CHIP_HEIGHT = 18, CHIP_PADDING = 6, CHIP_GAP = 2, CARET_RADIUS = 2.5f;

static float chip_width(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * CHIP_PADDING;
}

static bool chip(const ChartView *chart, Ui *ui, const char *name, Rect rect, const char *text, UiLook look,
    const char *tip) {
    char full[UI_NAME_BYTES];
    snprintf(full, sizeof full, "%s.%s", chart->name, name);
    look.small = true;
    return ui_button(ui, full, rect, text, look, tip);
}

/* The seconds in a unit of the time axis, and its name. */
static double time_unit(double range_s, const char **name) {
    static const struct {
        double least_s, unit_s;
        const char *name;
    } units[] = {{2, 1, "time, s"}, {2e-3, 1e-3, "time, ms"}, {0, 1e-6, "time, µs"}};
    int i = 0;
    while (range_s < units[i].least_s) i++;
    *name = units[i].name;
    return units[i].unit_s;
}

double chart_chips_axis_unit(const ChartView *chart, const char **name) {
    static const char *const names[CHART_AXES] = {"step", "gradients", ""};
    *name = names[chart->settings.axis];
    if (chart->settings.axis != CHART_TIME) return 1;
    return time_unit(chart->plot.x.high - chart->plot.x.low, name);
}

/* "loss v", which opens the list; without width where there is no room. */
static Rect put_quantity(ChartView *chart, Ui *ui, Rect place, float end, const Theme *theme) {
    char text[TITLE_BYTES]; /* room for the triangle that says that it opens */
    snprintf(text, sizeof text, "%s   ", chart->series.quantity->title);
    place.width = fminf(chip_width(ui, text), end - place.x);
    if (place.width < 2 * CHIP_PADDING) return (Rect){place.x, place.y, 0, place.height};
    const UiLook look = {.active = chart->choosing, .flat = true, .dim = true};
    if (chip(chart, ui, "quantity", place, text, look, "another quantity"))
        chart->choosing = !chart->choosing;
    marker_draw(ui->canvas, MARKER_TRIANGLE_DOWN,
        (Point){place.x + place.width - CHIP_PADDING - 4, place.y + 0.5f * place.height}, CARET_RADIUS,
        chart->choosing ? theme->on_accent : theme->faint, 0, theme->panel);
    return place;
}

float chart_chips_title(ChartView *chart, Ui *ui, Rect rect, const Subject *subject) {
    Rect place = {rect.x + CHART_PADDING - CHIP_PADDING,
        roundf(rect.y + 0.5f * (CHART_TITLE_HEIGHT - CHIP_HEIGHT) - 2), 0, CHIP_HEIGHT};
    float end = rect.x + rect.width - CHART_PADDING;
    place = put_quantity(chart, ui, place, end, subject->theme);
    if (place.width <= 0) return 0;
    place.x += place.width + CHIP_GAP;
    const char *scale = chart->fit.logarithmic ? "log" : "linear";
    place.width = chip_width(ui, scale);
    if (!chart->choosing && place.x + place.width <= end) {
        const UiLook look = {.flat = true, .dim = true};
        if (chip(chart, ui, "scale", place, scale, look, "logarithmic or linear"))
            chart_view_next_scale(chart);
        place.x += place.width + CHIP_GAP;
    }
    const char *all = "show all";
    place.width = chip_width(ui, all);
    if (!chart->choosing && chart_view_is_zoomed(chart) && place.x + place.width <= end) {
        if (chip(chart, ui, "all", place, all, (UiLook){0}, "everything again, not the part zoomed to"))
            chart_view_show_all(chart);
        place.x += place.width + CHIP_GAP;
    }
    return place.x + CHIP_PADDING;
}

float chart_chips_axis(ChartView *chart, Ui *ui, Rect rect) {
    const char *name;
    chart_chips_axis_unit(chart, &name);
    float width = chip_width(ui, name), end = rect.x + rect.width - CHART_PADDING;
    const Rect *plot = &chart->plot.rect;
    Rect place = {end + CHIP_PADDING - width,
        roundf(plot->y + plot->height + 0.5f * (CHART_FOOT_HEIGHT - CHIP_HEIGHT)), width, CHIP_HEIGHT};
    const UiLook look = {.flat = true, .dim = true};
    if (place.x >= rect.x &&
        chip(chart, ui, "axis", place, name, look, "by steps, by gradients taken, or by measured time"))
        chart_view_next_axis(chart);
    return place.x;
}

void chart_chips_list(ChartView *chart, Ui *ui, Rect rect, const Subject *subject) {
    SeriesSource source = {subject->race, subject->surface, subject->lowest};
    float left = rect.x + CHART_PADDING, right = rect.x + rect.width - CHART_PADDING;
    float bottom = rect.y + rect.height;
    Rect place = {left, rect.y + CHART_TITLE_HEIGHT - 2, 0, CHIP_HEIGHT};
    for (int i = 0; i < quantity_count; i++) {
        const Quantity *quantity = &quantity_table[i];
        if (!quantity_exists(quantity, &source)) continue;
        place.width = fminf(chip_width(ui, quantity->title), right - left);
        if (place.x > left && place.x + place.width > right) {
            place.x = left;
            place.y += place.height + 1;
        }
        if (place.y + place.height > bottom) break;
        char name[UI_NAME_BYTES / 2];
        snprintf(name, sizeof name, "quantity.%s", quantity->name);
        const UiLook look = {.active = quantity == chart->series.quantity};
        if (chip(chart, ui, name, place, quantity->title, look, quantity->tip)) chart_view_choose(chart, i);
        place.x += place.width + 3;
    }
    const Event *event = ui->event;
    if (!event || event->type != EVENT_KEY || event->key != KEY_ESCAPE) return;
    chart->choosing = false;
    ui_take(ui);
}
