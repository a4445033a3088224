/* The parts of the view of images. For its own files. */
#ifndef SLALOM_IMAGES_INNER_H
#define SLALOM_IMAGES_INNER_H

#include "images_view.h"

typedef struct ImagesPass {
    ImagesView *view;
    Ui *ui;
    const Subject *subject;
    bool has_review;
} ImagesPass;

/* Sizes of type. */
#define IMAGES_SIZE 11.0f

/* NULL where nothing is known of it yet. */
const ImageReview *images_review(const ImagesPass *pass, int place);
const char *images_class(const ImagesPass *pass, int class);

/* The pointer is there, and nothing lies over it. */
bool images_points_at(const ImagesPass *pass, Rect rect);
/* The first text where it fits, otherwise the second. */
const char *images_fitting(
    const ImagesPass *pass, float width, float size, const char *text, const char *otherwise);
/* A title over a section. */
void images_title(const ImagesPass *pass, Rect section, const char *text);

/* Pictures with captions (images_tiles.c); `name` is of the control. */
void images_tiles(const ImagesPass *pass, int place, const ImagesGrid *grid, const ImageOrder *order,
    Rect section, const char *name, const char *title);
/* One image over all of rect. */
void images_paint(const ImagesPass *pass, int32_t image, Rect rect);
/* A check or a cross around a point. */
void images_mark(const ImagesPass *pass, Point centre, bool right);
void images_weights(const ImagesPass *pass, int place, Rect section);

/* The confusion matrix (images_confusion.c). */
void images_confusion(const ImagesPass *pass, int place, Rect section);

/* The image that is shown large, over everything (images_card.c). Without one: nothing. */
void images_card(const ImagesPass *pass, Rect plot);

#endif
