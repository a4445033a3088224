/* Bytes as text (RFC 4648, section 4): for files inside of an SVG. */
#ifndef SLALOM_BASE64_H
#define SLALOM_BASE64_H

#include "text.h"

#include <stddef.h>

void base64_append(Text *out, const unsigned char *bytes, size_t n);

#endif
