/* The time of a frame by the software renderer: 1280x800, 12 racers x 2,000 steps, while the race is played,
 * while the start is dragged (the race run anew), while the picture is dragged (the surface computed anew),
 * and in space while it is turned and while it rises from the flat one; with the parts of a frame. */
#include "pixel_canvas.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, STEPS = 2000, FRAMES = 250 };

static const char *const racers[] = {"sgd:lr=0.001", "momentum:lr=0.0005", "nesterov:lr=0.0005", "adagrad",
    "rmsprop:lr=0.01", "adam:lr=0.05", "adamw:lr=0.1", "sgd:lr=0.0005", "momentum:lr=0.0002",
    "nesterov:lr=0.0002", "rmsprop:lr=0.003", "adam:lr=0.01"};
static const char *const surfaces[] = {"rosenbrock", "ravine", "himmelblau", "ackley", "recurrent_wall"};

typedef struct Bench {
    Viewer *viewer;
    Canvas *canvas;
} Bench;

static double now_ms(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void play(Bench *bench, int frame) {
    viewer_set_step(bench->viewer, STEPS / 4 + (int64_t)frame * (STEPS - STEPS / 4) / FRAMES);
}

static void drag_start(Bench *bench, int frame) {
    const Surface *surface = bench->viewer->running.surface;
    double turn = 6.283 * frame / FRAMES, reach = 0.05 * (surface->box.x_max - surface->box.x_min);
    viewer_move_start(bench->viewer,
        (double[]){surface->start[0] + reach * cos(turn), surface->start[1] + reach * sin(turn)});
}

static void drag_picture(Bench *bench, int frame) {
    camera_pan(&bench->viewer->ground.plane.camera, frame % 100 < 50 ? 3 : -3, frame % 60 < 30 ? 2 : -2);
}

static void turn(Bench *bench, int frame) {
    orbit_turn(&bench->viewer->ground.space.orbit, 3, frame % 100 < 50 ? 0.7 : -0.7);
}

static void rise(Bench *bench, int frame) {
    Orbit *orbit = &bench->viewer->ground.space.orbit;
    orbit->rise = orbit->rise_target = 0.02 + 0.96 * fabs(frame % 80 / 40.0 - 1);
}

/* Draws a frame after each turn of `act`; prints the median and the 99th percentile. */
static void measure(Bench *bench, const char *surface, const char *what, void (*act)(Bench *, int)) {
    double times_ms[FRAMES];
    int exact = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
        double began_ms = now_ms();
        act(bench, frame);
        viewer_draw(bench->viewer, bench->canvas);
        times_ms[frame] = now_ms() - began_ms;
        exact += relief_is_exact(bench->viewer->ground.plane.relief);
    }
    qsort(times_ms, FRAMES, sizeof *times_ms, ascending);
    printf("%-15s %-18s median %6.2f ms   99%% %6.2f ms   %3d%% at every pixel\n", surface, what,
        times_ms[FRAMES / 2], times_ms[FRAMES * 99 / 100], 100 * exact / FRAMES);
}

/* The median time of one part, drawn again and again. */
static void measure_part(Bench *bench, const char *surface, const char *what, void (*draw)(Bench *)) {
    enum { TIMES = FRAMES / 4 };
    double times_ms[TIMES];
    for (int i = 0; i < TIMES; i++) {
        turn(bench, i);
        double began_ms = now_ms();
        draw(bench);
        times_ms[i] = now_ms() - began_ms;
    }
    qsort(times_ms, TIMES, sizeof *times_ms, ascending);
    printf("%-15s   of which %-12s    %6.2f ms\n", surface, what, times_ms[TIMES / 2]);
}

static void draw_plane(Bench *bench) {
    Viewer *viewer = bench->viewer;
    surface_view_draw(
        &viewer->ground.plane, bench->canvas, viewer->layout.plot, &viewer->subject, (Rect){0}, 0);
}

static void draw_space(Bench *bench) {
    Viewer *viewer = bench->viewer;
    terrain_view_draw(
        &viewer->ground.space, bench->canvas, viewer->layout.plot, &viewer->subject, (Rect){0}, 0);
}

static void draw_terrain(Bench *bench) {
    TerrainView *space = &bench->viewer->ground.space;
    TerrainLook look = {
        .projection = orbit_projection(&space->orbit, &space->flat->camera, space->plot),
        .plot = space->plot,
        .scale = bench->canvas->scale,
        .height = orbit_height(&space->orbit),
        .base = orbit_base(&space->orbit),
        .light = 1,
        .theme = bench->viewer->subject.theme,
    };
    terrain_draw(space->terrain, &look);
}

static void bench_space(Bench *bench, const char *surface) {
    viewer_set_step(bench->viewer, STEPS);
    viewer_set_mode(bench->viewer, VIEW_TERRAIN);
    viewer_draw_finished(bench->viewer, bench->canvas);
    measure(bench, surface, "3-D, turn", turn);
    measure_part(bench, surface, "the plot", draw_space);
    measure_part(bench, surface, "terrain", draw_terrain);
    measure(bench, surface, "3-D, rise", rise);
    bench->viewer->ground.space.orbit.rise_target = 1;
    measure(bench, surface, "3-D, drag the start", drag_start);
}

static bool bench_surface(const char *surface, Pool *pool, Status *status) {
    char *name = strdup(surface);
    Scene scene = {.surface = name, .steps = STEPS, .seed = 1};
    bool good = name != NULL;
    for (size_t i = 0; good && i < sizeof racers / sizeof *racers; i++)
        good = scene_add_racer(&scene, racers[i], status);
    Viewer *viewer = good ? viewer_create(&scene, pool, status) : NULL;
    PixelCanvas *pixels = viewer ? pixel_canvas_create(WIDTH, HEIGHT, 1, status) : NULL;
    if (pixels) {
        Bench bench = {viewer, pixel_canvas_canvas(pixels)};
        viewer_set_step(viewer, STEPS);
        viewer_draw_finished(viewer, bench.canvas);
        measure(&bench, surface, "play", play);
        measure_part(&bench, surface, "the plot", draw_plane);
        measure(&bench, surface, "drag the start", drag_start);
        measure(&bench, surface, "drag the picture", drag_picture);
        bench_space(&bench, surface);
    }
    pixel_canvas_destroy(pixels);
    viewer_destroy(viewer);
    scene_finish(&scene);
    return pixels != NULL;
}

int main(void) {
    Status status = status_ok();
    Pool *pool = pool_create(-1);
    bool good = true;
    for (size_t i = 0; good && i < sizeof surfaces / sizeof *surfaces; i++)
        good = bench_surface(surfaces[i], pool, &status);
    if (!good) fprintf(stderr, "%s\n", status.message);
    pool_destroy(pool);
    return good ? 0 : 1;
}
