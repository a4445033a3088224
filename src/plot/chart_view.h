/* A chart of one quantity of every racer, up to the step that is shown: chosen, zoomed and read by hand.
 *
 * The vertical axis spans the whole race, so that it stands still while the race is played. Chips in the
 * places of the axes' names choose the quantity, its scale and the horizontal axis. It is zoomed as
 * chart_zoom.h has it; with the keyboard, arrows move the reading. */
#ifndef SLALOM_CHART_VIEW_H
#define SLALOM_CHART_VIEW_H

#include "chart_plot.h"
#include "chart_zoom.h"
#include "scene.h"
#include "series.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

/* The time of a racer's steps is measured as a whole and spread evenly over its evaluations:
 * race_measure_time must have been on since the race began. */
typedef enum ChartAxis { CHART_STEPS, CHART_EVALUATIONS, CHART_TIME, CHART_AXES } ChartAxis;

typedef enum ChartScale { CHART_SCALE_AUTO, CHART_LINEAR, CHART_LOGARITHMIC } ChartScale;

/* What a person chose: plain data. {0} is the best known loss by steps. */
typedef struct ChartSettings {
    int quantity;     /* a row of quantity_table; the next one that exists where it does not */
    ChartAxis axis;   /* the horizontal one */
    ChartScale scale; /* of the vertical one; AUTO: as suits the quantity */
    ChartRange x, y;  /* what is shown: steps, evaluations or seconds; values. Without extent: everything */
} ChartSettings;

/* The vertical range, and what it was found for. */
typedef struct ChartFit {
    const Quantity *quantity;
    uint64_t version, visible; /* a bit for each racer */
    int64_t steps_done;
    bool finished;
    ChartAxis axis;
    ChartScale scale;
    ChartRange x, y;
    bool logarithmic;
} ChartFit;

typedef struct ChartView {
    const char *name; /* its widgets begin with it */
    ChartSettings settings;
    bool choosing; /* the quantities are listed */

    /* What the pointer or the keyboard points at, for other views; -1: nothing. */
    int hovered_racer;
    int64_t hovered_row;

    /* From picture to picture. */
    Series series;
    ChartFit fit;
    ChartPlot plot;
    ChartLine lines[RACE_RACERS_MAX];
    int shown[RACE_RACERS_MAX]; /* the racers that are drawn */
    int n_shown;
    int read_racer; /* what is pointed at here or, by subject->read_racer, in another view */
    int64_t read_row;
    bool reads; /* by keyboard */
    ChartDrag drag;
} ChartView;

void chart_view_init(ChartView *chart, const char *name);
void chart_view_finish(ChartView *chart);

/* Draws, or lets the event act. */
void chart_view(ChartView *chart, Ui *ui, Rect rect, const Subject *subject);

/* Of its horizontal axis: "step". */
const char *chart_view_axis_name(const ChartView *chart);

/* The chart alone, all its values computed, for paper. */
void chart_view_draw_figure(ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject);

/* False while values are still being computed: the next picture has more of them. A pass that draws says so
 * by ui->changed. */
bool chart_view_is_finished(const ChartView *chart);

/* Its settings as a scene keeps them, and put in place. */
ChartLook chart_view_look(const ChartView *chart);
void chart_view_show_look(ChartView *chart, const ChartLook *look);

/* For keys: the next quantity, horizontal axis, scale. */
void chart_view_next_quantity(ChartView *chart, const Subject *subject, int by);
void chart_view_next_axis(ChartView *chart);
void chart_view_next_scale(ChartView *chart);

/* For its chips. */
void chart_view_choose(ChartView *chart, int quantity);
bool chart_view_is_zoomed(const ChartView *chart);
void chart_view_show_all(ChartView *chart);

#endif
