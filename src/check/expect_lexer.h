/* The text of an expectation to tokens, all at once. */
#ifndef SLALOM_EXPECT_LEXER_H
#define SLALOM_EXPECT_LEXER_H

#include "lexer.h"
#include "status.h"

enum { EXPECT_TEXT_BYTES_MAX = 4096 };

/* Kinds are those of lexer.h, and signs of one character are their own kind; besides, a name in quotes: */
enum { EXPECT_TOKEN_QUOTED = 512 };

/* Tokens of the whole text, ending in TOKEN_END; the caller frees them. The offset and the length of a quoted
 * name are of what stands between the quotes. NULL and a status on bytes that belong to no token. */
Token *expect_tokens(const Source *source, Status *status);

#endif
