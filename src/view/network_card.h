/* The card of what is trained: the network, how it begins and is held back, its data and minibatches. Every
 * line changes the scene, and with it the race. */
#ifndef SLALOM_NETWORK_CARD_H
#define SLALOM_NETWORK_CARD_H

#include "editor.h"
#include "pen.h"
#include "subject.h"

void network_card(Pen *pen, const Subject *subject, Editor *editor);

#endif
