/* SPDX-License-Identifier: ISC */
#include "redact/detect.h"

/* Short names for the rows of the table. */
enum {
	BASE = SST_C_ALNUM | SST_C_TOKEN | SST_C_BASE64 | SST_C_EMAIL,
	D = BASE | SST_C_DIGIT | SST_C_HEX,
	X = BASE | SST_C_HEX,                         /* a-f */
	L = BASE,                                     /* other letters */
	T = SST_C_TOKEN | SST_C_EMAIL,                /* . */
	U = SST_C_TOKEN | SST_C_BASE64 | SST_C_EMAIL, /* - _ */
	E = SST_C_EMAIL,                              /* ! $ * ^ ` { | } ~ */
	P = SST_C_EMAIL | SST_C_BASE64 | SST_C_HARD,  /* + */
	Q = SST_C_BASE64 | SST_C_CODED | SST_C_HARD,  /* = */
	C = SST_C_CODED,                              /* \ & */
	M = SST_C_CODED | SST_C_EMAIL,                /* % */
	H = SST_C_HARD,                               /* space ( @ " ... */
	B = SST_C_BASE64                              /* / */
};
#define H8 H, H, H, H, H, H, H, H
#define L4 L, L, L, L
#define C8 \
	SST_C_CODED | SST_C_EMAIL, SST_C_CODED | SST_C_EMAIL, \
		SST_C_CODED | SST_C_EMAIL, SST_C_CODED | SST_C_EMAIL, \
		SST_C_CODED | SST_C_EMAIL, SST_C_CODED | SST_C_EMAIL, \
		SST_C_CODED | SST_C_EMAIL, SST_C_CODED | SST_C_EMAIL
#define C32 C8, C8, C8, C8

/* clang-format off */
const uint8_t sst_class_of[256] = {
	H8, H8, H8, H8,
	/* space ! " # $ % & ' */
	H, E, H, 0, E, M, C, 0,
	/* ( ) * + , - . / */
	H, 0, E, P, 0, U, T, B,
	/* 0-7, 8 9 : ; < = > ? */
	D, D, D, D, D, D, D, D, D, D, 0, 0, 0, Q, 0, 0,
	/* @ A-O */
	H, X, X, X, X, X, X, L, L4, L4,
	/* P-Z [ \ ] ^ _ */
	L4, L4, L, L, L, 0, C, 0, E, U,
	/* ` a-o */
	E, X, X, X, X, X, X, L, L4, L4,
	/* p-z { | } ~ DEL */
	L4, L4, L, L, L, E, E, E, E, H,
	/* not ASCII: a letter of a local part, or a form of an ASCII one */
	C32, C32, C32, C32,
};
/* clang-format on */

/* How far before a number its meaning may stand: "my phone number is ". */
#define CONTEXT ((size_t)24)

/* Does `word` occur in the text, whatever the case? */
static bool
has_word(struct sst_span text, struct sst_span word)
{
	for (size_t i = 0; i + word.len <= text.len; i++)
		if (sst_span_eq_nocase(sst_span(text.at + i, word.len), word))
			return true;
	return false;
}

bool
sst_probe_has_context(
	const struct sst_probe *probe, size_t at, const char *const *words)
{
	size_t start = at > CONTEXT ? at - CONTEXT : 0;
	struct sst_span before = sst_span(probe->text.at + start, at - start);

	for (size_t i = 0; words[i] != NULL; i++)
		if (has_word(before, sst_span_of(words[i])) ||
			has_word(probe->key, sst_span_of(words[i])))
			return true;
	return false;
}

void
sst_detect(struct sst_probe *probe, unsigned which)
{
	static void (*const detectors[])(struct sst_probe * probe) = {
		[SST_DETECT_EMAIL] = sst_detect_email,
		[SST_DETECT_IPV4] = sst_detect_ipv4,
		[SST_DETECT_IPV6] = sst_detect_ipv6,
		[SST_DETECT_MAC] = sst_detect_mac,
		[SST_DETECT_NUMBERS] = sst_detect_numbers,
		[SST_DETECT_NATIONAL] = sst_detect_national,
		[SST_DETECT_IBAN] = sst_detect_iban,
		[SST_DETECT_TOKENS] = sst_detect_tokens,
		[SST_DETECT_SECRETS] = sst_detect_secrets,
	};

	for (unsigned i = 0; i < SST_DETECT_CODED; i++)
		if (which >> i & 1)
			detectors[i](probe);
}
