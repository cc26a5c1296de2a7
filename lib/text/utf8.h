/* SPDX-License-Identifier: ISC */
/*
 * utf8 -- validate UTF-8, or make it valid.
 *
 * Valid is what RFC 3629 says: no overlong forms, no surrogates, nothing above
 * U+10FFFF. A repair puts one U+FFFD for each maximal ill-formed subsequence
 * (Unicode chapter 3, "U+FFFD Substitution of Maximal Subparts"), as browsers
 * and Python do.
 */
#ifndef SST_TEXT_UTF8_H
#define SST_TEXT_UTF8_H

#include "base/buf.h"
#include "base/span.h"

/* Length of the valid head of text; text.len when all of it is valid. */
size_t sst_utf8_valid(struct sst_span text);

/* Append text, ill-formed parts replaced. True: nothing had to be. */
bool sst_utf8_put_repaired(struct sst_buf *to, struct sst_span text);

/* Append one code point; surrogates and values past U+10FFFF become U+FFFD. */
void sst_utf8_put(struct sst_buf *to, uint32_t code_point);

/* The code point at text.at[*at], *at moved behind it; 0xFFFD for what a
 * repair would replace by one. *at < text.len. */
uint32_t sst_utf8_next(struct sst_span text, size_t *at);

#endif
