/* SPDX-License-Identifier: ISC */
/*
 * valid -- is it a card, an IBAN, a social security number?
 *
 * Shape alone finds too much: an order number is no payment card. Each check
 * here takes digits (or letters) without separators and says whether they can
 * be what they look like. Sources: ISO/IEC 7812 and the issuers' published
 * prefixes; ISO 13616 with the registry's lengths; SSA on invalid numbers.
 */
#ifndef SST_REDACT_VALID_H
#define SST_REDACT_VALID_H

#include "base/span.h"

#include <stdbool.h>

#define SST_CARD_MIN ((size_t)12)
#define SST_CARD_MAX ((size_t)19)
#define SST_IBAN_MIN ((size_t)15)
#define SST_IBAN_MAX ((size_t)34)

/* Luhn's check digit, a known issuer's prefix and its length, and not one
 * digit over and over. Digits only. */
bool sst_valid_card(struct sst_span digits);

/* How long IBANs of a country are; 0 for two letters that issue none. */
size_t sst_iban_length(char first, char second);

/* Letters and digits without spaces, either case, length and modulo 97. */
bool sst_valid_iban(struct sst_span text);

/* Nine digits: no area 000 or 666, group 00 or serial 0000. 900-999 are
 * taxpayer numbers, which are as personal. */
bool sst_valid_ssn(struct sst_span digits);

/* Does it look random: do lower case, upper case and digits alternate more
 * than in words? The bounds and their reasons are in the source. */
bool sst_is_token_like(struct sst_span text);

#endif
