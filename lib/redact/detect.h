/* SPDX-License-Identifier: ISC */
/*
 * detect -- one decoded text, and the detectors that mark in it.
 *
 * For redact/find and, of the classes of bytes, redact/template; nothing else
 * includes it. A detector walks the text once, looks a bounded way to both
 * sides of what caught its eye, and marks.
 */
#ifndef SST_REDACT_DETECT_H
#define SST_REDACT_DETECT_H

#include "redact/find.h"

/* What a byte can be part of. */
enum {
	SST_C_DIGIT = 1,
	SST_C_HEX = 2,     /* digit or a-f */
	SST_C_ALNUM = 4,   /* letter or digit, ASCII */
	SST_C_TOKEN = 8,   /* alnum and '-' '_' '.' */
	SST_C_BASE64 = 16, /* alnum and '-' '_' '+' '/' '=' */
	SST_C_EMAIL = 32,  /* of a local part, as it occurs in URLs */
	SST_C_CODED = 64,  /* may begin an encoding, or is not ASCII */
	SST_C_HARD = 128   /* asks for the detectors by itself */
};
extern const uint8_t sst_class_of[256];

static inline bool
sst_is_class(char c, unsigned class)
{
	return sst_class_of[(unsigned char)c] & class;
}

struct sst_probe {
	struct sst_span text;
	struct sst_span key;  /* as of sst_find() */
	const uint32_t *from; /* place in the source, or NULL: the same */
	uint32_t kinds;       /* asked for */
	unsigned depth;       /* base64 inside of base64 */
	struct sst_found *found;
	size_t n;
	bool is_over; /* more than SST_FIND_RANGES */
};

/* text[start..end) is of this kind. */
void sst_probe_mark(struct sst_probe *probe, size_t start, size_t end,
	enum sst_found_kind kind);

/* Does one of the words end, or begin, within the few bytes before `at`, or
 * is it in the key? Words are lower case and end with NULL. */
bool sst_probe_has_context(
	const struct sst_probe *probe, size_t at, const char *const *words);

/* Is there no letter or digit at `at`? Both ends of the text are none. */
static inline bool
sst_probe_is_gap(const struct sst_probe *probe, size_t at)
{
	return at >= probe->text.len ||
	       !sst_is_class(probe->text.at[at], SST_C_ALNUM);
}

/* The detectors, each of a kind of thing; the last is none, but the question
 * whether the text is to be decoded. */
enum sst_detector {
	SST_DETECT_EMAIL,
	SST_DETECT_IPV4,
	SST_DETECT_IPV6,
	SST_DETECT_MAC,
	SST_DETECT_NUMBERS,
	SST_DETECT_NATIONAL,
	SST_DETECT_IBAN,
	SST_DETECT_TOKENS,
	SST_DETECT_SECRETS,
	SST_DETECT_CODED
};
#define SST_DETECT_ALL ((2U << SST_DETECT_CODED) - 1)

void sst_detect_email(struct sst_probe *probe);
void sst_detect_ipv4(struct sst_probe *probe);
void sst_detect_ipv6(struct sst_probe *probe);
void sst_detect_mac(struct sst_probe *probe);
void sst_detect_numbers(struct sst_probe *probe);
/* Eight digits and a letter; the shortest that is looked for. */
#define SST_NATIONAL_MIN 9
void sst_detect_national(struct sst_probe *probe);
void sst_detect_iban(struct sst_probe *probe);
void sst_detect_tokens(struct sst_probe *probe);
void sst_detect_secrets(struct sst_probe *probe);

/* Run those of which `which` has the bit. */
void sst_detect(struct sst_probe *probe, unsigned which);

/* ---- what redact/look asks the detectors; false is certain ---- */

/* The shortest base64 that is looked into. */
#define SST_HIDDEN_MIN 12

/* So many of the bytes that n characters give may be odd: 1 in 10. */
#define SST_HIDDEN_SPARE(n) ((unsigned)((n)*6 / 8 / 10))

/* Is it base64 of something that can be read? At least SST_HIDDEN_MIN
 * characters of base64, no '='. */
bool sst_may_hide(struct sst_span run);

/* Does a key or JSON web token begin here? */
bool sst_may_be_key(struct sst_span text);

/* Does the name before the '=' at `at` promise a secret? */
bool sst_may_name_secret(struct sst_span text, size_t at);

#endif
