/* SPDX-License-Identifier: ISC */
#include "cli/stats.h"

#include <assert.h>
#include <inttypes.h>

void
sst_stats_line(
	struct sst_stats *stats, enum sst_status status, enum sst_reason why)
{
	stats->in++;
	stats->held++;
	if (status != SST_HELD)
		sst_stats_settle(stats, 1, status, why);
}

void
sst_stats_settle(struct sst_stats *stats, uint64_t n, enum sst_status status,
	enum sst_reason why)
{
	assert(stats->held >= n);
	stats->held -= n;
	if (status == SST_OK) {
		stats->out += n;
		return;
	}
	assert(why != SST_WHY_NONE);
	assert((status == SST_DROP) == (why >= SST_WHY_FIRST_DROP));
	stats->reasons[why] += n;
	if (status == SST_DROP)
		stats->dropped += n;
	else
		stats->rejected += n;
}

void
sst_stats_add(struct sst_stats *stats, const struct sst_stats *more)
{
	stats->in += more->in;
	stats->out += more->out;
	stats->rejected += more->rejected;
	stats->dropped += more->dropped;
	stats->held += more->held;
	stats->made += more->made;
	stats->control += more->control;
	stats->bytes_in += more->bytes_in;
	stats->bytes_out += more->bytes_out;
	stats->bytes_unread += more->bytes_unread;
	for (size_t i = 0; i < SST_WHY_COUNT; i++)
		stats->reasons[i] += more->reasons[i];
}

bool
sst_stats_balance(const struct sst_stats *stats)
{
	return stats->in ==
	       stats->out + stats->rejected + stats->dropped + stats->held;
}

static void
put_count(struct sst_buf *to, const char *name, uint64_t n)
{
	if (n != 0)
		sst_buf_printf(to, ", %" PRIu64 " %s", n, name);
}

static uint64_t
counter(const struct sst_stats_facts *facts, const struct sst_counter *row)
{
	return *(const uint64_t *)(const void *)((const char *)facts->counted +
						 row->at);
}

void
sst_stats_put_text(struct sst_buf *to, const struct sst_stats *stats,
	const struct sst_stats_facts *facts)
{
	sst_buf_printf(to,
		"%s: %" PRIu64 " in = %" PRIu64 " out + %" PRIu64
		" rejected + %" PRIu64 " dropped + %" PRIu64 " held",
		facts->tool, stats->in, stats->out, stats->rejected,
		stats->dropped, stats->held);
	put_count(to, "made", stats->made);
	put_count(to, "control", stats->control);
	put_count(to, "bytes unread", stats->bytes_unread);
	sst_buf_printf(to, "; %.1f s\n", facts->seconds);
	for (int why = SST_WHY_NONE + 1; why < SST_WHY_COUNT; why++)
		if (stats->reasons[why] != 0)
			sst_buf_printf(to, "%s:   %s %" PRIu64 ": %s\n",
				facts->tool,
				why >= SST_WHY_FIRST_DROP ? "dropped"
							  : "rejected",
				stats->reasons[why],
				sst_reason_text((enum sst_reason)why));
	for (const struct sst_counter *row = facts->counters;
		row != NULL && row->name != NULL; row++)
		if (counter(facts, row) != 0)
			sst_buf_printf(to, "%s:   %s %" PRIu64 ": %s\n",
				facts->tool, row->name, counter(facts, row),
				row->help);
}

/* "rejected":{"bad_time":3} of the reasons from..end-1 */
static void
put_reasons(struct sst_buf *to, const struct sst_stats *stats, const char *name,
	int from, int end)
{
	const char *comma = "";

	sst_buf_printf(to, "\"%s\":{", name);
	for (int why = from; why < end; why++) {
		if (stats->reasons[why] == 0)
			continue;
		sst_buf_printf(to, "%s\"%s\":%" PRIu64, comma,
			sst_reason_name((enum sst_reason)why),
			stats->reasons[why]);
		comma = ",";
	}
	SST_BUF_PUT(to, "}");
}

void
sst_stats_put_json(struct sst_buf *to, const struct sst_stats *stats,
	const struct sst_stats_facts *facts)
{
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {
		{ "in", stats->in },
		{ "out", stats->out },
		{ "rejected", stats->rejected },
		{ "dropped", stats->dropped },
		{ "held", stats->held },
		{ "made", stats->made },
		{ "control", stats->control },
		{ "bytes_in", stats->bytes_in },
		{ "bytes_out", stats->bytes_out },
		{ "bytes_unread", stats->bytes_unread },
	};

	sst_buf_printf(to, "{\"tool\":\"%s\"", facts->tool);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		sst_buf_printf(
			to, ",\"%s\":%" PRIu64, counts[i].name, counts[i].n);
	SST_BUF_PUT(to, ",\"reasons\":{");
	put_reasons(
		to, stats, "rejected", SST_WHY_NONE + 1, SST_WHY_FIRST_DROP);
	SST_BUF_PUT(to, ",");
	put_reasons(to, stats, "dropped", SST_WHY_FIRST_DROP, SST_WHY_COUNT);
	SST_BUF_PUT(to, "}");
	for (const struct sst_counter *row = facts->counters;
		row != NULL && row->name != NULL; row++)
		sst_buf_printf(
			to, ",\"%s\":%" PRIu64, row->name, counter(facts, row));
	sst_buf_printf(to, ",\"seconds\":%.3f", facts->seconds);
	if (facts->key[0] != '\0')
		sst_buf_printf(to, ",\"key\":\"%s\"", facts->key);
	SST_BUF_PUT(to, "}\n");
}
