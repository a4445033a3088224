/* A small surface is computed on the calling thread, with the scale, the colours and the lines of the large
 * picture; only its pixels are kept. */
#include "thumbnails.h"

#include "clock.h"
#include "contour_lines.h"
#include "heatmap.h"
#include "raster.h"
#include "relief.h"
#include "surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double FRAME_S = 0.004; /* of each frame at most, but for the picture that goes beyond it */
static const int LINE_SKIP = 2;      /* so small a picture has every second line of a large one */

typedef struct Picture {
    Raster *raster;     /* owned; NULL: not drawn yet */
    const Theme *theme; /* that it was drawn for, */
    float scale;        /* and the scale */
    bool failed;
} Picture;

struct Thumbnails {
    double spent_s; /* in this frame */
    ContourLines lines;
    Picture *pictures; /* (surface_count) */
};

Thumbnails *thumbnails_create(void) {
    Thumbnails *thumbnails = calloc(1, sizeof *thumbnails);
    if (!thumbnails) return NULL;
    thumbnails->pictures = calloc((size_t)surface_count, sizeof *thumbnails->pictures);
    if (thumbnails->pictures && contour_lines_init(&thumbnails->lines)) return thumbnails;
    free(thumbnails->pictures);
    free(thumbnails);
    return NULL;
}

void thumbnails_destroy(Thumbnails *thumbnails) {
    if (!thumbnails) return;
    for (int i = 0; i < surface_count; i++) raster_destroy(thumbnails->pictures[i].raster);
    contour_lines_finish(&thumbnails->lines);
    free(thumbnails->pictures);
    free(thumbnails);
}

void thumbnails_begin_frame(Thumbnails *thumbnails) {
    thumbnails->spent_s = 0;
}

/* (height, width) heights over a box; false where memory is out. */
static bool sample(const Surface *surface, const Box *box, double *heights, int width, int height) {
    Workspace *workspace = surface_row_workspace(surface);
    double *columns = malloc((size_t)width * sizeof *columns);
    bool good = workspace && columns;
    for (int i = 0; good && i < width; i++) columns[i] = relief_cell(box->x_min, box->x_max, i, width);
    for (int row = 0; good && row < height; row++)
        surface_row(surface, workspace, columns, relief_cell(box->y_max, box->y_min, row, height),
            (size_t)width, heights + (size_t)row * (size_t)width);
    free(columns);
    workspace_destroy(workspace);
    return good;
}

/* Every so many-th of the levels stays. */
static void thin_out(ContourLines *lines) {
    int n = 0;
    for (int i = 0; i < lines->n_levels; i += LINE_SKIP) {
        lines->levels[n] = lines->levels[i];
        lines->strong[n++] = false;
    }
    lines->n_levels = n;
}

bool thumbnail_paint(
    ContourLines *lines, Raster *raster, float scale, const Theme *theme, Surface *surface, const Box *box) {
    int width = raster_width_px(raster), height = raster_height_px(raster);
    size_t cells = (size_t)width * (size_t)height;
    double *heights = malloc(cells * sizeof *heights), lowest = NAN;
    uint32_t *pixels = malloc(cells * sizeof *pixels);
    if (!surface_lowest(surface, &lowest)) lowest = NAN;
    bool good = heights && pixels && sample(surface, box, heights, width, height);
    if (good) {
        HeightScale colours = height_scale_of(heights, width, height, surface->log_colour, lowest);
        heatmap_shade(heights, width, 0, height, &colours, theme, pixels);
        raster_image(
            raster, pixels, width, height, (Rect){0, 0, (float)width / scale, (float)height / scale});
        contour_lines_choose(lines, &colours);
        thin_out(lines);
        contour_lines_trace(lines, NULL, heights, width, height, 1 / scale);
        contour_lines_draw(lines, raster, theme);
    }
    free(pixels);
    free(heights);
    return good;
}

static void make(Thumbnails *thumbnails, Picture *picture, const SurfaceRow *row) {
    Status ignored = status_ok();
    int width = (int)roundf(THUMBNAIL_WIDTH * picture->scale),
        height = (int)roundf(THUMBNAIL_HEIGHT * picture->scale);
    raster_destroy(picture->raster);
    picture->raster = raster_create(width, height, picture->scale);
    Surface *surface = surface_create(row->name, &ignored);
    picture->failed = !picture->raster || !surface ||
                      !thumbnail_paint(&thumbnails->lines, picture->raster, picture->scale, picture->theme,
                          surface, &surface->box);
    surface_destroy(surface);
}

bool thumbnails_draw(
    Thumbnails *thumbnails, Canvas *canvas, const Theme *theme, int surface, float x, float y) {
    Picture *picture = &thumbnails->pictures[surface];
    bool same = picture->theme == theme && picture->scale == canvas->scale;
    if (!same) {
        if (thumbnails->spent_s >= FRAME_S) return false;
        double begin_s = clock_now_s();
        picture->theme = theme;
        picture->scale = canvas->scale;
        make(thumbnails, picture, &surface_table[surface]);
        thumbnails->spent_s += clock_now_s() - begin_s;
    }
    if (picture->failed) return true;
    float snapped_x = roundf(x * canvas->scale) / canvas->scale,
          snapped_y = roundf(y * canvas->scale) / canvas->scale;
    canvas_image(canvas, raster_pixels(picture->raster), raster_width_px(picture->raster),
        raster_height_px(picture->raster),
        (Rect){snapped_x, snapped_y, (float)raster_width_px(picture->raster) / canvas->scale,
            (float)raster_height_px(picture->raster) / canvas->scale});
    return true;
}
