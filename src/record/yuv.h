/* Pixels as film takes them: brightness for each pixel, colour for each 2 x 2 of them (yuv420p, BT.709, 16 to
 * 235 and 16 to 240). */
#ifndef SLALOM_YUV_H
#define SLALOM_YUV_H

#include <stddef.h>
#include <stdint.h>

/* A side as film has it: even. A picture with an odd one is continued by its last column or row. */
int yuv_side(int side_px);

/* Bytes of a frame of a width_px x height_px picture: the planes Y, Cb and Cr, one behind the other. */
size_t yuv_bytes(int width_px, int height_px);

/* Converts (height_px, width_px) 0xAARRGGBB. Every value is within 0.75 of what BT.709 says; a sample of
 * colour lies on the left column of its two (as H.264 and VP9 have it unless told otherwise), in the middle
 * of its two rows, and is the mean of its neighbours by 1, 2, 1. */
void yuv_convert(const uint32_t *pixels, int width_px, int height_px, uint8_t *out);

#endif
