/* Where everything of the view of images is, from the room that there is and from what must fit. Of one
 * racer images are on the left and the rest on the right; of two, each has a column with all of it. Where
 * not all fits, what is left out is on another page. */
#ifndef SLALOM_IMAGES_LAYOUT_H
#define SLALOM_IMAGES_LAYOUT_H

#include "canvas.h"
#include "image_reviewer.h"

#define IMAGES_TITLE_HEIGHT 20.0f
#define IMAGES_LEGEND_HEIGHT 20.0f /* below the weights, and below the matrix */

typedef enum ImagesPage { IMAGES_PICTURES, IMAGES_CONFUSION, IMAGES_WEIGHTS, IMAGES_PAGES } ImagesPage;

/* What must fit. */
typedef struct ImagesNeeds {
    int width, height;      /* of an image */
    int n_classes, n_units; /* of the first layer */
    float caption, narrow;  /* widths: below an image, in two lines and in three */
    float name, rate;       /* of a class, of an error */
} ImagesNeeds;

/* Pictures in rows. */
typedef struct ImagesGrid {
    int columns, rows;
    float step_x, step_y; /* from one to the next */
    float width, height;  /* of one, without its caption */
} ImagesGrid;

/* A part without width is not there. Titles are within. */
typedef struct ImagesPlace {
    Rect header, hardest, sample, confusion, weights;
} ImagesPlace;

typedef struct ImagesLayout {
    Rect top;
    ImagesPlace places[IMAGE_RACERS_MAX]; /* alike but for where they are */
    int n;
    ImagesGrid hardest, sample, weights;
    float caption;    /* the height of one */
    float cell;       /* of the matrix */
    float name, rate; /* the room for a class and for an error beside it */
    /* What may be chosen of where not all fits; shown: what is. */
    ImagesPage pages[IMAGES_PAGES];
    int n_pages, page;
} ImagesLayout;

/* page: that was chosen; any number. */
ImagesLayout images_layout(Rect plot, float scale, const ImagesNeeds *needs, int n_racers, int page);

/* A picture of a grid that begins below its title at (x, y); -1: none is there. */
Rect images_grid_rect(const ImagesGrid *grid, Rect section, int i);
int images_grid_at(const ImagesGrid *grid, Rect section, float x, float y);

/* The matrix without names and errors. */
Rect images_matrix_rect(const ImagesLayout *layout, Rect section, int n_classes);

#endif
