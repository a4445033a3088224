/* slalom: the race in a window. The loop: draw when something changed, sleep when nothing does. */
#include "command.h"

#include "file.h"
#include "png_file.h"
#include "viewer.h"
#include "window.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* The beat where the display has none of its own. */
static const double frame_s = 1.0 / 60;

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Writes what is on screen to the first free name slalom-N.png in the current folder, and says so. */
static void take_screenshot(Viewer *viewer, const PixelCanvas *canvas) {
    char path[32], message[STATUS_MESSAGE_BYTES + 16];
    int number = 1;
    do snprintf(path, sizeof path, "slalom-%d.png", number++);
    while (access(path, F_OK) == 0);
    Status status = status_ok();
    Output output;
    bool good = output_open(&output, path, &status);
    if (good) {
        good = png_write(output.file, pixel_canvas_pixels(canvas), pixel_canvas_width_px(canvas),
            pixel_canvas_height_px(canvas), &status);
        if (good)
            good = output_commit(&output, &status);
        else
            output_abandon(&output);
    }
    snprintf(message, sizeof message, good ? "saved %s" : "not saved: %s", good ? path : status.message);
    viewer_notify(viewer, message);
}

static void copy(Viewer *viewer, Window *window) {
    Status status = status_ok();
    if (!window_set_clipboard(window, viewer_copied(viewer), &status)) viewer_notify(viewer, status.message);
}

/* Answers what the viewer asks for. False when it asks to quit. */
static bool answer_request(Viewer *viewer, Window *window) {
    switch (viewer_take_request(viewer)) {
    case VIEWER_REQUEST_NONE: return true;
    case VIEWER_REQUEST_SCREENSHOT:
        viewer_draw_finished(viewer, window_canvas(window));
        take_screenshot(viewer, window_pixels(window));
        return true;
    case VIEWER_REQUEST_FULLSCREEN: window_toggle_fullscreen(window); return true;
    case VIEWER_REQUEST_PRESENT:
        window_toggle_fullscreen(window);
        window_set_zoom(window, 0.01f * (float)viewer_text_size(viewer));
        return true;
    case VIEWER_REQUEST_TEXT_SIZE:
        window_set_zoom(window, 0.01f * (float)viewer_text_size(viewer));
        return true;
    case VIEWER_REQUEST_COPY: copy(viewer, window); return true;
    case VIEWER_REQUEST_QUIT: return false;
    }
    return true;
}

static void show(Viewer *viewer, Window *window) {
    bool quit = false, dirty = true;
    double last_s = now_s();
    while (!quit) {
        double drawn_s = now_s();
        if (dirty) {
            viewer_draw(viewer, window_canvas(window));
            window_present(window);
        }
        dirty = false;
        double wait_s = -1;
        if (viewer_is_animating(viewer)) {
            wait_s = drawn_s + frame_s - now_s();
            if (wait_s < 0) wait_s = 0;
        }
        Event event;
        while (!quit && window_next_event(window, wait_s, &event, &quit)) {
            if (viewer_handle(viewer, &event)) dirty = true;
            if (!answer_request(viewer, window)) quit = true;
            wait_s = 0;
        }
        double now = now_s();
        if (viewer_advance(viewer, now - last_s)) dirty = true;
        last_s = now;
    }
}

bool command_window(const Arguments *arguments, Status *status) {
    const Scene *scene = &arguments->scene;
    if (arguments->at > scene->steps)
        return status_fail(status, STATUS_BAD_INPUT, "--at: the race has %lld steps; it has no step %lld",
            (long long)scene->steps, (long long)arguments->at);
    Pool *pool = pool_create(-1);
    Viewer *viewer = viewer_create(scene, arguments->theme, pool, status);
    Window *window =
        viewer ? window_create(viewer_title(viewer), arguments->width, arguments->height, status) : NULL;
    if (window) {
        if (arguments->at >= 0)
            viewer_set_step(viewer, arguments->at);
        else
            viewer_play(viewer, true);
        show(viewer, window);
    }
    window_destroy(window);
    viewer_destroy(viewer);
    pool_destroy(pool);
    return window != NULL;
}
