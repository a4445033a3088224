#!/usr/bin/env python3
"""rules.py SLALOM: trajectories of the classical rules at other rates, hyperparameters and surfaces than those of
tests/golden, against the published recurrences written here in plain Python; one case a row and surface."""
import csv
import io
import math
import subprocess
import sys

STEPS = 200
SURFACES = {
    "beale": ((1, 1.5), lambda x, y: (
        2 * (1.5 - x + x * y) * (y - 1) + 2 * (2.25 - x + x * y * y) * (y * y - 1)
        + 2 * (2.625 - x + x * y ** 3) * (y ** 3 - 1),
        2 * (1.5 - x + x * y) * x + 4 * (2.25 - x + x * y * y) * x * y
        + 6 * (2.625 - x + x * y ** 3) * x * y * y)),
    "himmelblau": ((-0.5, -0.5), lambda x, y: (4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
                                               2 * (x * x + y - 11) + 4 * y * (x + y * y - 7))),
    "booth": ((-3, 4), lambda x, y: (2 * (x + 2 * y - 7) + 4 * (2 * x + y - 5),
                                     4 * (x + 2 * y - 7) + 2 * (2 * x + y - 5))),
}


class Rule:
    """One coordinate's state; step returns the next x."""

    def __init__(self, lr, p):
        self.lr, self.p, self.t = lr, p, 0
        self.a = self.b = self.c = 0.0
        self.product = 1.0


def momentum_dampened(r, x, g):
    r.a = g if r.t == 1 else r.p["momentum"] * r.a + (1 - r.p["dampening"]) * g
    return x - r.lr * r.a


def momentum(r, x, g):
    r.a = r.p["momentum"] * r.a + g
    return x - r.lr * r.a


def adagrad(r, x, g):
    r.a += g * g
    return x - r.lr * g / (math.sqrt(r.a) + r.p["eps"])


def rmsprop(r, x, g):
    r.a += (1 - r.p["rho"]) * (g * g - r.a)
    return x - r.lr * g / (math.sqrt(r.a) + r.p["eps"])


def rmsprop_momentum(r, x, g):
    r.a += (1 - r.p["rho"]) * (g * g - r.a)
    r.b = r.p["momentum"] * r.b + g / (math.sqrt(r.a) + r.p["eps"])
    return x - r.lr * r.b


def rmsprop_centered(r, x, g):
    r.a = r.p["rho"] * r.a + (1 - r.p["rho"]) * g * g
    r.c = r.p["rho"] * r.c + (1 - r.p["rho"]) * g
    r.b = r.p["momentum"] * r.b + g / (math.sqrt(r.a - r.c * r.c) + r.p["eps"])
    return x - r.lr * r.b


def moments(r, g):
    r.a += (1 - r.p["beta1"]) * (g - r.a)
    r.b += (1 - r.p["beta2"]) * (g * g - r.b)


def adam(r, x, g):
    moments(r, g)
    on = r.p["bias_correction"]
    first = r.a / (1 - r.p["beta1"] ** r.t) if on else r.a
    second = r.b / (1 - r.p["beta2"] ** r.t) if on else r.b
    return x - r.lr * first / (math.sqrt(second) + r.p["eps"])


def adamw(r, x, g):
    return adam(r, x, g) - r.lr * r.p["weight_decay"] * x


def adadelta(r, x, g):
    r.a = r.p["rho"] * r.a + (1 - r.p["rho"]) * g * g
    d = math.sqrt(r.b + r.p["eps"]) / math.sqrt(r.a + r.p["eps"]) * g
    r.b = r.p["rho"] * r.b + (1 - r.p["rho"]) * d * d
    return x - r.lr * d


def adamax(r, x, g):
    r.a += (1 - r.p["beta1"]) * (g - r.a)
    r.b = max(r.p["beta2"] * r.b, abs(g) + r.p["eps"])
    return x - r.lr / (1 - r.p["beta1"] ** r.t) * r.a / r.b


def nadam(r, x, g):
    moments(r, g)

    def mu(t):
        return r.p["beta1"] * (1 - 0.5 * 0.96 ** (t * r.p["momentum_decay"]))
    r.product *= mu(r.t)
    first = mu(r.t + 1) * r.a / (1 - r.product * mu(r.t + 1)) + (1 - mu(r.t)) * g / (1 - r.product)
    return x - r.lr * first / (math.sqrt(r.b / (1 - r.p["beta2"] ** r.t)) + r.p["eps"])


def radam(r, x, g):
    moments(r, g)
    end = 2 / (1 - r.p["beta2"]) - 1
    power = r.p["beta2"] ** r.t
    rho = end - 2 * r.t * power / (1 - power)
    first = r.a / (1 - r.p["beta1"] ** r.t)
    if rho <= 5:
        return x - r.lr * first
    scale = math.sqrt((rho - 4) * (rho - 2) * end / ((end - 4) * (end - 2) * rho))
    return x - r.lr * first * scale * math.sqrt(1 - power) / (math.sqrt(r.b) + r.p["eps"])


def amsgrad(r, x, g):
    moments(r, g)
    r.c = max(r.c, r.b)
    return x - r.lr * r.a / (1 - r.p["beta1"] ** r.t) / (
        math.sqrt(r.c / (1 - r.p["beta2"] ** r.t)) + r.p["eps"])


def rprop(r, x, g):
    if r.t == 1:
        r.b = r.lr
    turn = g * r.a
    r.b *= r.p["eta_plus"] if turn > 0 else r.p["eta_minus"] if turn < 0 else 1
    r.b = min(max(r.b, 1e-6), 50)
    r.a = 0 if turn < 0 else g
    return x - r.b * ((r.a > 0) - (r.a < 0))


def asgd(r, x, g):
    eta = r.lr / (1 + r.p["lambd"] * r.lr * (r.t - 1)) ** r.p["alpha"]
    return x - eta * (g + r.p["lambd"] * x)


CASES = [
    (momentum, 3e-4, dict(momentum=0.8)),
    (momentum_dampened, 5e-4, dict(momentum=0.8, dampening=0.3)),
    (momentum_dampened, 2e-3, dict(momentum=0.95, dampening=0.95)),
    (adagrad, 0.2, dict(eps=1e-3)),
    (rmsprop, 0.003, dict(rho=0.95, eps=1e-4)),
    (rmsprop_momentum, 0.001, dict(rho=0.97, momentum=0.6, eps=1e-6)),
    (rmsprop_centered, 0.002, dict(rho=0.95, momentum=0, eps=1e-4)),
    (rmsprop_centered, 0.001, dict(rho=0.9, momentum=0.7, eps=1e-2)),
    (adam, 0.03, dict(beta1=0.8, beta2=0.95, eps=1e-5, bias_correction=1)),
    (adam, 0.003, dict(beta1=0.9, beta2=0.99, eps=1e-8, bias_correction=0)),
    (adamw, 0.02, dict(beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.2, bias_correction=1)),
    (adadelta, 0.5, dict(rho=0.95, eps=1e-5)),
    (adamax, 0.03, dict(beta1=0.7, beta2=0.99, eps=1e-6)),
    (nadam, 0.02, dict(beta1=0.8, beta2=0.99, eps=1e-6, momentum_decay=0.01)),
    (radam, 0.002, dict(beta1=0.9, beta2=0.99, eps=1e-6)),
    (amsgrad, 0.03, dict(beta1=0.8, beta2=0.9, eps=1e-5)),
    (rprop, 0.02, dict(eta_minus=0.6, eta_plus=1.1)),
    (asgd, 7e-4, dict(lambd=0.05, alpha=0.6)),
]


def trajectory(rule, lr, parameters, start, gradient):
    rules = [Rule(lr, parameters), Rule(lr, parameters)]
    x = list(start)
    points = [tuple(x)]
    for t in range(1, STEPS + 1):
        g = gradient(*x)
        for i in range(2):
            rules[i].t = t
            x[i] = rule(rules[i], x[i], g[i])
        points.append(tuple(x))
    return points


def slalom(program, surface, start, name, lr, parameters):
    keys = ",".join(f"{key}={value!r}" for key, value in {"lr": lr, **parameters}.items())
    text = subprocess.run([program, "run", "--surface", surface, "--start", "%r,%r" % start, "--optimizer",
                           f"{name}:{keys}", "--steps", str(STEPS)],
                          check=True, capture_output=True, text=True).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    return [(float(row["x"]), float(row["y"])) for row in rows]


def main():
    program, failed, n = sys.argv[1], 0, 0
    print(f"1..{len(CASES) * len(SURFACES)}")
    for rule, lr, parameters in CASES:
        for surface, (start, gradient) in SURFACES.items():
            plain = trajectory(rule, lr, parameters, start, gradient)
            moved = trajectory(rule, lr, parameters, (start[0] * (1 + 1e-12), start[1]), gradient)
            ours = slalom(program, surface, start, rule.__name__, lr, parameters)
            grown, worst = 0.0, 0.0
            for p, q, o in zip(plain, moved, ours):
                size = math.hypot(*p)
                grown = max(grown, math.dist(p, q) / size)  # of a relative change of 1e-12 in the start
                worst = max(worst, math.dist(p, o) / size / max(1e-12, 0.1 * grown))
            n += 1
            good = len(ours) == STEPS + 1 and worst <= 1 and grown < 1e-6
            failed += not good
            print(f"{'ok' if good else 'not ok'} {n} - {rule.__name__} on {surface}: off by {worst:.2g} of what is "
                  f"allowed; 1e-12 has grown to {grown:.2g}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
