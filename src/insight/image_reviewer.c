/* Reviews are two, one that is shown and one that is under way; they change places. Which images are shown
 * is image_order.c's, how, the view's. */
#include "image_reviewer.h"

#include "clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MIN = 16, ROWS_MAX = 512 };
static const double SLICE_WORK = 5e7; /* multiplications: 2 to 4 ms */
static const double SHARE = 0.05;     /* of the time, while training goes on, */
static const double PAUSE_S = 0.2;    /* and no sooner: what changes more often is not looked at */
static const double PAUSE_MAX_S = 4;  /* on a machine with much else to do: what is shown is not older */

/* Images. */

bool image_set_suits(const Dataset *dataset) {
    return dataset->labels && dataset->width > 0 && dataset->width * dataset->height == dataset->n_in &&
           dataset->n_out >= 2 && dataset->n_out <= IMAGE_CLASSES_MAX;
}

ImageSet image_set_of(const Data *data) {
    ImageSet set = {.dataset = data->dataset, .n_classes = data->dataset->n_out};
    set.validates = data->split.validation.n > 0;
    set.part = set.validates ? data->split.validation : data->split.training;
    set.n = set.part.n < IMAGES_MAX ? set.part.n : IMAGES_MAX;
    return set;
}

size_t image_set_example(const ImageSet *set, size_t image) {
    return set->part.first + image * set->part.n / set->n;
}

int image_set_label(const ImageSet *set, size_t image) {
    return set->dataset->labels[image_set_example(set, image)];
}

/* A review. */

static void finish_review(ImageReview *review) {
    free(review->losses);
    free(review->confidences);
    free(review->classes);
    free(review->confusion);
    free(review->units);
    free(review->weights.data);
    *review = (ImageReview){0};
}

static bool begin_review(ImageReview *review, const ImageSet *set, const MlpSpec *spec) {
    const size_t parameters = (size_t)mlp_parameter_count(spec);
    const size_t bytes = parameters * precision_bytes(spec->precision);
    *review = (ImageReview){
        .losses = malloc(set->n * sizeof(float)),
        .confidences = malloc(set->n * sizeof(float)),
        .classes = malloc(set->n * sizeof(int16_t)),
        .confusion = calloc((size_t)set->n_classes * (size_t)set->n_classes, sizeof(uint32_t)),
        .units = malloc((size_t)spec->sizes[0] * (size_t)spec->sizes[1] * sizeof(float)),
        .weights = {.n = parameters, .precision = spec->precision},
    };
    review->weights.data = aligned_alloc(64, (bytes + 63) / 64 * 64);
    return review->losses && review->confidences && review->classes && review->confusion && review->units &&
           review->weights.data;
}

static void clear_review(ImageReview *review, const ImageSet *set, int racer, const Vec *weights) {
    review->racer = racer;
    review->wrong = 0;
    review->loss = 0;
    memset(review->confusion, 0, (size_t)set->n_classes * (size_t)set->n_classes * sizeof(uint32_t));
    vec_copy(&review->weights, weights);
}

int image_class_of(const Loss *loss, const float *outputs, int n_out, int n_classes, double *beliefs) {
    double z[IMAGE_CLASSES_MAX] = {0};
    int class = 0;
    for (int j = 0; j < n_out; j++) z[j] = (double)outputs[j];
    loss->belief(z, beliefs, n_out);
    if (n_out == 1) {
        beliefs[1] = beliefs[0];
        beliefs[0] = 1 - beliefs[1];
        for (int j = 2; j < n_classes; j++) beliefs[j] = 0;
        return z[0] > loss->boundary;
    }
    for (int j = 1; j < n_out; j++)
        if (z[j] > z[class]) class = j;
    return class;
}

/* Working. */

static void take_images(ImageReviewer *reviewer, int rows) {
    const ImageSet *set = &reviewer->set;
    const size_t n_in = (size_t)set->dataset->n_in;
    for (int i = 0; i < rows; i++) {
        const size_t example = image_set_example(set, reviewer->image + (size_t)i);
        memcpy(
            reviewer->inputs + (size_t)i * n_in, set->dataset->inputs + example * n_in, n_in * sizeof(float));
        reviewer->labels[i] = set->dataset->labels[example];
    }
}

static void judge_images(ImageReviewer *reviewer, ImageReview *review, int rows) {
    const ImageSet *set = &reviewer->set;
    const int n_out = reviewer->spec.sizes[reviewer->spec.n_layers];
    double beliefs[IMAGE_CLASSES_MAX];
    for (int i = 0; i < rows; i++) {
        const size_t image = reviewer->image + (size_t)i;
        const float *outputs = reviewer->outputs + (size_t)i * (size_t)n_out;
        const int label = reviewer->labels[i];
        const int class = image_class_of(reviewer->spec.loss, outputs, n_out, set->n_classes, beliefs);
        review->classes[image] = (int16_t) class;
        review->confidences[image] = (float)beliefs[class];
        review->confusion[label * set->n_classes + class]++;
        review->wrong += class != label;
        review->loss += (double)review->losses[image] / (double)set->n;
    }
}

/* The weights of the first layer, (n_in, units), the other way round. */
static void turn_weights(const ImageReviewer *reviewer, ImageReview *review) {
    const size_t n_in = (size_t)reviewer->spec.sizes[0], n_units = (size_t)reviewer->spec.sizes[1];
    for (size_t i = 0; i < n_in; i++)
        for (size_t j = 0; j < n_units; j++)
            review->units[j * n_in + i] = (float)vec_get(&review->weights, i * n_units + j);
}

static bool slice(void *context) {
    ImageReviewer *reviewer = context;
    const double begin_s = clock_now_s();
    const size_t left = reviewer->set.n - reviewer->image;
    const int rows = left < (size_t)reviewer->rows ? (int)left : reviewer->rows;
    ImageReview *review = &reviewer->next.of[reviewer->racer];
    take_images(reviewer, rows);
    const Batch batch = {
        .size = rows,
        .n_in = reviewer->set.dataset->n_in,
        .inputs = reviewer->inputs,
        .labels = reviewer->labels,
    };
    mlp_examples(
        reviewer->mlp, &review->weights, &batch, reviewer->outputs, review->losses + reviewer->image);
    judge_images(reviewer, review, rows);
    reviewer->image += (size_t)rows;
    if (reviewer->image == reviewer->set.n) {
        turn_weights(reviewer, review);
        reviewer->racer++;
        reviewer->image = 0;
    }
    reviewer->work_s += clock_now_s() - begin_s;
    return reviewer->racer < reviewer->next.n;
}

/* The owner's side. */

static bool allocate(ImageReviewer *reviewer) {
    const size_t rows = (size_t)reviewer->rows, n_in = (size_t)reviewer->spec.sizes[0],
                 n_out = (size_t)reviewer->spec.sizes[reviewer->spec.n_layers];
    reviewer->inputs = malloc(rows * n_in * sizeof(float));
    reviewer->outputs = malloc(rows * n_out * sizeof(float));
    reviewer->labels = malloc(rows * sizeof(int32_t));
    bool good = reviewer->inputs && reviewer->outputs && reviewer->labels;
    for (int i = 0; good && i < IMAGE_RACERS_MAX; i++)
        good = begin_review(&reviewer->found.of[i], &reviewer->set, &reviewer->spec) &&
               begin_review(&reviewer->next.of[i], &reviewer->set, &reviewer->spec);
    return good;
}

bool image_reviewer_begin(
    ImageReviewer *reviewer, const MlpSpec *spec, const Data *data, bool threaded, Status *status) {
    const double rows = SLICE_WORK / fmax(mlp_parameter_count(spec), 1);
    *reviewer = (ImageReviewer){.set = image_set_of(data), .spec = *spec};
    reviewer->found.step = -1;
    reviewer->rows = rows < ROWS_MIN ? ROWS_MIN : rows > ROWS_MAX ? ROWS_MAX : (int)rows;
    reviewer->spec.batch_max = reviewer->rows;
    reviewer->mlp = mlp_create(&reviewer->spec, status);
    if (!reviewer->mlp) return false;
    if (allocate(reviewer)) reviewer->background = background_create(slice, reviewer, threaded);
    return reviewer->background || status_fail(status, STATUS_FAILED, "out of memory");
}

void image_reviewer_finish(ImageReviewer *reviewer) {
    background_destroy(reviewer->background);
    mlp_destroy(reviewer->mlp);
    free(reviewer->inputs);
    free(reviewer->outputs);
    free(reviewer->labels);
    for (int i = 0; i < IMAGE_RACERS_MAX; i++) {
        finish_review(&reviewer->found.of[i]);
        finish_review(&reviewer->next.of[i]);
    }
    *reviewer = (ImageReviewer){.found.step = -1};
}

static bool is_of(const ImageReviews *reviews, const int *racers, int n) {
    bool same = reviews->n == n;
    for (int i = 0; same && i < n; i++) same = reviews->of[i].racer == racers[i];
    return same;
}

bool image_reviewer_is_finished(
    const ImageReviewer *reviewer, const LiveState *state, const int *racers, int n) {
    const ImageReviews *found = &reviewer->found;
    return n == 0 || (state && found->step == state->step && is_of(found, racers, n));
}

static void take_found(ImageReviewer *reviewer) {
    if (!reviewer->under_way || background_is_busy(reviewer->background)) return;
    background_lock(reviewer->background);
    const ImageReviews found = reviewer->next;
    reviewer->next = reviewer->found;
    reviewer->found = found;
    reviewer->under_way = false;
    reviewer->version++;
    background_unlock(reviewer->background, false);
}

static bool is_due(const ImageReviewer *reviewer, const int *racers, int n, bool urgent) {
    return urgent || !is_of(&reviewer->found, racers, n) || reviewer->found.step < 0 ||
           clock_now_s() >= reviewer->began_s + fmin(fmax(reviewer->work_s / SHARE, PAUSE_S), PAUSE_MAX_S);
}

static void start(ImageReviewer *reviewer, const LiveState *state, const int *racers, int n) {
    background_lock(reviewer->background);
    for (int i = 0; i < n; i++)
        clear_review(&reviewer->next.of[i], &reviewer->set, racers[i], &state->weights[racers[i]]);
    reviewer->next.n = n;
    reviewer->next.step = state->step;
    reviewer->racer = 0;
    reviewer->image = 0;
    reviewer->work_s = 0;
    reviewer->began_s = clock_now_s();
    reviewer->under_way = true;
    background_unlock(reviewer->background, true);
}

void image_reviewer_follow(
    ImageReviewer *reviewer, const LiveState *state, const int *racers, int n, bool urgent, double budget_s) {
    if (!reviewer->background || !state) return;
    const bool waits = budget_s == INFINITY;
    if (waits) background_finish(reviewer->background);
    take_found(reviewer);
    if (!reviewer->under_way && !image_reviewer_is_finished(reviewer, state, racers, n) &&
        is_due(reviewer, racers, n, urgent || waits))
        start(reviewer, state, racers, n);
    if (waits)
        background_finish(reviewer->background);
    else
        background_work(reviewer->background, budget_s);
    take_found(reviewer);
}
