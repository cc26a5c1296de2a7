/* SPDX-License-Identifier: ISC */
#include "enrich/geo.h"

#include "base/num.h"
#include "base/recall.h"
#include "enrich/geo_copy.h"
#include "enrich/geo_guard.h"
#include "os/memfd.h"
#include "text/ip.h"
#include "text/scan.h"
#include "text/utf8.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 16,384 addresses of up to 45 characters: 0.9 MiB a file. */
#define RECALL_BITS 13
/* Entries remembered as text: 0.6 MiB a file. */
#define RECORDS ((size_t)1024)
/* Names of one entry, escaped. The longest known are below 200 bytes. */
#define RECORD_TEXT ((size_t)480)
#define VALUES 8
#define NO_ENTRY UINT32_MAX

enum form {
	COUNTRY, /* two capital letters */
	REGION,  /* one to three capital letters and digits */
	NAME,    /* any text */
	LATITUDE,
	LONGITUDE,
	NUMBER /* an AS: a number, or "AS123" */
};

/* Where a key may be found, the better place first. */
static const struct {
	enum sst_field field;
	enum form form;
	const char *path[4];
} places[] = {
	{ SST_F_COUNTRY, COUNTRY, { "country", "iso_code" } },
	{ SST_F_COUNTRY, COUNTRY, { "country_code" } },
	{ SST_F_COUNTRY, COUNTRY, { "country" } },
	{ SST_F_REGION, REGION, { "subdivisions", "0", "iso_code" } },
	{ SST_F_REGION, REGION, { "region_code" } },
	{ SST_F_CITY, NAME, { "city", "names", "en" } },
	{ SST_F_CITY, NAME, { "city" } },
	{ SST_F_LATITUDE, LATITUDE, { "location", "latitude" } },
	{ SST_F_LATITUDE, LATITUDE, { "latitude" } },
	{ SST_F_LATITUDE, LATITUDE, { "lat" } },
	{ SST_F_LONGITUDE, LONGITUDE, { "location", "longitude" } },
	{ SST_F_LONGITUDE, LONGITUDE, { "longitude" } },
	{ SST_F_LONGITUDE, LONGITUDE, { "lng" } },
	{ SST_F_TIME_ZONE, NAME, { "location", "time_zone" } },
	{ SST_F_TIME_ZONE, NAME, { "timezone" } },
	{ SST_F_ASN, NUMBER, { "autonomous_system_number" } },
	{ SST_F_ASN, NUMBER, { "traits", "autonomous_system_number" } },
	{ SST_F_ASN, NUMBER, { "asn" } },
	{ SST_F_AS_ORG, NAME, { "autonomous_system_organization" } },
	{ SST_F_AS_ORG, NAME, { "traits", "autonomous_system_organization" } },
	{ SST_F_AS_ORG, NAME, { "as_name" } },
	{ SST_F_AS_ORG, NAME, { "name" } },
};

/* An entry as text, ready to be set. */
struct record {
	uint32_t entry; /* its offset, plus 1; 0: nothing is here */
	unsigned n;
	struct {
		enum sst_field field;
		enum sst_kind kind;
		struct sst_span raw; /* in text */
	} values[VALUES];
	size_t used;
	char text[RECORD_TEXT + SST_PAD];
};

struct file {
	MMDB_s db;
	bool is_open;
	struct sst_recall recall; /* address to entry */
	struct record *records;
};

struct sst_geo {
	struct file *files;
	size_t n;
	uint64_t damaged;
	struct sst_buf work;
};

const char *
sst_geo_library_version(void)
{
	return MMDB_lib_version();
}

/* Open the copy with the library. */
static enum sst_status
open_copy(MMDB_s *db, int fd, const char *path, struct sst_err *err)
{
	char name[SST_MEMFD_PATH];
	int status;

	sst_memfd_path(fd, name);
	status = MMDB_open(name, MMDB_MODE_MMAP, db);
	if (status != MMDB_SUCCESS)
		return sst_fail(err, SST_ECONFIG,
			"%s: is no MaxMind DB file: %s", path,
			MMDB_strerror(status));
	return SST_OK;
}

static enum sst_status
open_file(struct file *file, const char *path, struct sst_err *err)
{
	enum sst_status status;
	int fd;

	status = sst_geo_copy(path, &fd, err);
	if (status != SST_OK)
		return status;
	status = open_copy(&file->db, fd, path, err);
	(void)close(fd); /* the mapping stays */
	if (status != SST_OK)
		return status;
	file->is_open = true;
	file->records = calloc(RECORDS, sizeof(*file->records));
	if (file->records == NULL ||
		!sst_recall_init(&file->recall, RECALL_BITS))
		return sst_fail_memory(err, path);
	return SST_OK;
}

enum sst_status
sst_geo_open(struct sst_geo **out, const char *const *paths, size_t n,
	struct sst_err *err)
{
	struct sst_geo *geo = calloc(1, sizeof(*geo));
	enum sst_status status = SST_OK;

	*out = NULL;
	if (geo == NULL)
		return sst_fail_memory(err, "databases");
	sst_buf_init(&geo->work, RECORD_TEXT * 8);
	geo->files = calloc(n, sizeof(*geo->files));
	if (geo->files == NULL)
		status = sst_fail_memory(err, "databases");
	for (; status == SST_OK && geo->n < n; geo->n++)
		status = open_file(&geo->files[geo->n], paths[geo->n], err);
	if (status == SST_OK)
		*out = geo;
	else
		sst_geo_close(geo);
	return status;
}

/* The entry of an address, or NO_ENTRY. */
static uint32_t
find_entry(struct sst_geo *geo, const struct file *file, struct sst_span text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	MMDB_lookup_result_s result;
	struct sst_ip ip;
	int status;

	if (!sst_ip_read(text, &ip))
		return NO_ENTRY;
	ip = sst_ip_unmapped(&ip);
	if (ip.len == 16 && file->db.metadata.ip_version == 4)
		return NO_ENTRY;
	if (ip.len == 4)
		memcpy(&v4.sin_addr, ip.at, 4);
	else
		memcpy(&v6.sin6_addr, ip.at, 16);
	result = MMDB_lookup_sockaddr(&file->db,
		ip.len == 4 ? (const struct sockaddr *)&v4
			    : (const struct sockaddr *)&v6,
		&status);
	if (status == MMDB_SUCCESS && !result.found_entry)
		return NO_ENTRY;
	if (status == MMDB_SUCCESS &&
		sst_geo_is_sane(file->db.data_section,
			file->db.data_section_size, result.entry.offset))
		return result.entry.offset;
	geo->damaged++;
	return NO_ENTRY;
}

/* Append a coordinate in the fewest digits that mean the same. */
static bool
put_number(struct sst_buf *to, double value, double limit, bool is_float)
{
	char text[32];

	/* Also false for what is no number at all. */
	if (!(value >= -limit && value <= limit))
		return false;
	for (int digits = is_float ? 6 : 15; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, value);
		if (is_float ? strtof(text, NULL) == (float)value
			     : strtod(text, NULL) == value)
			break;
	}
	sst_buf_put_span(to, sst_span_of(text));
	return true;
}

static bool
is_code(struct sst_span text, size_t least, size_t most, bool digits)
{
	if (text.len < least || text.len > most)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!(c >= 'A' && c <= 'Z') &&
			!(digits && c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* A coordinate as text: only what JSON takes as a number. */
static bool
put_text_number(struct sst_buf *to, struct sst_span text, double limit)
{
	char copy_of[32];

	if (text.len == 0 || text.len >= sizeof(copy_of) ||
		!sst_num_is_json(text))
		return false;
	memcpy(copy_of, text.at, text.len);
	copy_of[text.len] = '\0';
	return put_number(to, strtod(copy_of, NULL), limit, false);
}

static bool
put_coordinate(struct sst_buf *to, const MMDB_entry_data_s *data, double limit)
{
	switch (data->type) {
	case MMDB_DATA_TYPE_DOUBLE:
		return put_number(to, data->double_value, limit, false);
	case MMDB_DATA_TYPE_FLOAT:
		return put_number(to, (double)data->float_value, limit, true);
	case MMDB_DATA_TYPE_UTF8_STRING:
		return put_text_number(to,
			sst_span(data->utf8_string, data->data_size), limit);
	default:
		return false;
	}
}

/* 32 bits (RFC 6793), 0 is none. */
static bool
put_as_number(struct sst_buf *to, const MMDB_entry_data_s *data)
{
	struct sst_span text = { data->utf8_string, data->data_size };
	uint64_t value = 0;

	if (data->type == MMDB_DATA_TYPE_UINT32)
		value = data->uint32;
	else if (data->type == MMDB_DATA_TYPE_UINT16)
		value = data->uint16;
	else if (data->type != MMDB_DATA_TYPE_UTF8_STRING ||
		 !sst_span_starts(text, sst_span("AS", 2)) ||
		 !sst_num_u64(sst_span_from(text, 2), &value))
		return false;
	if (value == 0 || value > UINT32_MAX)
		return false;
	sst_buf_put_u64(to, value);
	return true;
}

/* Append a value in JSON spelling. False: it is not of that form. */
static bool
put_value(struct sst_buf *to, enum form form, const MMDB_entry_data_s *data)
{
	/* A copy with padding: the value may be the last of the file. */
	char padded[RECORD_TEXT + SST_PAD] = { 0 };
	struct sst_span text = { padded, data->data_size };

	if (form == LATITUDE || form == LONGITUDE)
		return put_coordinate(to, data, form == LATITUDE ? 90 : 180);
	if (form == NUMBER)
		return put_as_number(to, data);
	if (data->type != MMDB_DATA_TYPE_UTF8_STRING || text.len == 0 ||
		text.len > RECORD_TEXT)
		return false;
	memcpy(padded, data->utf8_string, text.len);
	if (sst_utf8_valid(text) != text.len ||
		(form == COUNTRY && !is_code(text, 2, 2, false)) ||
		(form == REGION && !is_code(text, 1, 3, true)))
		return false;
	sst_json_put_escaped(to, text);
	return !to->is_short;
}

static bool
has_field(const struct record *record, enum sst_field field)
{
	for (unsigned i = 0; i < record->n; i++)
		if (record->values[i].field == field)
			return true;
	return false;
}

/* Read the value at a place into the record. */
static void
read_place(struct sst_geo *geo, const struct file *file, size_t place,
	struct record *record)
{
	MMDB_entry_s entry = { &file->db, record->entry - 1 };
	MMDB_entry_data_s data = { .has_data = false };
	int status = MMDB_aget_value(&entry, &data, places[place].path);
	char *at = record->text + record->used;

	if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR ||
		status == MMDB_INVALID_LOOKUP_PATH_ERROR)
		return;
	if (status != MMDB_SUCCESS) {
		geo->damaged++;
		return;
	}
	sst_buf_reset(&geo->work);
	/* A map where a text is expected is another layout, no damage. */
	if (!data.has_data || data.type == MMDB_DATA_TYPE_MAP ||
		data.type == MMDB_DATA_TYPE_ARRAY ||
		!put_value(&geo->work, places[place].form, &data))
		return;
	if (geo->work.len > RECORD_TEXT - record->used) {
		geo->damaged++;
		return;
	}
	memcpy(at, geo->work.at, geo->work.len);
	record->used += geo->work.len;
	record->values[record->n].field = places[place].field;
	record->values[record->n].kind = places[place].form >= LATITUDE
						 ? SST_KIND_NUMBER
						 : SST_KIND_STRING;
	record->values[record->n++].raw = sst_span(at, geo->work.len);
}

static const struct record *
record_of(struct sst_geo *geo, struct file *file, uint32_t entry)
{
	/* Fibonacci hashing: offsets are multiples of nothing in particular. */
	struct record *record =
		&file->records[(entry * 0x9e3779b1U >> 16) % RECORDS];

	if (record->entry == entry + 1)
		return record;
	record->entry = entry + 1;
	record->n = 0;
	record->used = 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!has_field(record, places[i].field))
			read_place(geo, file, i, record);
	return record;
}

void
sst_geo_apply(struct sst_geo *geo, struct sst_event *event)
{
	struct sst_span address = sst_event_text(event, SST_F_CLIENT_IP);

	if (address.len == 0)
		return;
	for (size_t i = 0; i < geo->n; i++) {
		struct file *file = &geo->files[i];
		const struct record *record;
		struct sst_recall_key key =
			sst_recall_key(&file->recall, address, 0);
		uint64_t entry;

		if (!sst_recall_find(&file->recall, &key, &entry)) {
			entry = find_entry(geo, file, address);
			sst_recall_put(&file->recall, &key, entry);
		}
		if (entry == NO_ENTRY)
			continue;
		record = record_of(geo, file, (uint32_t)entry);
		for (unsigned k = 0; k < record->n; k++)
			if (!sst_event_has(event, record->values[k].field))
				sst_event_set(event, record->values[k].field,
					record->values[k].kind,
					record->values[k].raw);
	}
}

uint64_t
sst_geo_damaged(const struct sst_geo *geo)
{
	return geo->damaged;
}

void
sst_geo_close(struct sst_geo *geo)
{
	if (geo == NULL)
		return;
	for (size_t i = 0; i < geo->n; i++) {
		if (geo->files[i].is_open)
			MMDB_close(&geo->files[i].db);
		sst_recall_release(&geo->files[i].recall);
		free(geo->files[i].records);
	}
	free(geo->files);
	sst_buf_release(&geo->work);
	free(geo);
}
