/* The data sets inside the program, in the order of the EmbeddedData enum; made from assets/data by the
 * build. */
#ifndef SLALOM_EMBEDDED_DATA_H
#define SLALOM_EMBEDDED_DATA_H

#include "embedded.h"

typedef enum EmbeddedData { EMBEDDED_IRIS, EMBEDDED_DIGITS } EmbeddedData;

extern const EmbeddedFile embedded_data[];

#endif
