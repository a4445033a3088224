/* A chart by itself on a recording canvas, and hands that point at it. */
#ifndef SLALOM_TEST_CHART_STAGE_H
#define SLALOM_TEST_CHART_STAGE_H

#include "test.h"

#include "chart_view.h"
#include "record_canvas.h"
#include "scene.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 200 };

/* A race, and a chart of it alone on a canvas. */
typedef struct Stage {
    Scene scene;
    Surface *surface;
    Race *race;
    Subject subject;
    ChartView chart;
    Ui *ui;
    RecordCanvas *record;
    Canvas *canvas;
    Rect rect;
} Stage;

static inline Stage stage_open(const char *surface, const char *const *racers, float width, float height) {
    Status status = status_ok();
    Stage stage = {.scene = {.surface = strdup(surface), .steps = STEPS, .seed = 1}};
    for (; *racers; racers++)
        if (!scene_add_racer(&stage.scene, *racers, &status)) fail_msg("%s", status.message);
    stage.surface = scene_surface(&stage.scene, &status);
    stage.race = stage.surface ? scene_race(&stage.scene, stage.surface, &status) : NULL;
    if (!stage.race) fail_msg("%s", status.message);
    race_measure_time(stage.race, true);
    race_restart(stage.race, NULL);
    race_run(stage.race);
    stage.subject = (Subject){.theme = &theme_dark,
        .surface = stage.surface,
        .race = stage.race,
        .race_version = 1,
        .lowest = NAN,
        .step = STEPS,
        .read_racer = -1};
    surface_lowest(stage.surface, &stage.subject.lowest);
    chart_view_init(&stage.chart, "chart");
    stage.ui = malloc(sizeof *stage.ui);
    ui_init(stage.ui);
    stage.record = record_canvas_create(width, height);
    stage.canvas = record_canvas_canvas(stage.record);
    stage.rect = (Rect){0, 0, width, height};
    return stage;
}

static inline void stage_close(Stage *stage) {
    chart_view_finish(&stage->chart);
    record_canvas_destroy(stage->record);
    race_destroy(stage->race);
    surface_destroy(stage->surface);
    scene_finish(&stage->scene);
    free(stage->ui);
}

static inline void pass(Stage *stage, const Event *event) {
    ui_begin(stage->ui, stage->canvas, stage->subject.theme, event);
    chart_view(&stage->chart, stage->ui, stage->rect, &stage->subject);
    ui_end(stage->ui);
}

static inline uint64_t draw(Stage *stage) {
    do {
        record_canvas_clear(stage->record);
        pass(stage, NULL);
    } while (!chart_view_is_finished(&stage->chart));
    return record_canvas_hash(stage->record);
}

static inline bool send(Stage *stage, Event event) {
    pass(stage, &event);
    bool changed = stage->ui->changed;
    draw(stage);
    return changed;
}

static inline void point_at(Stage *stage, float x, float y) {
    send(stage, (Event){.type = EVENT_POINTER_MOVE, .x = x, .y = y});
}

static inline void press(Stage *stage, float x, float y, int clicks, bool shift) {
    send(stage,
        (Event){.type = EVENT_POINTER_DOWN, .x = x, .y = y, .button = 1, .clicks = clicks, .shift = shift});
}

static inline void release(Stage *stage, float x, float y) {
    send(stage, (Event){.type = EVENT_POINTER_UP, .x = x, .y = y, .button = 1});
}

static inline void drag(Stage *stage, float x0, float y0, float x1, float y1, bool shift) {
    press(stage, x0, y0, 1, shift);
    point_at(stage, x1, y1);
    release(stage, x1, y1);
}

static inline void push(Stage *stage, const char *name) {
    const UiControl *control = ui_find(stage->ui, name);
    if (!control) fail_msg("there is no '%s'", name);
    float x = control->rect.x + 3, y = control->rect.y + 3;
    press(stage, x, y, 1, false);
    release(stage, x, y);
}

static inline void wheel(Stage *stage, float x, float y, float scroll, bool shift) {
    send(stage, (Event){.type = EVENT_WHEEL, .x = x, .y = y, .scroll = scroll, .shift = shift});
}

static inline void key(Stage *stage, int key, bool shift) {
    send(stage, (Event){.type = EVENT_KEY, .key = key, .shift = shift});
}

static inline void choose(Stage *stage, const char *quantity) {
    stage->chart.settings = (ChartSettings){.quantity = quantity_find(quantity)};
    assert_true(stage->chart.settings.quantity >= 0);
    draw(stage);
}

/* Where a racer's line is at a row. */
static inline Point place(const Stage *stage, int racer, int64_t row) {
    const ChartLine *line = &stage->chart.lines[racer];
    return (Point){chart_plot_x(&stage->chart.plot, chart_line_x(line, row)),
        chart_plot_y(&stage->chart.plot, line->values[row])};
}

static inline bool says(const Stage *stage, const char *text) {
    return record_canvas_find_text(stage->record, text) != NULL;
}

/* No text of the picture lies over another, and none is cut. */
static inline void check_texts(const Stage *stage, const char *what) {
    TextPair pairs[1];
    const Call *cut[1];
    if (record_canvas_overlaps(stage->record, pairs, 1))
        fail_msg("%s, %gx%g: '%s' lies over '%s'", what, stage->rect.width, stage->rect.height,
            pairs[0].second->string, pairs[0].first->string);
    if (record_canvas_cut_texts(stage->record, cut, 1))
        fail_msg("%s, %gx%g: '%s' is cut", what, stage->rect.width, stage->rect.height, cut[0]->string);
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        assert_true(isfinite(call->box.x) && isfinite(call->box.y));
        assert_true(isfinite(call->box.width) && isfinite(call->box.height));
    }
}

#endif
