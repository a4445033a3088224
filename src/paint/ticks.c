/* Round numbers along an axis, and labels that make room for each other. */
#include "ticks.h"

#include <math.h>
#include <stdio.h>

/* A step of `mantissa` (1, 2 or 5) times ten to the `exponent`. */
typedef struct RoundStep {
    int mantissa, exponent;
} RoundStep;

/* The round step nearest to `raw`, by ratio. */
static RoundStep round_step(double raw) {
    int exponent = (int)floor(log10(raw));
    double mantissa = raw / pow(10, exponent);
    if (mantissa < sqrt(2)) return (RoundStep){1, exponent};
    if (mantissa < sqrt(10)) return (RoundStep){2, exponent};
    if (mantissa < sqrt(50)) return (RoundStep){5, exponent};
    return (RoundStep){1, exponent + 1};
}

/* index * step, dividing where that is exact: 3 / 10 is 0.3, 3 * 0.1 is not. */
static double step_times(RoundStep step, double index) {
    double whole = index * step.mantissa;
    return step.exponent < 0 ? whole / pow(10, -step.exponent) : whole * pow(10, step.exponent);
}

/* One number written like its neighbours, which are multiples of ten to the `exponent`, up to `largest`. */
static void format_label(char *label, double value, double largest, int exponent) {
    enum {
        DIGITS_MAX = 12,
        MANTISSA_MAX = 7
    }; /* what a label has room for, beside sign, point and exponent */
    int decimals = exponent < 0 ? -exponent : 0, leading = (int)floor(log10(largest) + 1e-9);
    int digits = (leading > 0 ? leading : 0) + 1 + decimals,
        mantissa = leading > exponent ? leading - exponent : 0;
    bool fits = digits <= DIGITS_MAX, is_usual = largest < 1e5 && largest >= 1e-3;
    if (fits && (is_usual || mantissa > MANTISSA_MAX))
        snprintf(label, TICK_LABEL_BYTES, "%.*f", decimals, value);
    else if (mantissa <= MANTISSA_MAX)
        snprintf(label, TICK_LABEL_BYTES, "%.*e", mantissa, value);
    else
        snprintf(label, TICK_LABEL_BYTES, "%.*g", MANTISSA_MAX, value);
}

int ticks_linear(double min, double max, int wanted, Tick ticks[TICKS_MAX]) {
    if (!isfinite(min) || !isfinite(max) || !(min < max) || wanted < 1) return 0;
    double range = max / 2 - min / 2; /* halved: the whole may not be a double */
    double largest = fmax(fabs(min), fabs(max));
    if (wanted > TICKS_MAX / 2) wanted = TICKS_MAX / 2;
    if (range < 1e-300 || range < largest * 1e-13) return 0; /* there are no round numbers in between */
    RoundStep step = round_step(range / wanted * 2);
    double unit = step_times(step, 1),
           slack = 1e-9; /* of a step: for bounds that are round but for a rounding */
    double first = ceil(min / unit - slack), last = floor(max / unit + slack);
    int n = 0;
    for (double i = first; i <= last && n < TICKS_MAX; i++) {
        double value = step_times(step, i) + 0.0; /* + 0: never minus zero */
        ticks[n].value = fmin(fmax(value, min), max);
        format_label(ticks[n++].label, value, largest, step.exponent);
    }
    return n;
}

int ticks_logarithmic(double min, double max, int wanted, Tick ticks[TICKS_MAX]) {
    if (!(min > 0) || !isfinite(max) || !(min < max) || wanted < 1) return 0;
    if (wanted > TICKS_MAX / 2) wanted = TICKS_MAX / 2;
    int first = (int)ceil(log10(min) - 1e-9), last = (int)floor(log10(max) + 1e-9);
    static const int strides[] = {1, 2, 3, 5, 10, 20, 50, 100, 200};
    int stride = strides[0];
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        stride = strides[i];
        if (2 * ((last - first) / stride + 1) <= 3 * wanted) break;
    }
    int n = 0;
    for (int i = first; i <= last && n < TICKS_MAX; i++) {
        if (i % stride != 0) continue;
        ticks[n].value = fmin(fmax(pow(10, i), min), max);
        snprintf(ticks[n++].label, TICK_LABEL_BYTES, "1e%+03d", i);
    }
    return n;
}

/* Labels whose order has been decided, merged into blocks that touch each other. */
typedef struct Block {
    double sum; /* of the positions that its labels would like the first of them to have */
    int n;
} Block;

enum { LABELS_MAX = 128 };

/* The positions in increasing order, equal ones in theirs: order[i] is an index. Labels that are not a
 * number, or that do not fit, are left out. */
static int order_labels(float *positions, int n, int capacity, float low, float high, int *order) {
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (isnan(positions[i])) continue;
        if (count >= capacity) {
            positions[i] = NAN;
            continue;
        }
        positions[i] = fminf(fmaxf(positions[i], low), high);
        int at = count++;
        for (; at > 0 && positions[order[at - 1]] > positions[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    return count;
}

void labels_spread(float *positions, int n, float size, float low, float high) {
    double room = ((double)high - (double)low) / (double)size * (1 + 1e-6);
    int order[LABELS_MAX];
    int capacity = !(room >= 1) ? 0 : room < LABELS_MAX ? (int)room : LABELS_MAX;
    int count = order_labels(positions, n, capacity, low, high, order);
    /* Less size times the rank, labels that touch are equal: the nearest positions in order are those of an
     * isotonic regression (pool adjacent violators, Ayer et al. 1955). */
    Block blocks[LABELS_MAX];
    int n_blocks = 0;
    for (int i = 0; i < count; i++) {
        blocks[n_blocks++] = (Block){(double)positions[order[i]] - (double)size * i, 1};
        while (n_blocks > 1 && blocks[n_blocks - 2].sum / blocks[n_blocks - 2].n >
                                   blocks[n_blocks - 1].sum / blocks[n_blocks - 1].n) {
            n_blocks--;
            blocks[n_blocks - 1].sum += blocks[n_blocks].sum;
            blocks[n_blocks - 1].n += blocks[n_blocks].n;
        }
    }
    double first_centre = (double)low + (double)size / 2;
    double last_centre = fmax(first_centre, (double)high - (double)size / 2 - (double)size * (count - 1));
    for (int block = 0, i = 0; block < n_blocks; block++) {
        double centre = fmin(fmax(blocks[block].sum / blocks[block].n, first_centre), last_centre);
        for (int k = 0; k < blocks[block].n; k++, i++)
            positions[order[i]] = (float)(centre + (double)size * i);
    }
}
