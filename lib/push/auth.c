/* SPDX-License-Identifier: ISC */
#include "push/auth.h"

#include "base/digest.h"

#include <stdint.h>

void
sst_base64_put(struct sst_buf *to, struct sst_span bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

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
