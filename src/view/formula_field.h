/* Formulas typed in their cards: the surface's, and the script of a racer. While the text is right the race
 * runs by it; where it is not, the last one that was stays, and the mistake is shown at its place. */
#ifndef SLALOM_FORMULA_FIELD_H
#define SLALOM_FORMULA_FIELD_H

#include "editor.h"
#include "pen.h"
#include "subject.h"

#include <stdbool.h>

/* Names of the fields, for ui_edit_want. */
#define SURFACE_FORMULA "surface.formula"
void script_field_name(int racer, char name[UI_NAME_BYTES]);

/* Puts the field down in the place of the formula, if it is the one that is edited. */
bool surface_formula_field(Pen *pen, const Subject *subject, Editor *editor);
bool racer_script_field(Pen *pen, Editor *editor, int racer);

/* Makes the card's lines from `top` to the pen's place an area that begins to edit them. */
void formula_area(Pen *pen, float top, const char *name, const char *tip);

/* Whether a racer is formulas, so that it has a script. */
bool has_script(const Scene *scene, int racer);

#endif
