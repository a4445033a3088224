/* The shipped optimizers: one row of formulas each, in the order in which they are listed. Menus, command
 * line, help and tests follow from this table. "Deep Learning" is Goodfellow, Bengio, Courville (2016). */
#include "methods.h"
#include "rule_parts.h"
#include "stability.h"

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
        .name = "momentum_dampened",
        .title = "Dampened momentum",
        .reference = "as in PyTorch's SGD: the gradient enters at 1 - dampening, but whole in the first step",
        .state = "v",
        .update = "weight = t == 1 ? 1 : 1 - dampening\n"
                  "v = momentum*v - weight*lr*g\n"
                  "x += v",
        .stability = stability_dampened,
        .parameters = {LR(0.02), DECAY("momentum", 0.9), NU("dampening", 0.5)},
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
        .scaling = RMS_SCALING,
        .stability = stability_descent,
        .parameters = {LR(0.5), EPS(1e-7)},
    },
    {
        .name = "rmsprop",
        .title = "RMSProp",
        .reference = "Hinton 2012; Deep Learning, algorithm 8.5",
        .state = "r",
        .update = "r = rho*r + (1 - rho)*g^2\n"
                  "x -= lr/(eps + sqrt(r))*g",
        .scaling = RMS_SCALING,
        .stability = stability_descent,
        .parameters = {LR(0.01), DECAY("rho", 0.9), EPS(1e-8)},
    },
    {
        .name = "rmsprop_momentum",
        .title = "RMSProp with momentum",
        .reference = "Hinton 2012; Graves 2013; as in PyTorch: momentum of the scaled gradient",
        .state = "r v",
        .update = "r = rho*r + (1 - rho)*g^2\n"
                  "v = momentum*v + g/(eps + sqrt(r))\n"
                  "x -= lr*v",
        .scaling = RMS_SCALING,
        .stability = stability_scaled_momentum,
        .parameters = {LR(0.002), DECAY("rho", 0.99), DECAY("momentum", 0.9), EPS(1e-8)},
    },
    {
        .name = "rmsprop_centered",
        .title = "Centered RMSProp",
        .reference = "Graves 2013: divided by the gradient's standard deviation; as in PyTorch",
        .state = "r a v",
        .update = "r = rho*r + (1 - rho)*g^2\n"
                  "a = rho*a + (1 - rho)*g\n"
                  "v = momentum*v + g/(eps + sqrt(r - a^2))\n"
                  "x -= lr*v",
        .scaling = "p = eps + sqrt(r - a^2)",
        .stability = stability_scaled_momentum,
        .parameters = {LR(0.01), DECAY("rho", 0.99), DECAY("momentum", 0), EPS(1e-8)},
    },
    {
        .name = "adam",
        .title = "Adam",
        .reference = "Kingma & Ba 2014; Deep Learning, algorithm 8.7",
        .state = "s r",
        .update = ADAM_MOMENTS "x -= lr*s_hat/(eps + sqrt(r_hat))",
        .scaling = ADAM_SCALING,
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8), SWITCH("bias_correction", 1)},
    },
    {
        .name = "adamw",
        .title = "AdamW",
        .reference = "Loshchilov & Hutter 2017: weight decay beside the gradient, not in it",
        .state = "s r",
        .update = ADAM_MOMENTS "x -= lr*s_hat/(eps + sqrt(r_hat)) + lr*weight_decay*x",
        .scaling = ADAM_SCALING,
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8), WEIGHT_DECAY(0.01),
            SWITCH("bias_correction", 1)},
    },
    {
        .name = "newton",
        .title = "Newton",
        .reference = "Deep Learning, 8.6.1; saddle_free takes |H|: Dauphin et al. 2014",
        .state = "",
        .update = "x -= lr*inverse(H + damping*I)*g",
        .method = &method_newton,
        .parameters = {LR(1), {"damping", 0, 0, 10, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE},
            SWITCH("saddle_free", 0)},
    },
    {
        .name = "newton_cg",
        .title = "Newton-CG",
        .reference = "Nocedal & Wright, algorithm 7.1; Martens 2010: Newton's method in any dimension",
        .state = "",
        .update = "solve (H + damping*I)*p = -g by conjugate gradients, downhill\n"
                  "x += step*p, step by line search",
        .method = &method_newton_cg,
        .parameters = {LR(1), {"damping", 0, 0, 10, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE},
            {"iterations", 50, 1, 500, SCALE_LOG, DOMAIN_COUNT}, WOLFE(0.9)},
    },
    {
        .name = "bfgs",
        .title = "BFGS",
        .reference = "Broyden, Fletcher, Goldfarb & Shanno 1970; Nocedal & Wright, algorithm 6.1; Biggs 1971",
        .state = "",
        .update = QUASI_NEWTON_STEP "H = (I - s*y'/y's)*H*(I - y*s'/y's) + s*s'/y's\n"
                                    "x += s",
        .method = &method_bfgs,
        .parameters = {LR(1), WOLFE(0.98), SWITCH("biggs", 1)},
    },
    {
        .name = "lbfgs",
        .title = "L-BFGS",
        .reference = "Nocedal 1980; Liu & Nocedal 1989; Nocedal & Wright, algorithms 7.4 and 7.5; Biggs 1971",
        .state = "",
        .update =
            QUASI_NEWTON_STEP "H from the last `history` pairs s, y, in a long search all where n <= dense\n"
                              "x += s",
        .method = &method_lbfgs,
        .parameters = {LR(1), {"history", 10, 1, 100, SCALE_LOG, DOMAIN_COUNT}, WOLFE(0.98),
            SWITCH("biggs", 1), {"dense", 128, 0, 1000, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE}},
    },
    {
        .name = "conjugate_gradient",
        .title = "Conjugate gradient",
        .reference = "Polak & Ribiere 1969, restarted where beta < 0; Nocedal & Wright 5.2",
        .state = "",
        .update = "beta = max(0, g'(g - g_before)/g_before'g_before)\n"
                  "d = -g + beta*d\n"
                  "x += step*d, step by line search",
        .method = &method_conjugate_gradient,
        .parameters = {LR(1), WOLFE(0.1)},
    },
    {
        .name = "steepest_line",
        .title = "Steepest descent",
        .reference = "Cauchy 1847; Nocedal & Wright 3",
        .state = "",
        .update = "x -= step*g, step by line search",
        .method = &method_steepest_line,
        .parameters = {LR(1), WOLFE(0.1)},
    },
    {
        .name = "adadelta",
        .title = "AdaDelta",
        .reference = "Zeiler 2012",
        .state = "r a",
        .update = "r = rho*r + (1 - rho)*g^2\n"
                  "d = sqrt(a + eps)/sqrt(r + eps)*g\n"
                  "a = rho*a + (1 - rho)*d^2\n"
                  "x -= lr*d",
        .scaling = "p = sqrt(r + eps)/sqrt(a + eps)",
        .stability = stability_descent,
        .parameters = {LR(1), DECAY("rho", 0.9), EPS(1e-6)},
    },
    {
        .name = "adamax",
        .title = "AdaMax",
        .reference = "Kingma & Ba 2014, algorithm 2",
        .state = "s r",
        .update = "s = beta1*s + (1 - beta1)*g\n"
                  "r = max(beta2*r, abs(g) + eps)\n"
                  "x -= lr/(1 - beta1^t)*s/r",
        .scaling = "p = (1 - beta1^t)*r",
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8)},
    },
    {
        .name = "nadam",
        .title = "NAdam",
        .reference = "Dozat 2016",
        .state = "s r",
        .scalars = "product",
        .update = MOMENTS "mu = beta1*(1 - 0.5*0.96^(momentum_decay*t))\n"
                          "mu_next = beta1*(1 - 0.5*0.96^(momentum_decay*(t + 1)))\n"
                          "product = (t == 1 ? 1 : product)*mu\n"
                          "d = eps + sqrt(r/(1 - beta2^t))\n"
                          "x -= lr*(1 - mu)/(1 - product)*g/d\n"
                          "x -= lr*mu_next/(1 - product*mu_next)*s/d",
        .scaling = "mu = beta1*(1 - 0.5*0.96^(momentum_decay*t))\n"
                   "mu_next = beta1*(1 - 0.5*0.96^(momentum_decay*(t + 1)))\n"
                   "c = (1 + beta1)*(1 - mu)/(1 - product) + (1 - beta1)*mu_next/(1 - product*mu_next)\n"
                   "p = (eps + sqrt(r/(1 - beta2^t)))/c",
        .stability = stability_momentum,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8),
            {"momentum_decay", 0.004, 0, 0.1, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE}},
    },
    {
        .name = "radam",
        .title = "RAdam",
        .reference = "Liu, Jiang, He, Chen, Liu, Gao & Han 2019",
        .state = "s r",
        .update = MOMENTS "s_hat = s/(1 - beta1^t)\n"
                          "rho_inf = 2/(1 - beta2) - 1\n"
                          "rho = rho_inf - 2*t*beta2^t/(1 - beta2^t)\n"
                          "a = (rho - 4)*(rho - 2)*rho_inf\n"
                          "b = (rho_inf - 4)*(rho_inf - 2)*rho\n"
                          "d = sqrt(a/b*(1 - beta2^t))/(eps + sqrt(r))\n"
                          "x -= lr*s_hat*(rho > 5 ? d : 1)",
        .scaling = "rho_inf = 2/(1 - beta2) - 1\n"
                   "rho = rho_inf - 2*t*beta2^t/(1 - beta2^t)\n"
                   "a = (rho - 4)*(rho - 2)*rho_inf\n"
                   "b = (rho_inf - 4)*(rho_inf - 2)*rho\n"
                   "p = (1 - beta1^t)*(rho > 5 ? (eps + sqrt(r))/sqrt(a/b*(1 - beta2^t)) : 1)",
        .stability = stability_averaged,
        .parameters = {LR(0.01), BETAS(0.9, 0.999), EPS(1e-8)},
    },
    {
        .name = "amsgrad",
        .title = "AMSGrad",
        .reference = "Reddi, Kale & Kumar 2018",
        .state = "s r r_max",
        .update = MOMENTS "r_max = max(r_max, r)\n"
                          "s_hat = s/(1 - beta1^t)\n"
                          "r_hat = r_max/(1 - beta2^t)\n"
                          "x -= lr*s_hat/(eps + sqrt(r_hat))",
        .scaling = "p = (1 - beta1^t)*(eps + sqrt(r_max/(1 - beta2^t)))",
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8)},
    },
    {
        .name = "rprop",
        .title = "Rprop",
        .reference = "Riedmiller & Braun 1993; a step that overshot is not undone (Igel & Hüsken 2000)",
        .state = "h g_last",
        .update = "turn = g*g_last\n"
                  "eta = turn > 0 ? eta_plus : turn < 0 ? eta_minus : 1\n"
                  "h = clamp(eta*(t == 1 ? lr : h), step_min, step_max)\n"
                  "g_last = turn < 0 ? 0 : g\n"
                  "x -= h*sign(g_last)",
        .parameters = {LR(0.01), {"eta_minus", 0.5, 0.01, 0.99, SCALE_LINEAR, DOMAIN_DECAY},
            {"eta_plus", 1.2, 1, 3, SCALE_LINEAR, DOMAIN_POSITIVE},
            {"step_min", 1e-6, 1e-12, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
            {"step_max", 50, 1e-3, 1e3, SCALE_LOG, DOMAIN_POSITIVE}},
    },
    {
        .name = "asgd",
        .title = "ASGD",
        .reference = "Polyak & Juditsky 1992; Xu 2011: the iterate; its average is for the averaging devices",
        .state = "",
        .update = "rate = lr/(1 + lambd*lr*(t - 1))^alpha\n"
                  "x -= rate*(g + lambd*x)",
        .parameters = {LR(0.01), {"lambd", 1e-4, 1e-6, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
            {"alpha", 0.75, 0, 1, SCALE_LINEAR, DOMAIN_NOT_NEGATIVE}},
    },
    {
        .name = "lion",
        .title = "Lion",
        .reference = "Chen, Liang, Huang, Real et al. 2023",
        .state = "m",
        .update = "d = sign(beta1*m + (1 - beta1)*g)\n"
                  "m = beta2*m + (1 - beta2)*g\n"
                  "x -= lr*(d + weight_decay*x)",
        .parameters = {LR(0.01), BETAS(0.9, 0.99), WEIGHT_DECAY_OFF},
    },
    {
        .name = "signsgd",
        .title = "SignSGD",
        .reference = "Bernstein, Wang, Azizzadenesheli & Anandkumar 2018",
        .state = "",
        .update = "x -= lr*sign(g)",
        .parameters = {LR(0.01)},
    },
    {
        .name = "signum",
        .title = "Signum",
        .reference = "Bernstein, Wang, Azizzadenesheli & Anandkumar 2018",
        .state = "v",
        .update = "v = momentum*v + (1 - momentum)*g\n"
                  "x -= lr*sign(v)",
        .parameters = {LR(0.01), DECAY("momentum", 0.9)},
    },
    {
        .name = "qhm",
        .title = "QHM",
        .reference = "Ma & Yarats 2018: quasi-hyperbolic momentum",
        .state = "v",
        .update = "v = beta*v + (1 - beta)*g\n"
                  "x -= lr*((1 - nu)*g + nu*v)",
        .stability = stability_qhm,
        .parameters = {LR(0.01), DECAY("beta", 0.999), NU("nu", 0.7)},
    },
    {
        .name = "qhadam",
        .title = "QHAdam",
        .reference = "Ma & Yarats 2018",
        .state = "s r",
        .update = MOMENTS "a = (1 - nu1)*g + nu1*s/(1 - beta1^t)\n"
                          "b = (1 - nu2)*g^2 + nu2*r/(1 - beta2^t)\n"
                          "x -= lr*a/(eps + sqrt(b))",
        .scaling = "c = (1 + beta1)*(1 - nu1) + (1 - beta1)*nu1/(1 - beta1^t)\n"
                   "p = (eps + sqrt(r/(1 - beta2^t)))/c",
        .stability = stability_qhadam,
        .parameters = {LR(0.05), BETAS(0.995, 0.999), NU("nu1", 0.7), NU("nu2", 1), EPS(1e-8)},
    },
    {
        .name = "adabelief",
        .title = "AdaBelief",
        .reference = "Zhuang, Tang, Ding, Tatikonda et al. 2020",
        .state = "s r",
        .update = "s = beta1*s + (1 - beta1)*g\n"
                  "r = beta2*r + (1 - beta2)*(g - s)^2 + eps\n"
                  "s_hat = s/(1 - beta1^t)\n"
                  "r_hat = r/(1 - beta2^t)\n"
                  "x -= lr*s_hat/(eps + sqrt(r_hat))",
        .scaling = "p = (1 - beta1^t)*(eps + sqrt(r/(1 - beta2^t)))",
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-8)},
    },
    {
        .name = "yogi",
        .title = "Yogi",
        .reference = "Zaheer, Reddi, Sachan, Kale & Kumar 2018: no bias correction",
        .state = "s r",
        .update = "s = beta1*s + (1 - beta1)*g\n"
                  "r -= (1 - beta2)*sign(r - g^2)*g^2\n"
                  "x -= lr*s/(eps + sqrt(r))",
        .scaling = RMS_SCALING,
        .stability = stability_averaged,
        .parameters = {LR(0.05), BETAS(0.9, 0.999), EPS(1e-3)},
    },
    {
        .name = "adan",
        .title = "Adan",
        .reference = "Xie, Zhou, Li, Lin & Yan 2022: betas are the weights of the new, as in the paper",
        .state = "m v r g_last",
        .update = "d = t == 1 ? 0 : g - g_last\n"
                  "g_last = g\n"
                  "m = t == 1 ? g : (1 - beta1)*m + beta1*g\n"
                  "v = (1 - beta2)*v + beta2*d\n"
                  "a = g + (1 - beta2)*d\n"
                  "r = t == 1 ? g^2 : (1 - beta3)*r + beta3*a^2\n"
                  "x -= lr*(m + (1 - beta2)*v)/(eps + sqrt(r))\n"
                  "x = x/(1 + lr*weight_decay)",
        .scaling = RMS_SCALING,
        .stability = stability_adan,
        .parameters = {LR(0.05), BETAS(0.02, 0.08), DECAY("beta3", 0.01), EPS(1e-8), WEIGHT_DECAY_OFF},
    },
    {
        .name = "lamb",
        .title = "LAMB",
        .reference = "You, Li, Reddi, Hseu et al. 2019; each matrix of a network by itself, else all of x",
        .is_layered = true,
        .state = "s r",
        .update = MOMENTS "s_hat = s/(1 - beta1^t)\n"
                          "r_hat = r/(1 - beta2^t)\n"
                          "d = s_hat/(eps + sqrt(r_hat)) + weight_decay*x\n"
                          "ratio = norm(x)*norm(d) > 0 ? norm(x)/norm(d) : 1\n"
                          "x -= lr*ratio*d",
        .parameters = {LR(0.02), BETAS(0.9, 0.999), EPS(1e-6), WEIGHT_DECAY(0.01)},
    },
    {
        .name = "lars",
        .title = "LARS",
        .reference = "You, Gitman & Ginsburg 2017; each matrix of a network by itself, else all of x",
        .is_layered = true,
        .state = "v",
        .update = "size = norm(g) + weight_decay*norm(x)\n"
                  "local = trust*norm(x)/size\n"
                  "ratio = norm(x)*norm(g) > 0 ? local : trust\n"
                  "v = momentum*v + lr*ratio*(g + weight_decay*x)\n"
                  "x -= v",
        /* The ratio makes steps of about trust times |x|: rates are those of a relative change. */
        .parameters = {{"lr", 10, 1e-2, 1e3, SCALE_LOG, DOMAIN_POSITIVE}, DECAY("momentum", 0.9),
            {"trust", 0.001, 1e-4, 1, SCALE_LOG, DOMAIN_POSITIVE}, WEIGHT_DECAY(0.0005)},
    },
    {
        .name = "muon",
        .title = "Muon",
        .reference = "Jordan, Jin, Boza et al. 2024: on weight matrices; biases take Adam",
        .state = "",
        .update = "M = momentum*M + G\n"
                  "O = orthogonal(G + nesterov*momentum*M)\n"
                  "W -= lr*(sqrt(max(1, n_out/n_in))*O + weight_decay*W)",
        .method = &method_muon,
        .parameters = {LR(0.02), DECAY("momentum", 0.95), SWITCH("nesterov", 1),
            {"iterations", 5, 1, 20, SCALE_LINEAR, DOMAIN_COUNT},
            {"bias_lr", 1e-3, 1e-5, 1, SCALE_LOG, DOMAIN_POSITIVE}, WEIGHT_DECAY_OFF},
    },
    {
        .name = "shampoo",
        .title = "Shampoo",
        .reference = "Gupta, Koren & Singer 2018: on weight matrices, roots taken every so many steps",
        .state = "",
        .update = "L += G*G'\n"
                  "R += G'*G\n"
                  "M = momentum*M + (L + eps*I)^(-1/4)*G*(R + eps*I)^(-1/4)\n"
                  "W -= lr*M",
        .method = &method_shampoo,
        .parameters = {LR(0.05), EPS(1e-4), {"every", 10, 1, 100, SCALE_LINEAR, DOMAIN_COUNT},
            DECAY("momentum", 0.9)},
    },
    {
        .name = "sophia",
        .title = "Sophia-H",
        .reference = "Liu, Li, Hall, Liang & Ma 2023; the Hessian's diagonal by Hutchinson's estimate",
        .state = "m h",
        .direction = "randn()",
        .every = "every",
        .update = "m = beta1*m + (1 - beta1)*g\n"
                  "fresh = mod(t - 1, every) == 0\n"
                  "h = fresh ? beta2*h + (1 - beta2)*u*hu : h\n"
                  "x -= lr*weight_decay*x\n"
                  "x -= lr*clamp(m/max(gamma*h, eps), -1, 1)",
        .parameters = {LR(0.01), BETAS(0.965, 0.99), {"gamma", 0.01, 1e-4, 1, SCALE_LOG, DOMAIN_POSITIVE},
            {"every", 10, 1, 100, SCALE_LINEAR, DOMAIN_POSITIVE}, EPS(1e-12), WEIGHT_DECAY_OFF},
    },
    {
        .name = "prodigy",
        .title = "Prodigy",
        .reference = "Mishchenko & Defazio 2023, algorithm 4: d estimates how far there is to go",
        .state = "m v s x0",
        .scalars = "d r",
        .update = "d = t == 1 ? d0 : d\n"
                  "x0 = t == 1 ? x : x0\n"
                  "m = beta1*m + (1 - beta1)*d*g\n"
                  "v = beta2*v + (1 - beta2)*(d*g)^2\n"
                  "c = sqrt(beta2)\n"
                  "r = c*r + (1 - c)*lr*d^2*dot(g, x0 - x)\n"
                  "s = c*s + (1 - c)*lr*d^2*g\n"
                  "x -= lr*d*m/(d*eps + sqrt(v))\n"
                  "size = sum(abs(s))\n"
                  "d = size > 0 ? max(d, r/size) : d",
        .scaling = "p = (d*eps + sqrt(v))/d^2",
        .stability = stability_averaged,
        .parameters = {LR(1), BETAS(0.9, 0.999), EPS(1e-8),
            {"d0", 1e-6, 1e-8, 1, SCALE_LOG, DOMAIN_POSITIVE}},
    },
    {
        .name = "schedule_free",
        .title = "Schedule-free SGD",
        .reference = "Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky 2024",
        .state = "z",
        .probe = "(1 - beta)*(t == 1 ? x : z) + beta*x",
        .update = "z = (t == 1 ? x : z) - lr*g\n"
                  "c = 1/(t + 1)\n"
                  "x = (1 - c)*x + c*z",
        .stability = stability_schedule_free,
        .parameters = {LR(0.01), DECAY("beta", 0.9)},
    },
    {
        .name = "sam",
        .title = "SAM",
        .reference = "Foret, Kleiner, Mobahi & Neyshabur 2021: the gradient where it is worst within rho",
        .state = "",
        .probe = "norm(g) > 0 ? x + rho*g/norm(g) : x",
        .update = "x -= lr*g",
        .stability = stability_descent,
        .parameters = {LR(0.01), {"rho", 0.05, 1e-3, 1, SCALE_LOG, DOMAIN_NOT_NEGATIVE}},
    },
    {
        .name = "sgld",
        .title = "SGLD",
        .reference = "Welling & Teh 2011: descent with the noise that makes it sample exp(-f/temperature)",
        .state = "",
        .update = "x -= lr/2*g - sqrt(lr*temperature)*randn()",
        .stability = stability_langevin,
        .parameters = {LR(0.01), {"temperature", 1, 0.001, 100, SCALE_LOG, DOMAIN_NOT_NEGATIVE}},
    },
};

const int optimizer_count = sizeof optimizer_table / sizeof optimizer_table[0];
