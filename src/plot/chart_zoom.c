/* Ranges from what hands do. Who else wants the event, and what is read under the pointer, is up to the
 * chart. */
#include "chart_zoom.h"

#include <math.h>

static const double KEY_FACTOR = 1.5, WHEEL_FACTOR = 1.25;
static const double NEAREST = 1e-9; /* not so near that numbers no longer tell two pixels apart */
static const float DRAG_LEAST_PX = 5;

bool chart_range_is_set(ChartRange range) {
    return range.low < range.high;
}

ChartRange chart_range_shown(ChartRange values, bool logarithmic) {
    return logarithmic ? (ChartRange){log10(values.low), log10(values.high)} : values;
}

static ChartRange zoomed(ChartRange range, double around, double factor) {
    return (ChartRange){around + (range.low - around) / factor, around + (range.high - around) / factor};
}

static void zoom_x(const ChartZoom *zoom, double around, double factor) {
    const double end = zoom->x_end;
    const bool out = factor < 1;
    ChartRange to = zoomed(zoom->plot->x, around, factor);
    if (out && !chart_range_is_set(*zoom->x)) return;
    if (to.low < 0) to = (ChartRange){0, to.high - to.low};
    if (to.high > end) to = (ChartRange){fmax(to.low - (to.high - end), 0), end};
    if (out && to.low <= 0 && to.high >= end) to = (ChartRange){0, 0};
    if (!out && !(to.high - to.low > NEAREST * end)) return;
    *zoom->x = to;
}

static void set_y(const ChartZoom *zoom, ChartRange to) {
    if (zoom->plot->logarithmic) to = (ChartRange){pow(10, to.low), pow(10, to.high)};
    if (isfinite(to.low) && isfinite(to.high) && to.low < to.high) *zoom->y = to;
}

static void zoom_y(const ChartZoom *zoom, float y_px, double factor) {
    const ChartRange *y = &zoom->plot->y, *all = &zoom->all_y;
    const double part = 1 - (double)(y_px - zoom->plot->rect.y) / (double)zoom->plot->rect.height;
    const ChartRange to = zoomed(*y, y->low + part * (y->high - y->low), factor);
    if (factor < 1 && to.low <= all->low && to.high >= all->high)
        *zoom->y = (ChartRange){0, 0};
    else if (factor < 1 || to.high - to.low > NEAREST * fmax(fabs(to.low), fabs(to.high)))
        set_y(zoom, to);
}

static void show_everything(const ChartZoom *zoom) {
    *zoom->x = *zoom->y = (ChartRange){0, 0};
}

static void zoom_to_drag(const ChartZoom *zoom, const ChartDrag *drag) {
    const float low = fminf(drag->from_px, drag->to_px), high = fmaxf(drag->from_px, drag->to_px);
    const ChartPlot *plot = zoom->plot;
    if (high - low < DRAG_LEAST_PX) return;
    if (!drag->vertical) {
        *zoom->x = (ChartRange){fmax(chart_plot_x_at(plot, low), 0), chart_plot_x_at(plot, high)};
        return;
    }
    const double per_px = (plot->y.high - plot->y.low) / (double)plot->rect.height;
    const double bottom = (double)(plot->rect.y + plot->rect.height);
    set_y(zoom, (ChartRange){plot->y.low + per_px * (bottom - (double)high),
                    plot->y.low + per_px * (bottom - (double)low)});
}

static void press(const ChartZoom *zoom, ChartDrag *drag, Ui *ui) {
    const Event *event = ui->event;
    if (event->clicks == 2) {
        show_everything(zoom);
        ui->active[0] = '\0';
    } else {
        const float at = event->shift ? event->y : event->x;
        *drag = (ChartDrag){.on = true, .vertical = event->shift, .from_px = at, .to_px = at};
    }
    ui_take(ui);
}

static void use_pointer(const ChartZoom *zoom, ChartDrag *drag, Ui *ui, const UiControl *control) {
    const Event *event = ui->event;
    const Rect *rect = &zoom->plot->rect;
    if (ui_is_pressed(ui, control)) {
        press(zoom, drag, ui);
        return;
    }
    if (!drag->on || !ui_is_active(ui, control)) {
        drag->on = false;
        return;
    }
    if (event->type != EVENT_POINTER_MOVE && event->type != EVENT_POINTER_UP) return;
    drag->to_px = drag->vertical ? fminf(fmaxf(event->y, rect->y), rect->y + rect->height)
                                 : fminf(fmaxf(event->x, rect->x), rect->x + rect->width);
    if (event->type == EVENT_POINTER_UP) {
        zoom_to_drag(zoom, drag);
        drag->on = false;
        ui->active[0] = '\0';
    }
    ui_take(ui);
}

void chart_zoom_hand(const ChartZoom *zoom, ChartDrag *drag, Ui *ui, const UiControl *control) {
    if (ui->event) use_pointer(zoom, drag, ui, control);
    const Event *event = ui->event;
    if (!event || event->type != EVENT_WHEEL || !rect_contains(control->seen, event->x, event->y)) return;
    const double factor = pow(WHEEL_FACTOR, (double)event->scroll);
    if (event->shift)
        zoom_y(zoom, event->y, factor);
    else
        zoom_x(zoom, chart_plot_x_at(zoom->plot, event->x), factor);
    ui_take(ui);
}

void chart_zoom_keys(const ChartZoom *zoom, Ui *ui, const UiControl *control, double around) {
    if (!ui->event || ui->event->type != EVENT_KEY || !ui_shows_focus(ui, control)) return;
    const bool in = ui_has_key(ui, control, '+') || ui_has_key(ui, control, '=');
    if (in || ui_has_key(ui, control, '-'))
        zoom_x(zoom, around, in ? KEY_FACTOR : 1 / KEY_FACTOR);
    else if (ui_has_key(ui, control, '0'))
        show_everything(zoom);
    else
        return;
    ui_take(ui);
}

void chart_drag_draw(const ChartDrag *drag, const ChartPlot *plot, Canvas *canvas, const Theme *theme) {
    Rect band = plot->rect;
    const float low = fminf(drag->from_px, drag->to_px), length = fabsf(drag->to_px - drag->from_px);
    if (!drag->on) return;
    if (drag->vertical) {
        band.y = low;
        band.height = length;
    } else {
        band.x = low;
        band.width = length;
    }
    canvas_fill_rect(canvas, band, 0, colour_with_alpha(theme->accent, 0.25f));
}
