/* The slider: a value by its place in a range, and the other way round. */
#include "ui.h"

#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const float TRACK_HEIGHT = 4, KNOB_RADIUS = 6;
static const double KEY_STEP = 0.01, FINE_STEP = 0.001;
/* The part of a logarithmic track that means 0, where 0 is offered. */
static const double ZERO_PART = 0.04;

static double to_digits(double value, int digits) {
    char text[40];
    snprintf(text, sizeof text, "%.*g", digits, value);
    return strtod(text, NULL);
}

static double value_at(const UiRange *range, double fraction) {
    double value;
    if (range->logarithmic && range->from_zero && fraction < ZERO_PART) return 0;
    if (range->logarithmic) {
        double from = range->from_zero ? ZERO_PART : 0;
        value = range->min * pow(range->max / range->min, (fraction - from) / (1 - from));
    } else {
        /* Rounded to what a person could have aimed at: a thousandth of the range. */
        double grain = pow(10, floor(log10((range->max - range->min) / 500)));
        value = range->min + fraction * (range->max - range->min);
        value = grain * round(value / grain);
    }
    value = range->whole ? round(value) : to_digits(value, range->logarithmic ? 3 : 6);
    return fmin(fmax(value, range->min), range->max);
}

static double fraction_of(const UiRange *range, double value) {
    if (!range->logarithmic) return range_fraction(value, range->min, range->max, false);
    if (range->from_zero && !(value > 0)) return 0;
    double from = range->from_zero ? ZERO_PART : 0;
    return from + (1 - from) * range_fraction(value, range->min, range->max, true);
}

static bool set(double *value, double to) {
    bool changed = *value != to;
    *value = to;
    return changed;
}

bool ui_range_step(const UiRange *range, double *value, int way, bool fine) {
    double fraction = fraction_of(range, *value), step = fine ? FINE_STEP : KEY_STEP, to = *value;
    for (int i = 1; i <= 1000 && to == *value; i++)
        to = value_at(range, fmin(fmax(fraction + way * step * i, 0), 1));
    return set(value, to);
}

bool ui_slider(
    Ui *ui, const char *name, Rect rect, const UiRange *range, Colour fill, double *value, const char *tip) {
    const UiControl *control = ui_control(ui, name, UI_SLIDER, rect, tip);
    const Event *event = ui->event;
    Rect track = {rect.x + KNOB_RADIUS, roundf(rect.y + 0.5f * (rect.height - TRACK_HEIGHT)),
        rect.width - 2 * KNOB_RADIUS, TRACK_HEIGHT};
    bool changed = false;
    if (ui_is_pressed(ui, control)) {
        bool back = event->clicks == 2 && !isnan(range->normal);
        changed = set(value, back ? range->normal : value_at(range, slider_fraction(track, event->x)));
        if (back) ui->active[0] = '\0'; /* or the hand's trembling would move it again */
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_MOVE) {
        changed = set(value, value_at(range, slider_fraction(track, event->x)));
        ui_take(ui);
    } else if (event && ui_is_active(ui, control) && event->type == EVENT_POINTER_UP) {
        ui->active[0] = '\0';
        ui_take(ui);
    } else if (ui_has_key(ui, control, KEY_LEFT) || ui_has_key(ui, control, KEY_RIGHT)) {
        changed = ui_range_step(range, value, event->key == KEY_RIGHT ? 1 : -1, event->shift);
        ui_take(ui);
    }
    if (!ui->draws || track.width <= 0) return changed;
    bool held = ui_is_active(ui, control) || ui_is_hovered(ui, control);
    slider_draw(
        ui->canvas, ui->theme, track, fraction_of(range, *value), fill, held ? KNOB_RADIUS : KNOB_RADIUS - 1);
    ui_draw_focus(ui, control, 4);
    return changed;
}
