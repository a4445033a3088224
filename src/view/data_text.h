/* The data of a network as a person changes them in a card: what is said of them (data.h) with another number
 * or name in it. What was said of single examples by hand is forgotten where they become others. */
#ifndef SLALOM_DATA_TEXT_H
#define SLALOM_DATA_TEXT_H

#include "generator.h"
#include "network_scene.h"

#include <stdbool.h>

/* The value of a key; `usual` where it is not said. */
double data_text_number(const NetworkScene *network, const char *key, double usual);
/* With another value of a key, the others as they stand. others: the examples are others then. */
void data_text_set(NetworkScene *network, const char *key, double value, bool others);

/* NULL where the data are not made. */
const GeneratorRow *data_text_generator(const NetworkScene *network);
/* How many classes there are by what is said; 0 for numbers, -1 where only the data know. */
int data_text_classes(const NetworkScene *network);

/* The data set `by` rows on among those that are made, an empty plane at their end, round and round: as many
 * examples, without points by hand. The network gets inputs and outputs for it. */
void data_text_go(NetworkScene *network, int by);
/* Gives the network as many outputs as there are classes, and what was chosen that is not for such data any
 * more becomes what is usual. */
void data_text_fit_network(NetworkScene *network);
/* Makes the batch smaller, where that many examples would no longer be there. */
void data_text_fit_batch(NetworkScene *network);

#endif
