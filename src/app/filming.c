/* Between the window's loop and the recorder. */
#include "filming.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static const double POLL_S = 0.1; /* whether a film that has ended is written */

static void begin(Filming *filming, Viewer *viewer, const PixelCanvas *canvas, double now_s) {
    Status status = status_ok();
    int number = 1;
    do snprintf(filming->path, sizeof filming->path, "slalom-%d.mp4", number++);
    while (access(filming->path, F_OK) == 0);
    filming->recorder = recorder_start(
        filming->path, pixel_canvas_width_px(canvas), pixel_canvas_height_px(canvas), now_s, &status);
    filming->began_s = now_s;
    filming->ends = false;
    filming->due_s = now_s; /* what is on the screen now is the first picture */
    if (!filming->recorder) viewer_notify(viewer, status.message);
}

void filming_toggle(Filming *filming, Viewer *viewer, const PixelCanvas *canvas, double now_s) {
    if (!filming->recorder) {
        begin(filming, viewer, canvas, now_s);
    } else if (!filming->ends) {
        recorder_end(filming->recorder, now_s);
        filming->ends = true;
    }
}

void filming_take(Filming *filming, const Viewer *viewer, PixelCanvas *canvas, double now_s) {
    if (!filming->recorder || filming->ends) return;
    const double since_s = now_s - filming->began_s, frame_s = recorder_frame_s();
    const bool taken = recorder_add(filming->recorder, pixel_canvas_pixels(canvas),
        pixel_canvas_width_px(canvas), pixel_canvas_height_px(canvas), now_s);
    filming->due_s =
        filming->began_s + (taken ? floor(since_s) + 1 : (floor(since_s / frame_s + 1e-6) + 1) * frame_s);
    viewer_draw_record_mark(viewer, pixel_canvas_canvas(canvas), since_s);
}

static void tell(Filming *filming, Viewer *viewer) {
    Status status = status_ok();
    char message[STATUS_MESSAGE_BYTES + 64];
    int64_t late;
    if (!recorder_finish(filming->recorder, &late, &status))
        snprintf(message, sizeof message, "%s", status.message);
    else if (late > 0)
        snprintf(message, sizeof message, "saved %s; %lld pictures came late, for this machine was too slow",
            filming->path, (long long)late);
    else
        snprintf(message, sizeof message, "saved %s", filming->path);
    filming->recorder = NULL;
    viewer_notify(viewer, message);
}

bool filming_advance(Filming *filming, Viewer *viewer, double now_s) {
    if (!filming->recorder) return false;
    if (recorder_is_done(filming->recorder)) {
        tell(filming, viewer);
        return true;
    }
    return !filming->ends && now_s >= filming->due_s;
}

bool filming_is_on(const Filming *filming) {
    return filming->recorder != NULL;
}

double filming_due_s(const Filming *filming, double now_s) {
    if (!filming->recorder) return INFINITY;
    return filming->ends ? now_s + POLL_S : filming->due_s;
}

void filming_finish(Filming *filming) {
    Status status = status_ok();
    if (filming->recorder) recorder_finish(filming->recorder, NULL, &status);
    filming->recorder = NULL;
}
