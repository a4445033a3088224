/* All that an expectation may say, from the tables: for help and lists. */
#ifndef SLALOM_EXPECT_NAMES_H
#define SLALOM_EXPECT_NAMES_H

/* Shows `visit` each thing that can be said: where it means something ("of a racer on a surface"), how it is
 * written, and what it means. Those of one kind follow each other. */
typedef void ExpectNameVisit(void *context, const char *kind, const char *call, const char *meaning);
void expect_names(ExpectNameVisit *visit, void *context);

#endif
