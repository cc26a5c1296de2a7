/* SPDX-License-Identifier: ISC */
#include "session/snapshot.h"

#include "session/bytes.h"
#include "session/inside.h"
#include "state/file.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "sstvisit"
#define LAYOUT_VERSION 1
#define FINGERPRINT_LEN ((size_t)16)
#define HEAD_CHECK_LEN ((size_t)8)

/* Of the head, without the settings. */
#define HEAD_MAX ((size_t)64)

/* Finds damage; keeps nobody from forging. */
static const struct sst_digest public_key = { "sst visit header" };

static struct sst_digest
seal_key(const struct sst_snapshot_ties *ties)
{
	return sst_digest_derive(
		ties->key->secret, "sst session state", sst_span(NULL, 0));
}

/* Counts. */
static enum sst_status
take_length(void *self, struct sst_span bytes, struct sst_err *err)
{
	(void)err;
	*(uint64_t *)self += bytes.len;
	return SST_OK;
}

/* Passes on, and keeps the seal of what passed. */
struct sealing {
	struct sst_sip sip;
	const struct sst_drain *to;
};

static enum sst_status
take_sealed(void *self, struct sst_span bytes, struct sst_err *err)
{
	struct sealing *sealing = self;

	sst_sip_put(&sealing->sip, bytes);
	return sealing->to->take(sealing->to->self, bytes, err);
}

static void
put_head(struct sst_buf *to, const struct sst_snapshot_ties *ties,
	uint64_t body_len)
{
	struct sst_digest check;

	SST_BUF_PUT(to, MAGIC);
	sst_put_u32(to, LAYOUT_VERSION);
	sst_put_u32(to, (uint32_t)ties->settings.len);
	sst_put_u64(to, body_len);
	sst_buf_put(to, ties->key->fingerprint, FINGERPRINT_LEN);
	sst_buf_put_span(to, ties->settings);
	check = sst_siphash13(&public_key, sst_buf_span(to));
	sst_buf_put(to, check.at, HEAD_CHECK_LEN);
}

/* Head, body, seal. The head says how long the body is, so the visits are
 * gone through twice: that takes less time than writing them, and no memory. */
static enum sst_status
write_snapshot(const struct sst_drain *to, const struct sst_sessions *s,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sealing sealing = { .to = to };
	const struct sst_drain sealed = { take_sealed, &sealing };
	struct sst_digest key = seal_key(ties);
	uint64_t len = 0;
	const struct sst_drain counting = { take_length, &len };
	enum sst_status status = sst_sessions_put(s, &counting, err);
	struct sst_buf head;

	sst_sip_begin(&sealing.sip, &key);
	sst_buf_init(&head, HEAD_MAX + ties->settings.len);
	put_head(&head, ties, len);
	if (status == SST_OK && (head.is_short || len > SST_SNAPSHOT_MAX))
		status = sst_fail_memory(err, "the snapshot of open visits");
	if (status == SST_OK)
		status = take_sealed(&sealing, sst_buf_span(&head), err);
	if (status == SST_OK)
		status = sst_sessions_put(s, &sealed, err);
	if (status == SST_OK) {
		struct sst_digest seal = sst_sip_end(&sealing.sip);

		status = to->take(to->self,
			sst_span((const char *)seal.at, sizeof(seal.at)), err);
	}
	sst_buf_release(&head);
	sst_wipe(&key, sizeof(key));
	sst_wipe(&sealing, sizeof(sealing));
	return status;
}

static enum sst_status
take_to_buf(void *self, struct sst_span bytes, struct sst_err *err)
{
	struct sst_buf *to = self;

	sst_buf_put_span(to, bytes);
	return to->is_short
		       ? sst_fail_memory(err, "the snapshot of open visits")
		       : SST_OK;
}

enum sst_status
sst_snapshot_put(struct sst_buf *to, const struct sst_sessions *s,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	const struct sst_drain drain = { take_to_buf, to };

	return write_snapshot(&drain, s, ties, err);
}

/* The line of `text` that begins at `at`, without its end. */
static struct sst_span
line_at(struct sst_span text, size_t at)
{
	struct sst_span rest =
		sst_span_from(text, at < text.len ? at : text.len);

	return sst_span_head(rest, sst_span_find(rest, '\n'));
}

/* Say which setting differs first. */
static enum sst_status
refuse_settings(struct sst_span then, struct sst_span now, struct sst_err *err)
{
	for (size_t i = 0, j = 0; i < then.len || j < now.len;) {
		struct sst_span a = line_at(then, i), b = line_at(now, j);

		if (!sst_span_eq(a, b))
			return sst_fail(err, SST_ECONFIG,
				"open visits were saved with '%.*s', now it is "
				"'%.*s'",
				(int)a.len, a.at, (int)b.len, b.at);
		i += a.len + 1;
		j += b.len + 1;
	}
	return sst_fail(
		err, SST_ECONFIG, "open visits were saved with other options");
}

static enum sst_status
damaged(struct sst_err *err)
{
	return sst_fail(err, SST_REJECT, "the saved visits are damaged");
}

/* What a snapshot consists of. */
struct parts {
	struct sst_span magic, fingerprint, settings, head_check, body, seal;
	struct sst_span head, sealed; /* what the checks are over */
	uint32_t version;
};

/* False: it is shorter or longer than it says. */
static bool
take_apart(struct sst_span bytes, struct parts *parts)
{
	struct sst_cursor in = { bytes, false };
	uint32_t settings_len;
	uint64_t body_len;

	parts->magic = sst_take(&in, sizeof(MAGIC) - 1);
	parts->version = sst_take_u32(&in);
	settings_len = sst_take_u32(&in);
	body_len = sst_take_u64(&in);
	parts->fingerprint = sst_take(&in, FINGERPRINT_LEN);
	parts->settings = sst_take(&in, settings_len);
	parts->head = sst_span_head(bytes, bytes.len - in.rest.len);
	parts->head_check = sst_take(&in, HEAD_CHECK_LEN);
	in.is_bad |= body_len > SST_SNAPSHOT_MAX;
	parts->body = sst_take(&in, in.is_bad ? 0 : (size_t)body_len);
	parts->sealed = sst_span_head(bytes, bytes.len - in.rest.len);
	parts->seal = sst_take(&in, sizeof(struct sst_digest));
	return !in.is_bad && in.rest.len == 0;
}

/* The head is whole: is it ours? */
static enum sst_status
check_ties(const struct parts *parts, const struct sst_snapshot_ties *ties,
	struct sst_err *err)
{
	if (parts->version != LAYOUT_VERSION)
		return sst_fail(err, SST_ECONFIG,
			"open visits were saved by another version (%u, not "
			"%u)",
			(unsigned)parts->version, LAYOUT_VERSION);
	if (memcmp(parts->fingerprint.at, ties->key->fingerprint,
		    FINGERPRINT_LEN) != 0)
		return sst_fail(err, SST_ECONFIG,
			"open visits were saved under the key %.*s, now it is "
			"%s",
			(int)FINGERPRINT_LEN, parts->fingerprint.at,
			ties->key->fingerprint);
	if (!sst_span_eq(parts->settings, ties->settings))
		return refuse_settings(parts->settings, ties->settings, err);
	return SST_OK;
}

static bool
is_checked_by(const struct sst_digest *key, struct sst_span text,
	struct sst_span check)
{
	struct sst_digest is = sst_siphash13(key, text);

	return memcmp(is.at, check.at, check.len) == 0;
}

enum sst_status
sst_snapshot_take(struct sst_sessions *s, struct sst_span bytes,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sst_digest key = seal_key(ties);
	struct parts parts;
	enum sst_status status;
	bool is_whole =
		take_apart(bytes, &parts) && sst_span_is(parts.magic, MAGIC) &&
		is_checked_by(&public_key, parts.head, parts.head_check);
	bool is_ours =
		is_whole && is_checked_by(&key, parts.sealed, parts.seal);

	sst_wipe(&key, sizeof(key));
	if (!is_whole)
		return damaged(err);
	status = check_ties(&parts, ties, err);
	if (status != SST_OK)
		return status;
	return is_ours && sst_sessions_take(s, parts.body) ? SST_OK
							   : damaged(err);
}

static enum sst_status
take_to_file(void *self, struct sst_span bytes, struct sst_err *err)
{
	return sst_file_put(self, bytes, err);
}

enum sst_status
sst_snapshot_save(const struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sst_replacement file;
	const struct sst_drain drain = { take_to_file, &file };
	enum sst_status status = sst_file_begin(&file, path, err);

	if (status != SST_OK)
		return status;
	status = write_snapshot(&drain, s, ties, err);
	if (status == SST_OK)
		return sst_file_finish(&file, true, err);
	sst_file_abandon(&file);
	return status;
}

/* SST_END: no such file. */
static enum sst_status
load_one(struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sst_buf bytes;
	enum sst_status status;

	sst_buf_init(&bytes, SST_SNAPSHOT_MAX);
	status = sst_file_read(&bytes, path, err);
	if (status == SST_OK) {
		status = sst_snapshot_take(s, sst_buf_span(&bytes), ties, err);
		if (status != SST_OK)
			(void)sst_fail_in(err, "%s", path);
	}
	sst_buf_release(&bytes);
	return status;
}

enum sst_status
sst_snapshot_load(struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, bool *is_previous,
	struct sst_err *err)
{
	size_t len = strlen(path);
	char *previous;
	enum sst_status status = load_one(s, path, ties, err), second;
	struct sst_err other = { 0 };

	*is_previous = false;
	if (status != SST_END && status != SST_REJECT)
		return status;
	previous = malloc(len + sizeof(".1"));
	if (previous == NULL)
		return sst_fail_memory(err, "a path");
	memcpy(previous, path, len);
	memcpy(previous + len, ".1", sizeof(".1"));
	second = load_one(s, previous, ties, &other);
	free(previous);
	if (second == SST_OK) {
		*is_previous = true;
		if (status == SST_END)
			(void)sst_fail(err, SST_OK, "%s: no such file", path);
		return SST_OK;
	}
	if (status == SST_END && second == SST_END)
		return SST_OK;
	if (status == SST_END || (second != SST_REJECT && second != SST_END))
		*err = other;
	if (err->status == SST_REJECT)
		err->status = SST_ECONFIG;
	return err->status;
}
