/* Outputs are interpolated before they become classes and colours: so that a boundary is smooth between the
 * nodes of a coarse grid. */
#include "field_pass.h"

#include "loop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float LINE_PX = 0.9f, LINE_EDGE_PX = 0.35f, LINE_ALPHA = 0.85f;
/* How much steeper than its logarithm of odds other losses' outputs are taken. */
static const float OTHER_LOSS = 4;

void field_pass_finish(FieldPass *pass) {
    free(pass->outputs);
    free(pass->inputs);
    free(pass->answers);
    for (int i = 0; i < 2; i++) free(pass->margins[i]);
    *pass = (FieldPass){0};
}

static int outputs_of(const MlpSpec *spec) {
    return spec->sizes[spec->n_layers];
}

bool field_pass_begin(FieldPass *pass, int width_px, int height_px, int cell_px, const MlpSpec *spec) {
    int n_out = outputs_of(spec);
    pass->cell_px = cell_px;
    pass->columns = (width_px + cell_px - 1) / cell_px + 1;
    pass->rows = (height_px + cell_px - 1) / cell_px + 1;
    pass->channels = n_out <= 2 ? 1 : n_out;
    pass->done = 0;
    size_t outputs = (size_t)pass->columns * (size_t)pass->rows * (size_t)pass->channels;
    size_t row = (size_t)pass->columns * (size_t)(n_out > 2 ? n_out : 2), margins = (size_t)width_px + 2;
    if (outputs <= pass->outputs_room && row <= pass->row_room && margins <= pass->margins_room) return true;
    FieldPass next = *pass;
    next.outputs = next.inputs = next.answers = next.margins[0] = next.margins[1] = NULL;
    next.outputs = malloc(outputs * sizeof(float));
    next.inputs = malloc(row * sizeof(float));
    next.answers = malloc(row * sizeof(float));
    for (int i = 0; i < 2; i++) next.margins[i] = malloc(margins * sizeof(float));
    next.outputs_room = outputs;
    next.row_room = row;
    next.margins_room = margins;
    field_pass_finish(pass);
    *pass = next;
    if (next.outputs && next.inputs && next.answers && next.margins[0] && next.margins[1]) return true;
    field_pass_finish(pass);
    return false;
}

static void read_margin(FieldPass *pass, const MlpSpec *spec, float *out) {
    bool is_odds =
        strcmp(spec->loss->name, "cross_entropy") == 0 || strcmp(spec->loss->name, "logistic") == 0;
    float factor = is_odds ? 1 : OTHER_LOSS, boundary = (float)spec->loss->boundary;
    int n_out = outputs_of(spec);
    for (int i = 0; i < pass->columns; i++) {
        const float *z = pass->answers + i * n_out;
        out[i] = factor * (n_out == 1 ? z[0] - boundary : z[1] - z[0]);
    }
}

bool field_pass_row(
    FieldPass *pass, Mlp *mlp, const Vec *weights, double x0, double dx, double y0, double dy) {
    if (pass->done >= pass->rows) return true;
    const MlpSpec *spec = mlp_spec(mlp);
    float y = (float)(y0 + dy * pass->done * pass->cell_px);
    for (int i = 0; i < pass->columns; i++) {
        pass->inputs[2 * i] = (float)(x0 + dx * i * pass->cell_px);
        pass->inputs[2 * i + 1] = y;
    }
    Batch batch = {.size = pass->columns, .n_in = 2, .inputs = pass->inputs};
    float *out = pass->outputs + (size_t)pass->done * (size_t)pass->columns * (size_t)pass->channels;
    mlp_outputs(mlp, weights, &batch, pass->channels == 1 ? pass->answers : out);
    if (pass->channels == 1) read_margin(pass, spec, out);
    return ++pass->done == pass->rows;
}

/* The outputs at a row of pixels, by column of nodes: into pass->answers. */
static void interpolate_row(FieldPass *pass, int y) {
    int row = y / pass->cell_px, n = pass->columns * pass->channels;
    float part = (float)(y % pass->cell_px) / (float)pass->cell_px;
    const float *above = pass->outputs + (size_t)row * (size_t)n;
    const float *below = row + 1 < pass->rows ? above + n : above;
    for (int i = 0; i < n; i++) pass->answers[i] = above[i] + part * (below[i] - above[i]);
}

/* The first class where a margin of one channel is negative; the ends once more beside them. */
static void margins_of_two(FieldPass *pass, int width, float *margins) {
    const int cell = pass->cell_px;
    const float step = 1 / (float)cell;
    for (int x = 0, node = 0; x < width; x += cell, node++) {
        float from = pass->answers[node], slope = step * (pass->answers[node + 1] - from);
        int n = width - x < cell ? width - x : cell;
        for (int i = 0; i < n; i++) margins[x + i] = from + slope * (float)i;
    }
    margins[-1] = margins[0];
    margins[width] = margins[width - 1];
}

/* How far the largest output is above the next, and whose they are. */
static float largest_at(const FieldPass *pass, int x, int class[2]) {
    int node = x / pass->cell_px, n = pass->channels;
    float part = (float)(x % pass->cell_px) / (float)pass->cell_px;
    const float *left = pass->answers + node * n, *right = left + n;
    float largest = -INFINITY, second = -INFINITY;
    class[0] = class[1] = 0;
    for (int k = 0; k < n; k++) {
        float z = left[k] + part * (right[k] - left[k]);
        if (z > largest) {
            second = largest;
            class[1] = class[0];
            largest = z;
            class[0] = k;
        } else if (z > second) {
            second = z;
            class[1] = k;
        }
    }
    return largest - second;
}

/* How much two outputs part from each other in a pixel, to the right and down; of a row that is interpolated.
 */
static void slope_at(const FieldPass *pass, int x, int y, const int class[2], float *dx, float *dy) {
    int node = x / pass->cell_px, row = y / pass->cell_px, n = pass->channels;
    float step = 1 / (float)pass->cell_px, part = (float)(x % pass->cell_px) * step;
    const float *at = pass->answers + node * n;
    *dx = step * (at[n + class[0]] - at[n + class[1]] - (at[class[0]] - at[class[1]]));
    if (row + 1 == pass->rows) row--;
    const float *above = pass->outputs + ((size_t)row * (size_t)pass->columns + (size_t)node) * (size_t)n;
    const float *below = above + (size_t)pass->columns * (size_t)n;
    float down[2];
    for (int i = 0; i < 2; i++, above += n, below += n)
        down[i] = below[class[0]] - below[class[1]] - (above[class[0]] - above[class[1]]);
    *dy = step * (down[0] + part * (down[1] - down[0]));
}

static int shade_of(float margin) {
    float at = margin * ((CLASS_SHADES - 1) / CLASS_CERTAIN);
    return at < CLASS_SHADES - 1 ? (int)at : CLASS_SHADES - 1; /* also what is not a number */
}

static uint32_t lightened(uint32_t under, Colour over, float part) {
    uint32_t out = 0xff;
    const uint8_t to[3] = {over.r, over.g, over.b};
    for (int i = 0; i < 3; i++) {
        float from = (float)(under >> (16 - 8 * i) & 0xff);
        out = out << 8 | (uint32_t)(from + part * ((float)to[i] - from) + 0.5f);
    }
    return out;
}

/* A pixel by the line where a margin is 0, which changes by so much from pixel to pixel. */
static uint32_t with_line(uint32_t pixel, float margin, float dx, float dy, Colour line) {
    const float reach = LINE_PX + LINE_EDGE_PX;
    if (!(margin < reach * (fabsf(dx) + fabsf(dy)))) return pixel;
    float covered = reach - margin / sqrtf(dx * dx + dy * dy);
    return covered > 0 ? lightened(pixel, line, LINE_ALPHA * fminf(covered, 1)) : pixel;
}

enum { STRIP = 256 }; /* pixels that are looked at together */

/* Which shade each pixel gets, of those of two classes, and whether the line may touch it: a loop that
 * becomes SIMD. n: up to STRIP. here: with one more pixel at each end. */
static void look(
    const float *here, const float *below, int n, uint16_t *restrict shades, uint8_t *restrict near) {
    const float scale = (CLASS_SHADES - 1) / CLASS_CERTAIN, reach = LINE_PX + LINE_EDGE_PX;
    for (int x = 0; x < n; x++) {
        float m = here[x], size = fabsf(m), at = size * scale;
        float shade = at < CLASS_SHADES - 1 ? at : CLASS_SHADES - 1; /* also what is not a number */
        shades[x] = (uint16_t)((m > 0 ? CLASS_SHADES : 0) + (int)shade);
        near[x] = size < reach * (0.5f * fabsf(here[x + 1] - here[x - 1]) + fabsf(below[x] - m));
    }
}

static void paint_row(uint32_t *pixels, int width, const float *here, const float *below,
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES], Colour line) {
    uint16_t wanted[STRIP];
    uint8_t near[STRIP];
    for (int first = 0; first < width; first += STRIP) {
        int n = width - first < STRIP ? width - first : STRIP;
        look(here + first, below + first, n, wanted, near);
        for (int i = 0; i < n; i++) {
            int x = first + i;
            uint32_t pixel = shades[wanted[i] / CLASS_SHADES][wanted[i] % CLASS_SHADES];
            if (near[i])
                pixel = with_line(
                    pixel, fabsf(here[x]), 0.5f * (here[x + 1] - here[x - 1]), below[x] - here[x], line);
            pixels[x] = pixel;
        }
    }
}

static void paint_two(FieldPass *pass, uint32_t *pixels, int width, int height,
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES], Colour line) {
    float *here = pass->margins[0] + 1, *below = pass->margins[1] + 1;
    interpolate_row(pass, 0);
    margins_of_two(pass, width, here);
    for (int y = 0; y < height; y++) {
        interpolate_row(pass, y + 1);
        margins_of_two(pass, width, below);
        paint_row(pixels + (size_t)y * (size_t)width, width, here, below, shades, line);
        float *swap = here;
        here = below;
        below = swap;
    }
}

static void paint_many(FieldPass *pass, uint32_t *pixels, int width, int height,
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES], Colour line) {
    for (int y = 0; y < height; y++) {
        interpolate_row(pass, y);
        for (int x = 0; x < width; x++) {
            int class[2];
            float dx, dy, margin = largest_at(pass, x, class);
            slope_at(pass, x, y, class, &dx, &dy);
            uint32_t pixel = shades[class[0] % CLASS_COLOURS][shade_of(margin)];
            pixels[(size_t)y * (size_t)width + (size_t)x] = with_line(pixel, margin, dx, dy, line);
        }
    }
}

void field_pass_paint(FieldPass *pass, uint32_t *pixels, int width_px, int height_px,
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES], Colour line) {
    if (pass->channels == 1)
        paint_two(pass, pixels, width_px, height_px, shades, line);
    else
        paint_many(pass, pixels, width_px, height_px, shades, line);
}
