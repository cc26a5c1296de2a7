/* SPDX-License-Identifier: ISC */
#include "push/pass.h"

#include <stdlib.h>

void
sst_pass_init(struct sst_pass *pass, size_t max_bytes)
{
	memset(pass, 0, sizeof(*pass));
	sst_buf_init(&pass->bytes, max_bytes);
}

void
sst_pass_release(struct sst_pass *pass)
{
	sst_buf_release(&pass->bytes);
	free(pass->lines);
	pass->lines = NULL;
	pass->first = pass->n = pass->max = pass->start = 0;
}

bool
sst_pass_add(struct sst_pass *pass, uint64_t ticket, struct sst_span line)
{
	if (pass->n == pass->max) {
		size_t max = pass->max == 0 ? 256 : pass->max * 2;
		struct sst_pass_line *more =
			realloc(pass->lines, max * sizeof(*more));

		if (more == NULL)
			return false;
		pass->lines = more;
		pass->max = max;
	}
	sst_buf_put_span(&pass->bytes, line);
	sst_buf_byte(&pass->bytes, '\n');
	if (pass->bytes.is_short)
		return false;
	pass->lines[pass->n++] = (struct sst_pass_line){ .ticket = ticket,
		.len = line.len + 1,
		.is_settled = ticket == SST_PASS_NO_EVENT };
	return true;
}

/* The first waiting line whose event has that ticket or a later one. Lines
 * without an event stand between: they take the place of the event before. */
static size_t
find(const struct sst_pass *pass, uint64_t ticket)
{
	size_t low = pass->first, high = pass->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2, at = middle;

		while (at < high && pass->lines[at].ticket == SST_PASS_NO_EVENT)
			at++;
		if (at == high)
			high = middle;
		else if (pass->lines[at].ticket < ticket)
			low = at + 1;
		else
			high = middle;
	}
	return low;
}

void
sst_pass_settle(
	struct sst_pass *pass, uint64_t first, uint64_t n, bool is_passed)
{
	for (size_t at = find(pass, first); at < pass->n; at++) {
		struct sst_pass_line *line = &pass->lines[at];

		if (line->ticket == SST_PASS_NO_EVENT)
			continue;
		if (line->ticket >= first + n)
			break;
		line->is_settled = true;
		line->is_lost = !is_passed;
	}
}

void
sst_pass_take(struct sst_pass *pass, struct sst_buf *to)
{
	for (; pass->first < pass->n && pass->lines[pass->first].is_settled;
		pass->first++) {
		const struct sst_pass_line *line = &pass->lines[pass->first];

		if (!line->is_lost)
			sst_buf_put(
				to, pass->bytes.at + pass->start, line->len);
		pass->start += line->len;
	}
	/* What waits moves to the front when it is less than what is free, so
	 * that a byte is moved about once. */
	if (pass->start > pass->bytes.len / 2) {
		sst_buf_cut_head(&pass->bytes, pass->start);
		pass->start = 0;
	}
	if (pass->first > pass->n / 2) {
		memmove(pass->lines, pass->lines + pass->first,
			(pass->n - pass->first) * sizeof(*pass->lines));
		pass->n -= pass->first;
		pass->first = 0;
	}
}
