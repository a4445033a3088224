/* The views of networks in training as tabs over the plot. */
#ifndef SLALOM_VIEW_TABS_H
#define SLALOM_VIEW_TABS_H

#include "network_stage.h"
#include "ui.h"

#define VIEW_TABS_HEIGHT 34.0f

/* Chooses the stage's picture. Returns the room to the right of the tabs. */
Rect view_tabs(Ui *ui, Rect rect, NetworkStage *stage);
/* That room, without the tabs. */
Rect view_tabs_tools(Canvas *canvas, Rect rect, const NetworkStage *stage);

#endif
