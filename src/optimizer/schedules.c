/* The shipped schedules: one row each. */
#include "schedule.h"

const Schedule schedule_table[] = {
    {"constant", "Constant", "lr", "Deep Learning, 8.3.1"},
    {"linear", "Linear, then constant",
        "t < tau ? (1 - t/tau)*lr + t/tau*end*lr : end*lr where tau = 100 in [1, 1e6] log, end = 0.01 in [0, "
        "1]",
        "Deep Learning, equation 8.14"},
    {"step", "Halved every n steps", "lr*0.5^floor((t - 1)/n) where n = 50 in [1, 1e6] log",
        "common practice"},
    {"exponential", "Exponential decay", "lr*exp(-k*t) where k = 0.01 in [1e-6, 1] log", "common practice"},
    {"inverse", "Inverse time", "lr/(1 + k*t) where k = 0.01 in [1e-6, 10] log", "Robbins & Monro 1951"},
    {"inverse_sqrt", "Inverse square root", "lr/sqrt(t)", "Zinkevich 2003"},
    {"cosine", "Cosine", "end*lr + (1 - end)*lr*(1 + cos(pi*min(t/T, 1)))/2 where end = 0 in [0, 1]",
        "Loshchilov & Hutter 2016"},
    {"cosine_restarts", "Cosine with restarts",
        "end*lr + (1 - end)*lr*(1 + cos(pi*mod(t - 1, period)/period))/2 where period = 50 in [1, 1e6] log, "
        "end = 0 in [0, 1]",
        "Loshchilov & Hutter 2016"},
    {"one_cycle", "One cycle",
        "t < up*T ? lr*(start + (1 - start)*t/(up*T)) : lr*(1 - (1 - end)*(t - up*T)/(T - up*T)) "
        "where up = 0.3 in [0.01, 0.99], start = 0.04 in [0, 1], end = 0.001 in [0, 1]",
        "Smith 2017"},
    {"polynomial", "Polynomial decay",
        "end*lr + (1 - end)*lr*(1 - min(t/T, 1))^power where power = 2 in [0.1, 10] log, end = 0 in [0, 1]",
        "common practice"},
};

const int schedule_count = sizeof schedule_table / sizeof schedule_table[0];
