/* The font files inside the program, in the order of the Font enum; made from assets/fonts by the build. */
#ifndef SLALOM_EMBEDDED_FONTS_H
#define SLALOM_EMBEDDED_FONTS_H

#include "embedded.h"

extern const EmbeddedFile embedded_fonts[];

#endif
