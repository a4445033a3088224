/* The rows of a training's CSV. When there are reports, and where rows go, is for whoever trains. */
#include "training_columns.h"

#include "columns.h"

#include <inttypes.h>

/* A column that is one expression of `report`. */
#define NUMBER(name, expression)                                                                             \
    static double name(const TrainingReport *report) {                                                       \
        return expression;                                                                                   \
    }
NUMBER(number_epoch, report->epoch)
NUMBER(number_step, (double)report->step)
NUMBER(number_examples, (double)report->examples)
NUMBER(number_training_loss, report->training.loss)
NUMBER(number_validation_loss, report->validation.loss)
NUMBER(number_training_error, report->training.error)
NUMBER(number_validation_error, report->validation.error)
NUMBER(number_grad_norm, report->grad_norm)
NUMBER(number_lr, report->lr)
NUMBER(number_status, report->status)
#undef NUMBER

static const char *status_word(int number) {
    return number >= 0 && number <= TRAINING_DIVERGED ? training_status_name((TrainingStatus)number) : NULL;
}

const TrainingColumn training_columns[] = {
    {"epoch", "examples learned from, in sizes of the training part", .number = number_epoch},
    {"step", "0 is the start", .whole = true, .number = number_step},
    {"racer", "its label"},
    {"examples", "learned from so far", .whole = true, .number = number_examples},
    {"train_loss", "mean over the training part, without penalties", .number = number_training_loss},
    {"validation_loss", "the same of the validation part", .number = number_validation_loss},
    {"train_error", "share of wrong classes in the training part", .number = number_training_error},
    {"validation_error", "the same of the validation part", .number = number_validation_error},
    {"grad_norm", "of the minibatch that the next step sees", .number = number_grad_norm},
    {"lr", "rate of the step that led here", .number = number_lr},
    {"status", "running, stopped or diverged", .word = status_word, .number = number_status},
};
const int training_column_count = sizeof training_columns / sizeof training_columns[0];

static double number_layer_weights(const TrainingLayer *layer) {
    return layer->weight_norm;
}

static double number_layer_gradient(const TrainingLayer *layer) {
    return layer->grad_norm;
}

static double number_layer_activations(const TrainingLayer *layer) {
    return layer->activation_rms;
}

static double number_layer_bias_gradient(const TrainingLayer *layer) {
    return layer->bias_grad_norm;
}

static double number_layer_spread(const TrainingLayer *layer) {
    return layer->spread;
}

static double number_layer_update(const TrainingLayer *layer) {
    return layer->update_norm;
}

static double number_layer_error(const TrainingLayer *layer) {
    return layer->error_rms;
}

const LayerColumn layer_columns[] = {
    {"weight_norm", "Euclidean norm of the layer's weights", number_layer_weights},
    {"grad_norm", "of their gradient in the minibatch that the next step sees", number_layer_gradient},
    {"activation_rms", "root mean square of what the layer gives", number_layer_activations},
    {"bias_grad_norm", "norm of the gradient by its biases: what has come back to it",
        number_layer_bias_gradient},
    {"spread", "root mean square distance of its units from their mean: 0 where all are the same",
        number_layer_spread},
    {"update_norm", "norm of what the step that led here did to the layer's weights; at the start nan",
        number_layer_update},
    {"error_rms", "root mean square of the derivative of an example's loss by a unit's sum",
        number_layer_error},
};
const int layer_column_count = sizeof layer_columns / sizeof layer_columns[0];

static void write_seed_name(FILE *file, bool has_seed) {
    if (has_seed) fputs("seed,", file);
}

static void write_seed(FILE *file, const uint64_t *seed) {
    if (seed) fprintf(file, "%" PRIu64 ",", *seed);
}

void training_write_header(FILE *file, bool has_seed) {
    write_seed_name(file, has_seed);
    for (int i = 0; i < training_column_count; i++)
        fprintf(file, "%s%s", i ? "," : "", training_columns[i].name);
    fputc('\n', file);
}

static void write_value(FILE *file, const TrainingColumn *column, const Training *training, int racer) {
    const TrainingReport *report = training_report(training, racer);
    if (!column->number)
        csv_write_field(file, training_racer(training, racer)->label);
    else if (column->word)
        fputs(column->word((int)column->number(report)), file);
    else
        fprintf(file, column->whole ? "%.0f" : "%.9g", column->number(report));
}

void training_write_rows(FILE *file, const Training *training, const uint64_t *seed) {
    for (int i = 0; i < training_racer_count(training); i++) {
        if (!training_is_news(training, i)) continue;
        write_seed(file, seed);
        for (int k = 0; k < training_column_count; k++) {
            if (k) fputc(',', file);
            write_value(file, &training_columns[k], training, i);
        }
        fputc('\n', file);
    }
}

void training_write_layer_header(FILE *file, bool has_seed) {
    write_seed_name(file, has_seed);
    fputs("epoch,step,racer,layer", file);
    for (int i = 0; i < layer_column_count; i++) fprintf(file, ",%s", layer_columns[i].name);
    fputc('\n', file);
}

void training_write_layer_rows(FILE *file, const Training *training, const uint64_t *seed) {
    for (int i = 0; i < training_racer_count(training); i++) {
        if (!training_is_news(training, i)) continue;
        const TrainingReport *report = training_report(training, i);
        for (int l = 0; l < training_layer_count(training); l++) {
            const TrainingLayer layer = training_layer(training, i, l);
            write_seed(file, seed);
            fprintf(file, "%.9g,%" PRId64 ",", report->epoch, report->step);
            csv_write_field(file, training_racer(training, i)->label);
            fprintf(file, ",%d", l + 1);
            for (int k = 0; k < layer_column_count; k++)
                fprintf(file, ",%.9g", layer_columns[k].number(&layer));
            fputc('\n', file);
        }
    }
}
