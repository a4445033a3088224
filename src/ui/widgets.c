/* Drawing of the common parts. Knows no race and keeps no state. */
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

float text_baseline(float centre_y, float size) {
    return roundf(centre_y + 0.36f * size);
}

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The longest beginning of `string` that fits into `out` with an ellipsis after it, control characters as
 * spaces; returns its bytes. */
static size_t copy_beginning(const char *string, size_t room, char out[FITTED_BYTES]) {
    size_t length = strnlen(string, room + 1);
    if (length > room) length = room;
    while (length > 0 && is_continuation(string[length])) length--;
    for (size_t i = 0; i < length; i++) out[i] = string[i] > 0 && string[i] < ' ' ? ' ' : string[i];
    out[length] = '\0';
    return length;
}

/* Measuring is what costs: the cut is guessed from the width of the whole and then moved by characters. */
float text_fit(
    Canvas *canvas, Font font, float size, const char *string, float width, char out[FITTED_BYTES]) {
    static const char ellipsis[] = "…";
    const size_t room = FITTED_BYTES - sizeof ellipsis;
    size_t keep = copy_beginning(string, room, out);
    float whole = canvas_text_width(canvas, font, size, out);
    if (whole <= width && !string[keep]) return whole;
    if (whole > width) keep = (size_t)((float)keep * fmaxf(width, 0) / whole);
    for (;; keep--) {
        keep = copy_beginning(string, keep, out);
        while (keep > 0 && out[keep - 1] == ' ') keep--;
        memcpy(out + keep, ellipsis, sizeof ellipsis);
        float fitted = canvas_text_width(canvas, font, size, out);
        if (fitted <= width) return fitted;
        if (keep == 0) break;
    }
    out[0] = '\0';
    return 0;
}

void text_draw_fitted(Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour,
    float width, const char *string) {
    char fitted[FITTED_BYTES];
    text_fit(canvas, font, size, string, width, fitted);
    if (fitted[0]) canvas_text(canvas, x, y, align, font, size, colour, fitted);
}

size_t text_line(const char *text, int columns, const char **next) {
    size_t end = 0, at_statement = 0, at_comma = 0, at_space = 0;
    for (int column = 0; text[end] && text[end] != '\n' && column < columns; column++) {
        if (text[end] == ' ') {
            at_space = end;
            if (end > 0 && text[end - 1] == ';') at_statement = end;
            if (end > 0 && text[end - 1] == ',') at_comma = end;
        }
        do end++;
        while (is_continuation(text[end]));
    }
    if (text[end] && text[end] != '\n') {
        if (at_statement)
            end = at_statement;
        else if (2 * at_comma > end)
            end = at_comma;
        else if (at_space && text[end] != ' ')
            end = at_space;
    }
    *next = text + end;
    while (**next == ' ' || **next == '\n') ++*next;
    return end;
}

void number_loss(double value, char out[NUMBER_BYTES]) {
    static const double LEAST = 0.0005; /* less would be 0.000 */
    const bool is_small = fabs(value) < LEAST && value != 0;
    snprintf(out, NUMBER_BYTES, is_small ? "%.0e" : "%.3f", value);
}

void number_short(double value, char out[NUMBER_BYTES]) {
    double size = fabs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e5))
        snprintf(out, NUMBER_BYTES, "%.3g", value);
    else
        snprintf(out, NUMBER_BYTES, "%.5g", value);
}

void number_print(const char *label, char out[FITTED_BYTES]) {
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    const char *exponent = strchr(label, 'e');
    bool power = exponent && strncmp(label, "1e", 2) == 0;
    size_t n = 0;
    out[0] = '\0';
    for (const char *at = label; *at && at != exponent; at++)
        if (!power) n += (size_t)snprintf(out + n, FITTED_BYTES - n, *at == '-' ? "−" : "%c", *at);
    if (!exponent) return;
    n += (size_t)snprintf(out + n, FITTED_BYTES - n, power ? "10" : "·10");
    int value = atoi(exponent + 1);
    char digits[NUMBER_BYTES];
    snprintf(digits, sizeof digits, "%d", abs(value));
    if (value < 0) n += (size_t)snprintf(out + n, FITTED_BYTES - n, "⁻");
    for (const char *at = digits; *at; at++)
        n += (size_t)snprintf(out + n, FITTED_BYTES - n, "%s", raised[*at - '0']);
}

void number_scientific(double value, char out[NUMBER_BYTES]) {
    snprintf(out, NUMBER_BYTES, "%10.3e", value);
}

void slider_draw(
    Canvas *canvas, const Theme *theme, Rect track, double fraction, Colour fill, float knob_radius) {
    float part = track.width * (float)fmin(fmax(fraction, 0), 1), radius = 0.5f * track.height;
    canvas_fill_rect(canvas, track, radius, theme->line);
    if (part > 0) canvas_fill_rect(canvas, (Rect){track.x, track.y, part, track.height}, radius, fill);
    if (knob_radius > 0)
        canvas_circle(canvas, (Point){track.x + part, track.y + radius}, knob_radius, theme->text);
}

double slider_fraction(Rect track, float x) {
    return track.width > 0 ? fmin(fmax((x - track.x) / track.width, 0), 1) : 0;
}

double range_fraction(double value, double min, double max, bool logarithmic) {
    if (logarithmic && min > 0) return value > 0 ? fmin(fmax(log(value / min) / log(max / min), 0), 1) : 0;
    return max > min ? fmin(fmax((value - min) / (max - min), 0), 1) : 0;
}
