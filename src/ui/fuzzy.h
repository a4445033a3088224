/* How well what a person types abbreviates a name. */
#ifndef SLALOM_FUZZY_H
#define SLALOM_FUZZY_H

/* -1 where the characters of `pattern`, spaces left out, do not occur in `text` in their order; otherwise
 * more is better: at the beginnings of words, one right after the other, in a short text. Letters of ASCII
 * match in either case. An empty pattern matches all with 0. */
int fuzzy_score(const char *pattern, const char *text);

#endif
