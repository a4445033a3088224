/* What several rows of rules.c share: hyperparameters and parts of scripts. Only rules.c includes this. */
#ifndef SLALOM_RULE_PARTS_H
#define SLALOM_RULE_PARTS_H

#define LR(standard)                                                                                         \
    { "lr", standard, 1e-5, 10, SCALE_LOG, DOMAIN_POSITIVE }
#define DECAY(name, standard)                                                                                \
    { name, standard, 0, 0.9999, SCALE_LINEAR, DOMAIN_DECAY }
#define BETAS(first, second) DECAY("beta1", first), DECAY("beta2", second)
#define NU(name, standard)                                                                                   \
    { name, standard, 0, 1, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE }
#define EPS(standard)                                                                                        \
    { "eps", standard, 1e-12, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE }
#define WEIGHT_DECAY(standard)                                                                               \
    { "weight_decay", standard, 1e-5, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE }
#define WEIGHT_DECAY_OFF                                                                                     \
    { "weight_decay", 0, 0, 1, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE }
#define SWITCH(name, standard)                                                                               \
    { name, standard, 0, 1, SCALE_SWITCH, DOMAIN_SWITCH }

/* How exact a line search is: the curvature constant of the Wolfe conditions. */
#define WOLFE(standard)                                                                                      \
    { "c2", standard, 0.001, 0.999, SCALE_LINEAR, DOMAIN_DECAY }

#define MOMENTS                                                                                              \
    "s = beta1*s + (1 - beta1)*g\n"                                                                          \
    "r = beta2*r + (1 - beta2)*g^2\n"

#define QUASI_NEWTON_STEP                                                                                    \
    "s = -step*H*g, step by line search\n"                                                                   \
    "y = change of g\n"

#define ADAM_MOMENTS                                                                                         \
    MOMENTS                                                                                                  \
    "s_hat = s/(1 - bias_correction*beta1^t)\n"                                                              \
    "r_hat = r/(1 - bias_correction*beta2^t)\n"

/* What a mean of gradients is short of in its first steps counts with the scaling. */
#define RMS_SCALING "p = eps + sqrt(r)"
#define ADAM_SCALING "p = (1 - bias_correction*beta1^t)*(eps + sqrt(r/(1 - bias_correction*beta2^t)))"

#endif
