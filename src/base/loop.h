/* LOOP: a function compiled once for each instruction set, of which one is chosen when the program starts.
 * Only the width differs: nothing is contracted, so that a loop with an explicit order gives the same bits on
 * each. */
#ifndef SLALOM_LOOP_H
#define SLALOM_LOOP_H

/* The thread sanitizer is not ready yet when the choice is made. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define LOOP __attribute__((target_clones("avx512f", "avx2", "default"))) static
#else
#define LOOP static
#endif

#endif
