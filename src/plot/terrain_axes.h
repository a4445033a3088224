/* The axes of the picture in space: round numbers along the two near edges of the block's foot, and heights
 * along one of its upright edges. */
#ifndef SLALOM_TERRAIN_AXES_H
#define SLALOM_TERRAIN_AXES_H

#include "camera.h"
#include "canvas.h"
#include "heatmap.h"
#include "label_placer.h"
#include "projection.h"
#include "theme.h"

typedef struct TerrainAxes {
    Projection projection;
    Rect plot;
    const Camera *flat;       /* what the block shows of the plane */
    double height, base;      /* of the block, as in TerrainLook */
    HeightScale scale;        /* of its heights */
    float alpha;              /* 0..1 */
    const char *const *names; /* of the two axes of the plane */
} TerrainAxes;

/* Blocks what it writes, so that no label covers it. */
void terrain_axes_draw(const TerrainAxes *axes, Canvas *canvas, const Theme *theme, LabelPlacer *placer);

#endif
