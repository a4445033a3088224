/* The few things every view draws: text that fits, buttons, sliders, numbers. */
#ifndef SLALOM_WIDGETS_H
#define SLALOM_WIDGETS_H

#include "canvas.h"
#include "theme.h"

#include <stdbool.h>
#include <stddef.h>

enum { FITTED_BYTES = 160, NUMBER_BYTES = 32 };

/* Sizes of type in logical pixels. */
#define SIZE_NAME 13.0f
#define SIZE_SMALL 12.0f
#define SIZE_MONO 11.0f

/* The baseline that puts text of a size in the middle of a line around centre_y. */
float text_baseline(float centre_y, float size);

/* `string` with its end replaced by an ellipsis where it is wider than `width`; returns how wide it is then.
 * Nothing fits into a width below that of the ellipsis: out is "" then. */
float text_fit(
    Canvas *canvas, Font font, float size, const char *string, float width, char out[FITTED_BYTES]);

/* Draws what text_fit leaves. */
void text_draw_fitted(Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour,
    float width, const char *string);

/* How many bytes of `text` go into the next line of at most `columns` characters: broken after "; ", a comma
 * or a space where there is one. *next: where the line after begins. */
size_t text_line(const char *text, int columns, const char **next);

/* A value in at most 9 characters, as a person would write it: "0.038", "50", "1e-08". */
void number_short(double value, char out[NUMBER_BYTES]);
/* A loss as it stands beside a name, about as wide whatever it is: "0.004", "4e-05". */
void number_loss(double value, char out[NUMBER_BYTES]);
/* A tick's label as it is set in print: minus signs for hyphens, 10⁻³ for 1e-03. */
void number_print(const char *label, char out[FITTED_BYTES]);
/* Always 10 characters: " 3.942e-04". */
void number_scientific(double value, char out[NUMBER_BYTES]);

/* A track with a part filled; `knob_radius` 0 for a bar that only shows. */
void slider_draw(
    Canvas *canvas, const Theme *theme, Rect track, double fraction, Colour fill, float knob_radius);
double slider_fraction(Rect track, float x); /* 0..1 */

/* Where `value` lies between min and max, 0..1; by its logarithm where asked and where that exists. */
double range_fraction(double value, double min, double max, bool logarithmic);

#endif
