/* How large a picture is on paper. */
#ifndef SLALOM_PAGE_H
#define SLALOM_PAGE_H

typedef struct Page {
    float width, height;        /* of the canvas, in logical pixels */
    double width_mm, height_mm; /* of the paper that it fills, the same proportions */
    float scale;                /* pixels of images in a logical one */
    const char *title;          /* for readers that show one; borrowed until the file is written */
    const char *source;         /* the scene that makes it again, or NULL; likewise */
} Page;

#define PAGE_MM_PER_INCH 25.4
#define PAGE_PX_PER_INCH 96.0 /* logical pixels, as in canvas.h and CSS */
#define PAGE_POINTS_PER_INCH 72.0

#endif
