/* What networks make of images: the hardest of the validation images and a sample of them, each with the
 * class that it is taken for and how certain the network is of that; the confusion matrix; the weights of the
 * first layer as images. Of one racer, or of two side by side, on the same images. An image can be looked at
 * in large, with how likely each class is, and a cell of the matrix with its images. */
#ifndef SLALOM_IMAGES_VIEW_H
#define SLALOM_IMAGES_VIEW_H

#include "canvas.h"
#include "data.h"
#include "image_order.h"
#include "image_reviewer.h"
#include "images_layout.h"
#include "live_training.h"
#include "mlp.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ImagesView {
    /* What hands have chosen. */
    bool known;     /* the rest of it is not what memory happened to begin with */
    int beside;     /* the racer beside the one that is worked on, from 1; 0: none */
    int page;       /* of the layout's, counted on and on */
    ImageCell cell; /* whose images are shown instead of the hardest, */
    int cell_place; /* in whose matrix */
    int32_t chosen; /* the image that is shown large; -1: none */
    /* What is shown. */
    const MlpSpec *spec; /* borrowed, like the data; NULL: nothing */
    const Data *data;
    bool threaded, begun, failed;
    ImageReviewer reviewer;
    int racers[IMAGE_RACERS_MAX], n_racers;
    ImageOrder hardest, sample;
    uint64_t ordered_version; /* of the reviews, and by what else they were put in order */
    ImageCell ordered_cell;
    int ordered_place, ordered_n;
    bool settled;
    int32_t hovered;        /* the image that the pointer is on; -1: none */
    ImageCell pointed;      /* the cell, */
    int pointed_place;      /* in whose matrix */
    ImagesLayout layout;    /* of the picture drawn last */
    Rect card;              /* of the image that is shown large; without width: none */
    uint32_t *pixels;       /* of one picture; owned, like the rest */
    size_t room;            /* pixels that there is memory for */
    float *numbers;         /* (n_in) */
    Mlp *mlp;               /* for one image */
    double reach;           /* so large a weight has its full colour */
    uint64_t reach_version; /* of the reviews that it is of */
} ImagesView;

bool images_view_suits(const Data *data);

/* Shows another training, whose network and data are borrowed until the next one. Costs nothing. */
void images_view_begin(ImagesView *view, const MlpSpec *spec, const Data *data, bool threaded);
/* Leaves the data, which go. */
void images_view_release(ImagesView *view);
void images_view_finish(ImagesView *view);

/* Finds out for about `budget_s` what is to be shown and puts it where it will be drawn, by the pass. state:
 * NULL where there is none yet. rests: nothing goes on by itself, so that all is put in its order. */
void images_view_prepare(ImagesView *view, Canvas *canvas, Rect plot, const Subject *subject,
    const LiveState *state, bool rests, double budget_s);
bool images_view_is_finished(const ImagesView *view, const LiveState *state);

/* Draws, or lets the event act. tools: where buttons are put if they fit there. Another racer may be worked
 * on then: *selected. */
void images_view_pass(ImagesView *view, Ui *ui, Rect plot, Rect tools, const Subject *subject, int *selected);

#endif
