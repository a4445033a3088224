/* Small pictures of the shipped lessons: the surface with the trails of its race, the data of a network, or
 * its layers. Each is drawn once for a theme and a size, one or a few in each frame, and only its pixels are
 * kept. */
#ifndef SLALOM_LESSON_PICTURES_H
#define SLALOM_LESSON_PICTURES_H

#include "canvas.h"
#include "theme.h"

#include <stdbool.h>

typedef struct LessonPictures LessonPictures;

LessonPictures *lesson_pictures_create(void); /* NULL where memory is out */
void lesson_pictures_destroy(LessonPictures *pictures);

/* A frame begins: there is time again. */
void lesson_pictures_begin_frame(LessonPictures *pictures);

/* Draws the picture of a shipped scene in a rectangle, whose size is the same for all; where there is no time
 * left in this frame to make it, its place is empty. False then. */
bool lesson_pictures_draw(
    LessonPictures *pictures, Canvas *canvas, const Theme *theme, int shipped, Rect rect);

#endif
