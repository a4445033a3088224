/* Heights to colours: the scale that fits a grid, the position of a height on it, whole pictures, and the
 * round heights that contour lines stand at. The lines themselves are in contour.c. */
#include "heatmap.h"

#include "ticks.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A histogram of heights above the lowest, as a part of their range: bin i holds 2^-(i+1)/8 to 2^-i/8. */
enum { BINS_IN_OCTAVE = 8, BINS = 96 * BINS_IN_OCTAVE, SAMPLES = 1 << 15 };

typedef struct Histogram {
    int n;
    int bins[BINS];
} Histogram;

/* The finite range of a grid; min > max where nothing is finite. */
static void finite_range(const double *grid, size_t n, double *min, double *max) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double height = grid[i];
        bool finite = fabs(height) <= DBL_MAX;
        low = finite && height < low ? height : low;
        high = finite && height > high ? height : high;
    }
    *min = low;
    *max = high;
}

static void histogram_fill(Histogram *histogram, const double *grid, size_t n, double low, double range) {
    size_t stride = n / SAMPLES + 1; /* odd, so that it does not walk along the columns of an even grid */
    stride += stride % 2 == 0;
    for (size_t i = 0; i < n; i += stride) {
        double part = (grid[i] - low) / range;
        if (!(part >= 0 && part <= 1)) continue;
        double bin = part > 0 ? -log2(part) * BINS_IN_OCTAVE : BINS - 1;
        histogram->bins[bin < BINS ? (int)bin : BINS - 1]++;
        histogram->n++;
    }
}

/* The part of the range that `share` of the heights lie below, interpolated inside its bin. */
static double histogram_quantile(const Histogram *histogram, double share) {
    double wanted = share * histogram->n, below = 0;
    for (int bin = BINS - 1; bin >= 0; bin--) {
        if (below + histogram->bins[bin] > wanted) {
            double inside = (wanted - below) / histogram->bins[bin];
            return exp2((inside - (bin + 1)) / BINS_IN_OCTAVE);
        }
        below += histogram->bins[bin];
    }
    return 1;
}

HeightScale height_scale_of(const double *grid, int width, int height, bool logarithmic, double lowest) {
    size_t n = (size_t)width * (size_t)height;
    double min, max;
    finite_range(grid, n, &min, &max);
    if (min > max) return (HeightScale){logarithmic, 0, 1, 1};
    double low = isfinite(lowest) && lowest < min ? lowest : min;
    /* Differences of heights must stay finite. */
    low = fmax(low, -DBL_MAX / 4);
    double high = fmin(fmax(max, low), DBL_MAX / 4);
    double range = high - low;
    if (!(range > fabs(low) * 1e-14)) { /* flat: any range will do */
        range = fmax(fabs(low) * 1e-6, 1e-300);
        return (HeightScale){logarithmic, low, low + range, range};
    }
    Histogram histogram = {0};
    histogram_fill(&histogram, grid, n, low, range);
    /* A few enormous heights (a pole) do not take the whole map: the top is within 100 times what all but
     * one in a hundred lie below. The lowest fiftieth of the area is where a logarithm starts to count. */
    double top = fmin(1, 100 * histogram_quantile(&histogram, 0.99));
    double soft = fmax(histogram_quantile(&histogram, 0.02), 1e-9 * top);
    return (HeightScale){logarithmic, low, low + range * top, range * fmin(soft, top)};
}

double height_scale_position(const HeightScale *scale, double height) {
    double above = height - scale->low, range = scale->high - scale->low;
    if (!scale->logarithmic) return above / range;
    double units = above / scale->softness;
    return (units > 0 ? log1p(units) : units) / log1p(range / scale->softness);
}

/* log2 of numbers >= 1 to 2e-5: the exponent, and a polynomial on the mantissa that is exact at its ends. */
static inline float approximate_log2(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 23) - 127;
    bits = (bits & 0x7fffff) | 0x3f800000;
    float mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    float x = mantissa - 1;
    float shape = 0.4419169f + x * (-0.2671780f + x * (0.1484236f + x * -0.0451471f));
    return (float)exponent + x + x * (1 - x) * shape;
}

/* Stops of the map; branch-free, so that it becomes SIMD. What is not finite goes to the top. */
static void stops_of(const double *heights, int n, const HeightScale *scale, int32_t *stops) {
    double low = scale->low, range = scale->high - low;
    float top = THEME_MAP_STOPS - 1;
    if (scale->logarithmic) {
        double per_height = 1 / scale->softness;
        float per_octave = top / (float)log2(1 + range / scale->softness);
        for (int i = 0; i < n; i++) {
            float units = (float)((heights[i] - low) * per_height);
            units = units >= -FLT_MAX ? units : FLT_MAX;
            units = units > 0 ? units : 0;
            float stop = approximate_log2(1 + units) * per_octave + 0.5f;
            stops[i] = (int32_t)(stop < top ? stop : top);
        }
        return;
    }
    double per_height = (double)top / range;
    for (int i = 0; i < n; i++) {
        float stop = (float)((heights[i] - low) * per_height + 0.5);
        stop = stop >= -FLT_MAX ? stop : top;
        stop = stop < top ? stop : top;
        stops[i] = (int32_t)(stop > 0 ? stop : 0);
    }
}

void heatmap_shade(const double *grid, int width, int row_begin, int row_end, const HeightScale *scale,
    const Theme *theme, uint32_t *pixels) {
    enum { CHUNK = 512 };
    int32_t stops[CHUNK];
    size_t end = (size_t)row_end * (size_t)width;
    for (size_t i = (size_t)row_begin * (size_t)width; i < end; i += CHUNK) {
        int n = end - i < CHUNK ? (int)(end - i) : CHUNK;
        stops_of(grid + i, n, scale, stops);
        for (int k = 0; k < n; k++) pixels[i + (size_t)k] = theme->map[stops[k]];
    }
}

static int linear_levels(const HeightScale *scale, int wanted, double *levels, bool *strong) {
    Tick ticks[TICKS_MAX];
    int n_ticks = ticks_linear(scale->low, scale->high, wanted, ticks), n = 0;
    if (n_ticks < 2) return 0;
    double step = (ticks[n_ticks - 1].value - ticks[0].value) / (n_ticks - 1);
    for (int i = 0; i < n_ticks; i++) {
        if (ticks[i].value <= scale->low || ticks[i].value >= scale->high) continue;
        levels[n] = ticks[i].value;
        strong[n++] = fmod(nearbyint(ticks[i].value / step), 5) == 0;
    }
    return n;
}

/* How many lines to a decade (1/3: one in three decades) come nearest to `wanted` over `decades`. */
static double lines_in_decade(double decades, int wanted) {
    double raw = wanted / decades;
    return raw >= 1 ? nearbyint(raw) : 1 / nearbyint(1 / raw);
}

static int logarithmic_levels(const HeightScale *scale, int wanted, double *levels, bool *strong) {
    double range = scale->high - scale->low, soft = scale->softness;
    /* Lines go on a little below where the colours begin, but not where the view is far above the lowest. */
    double top = log10(range), bottom = log10(soft * fmin(fmax(soft / range, 0.05), 0.9));
    double density = lines_in_decade(top - bottom, wanted);
    int n = 0;
    for (double i = ceil(bottom * density); i <= top * density && n < CONTOUR_LEVELS_MAX; i++) {
        double decade = i / density, level = scale->low + pow(10, decade);
        if (level >= scale->high || level <= scale->low) continue;
        levels[n] = level;
        strong[n++] = fabs(decade - nearbyint(decade)) < 1e-6;
    }
    return n;
}

int contour_levels(const HeightScale *scale, int wanted, double levels[CONTOUR_LEVELS_MAX],
    bool strong[CONTOUR_LEVELS_MAX]) {
    if (wanted < 1) return 0;
    if (wanted > CONTOUR_LEVELS_MAX / 2) wanted = CONTOUR_LEVELS_MAX / 2;
    return scale->logarithmic ? logarithmic_levels(scale, wanted, levels, strong)
                              : linear_levels(scale, wanted, levels, strong);
}
