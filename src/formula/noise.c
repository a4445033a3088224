/* Normal numbers in blocks, by the kernel of the machine's widest instruction set. */
#include "noise.h"

#include "elementary_normal.h"
#include "evaluate.h"
#include "kernels.h"

#include <assert.h>

double noise_normal(Rng *rng) { /* Box & Muller 1958 */
    static const double two_pi = 6.283185307179586;
    double radius = sqrt(-2 * operation_compute(OPERATION_LOG, 1 - rng_uniform(rng, 0, 1), 0, 0));
    return radius * operation_compute(OPERATION_COS, two_pi * rng_uniform(rng, 0, 1), 0, 0);
}

static void fill(const KernelSet *set, const Vec *out, uint64_t stream, uint64_t first) {
    assert(first % NOISE_BLOCK == 0);
    NormalKernel *kernel = set->normal[out->precision];
    const size_t whole = out->n / NOISE_BLOCK, rest = out->n % NOISE_BLOCK;
    kernel(out->data, stream, first / NOISE_BLOCK, whole);
    if (rest == 0) return;
    union {
        double f64[NOISE_BLOCK];
        float f32[NOISE_BLOCK];
    } last;
    kernel(&last, stream, first / NOISE_BLOCK + whole, 1);
    size_t bytes = precision_bytes(out->precision);
    memcpy((char *)out->data + whole * NOISE_BLOCK * bytes, &last, rest * bytes);
}

void noise_fill(const Vec *out, uint64_t stream, uint64_t first) {
    fill(kernel_set_best(), out, stream, first);
}

bool noise_fill_by(const char *set, const Vec *out, uint64_t stream, uint64_t first) {
    const KernelSet *kernels = kernel_set_find(set);
    if (kernels) fill(kernels, out, stream, first);
    return kernels != NULL;
}

double noise_student(uint64_t stream, uint64_t at) { /* its distribution has a closed inverse */
    double u = elementary_unit(elementary_random(stream, at)) + 0x1p-53;
    return (2 * u - 1) / sqrt(2 * u * (1 - u));
}
