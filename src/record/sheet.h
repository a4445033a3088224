/* Small multiples: one scene many times in one figure, with other values of one or two of its keys. */
#ifndef SLALOM_SHEET_H
#define SLALOM_SHEET_H

#include "record.h"

/* Draws the job's scene for each value of its grid: the values of the first along the columns, those of the
 * second along the rows; those of a single one wherever there is room. All have the same box, step and look.
 * False and a status where a key or a value is none. */
bool sheet_draw(const RecordJob *job, Canvas *canvas, Status *status);

#endif
