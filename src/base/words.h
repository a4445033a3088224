/* A command line as one line of text: its words by the quoting rules of a POSIX shell. Nothing is expanded
 * and nothing is run: what a shell would do with $, * or ; outside of quotes is not done. */
#ifndef SLALOM_WORDS_H
#define SLALOM_WORDS_H

#include "status.h"
#include "text.h"

typedef struct Words {
    char **words; /* n of them and a NULL; owned */
    int n;
} Words;

/* Splits `line` at blanks and line ends outside of quotes. '...' is taken as it is; in "..." a backslash
 * escapes $ ` " \ and joins lines; elsewhere it escapes any character. Fails, with the place, where a quote
 * is not closed; then nothing needs to be finished. */
bool words_split(Words *words, const char *line, Status *status);
void words_finish(Words *words);

/* Appends a word, quoted where a shell would not take it as it is, with a blank before it unless it is the
 * first of the text. */
void words_append(Text *line, const char *word);

#endif
