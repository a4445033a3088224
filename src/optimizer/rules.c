/* The shipped optimizers: one row of formulas each, in the order in which they are listed. Menus, command
 * line, help and tests follow from this table. "Deep Learning" is Goodfellow, Bengio, Courville (2016). */
#include "optimizer.h"

/* Hyperparameters that several rules share, in one place. */
#define LR(standard) {"lr", standard, 1e-5, 10, SCALE_LOG, DOMAIN_POSITIVE}
#define DECAY(name, standard) {name, standard, 0, 0.9999, SCALE_LINEAR, DOMAIN_DECAY}
#define EPS(standard) {"eps", standard, 1e-12, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE}
#define WEIGHT_DECAY(standard) {"weight_decay", standard, 1e-5, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE}
#define SWITCH(name, standard) {name, standard, 0, 1, SCALE_SWITCH, DOMAIN_SWITCH}

#define ADAM_MOMENTS                                                                                           \
    "s = beta1*s + (1 - beta1)*g\n"                                                                            \
    "r = beta2*r + (1 - beta2)*g^2\n"                                                                          \
    "s_hat = s/(1 - bias_correction*beta1^t)\n"                                                              \
    "r_hat = r/(1 - bias_correction*beta2^t)\n"

/* Rates at which a quadratic's steepest direction neither shrinks nor grows, times its eigenvalue. */
static double stability_descent(const double *values) {
    (void)values;
    return 2;
}

static double stability_momentum(const double *values) {
    return 2 * (1 + values[1]);
}

static double stability_nesterov(const double *values) {
    return 2 * (1 + values[1]) / (1 + 2 * values[1]);
}

const Optimizer optimizer_table[] = {
    {
        .name = "sgd",
        .title = "SGD",
        .reference = "Deep Learning, algorithm 8.1; with the full batch: gradient descent (Cauchy 1847)",
        .state = "",
        .update = "x -= lr*g",
        .stability = stability_descent,
        .parameters = {LR(0.01)},
    },
    {
        .name = "momentum",
        .title = "Momentum",
        .reference = "Polyak 1964; Deep Learning, algorithm 8.2",
        .state = "v",
        .update = "v = momentum*v - lr*g\n"
                  "x += v",
        .stability = stability_momentum,
        .parameters = {LR(0.01), DECAY("momentum", 0.9)},
    },
    {
        .name = "nesterov",
        .title = "Nesterov",
        .reference = "Nesterov 1983; Sutskever et al. 2013; Deep Learning, algorithm 8.3",
        .state = "v",
        .probe = "x + momentum*v",
        .update = "v = momentum*v - lr*g\n"
                  "x += v",
        .stability = stability_nesterov,
        .parameters = {LR(0.01), DECAY("momentum", 0.9)},
    },
    {
        .name = "adagrad",
        .title = "AdaGrad",
        .reference = "Duchi, Hazan & Singer 2011; Deep Learning, algorithm 8.4",
        .state = "r",
        .update = "r += g^2\n"
                  "x -= lr/(eps + sqrt(r))*g",
        .parameters = {LR(0.5), EPS(1e-7)},
    },
    {
        .name = "rmsprop",
        .title = "RMSProp",
        .reference = "Hinton 2012; Deep Learning, algorithm 8.5",
        .state = "r",
        .update = "r = rho*r + (1 - rho)*g^2\n"
                  "x -= lr/(eps + sqrt(r))*g",
        .parameters = {LR(0.01), DECAY("rho", 0.9), EPS(1e-8)},
    },
    {
        .name = "adam",
        .title = "Adam",
        .reference = "Kingma & Ba 2014; Deep Learning, algorithm 8.7",
        .state = "s r",
        .update = ADAM_MOMENTS "x -= lr*s_hat/(eps + sqrt(r_hat))",
        .parameters = {LR(0.05), DECAY("beta1", 0.9), DECAY("beta2", 0.999), EPS(1e-8),
            SWITCH("bias_correction", 1)},
    },
    {
        .name = "adamw",
        .title = "AdamW",
        .reference = "Loshchilov & Hutter 2017: weight decay beside the gradient, not in it",
        .state = "s r",
        .update = ADAM_MOMENTS "x -= lr*s_hat/(eps + sqrt(r_hat)) + lr*weight_decay*x",
        .parameters = {LR(0.05), DECAY("beta1", 0.9), DECAY("beta2", 0.999), EPS(1e-8),
            WEIGHT_DECAY(0.01), SWITCH("bias_correction", 1)},
    },
};

const int optimizer_count = sizeof optimizer_table / sizeof optimizer_table[0];
