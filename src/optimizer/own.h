/* A person's own optimizer, typed as text: the same kind of row as a shipped one.
 *
 *   state = m v; m = beta*m + (1 - beta)*g; v = 0.99*v + 0.01*g^2; x -= lr*m/(sqrt(v) + 1e-8)
 *       where lr = 0.05 in [1e-4, 1] log, beta = 0.9 in [0, 0.999]
 *
 * Statements are separated by `;` or new lines. Some of them declare: `state = ...` names vectors and
 * `scalars = ...` numbers that persist from step to step, zero at first; `probe = ...` is where the gradient
 * is taken; and where the script reads `hu`, `u = ...` is the vector that the Hessian is multiplied with for
 * it, in each step or, with a hyperparameter `every`, after so many. The others are the script of one step
 * (parse.h) over x, g, t and lr. `where` gives hyperparameters, as in a surface's formula. */
#ifndef SLALOM_OWN_H
#define SLALOM_OWN_H

#include "optimizer.h"
#include "text.h"

typedef struct OwnOptimizer OwnOptimizer;

/* Reads and checks it all; errors name the place in `text`. A name is printable, without a colon, and none of
 * a shipped optimizer. Shared by counting: each create or share needs a
 * release. */
OwnOptimizer *own_optimizer_create(const char *name, const char *text, Status *status);
OwnOptimizer *own_optimizer_share(OwnOptimizer *own);
void own_optimizer_release(OwnOptimizer *own); /* NULL is fine */

/* Where the definitions begin in such a text: at the word `where`, or at its end. */
const char *own_optimizer_where(const char *text);

/* Its row, and the text that it was read from, as long as it lives. */
const Optimizer *own_optimizer_row(const OwnOptimizer *own);
const char *own_optimizer_text(const OwnOptimizer *own);

/* Appends the text from which own_optimizer_create makes an optimizer that runs the same; false, with nothing
 * appended, for one that is no formula. */
bool optimizer_as_script(const Optimizer *optimizer, Text *script);

#endif
