/* Round numbers along the left and lower edge of the plot, inside it. */
#ifndef SLALOM_AXES_H
#define SLALOM_AXES_H

#include "camera.h"
#include "canvas.h"
#include "label_placer.h"
#include "theme.h"

/* `names`: of the two axes. Blocks what it writes, so that no label covers it. */
void axes_draw(Canvas *canvas, const Camera *camera, const Theme *theme, const char *const names[2],
    LabelPlacer *placer);

#endif
