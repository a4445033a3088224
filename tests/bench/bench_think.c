/* What it costs to see a racer think: 1280x800, 12 racers x 2,000 steps. Frames with it and without, in
 * pairs, while the race is played and while the start is dragged (the replay begins anew); and its parts. */
#include "pixel_canvas.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, STEPS = 2000, FRAMES = 100 };

static const char *const racers[] = {"adam", "sgd:lr=0.001", "momentum:lr=0.0005", "nesterov:lr=0.0005",
    "bfgs", "newton", "nadam", "sophia", "prodigy", "lamb", "sam:lr=0.0005", "adan"};
enum { RACERS = sizeof racers / sizeof *racers };

/* Processor time: all is done by one thread. */
static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *times, double part) {
    qsort(times, FRAMES, sizeof *times, ascending);
    return times[(int)(part * (FRAMES - 1))];
}

/* The three parts of one frame, after the race has moved on by a step. */
static void measure_parts(Viewer *viewer, Canvas *canvas, int racer) {
    double update[FRAMES], draw[FRAMES], panel[FRAMES];
    viewer->editor.selected = racer;
    viewer_draw_finished(viewer, canvas);
    for (int i = 0; i < FRAMES; i++) {
        viewer->subject.step = i;
        double t0 = now_ms();
        think_view_update(&viewer->think, &viewer->subject, 1);
        double t1 = now_ms();
        LabelPlacer placer;
        placer_start(&placer, viewer->layout.plot);
        think_view_draw(&viewer->think, canvas, &viewer->ground.plane.camera, &viewer->subject);
        think_view_draw_labels(&viewer->think, canvas, &placer, &viewer->subject);
        double t2 = now_ms();
        working_view_advance(&viewer->working, 1.0 / 60);
        viewer->working.plays = true;
        ui_begin(&viewer->ui, canvas, viewer->subject.theme, NULL);
        working_view(&viewer->working, &viewer->ui, viewer->working_rect, &viewer->subject, &viewer->think);
        double t3 = now_ms();
        update[i] = t1 - t0;
        draw[i] = t2 - t1;
        panel[i] = t3 - t2;
    }
    double sum = 0;
    for (int i = 0; i < FRAMES; i++) sum += update[i] + draw[i] + panel[i];
    printf("%-22s step %.3f (99%% %.3f)   plot %.3f (%.3f)   panel %.3f (%.3f)   mean of a frame %.3f ms\n",
        racers[racer], quantile(update, 0.5), quantile(update, 0.99), quantile(draw, 0.5),
        quantile(draw, 0.99), quantile(panel, 0.5), quantile(panel, 0.99), sum / FRAMES);
}

/* The median of the time to follow a changed race to a step. */
static void measure_follow(Viewer *viewer, Canvas *canvas, int racer) {
    double times[FRAMES];
    viewer->editor.selected = racer;
    viewer_draw_finished(viewer, canvas);
    for (int i = 0; i < FRAMES; i++) {
        viewer->subject.race_version++;
        double began = now_ms();
        do think_view_update(&viewer->think, &viewer->subject, 1);
        while (viewer->think.behind);
        times[i] = now_ms() - began;
    }
    printf("%-22s anew to step %lld: %.3f (99%% %.3f) ms\n", racers[racer], (long long)viewer->subject.step,
        quantile(times, 0.5), quantile(times, 0.99));
}

int main(void) {
    Status status = status_ok();
    char *name = strdup("rosenbrock");
    Scene scene = {.surface = name, .steps = STEPS, .seed = 1};
    bool good = name != NULL;
    for (int i = 0; good && i < RACERS; i++) good = scene_add_racer(&scene, racers[i], &status);
    Viewer *viewer = good ? viewer_create(&scene, NULL, &status) : NULL;
    PixelCanvas *pixels = viewer ? pixel_canvas_create(WIDTH, HEIGHT, 1, &status) : NULL;
    if (pixels) {
        Canvas *canvas = pixel_canvas_canvas(pixels);
        viewer->thinks = true;
        for (int i = 0; i < RACERS; i++) measure_parts(viewer, canvas, i);
        viewer_set_step(viewer, STEPS);
        for (int i = 0; i < RACERS; i++) measure_follow(viewer, canvas, i);
    } else {
        fprintf(stderr, "%s\n", status.message);
    }
    pixel_canvas_destroy(pixels);
    viewer_destroy(viewer);
    scene_finish(&scene);
    return pixels ? 0 : 1;
}
