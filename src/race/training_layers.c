/* What a report says of a racer's layers. When there is one is training.c's affair. */
#include "training_inner.h"

#include <math.h>

static Vec part_of(const Vec *vec, const LayoutBlock *block) {
    Vec part = *vec;
    part.n = block->rows * block->cols;
    part.data = (char *)vec->data + block->offset * precision_bytes(vec->precision);
    return part;
}

/* The sum of squares by which the columns of a block differ from their mean. */
static double scatter(const Vec *numbers, const LayoutBlock *block) {
    double sum = 0;
    for (size_t row = 0; row < block->rows; row++) {
        double mean = 0;
        for (size_t col = 0; col < block->cols; col++) mean += vec_get(numbers, row * block->cols + col);
        mean /= (double)block->cols;
        for (size_t col = 0; col < block->cols; col++) {
            const double off = vec_get(numbers, row * block->cols + col) - mean;
            sum += off * off;
        }
    }
    return sum;
}

void training_keep_weights(Training *training) {
    for (int i = 0; i < training->spec.n_racers; i++)
        if (race_is_running(training->race, i))
            vec_copy(&training->runners[i].before, race_x(training->race, i));
    training->kept = race_steps_done(training->race);
}

/* The difference takes the place of what was before. */
static double distance(const Vec *now, const Vec *before) {
    vec_combine(before, 1, now, -1, before);
    return vec_norm(before);
}

void training_measure_layers(Training *training, int racer) {
    Runner *runner = &training->runners[racer];
    const Layout *layout = mlp_objective(runner->mlp)->layout;
    const Vec *x = race_x(training->race, racer), *gradient = race_gradient(training->race, racer);
    const bool knows_before = training->kept >= 0 && training->kept == race_steps_done(training->race) - 1;
    for (int l = 0; l < training->spec.network.n_layers; l++) {
        const LayoutBlock *weights = &layout->blocks[2 * l], *biases = weights + 1;
        const Vec w = part_of(x, weights), b = part_of(x, biases);
        const Vec w_slope = part_of(gradient, weights), b_slope = part_of(gradient, biases);
        const Vec before = part_of(&runner->before, weights);
        runner->layers[l] = (TrainingLayer){
            .weight_norm = vec_norm(&w),
            .grad_norm = vec_norm(&w_slope),
            .activation_rms = mlp_activation_rms(runner->mlp, l),
            .bias_grad_norm = vec_norm(&b_slope),
            .spread = sqrt((scatter(&w, weights) + scatter(&b, biases)) / (double)weights->cols),
            .error_rms = mlp_error_rms(runner->mlp, l),
            .update_norm = knows_before ? distance(&w, &before) : NAN,
        };
    }
}
