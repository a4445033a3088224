/* Passes over ever finer grids, each in slices of rows given to the pool; at the end of an update the finest
 * grid that is complete becomes pixels, with its lines drawn over them. Leaves the scale and the colours to
 * paint/heatmap.h. */
#include "relief.h"

#include "clock.h"
#include "raster.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Cells of the pass that decides the scale are so many logical pixels wide; the passes before it have cells
 * of twice and four times the width. */
static const float SCALE_CELL = 3;
enum {
    PASSES = 4, /* cells of 4, 2 and 1 scale cells, then of one device pixel */
    FINEST = PASSES - 1,
    SCALE_PASS = PASSES - 2,
    BAND_ROWS = 8, /* rows of one turn of the pool */
    FINISHED = PASSES + 1,
};

typedef struct Pass {
    int cell; /* device pixels */
    int width, height;
} Pass;

struct Relief {
    HeightSource *source; /* owned */
    Pool *pool;
    double lowest;

    ReliefView view; /* what the picture is of */
    int width_px, height_px;
    bool has_view;
    Pass passes[PASSES];
    /* The pass under way; PASSES: the lines are still to be traced on the finest grid; FINISHED. */
    int stage;
    int rows_done;           /* of the pass under way */
    double seconds_per_cell; /* as measured last; 0: not yet */

    int complete;    /* the finest pass that is complete: */
    double *heights; /* its heights */
    HeightScale height_scale;
    ContourLines lines;
    bool traced;     /* the lines, on the complete heights or on those of the scale pass */
    bool painted;    /* the picture shows the complete heights */
    double *coarse;  /* the heights of the finest pass up to the scale pass that is complete: */
    int coarse_pass; /* which; -1: none yet */
    uint64_t version;
    size_t n_coarse;           /* what coarse has room for */
    double *next;              /* heights of the pass under way */
    double *columns;           /* x of each of its columns */
    uint32_t *pixels;          /* the complete heights as colours */
    size_t n_cells, n_columns; /* what the arrays have room for */
    Raster *picture;           /* the plot: colours and lines */
};

static void run(Relief *relief, int n, PoolTask *task) {
    if (relief->pool) {
        pool_run(relief->pool, n, task, relief);
        return;
    }
    for (int i = 0; i < n; i++) task(relief, i, 0);
}

static int bands_of(int rows) {
    return (rows + BAND_ROWS - 1) / BAND_ROWS;
}

Relief *relief_create(HeightSource *source, Pool *pool, Status *status) {
    Relief *relief = source ? calloc(1, sizeof *relief) : NULL;
    if (relief) {
        relief->source = source;
        relief->pool = pool;
        relief->lowest = NAN;
        relief->coarse_pass = -1;
    }
    if (!relief || !contour_lines_init(&relief->lines)) {
        if (!relief) height_source_destroy(source);
        relief_destroy(relief);
        status_fail(status, STATUS_FAILED, "not enough memory for the picture of the surface");
        return NULL;
    }
    return relief;
}

void relief_destroy(Relief *relief) {
    if (!relief) return;
    height_source_destroy(relief->source);
    contour_lines_finish(&relief->lines);
    free(relief->heights);
    free(relief->next);
    free(relief->coarse);
    free(relief->columns);
    free(relief->pixels);
    raster_destroy(relief->picture);
    free(relief);
}

void relief_heights_changed(Relief *relief, double lowest) {
    if (relief->source->renew) relief->source->renew(relief->source);
    relief->lowest = lowest;
    relief->has_view = false;
}

double relief_cell(double min, double max, int i, int n) {
    return min + (i + 0.5) * (max - min) / n;
}

/* Cells of a coarse pass may reach beyond the right and lower edge of the plot. */
static double cell_x(const Relief *relief, const Pass *pass, int column) {
    const Box *box = &relief->view.box;
    if (pass->cell == 1) return relief_cell(box->x_min, box->x_max, column, pass->width);
    return box->x_min + (column + 0.5) * pass->cell * (box->x_max - box->x_min) / relief->width_px;
}

static double cell_y(const Relief *relief, const Pass *pass, int row) {
    const Box *box = &relief->view.box;
    if (pass->cell == 1) return relief_cell(box->y_max, box->y_min, row, pass->height);
    return box->y_max - (row + 0.5) * pass->cell * (box->y_max - box->y_min) / relief->height_px;
}

static void evaluate_band(void *context, int band, int worker) {
    Relief *relief = context;
    const Pass *pass = &relief->passes[relief->stage];
    int begin = relief->rows_done + band * BAND_ROWS, end = begin + BAND_ROWS;
    if (end > pass->height) end = pass->height;
    for (int row = begin; row < end; row++)
        relief->source->row(relief->source, worker, relief->columns, cell_y(relief, pass, row),
            (size_t)pass->width, relief->next + (size_t)row * (size_t)pass->width);
}

/* How many rows to evaluate before looking at the clock again: about half of what the time allows. */
static int slice_rows(const Relief *relief, const Pass *pass, double left_s) {
    int left = pass->height - relief->rows_done,
        least = BAND_ROWS * (relief->pool ? pool_width(relief->pool) : 1);
    double likely = 0.5 * left_s / (relief->seconds_per_cell * pass->width + 1e-9);
    if (likely >= left || least >= left) return left;
    return likely > least ? (int)likely : least;
}

/* Evaluates rows of the pass under way until all are done or `end_s` has come; at least one slice. */
static bool evaluate(Relief *relief, double end_s) {
    const Pass *pass = &relief->passes[relief->stage];
    while (relief->rows_done < pass->height) {
        double began_s = clock_now_s();
        int rows = slice_rows(relief, pass, end_s - began_s);
        run(relief, bands_of(rows), evaluate_band);
        relief->rows_done += rows;
        double ended_s = clock_now_s();
        relief->seconds_per_cell = fmax(ended_s - began_s, 0) / ((double)rows * pass->width);
        if (ended_s >= end_s) break;
    }
    return relief->rows_done >= pass->height;
}

static void begin_stage(Relief *relief, int stage) {
    relief->stage = stage;
    relief->rows_done = 0;
    if (stage >= PASSES) return;
    for (int i = 0; i < relief->passes[stage].width; i++)
        relief->columns[i] = cell_x(relief, &relief->passes[stage], i);
}

static void trace(Relief *relief) {
    const Pass *pass = &relief->passes[relief->complete];
    contour_lines_trace(&relief->lines, relief->pool, relief->heights, pass->width, pass->height,
        (float)pass->cell / relief->view.scale);
    relief->traced = true;
}

/* The pass under way has all its heights. The scale stays as the scale pass decided it: the finest grid would
 * only move it by hairs. */
static void complete_pass(Relief *relief) {
    const Pass *pass = &relief->passes[relief->stage];
    double *heights = relief->heights;
    relief->heights = relief->next;
    relief->next = heights;
    relief->complete = relief->stage;
    relief->painted = false;
    if (relief->stage > SCALE_PASS) return;
    relief->height_scale = height_scale_of(
        relief->heights, pass->width, pass->height, relief->source->log_colour, relief->lowest);
    contour_lines_choose(&relief->lines, &relief->height_scale);
    relief->traced = false;
    memcpy(
        relief->coarse, relief->heights, (size_t)pass->width * (size_t)pass->height * sizeof *relief->coarse);
    relief->coarse_pass = relief->complete;
    relief->version++;
}

static void shade_band(void *context, int band, int worker) {
    (void)worker;
    Relief *relief = context;
    const Pass *pass = &relief->passes[relief->complete];
    int begin = band * BAND_ROWS, end = begin + BAND_ROWS;
    if (end > pass->height) end = pass->height;
    heatmap_shade(
        relief->heights, pass->width, begin, end, &relief->height_scale, relief->view.theme, relief->pixels);
}

static void paint_picture(Relief *relief) {
    const Pass *pass = &relief->passes[relief->complete];
    float cell = (float)pass->cell / relief->view.scale;
    if (!relief->traced) trace(relief);
    run(relief, bands_of(pass->height), shade_band);
    raster_image(relief->picture, relief->pixels, pass->width, pass->height,
        (Rect){0, 0, cell * (float)pass->width, cell * (float)pass->height});
    contour_lines_draw(&relief->lines, relief->picture, relief->view.theme);
    relief->painted = true;
}

static bool grow(void *array, size_t n, size_t size) {
    void **pointer = array;
    void *larger = realloc(*pointer, n * size);
    if (larger) *pointer = larger;
    return larger != NULL;
}

static bool make_room(Relief *relief, size_t n_cells, size_t n_coarse, size_t n_columns) {
    if (n_coarse > relief->n_coarse) {
        if (!grow(&relief->coarse, n_coarse, sizeof *relief->coarse)) return false;
        relief->n_coarse = n_coarse;
    }
    if (n_cells > relief->n_cells) {
        if (!grow(&relief->heights, n_cells, sizeof *relief->heights) ||
            !grow(&relief->next, n_cells, sizeof *relief->next) ||
            !grow(&relief->pixels, n_cells, sizeof *relief->pixels))
            return false;
        relief->n_cells = n_cells;
    }
    if (n_columns > relief->n_columns) {
        if (!grow(&relief->columns, n_columns, sizeof *relief->columns)) return false;
        relief->n_columns = n_columns;
    }
    return true;
}

static bool make_picture(Relief *relief, int width_px, int height_px, float scale) {
    bool fits = relief->picture && relief->width_px == width_px && relief->height_px == height_px &&
                relief->view.scale == scale;
    if (fits) return true;
    Raster *picture = raster_create(width_px, height_px, scale);
    if (!picture) return false;
    raster_destroy(relief->picture);
    relief->picture = picture;
    return true;
}

static bool set_view(Relief *relief, const ReliefView *view) {
    int width_px = (int)lroundf(view->plot.width * view->scale);
    int height_px = (int)lroundf(view->plot.height * view->scale);
    if (width_px <= 0 || height_px <= 0) return false;
    int scale_cell = (int)fmaxf(roundf(SCALE_CELL * view->scale), 2);
    Pass passes[PASSES];
    for (int i = 0; i < PASSES; i++) {
        int cell = i == FINEST ? 1 : scale_cell << (SCALE_PASS - i);
        passes[i] = (Pass){cell, (width_px + cell - 1) / cell, (height_px + cell - 1) / cell};
    }
    const Pass *coarse = &passes[SCALE_PASS];
    if (!make_room(relief, (size_t)width_px * (size_t)height_px,
            (size_t)coarse->width * (size_t)coarse->height, (size_t)width_px) ||
        !make_picture(relief, width_px, height_px, view->scale))
        return false;
    memcpy(relief->passes, passes, sizeof passes);
    relief->view = *view;
    relief->width_px = width_px;
    relief->height_px = height_px;
    relief->has_view = true;
    return true;
}

static double seconds_of_pass(const Relief *relief, int pass) {
    return relief->seconds_per_cell * relief->passes[pass].width * relief->passes[pass].height;
}

/* The finest pass (at most the scale pass) that is likely to be done in the time. */
static int first_pass(const Relief *relief, double budget_s) {
    if (budget_s == INFINITY) return SCALE_PASS;
    if (relief->seconds_per_cell == 0) return 0;
    int pass = SCALE_PASS;
    while (pass > 0 && seconds_of_pass(relief, pass) > 0.7 * budget_s) pass--;
    return pass;
}

static bool same_geometry(const ReliefView *a, const ReliefView *b) {
    return a->box.x_min == b->box.x_min && a->box.x_max == b->box.x_max && a->box.y_min == b->box.y_min &&
           a->box.y_max == b->box.y_max && a->plot.x == b->plot.x && a->plot.y == b->plot.y &&
           a->plot.width == b->plot.width && a->plot.height == b->plot.height && a->scale == b->scale;
}

bool relief_is_finished(const Relief *relief) {
    return relief->has_view && relief->stage == FINISHED;
}

bool relief_is_exact(const Relief *relief) {
    return relief->has_view && relief->stage >= PASSES;
}

bool relief_update(Relief *relief, const ReliefView *view, double budget_s) {
    double end_s = budget_s == INFINITY ? INFINITY : clock_now_s() + budget_s;
    bool fresh = !relief->has_view || !same_geometry(&relief->view, view);
    bool changed = fresh || relief->view.theme != view->theme;
    if (fresh) {
        if (!set_view(relief, view)) return true;
        begin_stage(relief, first_pass(relief, budget_s));
    }
    relief->view.theme = view->theme;
    int end_stage = view->grid_only ? SCALE_PASS + 1 : PASSES;
    /* There has to be some picture of a new view, however long it takes. After that, a pass is begun in the
     * same update only if it is likely to be done: while the view moves, half a pass is thrown away. */
    bool moved = fresh;
    while (relief->stage < end_stage && evaluate(relief, fresh ? INFINITY : end_s)) {
        complete_pass(relief);
        begin_stage(relief, relief->stage + 1);
        changed = true;
        fresh = false;
        if (relief->stage < end_stage && end_s != INFINITY) {
            double left_s = end_s - clock_now_s();
            if (left_s <= 0 || (moved && seconds_of_pass(relief, relief->stage) > left_s)) break;
        }
    }
    if (view->grid_only) {
        relief->painted &= !changed;
        return relief_grid_is_final(relief);
    }
    /* Lines on the finest grid are worth a moment of rest only: while the view moves nobody sees the
     * difference. */
    if (relief->stage == PASSES && (!changed || end_s == INFINITY)) {
        trace(relief);
        relief->stage = FINISHED;
        changed = true;
    }
    if (changed || !relief->painted) paint_picture(relief);
    return relief->stage == FINISHED;
}

bool relief_grid(const Relief *relief, ReliefGrid *grid) {
    if (!relief->has_view || relief->coarse_pass < 0) return false;
    const Pass *pass = &relief->passes[relief->coarse_pass];
    *grid = (ReliefGrid){
        .heights = relief->coarse,
        .width = pass->width,
        .height = pass->height,
        .cell = (float)pass->cell / relief->view.scale,
        .scale = &relief->height_scale,
        .lines = &relief->lines,
        .version = relief->version,
    };
    return true;
}

bool relief_grid_is_final(const Relief *relief) {
    return relief->has_view && relief->stage > SCALE_PASS;
}

void relief_draw(const Relief *relief, Canvas *canvas) {
    if (relief->has_view)
        canvas_image(
            canvas, raster_pixels(relief->picture), relief->width_px, relief->height_px, relief->view.plot);
}

void relief_draw_colours(const Relief *relief, Canvas *canvas) {
    if (relief_is_finished(relief))
        canvas_image(canvas, relief->pixels, relief->width_px, relief->height_px, relief->view.plot);
}

const ContourLines *relief_lines(const Relief *relief) {
    return &relief->lines;
}

Rect relief_plot(const Relief *relief) {
    return relief->view.plot;
}

const double *relief_heights(const Relief *relief, int *width_px, int *height_px) {
    if (!relief_is_finished(relief)) return NULL;
    *width_px = relief->width_px;
    *height_px = relief->height_px;
    return relief->heights;
}
