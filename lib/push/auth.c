/* SPDX-License-Identifier: ISC */
#include "push/auth.h"

#include "base/digest.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The place of a byte among the first n characters of a text, or -1. */
static int
digit_of(const char *all, size_t n, char byte)
{
	const char *at = memchr(all, byte, n);

	return at == NULL ? -1 : (int)(at - all);
}

bool
sst_base64_get(struct sst_buf *to, struct sst_span text)
{
	uint32_t group = 0;
	unsigned bits = 0;

	for (int pad = 0; pad < 2 && text.len > 0; pad++)
		if (text.at[text.len - 1] == '=')
			text.len--;
	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(digits, 64, text.at[i]);

		if (digit < 0)
			return false;
		group = group << 6 | (uint32_t)digit;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		sst_buf_byte(to, (char)(group >> bits & 0xff));
	}
	return true;
}

bool
sst_hex_get(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i + 1 < text.len; i += 2) {
		char high = (char)(text.at[i] | 0x20);
		char low = (char)(text.at[i + 1] | 0x20);
		int a = digit_of("0123456789abcdef", 16, high);
		int b = digit_of("0123456789abcdef", 16, low);

		if (a < 0 || b < 0)
			return false;
		sst_buf_byte(to, (char)(a << 4 | b));
	}
	return text.len % 2 == 0;
}

void
sst_base64_put(struct sst_buf *to, struct sst_span bytes)
{
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = 0;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 |
				(k < n ? (unsigned char)bytes.at[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			sst_buf_byte(
				to, k <= n ? digits[group >> (18 - 6 * k) & 63]
					   : '=');
	}
}

void
sst_auth_put_basic(
	struct sst_buf *to, struct sst_span user, struct sst_span password)
{
	struct sst_buf pair;

	sst_buf_init(&pair, user.len + password.len + 1);
	sst_buf_put_span(&pair, user);
	sst_buf_byte(&pair, ':');
	sst_buf_put_span(&pair, password);
	to->is_short |= pair.is_short;
	SST_BUF_PUT(to, "Basic ");
	sst_base64_put(to, sst_buf_span(&pair));
	if (pair.at != NULL)
		sst_wipe(pair.at, pair.len);
	sst_buf_release(&pair);
}

void
sst_auth_put_bearer(struct sst_buf *to, struct sst_span token)
{
	SST_BUF_PUT(to, "Bearer ");
	sst_buf_put_span(to, token);
}
