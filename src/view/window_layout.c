/* The rectangles of the window's parts for a canvas of any size, down to a few pixels. */
#include "window_layout.h"

#include <math.h>

static const float BAR_HEIGHT = 40, TIMELINE_HEIGHT = 38;
static const float PANEL_SHARE = 0.26f, PANEL_WIDTH_MIN = 264, PANEL_WIDTH_MAX = 360;
static const float PANEL_NEEDS_WIDTH = 560; /* narrower canvases are all plot */
static const float CHART_SHARE = 0.29f, CHART_HEIGHT_MIN = 160, CHART_HEIGHT_MAX = 340;

static float clamp(float value, float min, float max) {
    return fminf(fmaxf(value, min), max);
}

static float snap(const Canvas *canvas, float length) {
    return roundf(length * canvas->scale) / canvas->scale;
}

static float panel_width(float width, PanelChoice choice) {
    if (choice == PANEL_HIDDEN || (choice == PANEL_WHERE_ROOM && width < PANEL_NEEDS_WIDTH)) return 0;
    return fminf(clamp(PANEL_SHARE * width, PANEL_WIDTH_MIN, PANEL_WIDTH_MAX), width);
}

WindowLayout window_layout(const Canvas *canvas, PanelChoice choice) {
    float width = canvas->width, height = canvas->height;
    float bar = snap(canvas, fminf(BAR_HEIGHT, 0.5f * height));
    float timeline = snap(canvas, fminf(TIMELINE_HEIGHT, 0.25f * height));
    float panel = snap(canvas, panel_width(width, choice));
    float left = snap(canvas, width - panel), below = height - bar;
    float chart = snap(canvas, fminf(clamp(CHART_SHARE * height, CHART_HEIGHT_MIN, CHART_HEIGHT_MAX), below));
    return (WindowLayout){
        .bar = {0, 0, width, bar},
        .plot = {0, bar, left, below - timeline},
        .timeline = {0, height - timeline, left, timeline},
        .panel = {left, bar, panel, below},
        .chart = {left, bar, panel, panel > 0 ? chart : 0},
        .cards = {left, bar + chart, panel, panel > 0 ? below - chart : 0},
    };
}
