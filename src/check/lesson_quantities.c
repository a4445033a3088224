/* Quantities that lessons make claims about and that are no column: one row each. */
#include "quantity.h"

#include "basins.h"
#include "cloud.h"
#include "critical.h"
#include "training_probe.h"

#include <math.h>

static const double *position(const RaceMoment *moment) {
    return race_trace(moment->race, moment->racer)->x + (size_t)moment->row * race_dim(moment->race);
}

/* To the nearest known point of a kind; NAN where none is known. */
static double nearest(const RaceMoment *moment, StationaryKind kind) {
    const double *x = position(moment);
    double distance = NAN;
    for (int i = 0; i < moment->surface->n_stationary; i++) {
        const StationaryPoint *point = &moment->surface->stationary[i];
        if (point->kind == kind) distance = fmin(distance, hypot(x[0] - point->x, x[1] - point->y));
    }
    return distance;
}

static double minimum_distance(const RaceMoment *moment) {
    if (moment->surface) return nearest(moment, STATIONARY_MINIMUM);
    const double *x = position(moment), minimum = field_row(moment->field)->minimum;
    double sum = 0;
    for (size_t i = 0; i < race_dim(moment->race); i++) sum += (x[i] - minimum) * (x[i] - minimum);
    return sqrt(sum);
}

static double saddle_distance(const RaceMoment *moment) {
    return nearest(moment, STATIONARY_SADDLE);
}

static double maximum_distance(const RaceMoment *moment) {
    return nearest(moment, STATIONARY_MAXIMUM);
}

static double position_norm(const RaceMoment *moment) {
    const double *x = position(moment);
    double sum = 0;
    for (size_t i = 0; i < race_dim(moment->race); i++) sum += x[i] * x[i];
    return sqrt(sum);
}

/* How many widths of the surface's box the point is outside of it, in the worse direction. */
static double outside(const RaceMoment *moment) {
    const double *x = position(moment);
    const Box *box = &moment->surface->box;
    double across = fmax(box->x_min - x[0], x[0] - box->x_max) / (box->x_max - box->x_min);
    double along = fmax(box->y_min - x[1], x[1] - box->y_max) / (box->y_max - box->y_min);
    return fmax(0, fmax(across, along));
}

/* The standard error of one of the gradients that the racer might have been given there. */
static double gradient_spread(const RaceMoment *moment) {
    enum { GRADIENTS = 400 };
    double gradients[GRADIENTS * CLOUD_DIM];
    cloud_gradients(moment->race, moment->racer, position(moment), GRADIENTS, gradients);
    const CloudShape shape = cloud_shape(gradients, GRADIENTS);
    return cloud_spread(&shape);
}

/* Of the starts of a grid over the part of the surface's box that lies left of the argument. */
static double crossing_share(const RaceMoment *moment) {
    enum { COLUMNS = 8, ROWS = 10 };
    Box left = moment->surface->box;
    left.x_max = moment->argument;
    if (!(left.x_min < left.x_max)) return NAN;
    const BasinsWish wish = {.surface = moment->surface,
        .spec = race_spec(moment->race, moment->racer),
        .steps = moment->row,
        .seed = moment->seed,
        .box = left,
        .columns = COLUMNS,
        .rows = ROWS};
    Basins *basins = basins_create(NULL);
    if (!basins) return NAN;
    basins_work(basins, &wish, INFINITY);
    int crossed = 0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            const BasinsEnd *end = basins_end(basins, column, row);
            crossed += end && end->x[0] > moment->argument;
        }
    basins_destroy(basins);
    return (double)crossed / (COLUMNS * ROWS);
}

/* Of random functions of so many variables, whatever the race is on. */
static CriticalSurvey critical(const RaceMoment *moment) {
    enum { FUNCTIONS = 20, STARTS = 20 };
    static const CriticalSurvey none = {.saddles = NAN, .correlation = NAN};
    const double n = moment->argument;
    if (!(n >= 1 && n <= CRITICAL_DIM_MAX)) return none;
    CriticalPoint points[FUNCTIONS * STARTS];
    return critical_survey((int)n, points, critical_points((int)n, FUNCTIONS, STARTS, moment->seed, points));
}

static double saddle_share(const RaceMoment *moment) {
    return critical(moment).saddles;
}

static double index_correlation(const RaceMoment *moment) {
    return critical(moment).correlation;
}

static double test_loss(const TrainingMoment *moment) {
    return training_test(moment->training, moment->racer).loss;
}

static double test_error(const TrainingMoment *moment) {
    return training_test(moment->training, moment->racer).error;
}

/* Of all weights, not the biases: the layers' own norms together. */
static double weight_norm(const TrainingMoment *moment) {
    double sum = 0;
    for (int l = 0; l < training_layer_count(moment->training); l++)
        sum = hypot(sum, training_layer(moment->training, moment->racer, l).weight_norm);
    return sum;
}

static double class_error(const TrainingMoment *moment) {
    return training_class_error(moment->training, moment->racer, (int)moment->argument);
}

static double permuted_loss(const TrainingMoment *moment) {
    return training_permuted_loss(moment->training, moment->racer);
}

static double barrier(const TrainingMoment *moment) {
    return training_barrier(moment->training, moment->racer, (int)moment->argument - 1);
}

static double gradient_bias(const TrainingMoment *moment) {
    return training_gradient_bias(moment->training, moment->racer);
}

static double gradient_gap(const TrainingMoment *moment) {
    return training_gradient_gap(moment->training, moment->racer);
}

static double sharpness(const TrainingMoment *moment) {
    return training_curvature(moment->training, moment->racer).largest;
}

static double smallest_curvature(const TrainingMoment *moment) {
    return training_curvature(moment->training, moment->racer).smallest;
}

const LessonQuantity lesson_quantities[] = {
    {"minimum_distance", NULL, "to the nearest known minimum; what 'near minimum' looks at",
        .of_race = minimum_distance, .subjects = SUBJECT_PLANE | SUBJECT_FIELD},
    {"saddle_distance", NULL, "to the nearest known saddle", .of_race = saddle_distance,
        .subjects = SUBJECT_PLANE},
    {"maximum_distance", NULL, "to the nearest known maximum", .of_race = maximum_distance,
        .subjects = SUBJECT_PLANE},
    {"norm", NULL, "Euclidean norm of the point", .of_race = position_norm,
        .subjects = SUBJECT_PLANE | SUBJECT_FIELD},
    {"outside", NULL, "widths of the surface's box that the point is outside of it; 0 within",
        .of_race = outside, .subjects = SUBJECT_PLANE},
    {"gradient_spread", NULL,
        "root mean squared distance of 400 minibatch or noisy gradients from their mean", .costly = true,
        .of_race = gradient_spread, .subjects = SUBJECT_PLANE},
    {"crossing_share", "x",
        "share of the starts left of x, of a grid over the box, whose race ends right of it", .costly = true,
        .of_race = crossing_share, .subjects = SUBJECT_PLANE},
    {"saddle_share", "n",
        "share of saddles among the critical points of random functions of n variables, 1 to 8",
        .costly = true, .of_race = saddle_share, .subjects = SUBJECT_PLANE},
    {"index_correlation", "n", "correlation of their heights and of how many directions curve down there",
        .costly = true, .of_race = index_correlation, .subjects = SUBJECT_PLANE},
    {"test_loss", NULL, "mean over the test part; under --stop of the best weights so far",
        .of_training = test_loss},
    {"test_error", NULL, "share of wrong classes there", .of_training = test_error},
    {"weight_norm", NULL, "Euclidean norm of all weights, without biases", .of_training = weight_norm},
    {"class_error", "class", "share of a class's examples, from 0, taken for another (validation part)",
        .of_training = class_error},
    {"permuted_loss", NULL, "train_loss with the units of each hidden layer in the opposite order",
        .of_training = permuted_loss},
    {"barrier", "racer",
        "how far train_loss rises above both ends on the straight line to that racer's weights, 1 the first",
        .costly = true, .of_training = barrier},
    {"gradient_bias", NULL,
        "of an epoch's minibatches: how far their gradients' mean is from that of all "
        "training examples, as a share of it",
        .costly = true, .of_training = gradient_bias},
    {"sharpness", NULL, "largest eigenvalue of the training loss's Hessian", .costly = true,
        .of_training = sharpness},
    {"smallest_curvature", NULL, "smallest eigenvalue of it", .costly = true,
        .of_training = smallest_curvature},
    {"gradient_gap", NULL, "from the mean of minibatches' gradients to the population's, in standard errors",
        .costly = true, .of_training = gradient_gap},
};
const int lesson_quantity_count = sizeof lesson_quantities / sizeof lesson_quantities[0];
