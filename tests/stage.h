/* A viewer on a recording canvas: what a person does to it, and what it draws then. */
#ifndef SLALOM_TEST_STAGE_H
#define SLALOM_TEST_STAGE_H

#include "test.h"

#include "record_canvas.h"
#include "viewer_state.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 200 };

/* A viewer drawn on a recording canvas. */
typedef struct Stage {
    Viewer *viewer;
    RecordCanvas *record;
    Canvas *canvas;
} Stage;

static inline Scene make_scene(
    const char *surface, const char *const *racers, int64_t steps, const double *start) {
    Status status = status_ok();
    Scene scene = {
        .surface = strdup(surface), .steps = steps, .seed = 1, .network = network_scene_default()};
    for (; *racers; racers++)
        if (!scene_add_racer(&scene, *racers, &status)) fail_msg("%s", status.message);
    if (start) {
        scene.has_start = true;
        memcpy(scene.start, start, sizeof scene.start);
    }
    return scene;
}

static inline Stage stage_open_on(Scene scene, float width, float height, Pool *pool) {
    Status status = status_ok();
    Stage stage = {.viewer = viewer_create(&scene, pool, &status)};
    scene_finish(&scene);
    if (!stage.viewer) fail_msg("%s", status.message);
    stage.record = record_canvas_create(width, height);
    stage.canvas = record_canvas_canvas(stage.record);
    return stage;
}

static inline Stage stage_open(const char *surface, const char *const *racers, float width, float height) {
    Stage stage = stage_open_on(make_scene(surface, racers, STEPS, NULL), width, height, NULL);
    viewer_set_step(stage.viewer, STEPS / 2);
    viewer_draw_finished(stage.viewer, stage.canvas);
    return stage;
}

static inline void stage_close(Stage *stage) {
    viewer_destroy(stage->viewer);
    record_canvas_destroy(stage->record);
}

/* One frame as it comes, with as much of a long race as there was time for. */
static inline uint64_t draw_frame(Stage *stage) {
    record_canvas_clear(stage->record);
    viewer_draw(stage->viewer, stage->canvas);
    return record_canvas_hash(stage->record);
}

/* The same with the race at its end, however busy the machine is. */
static inline uint64_t draw(Stage *stage) {
    race_run(stage->viewer->running.race);
    return draw_frame(stage);
}

static inline uint64_t draw_finished(Stage *stage) {
    record_canvas_clear(stage->record);
    viewer_draw_finished(stage->viewer, stage->canvas);
    return record_canvas_hash(stage->record);
}

static inline bool send(Stage *stage, Event event) {
    return viewer_handle(stage->viewer, &event);
}

static inline void press(Stage *stage, double x, double y, int button, int clicks) {
    send(stage,
        (Event){
            .type = EVENT_POINTER_DOWN, .x = (float)x, .y = (float)y, .button = button, .clicks = clicks});
}

static inline void move(Stage *stage, double x, double y) {
    send(stage, (Event){.type = EVENT_POINTER_MOVE, .x = (float)x, .y = (float)y});
}

static inline void release(Stage *stage, double x, double y) {
    send(stage, (Event){.type = EVENT_POINTER_UP, .x = (float)x, .y = (float)y, .button = 1});
}

static inline void drag(Stage *stage, double x0, double y0, double x1, double y1) {
    press(stage, x0, y0, 1, 1);
    move(stage, 0.5 * (x0 + x1), 0.5 * (y0 + y1));
    move(stage, x1, y1);
    release(stage, x1, y1);
}

static inline void key(Stage *stage, int which, bool shift, bool control) {
    send(stage, (Event){.type = EVENT_KEY, .key = which, .shift = shift, .control = control});
}

/* A control of the picture drawn last, by its name. */
static inline const UiControl *control_of(const Stage *stage, const char *name) {
    const UiControl *control = ui_find(&stage->viewer->ui, name);
    if (!control) fail_msg("there is no control '%s'", name);
    return control;
}

/* Draws, then presses the control in its middle and lets it go. */
static inline void press_control(Stage *stage, const char *name) {
    draw(stage);
    Rect rect = control_of(stage, name)->seen;
    if (rect.width <= 0 || rect.height <= 0) fail_msg("'%s' is not in sight", name);
    press(stage, rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height, 1, 1);
    release(stage, rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height);
}

/* No text of the picture lies over another, and none is cut. */
static inline void check_texts(const Stage *stage, const char *what) {
    TextPair pairs[1];
    const Call *cut[1];
    if (record_canvas_overlaps(stage->record, pairs, 1))
        fail_msg("%s, %gx%g: '%s' (%g, %g, %g wide) lies over '%s' (%g, %g, %g wide)", what,
            stage->canvas->width, stage->canvas->height, pairs[0].second->string, pairs[0].second->box.x,
            pairs[0].second->box.y, pairs[0].second->box.width, pairs[0].first->string, pairs[0].first->box.x,
            pairs[0].first->box.y, pairs[0].first->box.width);
    if (record_canvas_cut_texts(stage->record, cut, 1))
        fail_msg("%s, %gx%g: '%s' is cut", what, stage->canvas->width, stage->canvas->height, cut[0]->string);
}

#endif
