/* SPDX-License-Identifier: ISC */
#include "state/key.h"

#include "state/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a key file: base64 of 768 bytes. A larger file is no key, but a mistake
 * in the file's name. */
#define CONTENT_MAX ((size_t)1024)

/* Less could be found by trying. */
#define SECRET_MIN ((size_t)16)

/* The content of a key file; wiped when done. */
struct content {
	uint8_t at[CONTENT_MAX + 1]; /* one more, to see that it is too long */
	size_t len;
};

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_hex(const struct content *from, uint8_t secret[SST_KEY_LEN])
{
	if (from->len != 2 * SST_KEY_LEN)
		return false;
	for (size_t i = 0; i < SST_KEY_LEN; i++) {
		int high = hex_value(from->at[2 * i]);
		int low = hex_value(from->at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		secret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static int
base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* RFC 4648 section 4, padded; bits behind the last byte must be zero. In
 * place: the bytes are shorter than the text. */
static bool
decode_base64(struct content *in)
{
	size_t len = in->len, to = 0;
	uint32_t bits = 0;
	unsigned held = 0;

	if (len % 4 != 0)
		return false;
	for (int i = 0; i < 2 && len != 0 && in->at[len - 1] == '='; i++)
		len--;
	for (size_t i = 0; i < len; i++) {
		int value = base64_value(in->at[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			in->at[to++] = (uint8_t)(bits >> held);
			bits &= (1U << held) - 1;
		}
	}
	in->len = to;
	return bits == 0;
}

/* A secret of another length becomes 32 bytes: see key.h. */
static void
fit(const struct content *from, uint8_t secret[SST_KEY_LEN])
{
	static const char *const labels[2] = { "sst key first half",
		"sst key second half" };
	static const uint8_t zeros[SST_KEY_LEN];
	struct sst_span bytes = sst_span((const char *)from->at, from->len);

	if (from->len == SST_KEY_LEN) {
		memcpy(secret, from->at, SST_KEY_LEN);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		struct sst_digest half =
			sst_digest_derive(zeros, labels[i], bytes);

		memcpy(secret + i * SST_DIGEST_LEN, half.at, SST_DIGEST_LEN);
		sst_wipe(&half, sizeof(half));
	}
}

/* The order of the tests is part of the contract: 32 raw bytes may well be
 * text. */
static enum sst_status
understand(struct sst_key *out, struct content *in, const char *path,
	struct sst_err *err)
{
	size_t len = in->len;

	if (len == SST_KEY_LEN) {
		memcpy(out->secret, in->at, SST_KEY_LEN);
		return SST_OK;
	}
	if (len != 0 && in->at[len - 1] == '\n')
		in->len--;
	if (read_hex(in, out->secret))
		return SST_OK;
	if (len <= CONTENT_MAX && decode_base64(in) && in->len >= SECRET_MIN) {
		fit(in, out->secret);
		return SST_OK;
	}
	return sst_fail(err, SST_ECONFIG,
		"key file '%s' holds no key (%s%zu bytes): write 32 random "
		"bytes, 64 hex digits, or base64 of 16 bytes or more into it",
		path, len > CONTENT_MAX ? "more than " : "",
		len > CONTENT_MAX ? CONTENT_MAX : len);
}

/* Who may read the key can undo every pseudonym made with it; who may write it
 * can choose them. */
static enum sst_status
check_mode(int fd, const char *path, struct sst_err *err)
{
	struct stat st;
	const char *verb;

	if (fstat(fd, &st) == -1)
		return sst_fail(err, SST_EIO, "cannot read key file '%s': %s",
			path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return sst_fail(err, SST_ECONFIG,
			"key file '%s' is %s: name a file or a pipe", path,
			S_ISDIR(st.st_mode) ? "a directory" : "a device");
	if (st.st_mode & (S_IRGRP | S_IROTH))
		verb = "read";
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		verb = "written";
	else
		return SST_OK;
	return sst_fail(err, SST_ECONFIG,
		"key file '%s' can be %s by others: chmod 600 it", path, verb);
}

static enum sst_status
read_content(struct content *to, int fd, const char *path, struct sst_err *err)
{
	ssize_t got;

	to->len = 0;
	/* A signal ends the wait for a pipe's writer, as it should. */
	while (to->len < sizeof(to->at)) {
		got = read(fd, to->at + to->len, sizeof(to->at) - to->len);
		if (got == 0)
			break;
		if (got == -1)
			return sst_fail(err, SST_EIO,
				"cannot read key file '%s': %s", path,
				strerror(errno));
		to->len += (size_t)got;
	}
	return SST_OK;
}

static void
name_it(struct sst_key *key)
{
	struct sst_digest digest = sst_digest_derive(
		key->secret, "sst key fingerprint", sst_span("", 0));

	for (size_t i = 0; i < 8; i++) {
		key->fingerprint[2 * i] = "0123456789abcdef"[digest.at[i] >> 4];
		key->fingerprint[2 * i + 1] =
			"0123456789abcdef"[digest.at[i] & 15];
	}
	key->fingerprint[16] = '\0';
}

enum sst_status
sst_key_read(struct sst_key *out, const char *path, struct sst_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct content content;
	enum sst_status status;

	*out = (struct sst_key){ 0 };
	if (fd == -1)
		return sst_fail(err, SST_EIO, "cannot open key file '%s': %s",
			path, strerror(errno));
	status = check_mode(fd, path, err);
	if (status == SST_OK)
		status = read_content(&content, fd, path, err);
	if (status == SST_OK)
		status = understand(out, &content, path, err);
	if (status == SST_OK)
		name_it(out);
	else
		sst_key_wipe(out);
	sst_wipe(&content, sizeof(content));
	(void)close(fd);
	return status;
}

/* The folder of `path`, and before it the folder of that one. */
static enum sst_status
make_folders(const char *path, int levels, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	struct sst_buf folder;

	sst_buf_init(&folder, SST_PATH_MAX);
	sst_folder_put(&folder, path);
	if (folder.is_short) {
		status = sst_fail(err, SST_EIO, "cannot make key file '%s': %s",
			path, strerror(ENAMETOOLONG));
		goto out;
	}
	if (mkdir(folder.at, 0700) == 0 || errno == EEXIST)
		goto out;
	if (errno == ENOENT && levels > 1) {
		status = make_folders(folder.at, levels - 1, err);
		if (status != SST_OK || mkdir(folder.at, 0700) == 0 ||
			errno == EEXIST)
			goto out;
	}
	status = sst_fail(err, SST_EIO,
		"cannot make folder '%s' for the key file: %s", folder.at,
		strerror(errno));
out:
	sst_buf_release(&folder);
	return status;
}

/* Write a secret and give it its name, unless somebody was faster. */
static enum sst_status
make(const char *path, bool *made, struct sst_err *err)
{
	uint8_t secret[SST_KEY_LEN];
	struct sst_buf temp;
	enum sst_status status = make_folders(path, 2, err);

	if (status != SST_OK)
		return status;
	sst_random(secret, sizeof(secret));
	status = sst_temp_write(&temp, path,
		sst_span((const char *)secret, sizeof(secret)), err);
	sst_wipe(secret, sizeof(secret));
	if (status == SST_OK) {
		*made = link(temp.at, path) == 0;
		if (!*made && errno != EEXIST)
			status = sst_fail(err, SST_EIO,
				"cannot make key file '%s': %s", path,
				strerror(errno));
		(void)unlink(temp.at);
	}
	sst_buf_release(&temp);
	/* Also for a loser: what it makes with the key must outlive a crash,
	 * and so must the key. */
	if (status == SST_OK)
		status = sst_folder_sync(path, err);
	return status;
}

enum sst_status
sst_key_read_or_make(
	struct sst_key *out, const char *path, bool *made, struct sst_err *err)
{
	enum sst_status status;
	struct stat st;

	*made = false;
	*out = (struct sst_key){ 0 };
	/* Whatever else is wrong with it, reading it says so better. */
	if (stat(path, &st) == -1 && errno == ENOENT) {
		status = make(path, made, err);
		if (status != SST_OK)
			return status;
	}
	return sst_key_read(out, path, err);
}

void
sst_key_wipe(struct sst_key *key)
{
	sst_wipe(key, sizeof(*key));
}
