/* How a film's camera moves, as a person writes it: key frames between which it goes smoothly.
 *
 *     0: 2d; 30%: 2d; 60%: 3d; 100%: turn=90
 *
 * Each key frame is a time, in seconds or in percent of the film, and what has changed by then: 2d, 3d,
 * orbit=A,E (degrees), turn=DEGREES (from where it was), zoom=FACTOR, at=X,Y, leader (the middle is where the
 * best racer is then), steadily (it goes there at one speed). What is not said stays. Or the name of a row of
 * camera_moves. */
#ifndef SLALOM_CAMERA_MOVES_H
#define SLALOM_CAMERA_MOVES_H

#include "shot.h"
#include "status.h"

#include <stdbool.h>

/* A move with a name. */
typedef struct CameraMove {
    const char *name;
    const char *keys; /* as a person would write it */
    const char *summary;
} CameraMove;
extern const CameraMove camera_moves[];
extern const int camera_move_count;

enum { CAMERA_KEYS_MAX = 64 };

typedef struct CameraKey {
    double time; /* 0 to 1: of the film */
    bool leader; /* x and y are where the leader is then; found out by the caller */
    bool steadily;
    Shot shot;
} CameraKey;

typedef struct CameraPath {
    CameraKey keys[CAMERA_KEYS_MAX]; /* by time; at least one */
    int n;
} CameraPath;

/* Reads a text for a film of so many seconds that begins as `first`. */
bool camera_path_read(CameraPath *path, const char *text, double seconds, const Shot *first, Status *status);

/* Where the camera is at a time, 0 to 1: a zoom keeps its pace to the eye, and the point that it goes to goes
 * straight to the middle. */
Shot camera_path_at(const CameraPath *path, double time);

#endif
