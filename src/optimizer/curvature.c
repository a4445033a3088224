/* The exact product, or the difference of two gradients. */
#include "curvature.h"

/* As far off as weighs rounding (the precision's epsilon over the width) against the third derivative (the
 * width squared). */
static double width_along(const Vec *x, const Vec *v) {
    const double length = vec_largest(v), share = x->precision == PRECISION_F64 ? 1e-5 : 4e-3;
    return share * (1 + vec_largest(x)) / (length > 0 ? length : 1);
}

void curvature_product(
    const Evaluator *evaluator, const Vec *x, const Vec *v, const Vec *product, const Vec *point) {
    if (evaluator->hessian_vector) {
        evaluator->hessian_vector(evaluator->context, x, v, product);
        return;
    }
    const double width = width_along(x, v);
    const Vec *gradient;
    vec_combine(point, 1, x, width, v);
    evaluator->evaluate(evaluator->context, point, &gradient);
    vec_copy(product, gradient);
    vec_combine(point, 1, x, -width, v);
    evaluator->evaluate(evaluator->context, point, &gradient);
    vec_combine(product, 0.5 / width, product, -0.5 / width, gradient);
}
