/* The generator, run while slalom is built: writes every shipped formula as C, from the same rows and by the
 * same engine that would otherwise run them. Usage: generate FILE. */
#include "emit.h"
#include "file.h"
#include "optimizer.h"
#include "surface.h"

#include <stdio.h>
#include <stdlib.h>

/* Everything shipped, and the programs that it brings. */
typedef struct Shipped {
    Surface **surfaces;  /* (surface_count) */
    OptimizerRun **runs; /* (optimizer_count); NULL for a method, which is C already */
    EmitRow *rows;
    size_t n_rows;
} Shipped;

static void add(Shipped *shipped, EmitRow row) {
    shipped->rows[shipped->n_rows++] = row;
}

static bool add_surfaces(Shipped *shipped, Status *status) {
    for (int i = 0; i < surface_count; i++) {
        const Program *programs[SURFACE_PROGRAMS];
        shipped->surfaces[i] = surface_create(surface_table[i].name, status);
        if (!shipped->surfaces[i]) return false;
        surface_programs(shipped->surfaces[i], programs);
        for (int k = 0; k < SURFACE_PROGRAMS; k++)
            add(shipped, (EmitRow){programs[k], surface_table[i].name, {[PRECISION_F64] = true}});
    }
    return true;
}

static bool add_rules(Shipped *shipped, Status *status) {
    for (int i = 0; i < optimizer_count; i++) {
        const Program *programs[OPTIMIZER_PROGRAMS_MAX];
        double values[OPTIMIZER_PARAMETERS_MAX];
        if (optimizer_table[i].method) continue;
        optimizer_defaults(&optimizer_table[i], values);
        shipped->runs[i] = optimizer_run_create(&optimizer_table[i], values, 2, PRECISION_F64, status);
        if (!shipped->runs[i]) return false;
        const int n = optimizer_run_programs(shipped->runs[i], programs);
        for (int k = 0; k < n; k++)
            add(shipped, (EmitRow){programs[k], optimizer_table[i].name, {true, true}});
    }
    return true;
}

static bool write_file(Shipped *shipped, const char *path, Status *status) {
    Text text = {0};
    Output output;
    bool ok = emit_programs(shipped->rows, shipped->n_rows, &text);
    if (!ok) status_fail(status, STATUS_FAILED, "out of memory");
    ok = ok && output_open(&output, path, status);
    if (ok) {
        fputs(text_string(&text), output.file);
        ok = output_commit(&output, status);
    }
    text_finish(&text);
    return ok;
}

static bool generate(Shipped *shipped, const char *path, Status *status) {
    const size_t most = (size_t)(surface_count * SURFACE_PROGRAMS + optimizer_count * OPTIMIZER_PROGRAMS_MAX);
    shipped->surfaces = calloc((size_t)surface_count, sizeof(Surface *));
    shipped->runs = calloc((size_t)optimizer_count, sizeof(OptimizerRun *));
    shipped->rows = calloc(most, sizeof *shipped->rows);
    if (!shipped->surfaces || !shipped->runs || !shipped->rows)
        return status_fail(status, STATUS_FAILED, "out of memory");
    return add_surfaces(shipped, status) && add_rules(shipped, status) && write_file(shipped, path, status);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: generate FILE\n");
        return 2;
    }
    Status status = status_ok();
    Shipped shipped = {0};
    const bool ok = generate(&shipped, argv[1], &status);
    for (int i = 0; shipped.surfaces && i < surface_count; i++) surface_destroy(shipped.surfaces[i]);
    for (int i = 0; shipped.runs && i < optimizer_count; i++) optimizer_run_destroy(shipped.runs[i]);
    free(shipped.surfaces);
    free(shipped.runs);
    free(shipped.rows);
    if (!ok) fprintf(stderr, "generate: %s\n", status.message);
    return ok ? 0 : 1;
}
