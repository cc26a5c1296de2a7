/* SPDX-License-Identifier: ISC */
#include "session/ties.h"

#include <inttypes.h>

#define SECOND INT64_C(1000000)

static void
put_duration(struct sst_buf *to, const char *name, int64_t us)
{
	if (us % SECOND == 0)
		sst_buf_printf(to, "%s=%" PRId64 "s\n", name, us / SECOND);
	else
		sst_buf_printf(to, "%s=%" PRId64 "us\n", name, us);
}

static void
put_rules(struct sst_buf *to, const struct sst_visit_rules *rules)
{
	static const char *const new_on[] = { "never", "campaign", "source" };

	put_duration(to, "timeout", rules->timeout_us);
	sst_buf_printf(to, "gap-exact=%s\n",
		rules->exact_splits ? "split" : "continue");
	put_duration(to, "max-duration", rules->max_duration_us);
	sst_buf_printf(to, "max-events=%" PRIu32 "\nburst=%" PRIu32 "\n",
		rules->max_events, rules->burst_events);
	sst_buf_printf(to, "new-on-campaign=%s\n", new_on[rules->new_on]);
	if (rules->at_midnight)
		put_duration(to, "new-at-midnight",
			rules->midnight_offset_s * SECOND);
}

void
sst_ties_put(struct sst_buf *to, const struct sst_ties *ties)
{
	const struct sst_hit_reader *reader = ties->reader;

	put_rules(to, ties->rules);
	sst_buf_printf(to, "visitor=%s\n", ties->visitor);
	put_duration(to,
		ties->rotate->is_never ? "rotate=never" : "rotate=daily",
		ties->rotate->offset_s * SECOND);
	for (size_t i = 0; i < reader->n; i++)
		sst_buf_printf(to, "event %.*s=%u\n",
			(int)reader->names[i].name.len,
			reader->names[i].name.at, reader->names[i].flags);
}
