/* What a landscape hides, in words and numbers around it: above, what is shown; below, a row for each racer.
 */
#ifndef SLALOM_LANDSCAPE_FACTS_H
#define SLALOM_LANDSCAPE_FACTS_H

#include "canvas.h"
#include "landscape_work.h"
#include "subject.h"

typedef struct FactsLayout {
    Rect title, picture, table;
    Rect rows[RACE_RACERS_MAX]; /* without width: not shown */
    int columns;                /* of the table that stand side by side */
} FactsLayout;

FactsLayout landscape_facts_lay_out(Canvas *canvas, Rect plot, const Subject *subject);
void landscape_facts_draw(
    const FactsLayout *layout, Canvas *canvas, const Subject *subject, const LandscapeResult *result);

#endif
