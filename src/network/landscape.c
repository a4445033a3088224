/* Cells of a landscape: in which order, and each one's way through the layers, for a block of examples at a
 * time so that it stays in a processor's cache. Directions and projections are plane.c's. */
#include "landscape.h"

#include "cutter.h"
#include "loop.h"
#include "matrix.h"
#include "rows.h"
#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = 256, JUDGED = 64 }; /* examples: of a block, and judged at once */
enum { FIRST_CELLS = 8 };               /* at most, along the longer side of the first picture */

/* One worker's room. */
typedef struct Room {
    Vec upper;                /* the parameters above the first layer */
    void *units[2];           /* (BLOCK_ROWS, widest layer) */
    double *outputs, *slopes; /* (JUDGED, n_out) */
} Room;

struct Landscape {
    MlpSpec spec;
    const Plane *plane;
    const Batch *batch;
    LandscapeGrid grid;
    Pool *pool;
    int width;            /* of the pool */
    Vec upper[3];         /* of origin and directions, above the first layer */
    Matrix sums[3];       /* (examples, n_out of the first layer): of origin and directions */
    double *inputs;       /* (width, BLOCK_ROWS, n_in) of a float64 network; else NULL */
    double *targets;      /* (examples, n_out) */
    Room *rooms;          /* (width) */
    int *order;           /* (cells): the row-major number of the cell that comes then */
    double *losses;       /* (cells), row-major */
    uint8_t *known;       /* (cells): 1 where there is a loss */
    int first_step, done; /* cells between those of the first picture */
    int slice_first;      /* of the slice under way, in the order */
    void *block;          /* owns the numbers */
};

/* Memory. */

static int widest_layer(const MlpSpec *spec) {
    int widest = 1;
    for (int l = 1; l <= spec->n_layers; l++)
        if (spec->sizes[l] > widest) widest = spec->sizes[l];
    return widest;
}

static void lay_out(Landscape *landscape, Cutter *cutter) {
    const MlpSpec *spec = &landscape->spec;
    const double number = (double)precision_bytes(spec->precision), examples = landscape->batch->size;
    const int n_out = spec->sizes[spec->n_layers];
    const double cells = (double)landscape->grid.cols * landscape->grid.rows;
    landscape->rooms = cut(cutter, (double)landscape->width * (double)sizeof(Room));
    landscape->order = cut(cutter, cells * sizeof(int));
    landscape->losses = cut(cutter, cells * sizeof(double));
    landscape->known = cut(cutter, cells);
    landscape->targets = cut(cutter, examples * n_out * sizeof(double));
    for (int i = 0; i < 3; i++)
        landscape->sums[i] = matrix_of(cut(cutter, examples * spec->sizes[1] * number),
            landscape->batch->size, spec->sizes[1], spec->precision);
    if (spec->precision == PRECISION_F64)
        landscape->inputs =
            cut(cutter, (double)landscape->width * BLOCK_ROWS * spec->sizes[0] * sizeof(double));
    for (int w = 0; w < landscape->width; w++) {
        Room room = {.upper = landscape->upper[0]};
        room.upper.data = cut(cutter, (double)room.upper.n * number);
        for (int i = 0; i < 2; i++)
            room.units[i] = cut(cutter, (double)BLOCK_ROWS * widest_layer(spec) * number);
        room.outputs = cut(cutter, (double)JUDGED * n_out * sizeof(double));
        room.slopes = cut(cutter, (double)JUDGED * n_out * sizeof(double));
        if (cutter->at) landscape->rooms[w] = room;
    }
}

static bool allocate(Landscape *landscape, Status *status) {
    Cutter cutter = {0};
    lay_out(landscape, &cutter);
    char would[32], limit[32];
    text_format_bytes(would, sizeof would, cutter.bytes);
    text_format_bytes(limit, sizeof limit, MLP_BYTES_MAX);
    if (!(cutter.bytes <= MLP_BYTES_MAX))
        return status_fail(status, STATUS_BAD_INPUT,
            "a landscape of so many examples would take %s of memory; it may take %s", would, limit);
    landscape->block = aligned_alloc(64, (size_t)cutter.bytes);
    if (!landscape->block)
        return status_fail(status, STATUS_FAILED, "out of memory: the landscape takes %s", would);
    cutter = (Cutter){.at = landscape->block};
    lay_out(landscape, &cutter);
    return true;
}

/* Sums of the first layer. */

static void *number_at(const Vec *vec, size_t i) {
    return (char *)vec->data + i * precision_bytes(vec->precision);
}

static int block_count(const Landscape *landscape) {
    return (landscape->batch->size + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

static int rows_of_block(const Landscape *landscape, int block) {
    const int left = landscape->batch->size - block * BLOCK_ROWS;
    return left < BLOCK_ROWS ? left : BLOCK_ROWS;
}

/* The inputs of a block in the network's precision. */
static Matrix block_inputs(const Landscape *landscape, int block, int worker) {
    const Batch *batch = landscape->batch;
    const int rows = rows_of_block(landscape, block);
    const size_t first = (size_t)block * BLOCK_ROWS * (size_t)batch->n_in;
    Matrix inputs = matrix_of(NULL, rows, batch->n_in, landscape->spec.precision);
    if (landscape->inputs) {
        inputs.f64 = landscape->inputs + (size_t)worker * BLOCK_ROWS * (size_t)batch->n_in;
        for (size_t i = 0; i < (size_t)rows * (size_t)batch->n_in; i++)
            inputs.f64[i] = (double)batch->inputs[first + i];
        return inputs;
    }
    /* Only read: a Matrix has no const of its own. */
    const float *from = batch->inputs + first;
    memcpy(&inputs.data, &from, sizeof inputs.data);
    return inputs;
}

static void sum_block(void *context, int block, int worker) {
    const Landscape *landscape = context;
    const MlpSpec *spec = &landscape->spec;
    const Vec *const from[] = {
        &landscape->plane->origin, &landscape->plane->along[0], &landscape->plane->along[1]};
    const Matrix inputs = block_inputs(landscape, block, worker);
    for (int i = 0; i < 3; i++) {
        const Matrix weights = matrix_of(from[i]->data, spec->sizes[0], spec->sizes[1], spec->precision);
        const Matrix sums = matrix_row_range(&landscape->sums[i], block * BLOCK_ROWS, inputs.rows);
        matrix_product(&sums, &inputs, AS_IT_IS, &weights, AS_IT_IS, false);
        rows_add(&sums, number_at(from[i], (size_t)spec->sizes[0] * (size_t)spec->sizes[1]));
    }
}

static void run(Landscape *landscape, int n, PoolTask *task) {
    if (landscape->pool)
        pool_run(landscape->pool, n, task, landscape);
    else
        for (int i = 0; i < n; i++) task(landscape, i, 0);
}

static void set_targets(Landscape *landscape) {
    const int n = landscape->spec.sizes[landscape->spec.n_layers];
    const bool classes = landscape->spec.loss->target == LOSS_TARGET_LABEL;
    const Batch *batch = landscape->batch;
    for (int i = 0; i < batch->size; i++)
        for (int j = 0; j < n; j++) {
            const size_t at = (size_t)i * (size_t)n + (size_t)j;
            landscape->targets[at] = !classes ? (double)batch->targets[at]
                                     : n > 1  ? batch->labels[i] == j
                                              : batch->labels[i];
        }
}

/* The order of cells: those whose row and column are multiples of a step that is halved again and again. */

static bool is_on(int cell, int cols, int step) {
    return cell / cols % step == 0 && cell % cols % step == 0;
}

static void set_order(Landscape *landscape) {
    const int cols = landscape->grid.cols, rows = landscape->grid.rows, cells = cols * rows;
    int step = 1, n = 0;
    while ((cols > rows ? cols : rows) > step * FIRST_CELLS) step *= 2;
    landscape->first_step = step;
    for (; step > 0; step /= 2)
        for (int i = 0; i < cells; i++)
            if (is_on(i, cols, step) && (step == landscape->first_step || !is_on(i, cols, 2 * step)))
                landscape->order[n++] = i;
    memset(landscape->known, 0, (size_t)cells);
}

/* A life. */

static bool check(const MlpSpec *spec, const Batch *batch, const LandscapeGrid *grid, Status *status) {
    assert(batch->size > 0 && batch->n_in == spec->sizes[0]);
    if (grid->cols < 1 || grid->rows < 1 || grid->cols > LANDSCAPE_SIDE_MAX ||
        grid->rows > LANDSCAPE_SIDE_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "a landscape of %d x %d points; 1 to %d are possible",
            grid->cols, grid->rows, LANDSCAPE_SIDE_MAX);
    if (!isfinite(grid->u_min) || !isfinite(grid->u_max) || !isfinite(grid->v_min) || !isfinite(grid->v_max))
        return status_fail(status, STATUS_BAD_INPUT, "the bounds of a landscape must be finite");
    return true;
}

Landscape *landscape_create(const MlpSpec *spec, const Plane *plane, const Batch *batch,
    const LandscapeGrid *grid, Pool *pool, Status *status) {
    if (!check(spec, batch, grid, status)) return NULL;
    assert(
        (double)plane->origin.n == mlp_parameter_count(spec) && plane->origin.precision == spec->precision);
    Landscape *landscape = calloc(1, sizeof *landscape);
    if (!landscape) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    *landscape = (Landscape){.spec = *spec, .plane = plane, .batch = batch, .grid = *grid, .pool = pool};
    landscape->width = pool ? pool_width(pool) : 1;
    const size_t lowest = ((size_t)spec->sizes[0] + 1) * (size_t)spec->sizes[1];
    const Vec *const from[] = {&plane->origin, &plane->along[0], &plane->along[1]};
    for (int i = 0; i < 3; i++) {
        landscape->upper[i] = *from[i];
        landscape->upper[i].n -= lowest;
        landscape->upper[i].data = number_at(from[i], lowest);
    }
    if (!allocate(landscape, status)) {
        landscape_destroy(landscape);
        return NULL;
    }
    set_targets(landscape);
    set_order(landscape);
    run(landscape, block_count(landscape), sum_block);
    return landscape;
}

void landscape_destroy(Landscape *landscape) {
    if (!landscape) return;
    free(landscape->block);
    free(landscape);
}

/* One point. */

#define DEFINE_POINT(Number, name)                                                                           \
    LOOP void name(Number *restrict to, const Number *a, const Number *b, const Number *c, Number u,         \
        Number v, size_t n) {                                                                                \
        for (size_t i = 0; i < n; i++) to[i] = a[i] + u * b[i] + v * c[i];                                   \
    }
DEFINE_POINT(float, point_f32)
DEFINE_POINT(double, point_f64)
#undef DEFINE_POINT

/* to = sums(u, v) of a block's first layer. */
static void first_sums(const Landscape *landscape, int block, double u, double v, const Matrix *to) {
    const size_t n = (size_t)to->rows * (size_t)to->cols;
    const size_t first = (size_t)block * BLOCK_ROWS * (size_t)to->cols;
    const Matrix *sums = landscape->sums;
    if (to->precision == PRECISION_F64)
        point_f64(to->f64, sums[0].f64 + first, sums[1].f64 + first, sums[2].f64 + first, u, v, n);
    else
        point_f32(
            to->f32, sums[0].f32 + first, sums[1].f32 + first, sums[2].f32 + first, (float)u, (float)v, n);
}

static void activate(const Activation *activation, const Matrix *units) {
    const size_t n = (size_t)units->rows * (size_t)units->cols;
    if (units->precision == PRECISION_F64)
        activation->f64.apply(units->f64, units->f64, n);
    else
        activation->f32.apply(units->f32, units->f32, n);
}

/* The sum of the losses of a block, whose last layer's outputs are given. */
static double judge(const Landscape *landscape, const Room *room, int block, const Matrix *outputs) {
    const int n_out = outputs->cols;
    double losses[JUDGED], sum = 0;
    for (int first = 0; first < outputs->rows; first += JUDGED) {
        const int n = outputs->rows - first < JUDGED ? outputs->rows - first : JUDGED;
        const Matrix rows = matrix_row_range(outputs, first, n);
        const Vec numbers = {.n = (size_t)n * (size_t)n_out, .precision = rows.precision, .data = rows.data};
        const size_t example = (size_t)block * BLOCK_ROWS + (size_t)first;
        vec_read(&numbers, room->outputs);
        landscape->spec.loss->judge(
            room->outputs, landscape->targets + example * (size_t)n_out, room->slopes, losses, n, n_out);
        for (int i = 0; i < n; i++) sum += losses[i];
    }
    return sum;
}

static double point_loss(const Landscape *landscape, const Room *room, double u, double v) {
    const MlpSpec *spec = &landscape->spec;
    vec_combine_rows(&room->upper, 1, &landscape->upper[0], (double[]){u, v}, landscape->upper + 1, 2);
    double sum = 0;
    for (int block = 0; block < block_count(landscape); block++) {
        const int rows = rows_of_block(landscape, block);
        Matrix units = matrix_of(room->units[0], rows, spec->sizes[1], spec->precision);
        first_sums(landscape, block, u, v, &units);
        size_t at = 0;
        for (int l = 1; l < spec->n_layers; l++) {
            const int n_in = spec->sizes[l], n_out = spec->sizes[l + 1];
            const Matrix weights = matrix_of(number_at(&room->upper, at), n_in, n_out, spec->precision);
            const Matrix above = matrix_of(room->units[l % 2], rows, n_out, spec->precision);
            activate(spec->activation, &units);
            matrix_product(&above, &units, AS_IT_IS, &weights, AS_IT_IS, false);
            at += (size_t)n_in * (size_t)n_out;
            rows_add(&above, number_at(&room->upper, at));
            at += (size_t)n_out;
            units = above;
        }
        sum += judge(landscape, room, block, &units);
    }
    return sum / landscape->batch->size;
}

double landscape_loss(Landscape *landscape, double u, double v) {
    return point_loss(landscape, &landscape->rooms[0], u, v);
}

/* Cells. */

static double place(double min, double max, int i, int n) {
    return n > 1 ? min + (max - min) * i / (n - 1) : min;
}

static void cell_task(void *context, int index, int worker) {
    const Landscape *landscape = context;
    const LandscapeGrid *grid = &landscape->grid;
    const int cell = landscape->order[landscape->slice_first + index];
    const double u = place(grid->u_min, grid->u_max, cell % grid->cols, grid->cols);
    const double v = place(grid->v_min, grid->v_max, cell / grid->cols, grid->rows);
    landscape->losses[cell] = point_loss(landscape, &landscape->rooms[worker], u, v);
    landscape->known[cell] = 1;
}

bool landscape_advance(Landscape *landscape, int cells) {
    assert(cells >= 0);
    const int left = landscape_cells(landscape) - landscape->done;
    const int n = cells < left ? cells : left;
    landscape->slice_first = landscape->done;
    run(landscape, n, cell_task);
    landscape->done += n;
    return n < left;
}

int landscape_cells(const Landscape *landscape) {
    return landscape->grid.cols * landscape->grid.rows;
}

int landscape_done(const Landscape *landscape) {
    return landscape->done;
}

int landscape_spacing(const Landscape *landscape) {
    const LandscapeGrid *grid = &landscape->grid;
    for (int step = 1; step <= landscape->first_step; step *= 2) {
        const int cols = (grid->cols - 1) / step + 1, rows = (grid->rows - 1) / step + 1;
        if (landscape->done >= cols * rows) return step;
    }
    return 0;
}

double landscape_at(const Landscape *landscape, int row, int col) {
    const int cols = landscape->grid.cols;
    assert(row >= 0 && row < landscape->grid.rows && col >= 0 && col < cols);
    for (int step = 1; step <= landscape->first_step; step *= 2) {
        const int cell = (row - row % step) * cols + col - col % step;
        if (landscape->known[cell]) return landscape->losses[cell];
    }
    return NAN;
}
