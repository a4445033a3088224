/* A workspace of the surface's program for each worker. */
#include "surface_heights.h"

#include <stdlib.h>

typedef struct SurfaceHeights {
    HeightSource source; /* first: a pointer to it is one to all */
    const Surface *surface;
    Workspace **workspaces; /* (n_workers) */
    int n_workers;
} SurfaceHeights;

static void row(
    const HeightSource *source, int worker, const double *x, double y, size_t n, double *heights) {
    const SurfaceHeights *self = (const SurfaceHeights *)source;
    surface_row(self->surface, self->workspaces[worker], x, y, n, heights);
}

static void renew(HeightSource *source) {
    const SurfaceHeights *self = (const SurfaceHeights *)source;
    for (int i = 0; i < self->n_workers; i++)
        program_bind(self->surface->row_program, self->workspaces[i], self->surface->values);
}

static void destroy(HeightSource *source) {
    SurfaceHeights *self = (SurfaceHeights *)source;
    for (int i = 0; self->workspaces && i < self->n_workers; i++) workspace_destroy(self->workspaces[i]);
    free(self->workspaces);
    free(self);
}

HeightSource *surface_heights_create(const Surface *surface, int n_workers) {
    SurfaceHeights *self = malloc(sizeof *self);
    if (!self) return NULL;
    *self = (SurfaceHeights){
        .source = {.row = row, .renew = renew, .destroy = destroy, .log_colour = surface->log_colour},
        .surface = surface,
        .workspaces = calloc((size_t)n_workers, sizeof *self->workspaces),
        .n_workers = n_workers,
    };
    bool good = self->workspaces != NULL;
    for (int i = 0; good && i < n_workers; i++)
        good = (self->workspaces[i] = surface_row_workspace(surface)) != NULL;
    if (good) return &self->source;
    destroy(&self->source);
    return NULL;
}
