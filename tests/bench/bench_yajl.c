/* SPDX-License-Identifier: ISC */
/*
 * bench_yajl -- the peer of the filters: yajl parses the events on standard
 * input and calls back for every key and value, which only counts them. It
 * writes nothing and keeps nothing; a tool that is as fast does much more.
 */
#include <yajl/yajl_parse.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)

struct counts {
	uint64_t events, keys, values;
};

static int
on_null(void *to)
{
	((struct counts *)to)->values++;
	return 1;
}

static int
on_boolean(void *to, int value)
{
	(void)value;
	((struct counts *)to)->values++;
	return 1;
}

static int
on_text(void *to, const char *text, size_t len)
{
	(void)text;
	(void)len;
	((struct counts *)to)->values++;
	return 1;
}

static int
on_string(void *to, const unsigned char *text, size_t len)
{
	(void)text;
	(void)len;
	((struct counts *)to)->values++;
	return 1;
}

static int
on_key(void *to, const unsigned char *text, size_t len)
{
	(void)text;
	(void)len;
	((struct counts *)to)->keys++;
	return 1;
}

static int
on_end(void *to)
{
	((struct counts *)to)->events++;
	return 1;
}

int
main(void)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_null,
		.yajl_boolean = on_boolean,
		.yajl_number = on_text,
		.yajl_string = on_string,
		.yajl_map_key = on_key,
		.yajl_end_map = on_end,
	};
	static unsigned char buffer[CHUNK];
	struct counts counts = { 0 };
	yajl_handle yajl = yajl_alloc(&callbacks, NULL, &counts);
	yajl_status status = yajl_status_ok;
	ssize_t got = 0;

	if (yajl == NULL)
		return 1;
	yajl_config(yajl, yajl_allow_multiple_values, 1);
	while (status == yajl_status_ok &&
		(got = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		status = yajl_parse(yajl, buffer, (size_t)got);
	if (status == yajl_status_ok && got == 0)
		status = yajl_complete_parse(yajl);
	yajl_free(yajl);
	if (status != yajl_status_ok || got < 0) {
		fprintf(stderr, "bench_yajl: event %" PRIu64 " is damaged\n",
			counts.events + 1);
		return 1;
	}
	printf("%" PRIu64 " events, %" PRIu64 " keys, %" PRIu64 " values\n",
		counts.events, counts.keys, counts.values);
	return 0;
}
