/* What becomes of a signal, an error and a gradient from layer to layer, in words. */
#ifndef SLALOM_LAYER_WORDS_H
#define SLALOM_LAYER_WORDS_H

enum { LAYER_WORDS_BYTES = 128 };

/* The same said at length and in short. */
typedef struct LayerWords {
    char full[LAYER_WORDS_BYTES], brief[LAYER_WORDS_BYTES];
} LayerWords;

/* What is followed, which way it goes, and how it is called where it gets too small or too large. */
typedef enum LayerFlow { FLOW_SIGNAL, FLOW_ERROR, FLOW_GRADIENT, FLOWS } LayerFlow;
extern const char *const layer_flow_names[FLOWS]; /* "signal", ... */

/* sizes: (n), of the layers from the first to the last; "shrinks 3.1× from layer to layer towards the input:
 * it vanishes". The factor is the geometric mean of those between neighbours. */
void layer_words(LayerFlow flow, const double *sizes, int n, LayerWords *words);

#endif
