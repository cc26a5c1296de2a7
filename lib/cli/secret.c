/* SPDX-License-Identifier: ISC */
/* The installation's key, and secrets named on the command line. */
#include "cli/frame.h"

#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_KEY "/etc/sst/key"
#define SECRET_MAX ((size_t)16 * 1024)

/* $XDG_CONFIG_HOME/sst/key, else ~/.config/sst/key. */
static enum sst_status
home_key(char *path, size_t size, struct sst_err *err)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	if (config != NULL && config[0] == '/')
		n = snprintf(path, size, "%s/sst/key", config);
	else if (home != NULL && home[0] == '/')
		n = snprintf(path, size, "%s/.config/sst/key", home);
	else
		return sst_fail(err, SST_ECONFIG,
			"no place for the hash key: set HOME or use "
			"--hash-key FILE");
	if (n < 0 || (size_t)n >= size)
		return sst_fail(err, SST_ECONFIG,
			"the path of the hash key is too long");
	return SST_OK;
}

static enum sst_status
read_key(struct sst_run *run, struct sst_err *err)
{
	struct sst_key *key = &run->frame->key;
	enum sst_status status;
	char path[4096];
	bool made;

	if (run->common->hash_key != NULL) {
		status = sst_key_read(key, run->common->hash_key, err);
		if (status != SST_EIO)
			return status;
		/* A key that was named and is not there: a person must look. */
		(void)sst_fail_in(err, "--hash-key");
		return SST_ECONFIG;
	}
	if (access(SYSTEM_KEY, F_OK) == 0)
		return sst_key_read(key, SYSTEM_KEY, err);
	status = home_key(path, sizeof(path), err);
	if (status == SST_OK)
		status = sst_key_read_or_make(key, path, &made, err);
	if (status == SST_OK && made)
		sst_say(&run->say, SST_SAY_WARNING,
			"made the hash key '%s': keep it, ids depend on it",
			path);
	return status;
}

enum sst_status
sst_run_key(
	struct sst_run *run, const struct sst_key **out, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;

	if (!frame->has_key) {
		enum sst_status status = read_key(run, err);

		if (status != SST_OK)
			return status;
		frame->has_key = true;
	}
	*out = &frame->key;
	return SST_OK;
}

/* What may be before the ':' of a source. */
enum scheme {
	PATH,
	ENV,
	FD,
	CRED,
	PASTED
};

static enum scheme
scheme_of(const char *source, const char **rest)
{
	static const struct {
		const char *name;
		enum scheme scheme;
	} schemes[] = {
		{ "file:", PATH },
		{ "env:", ENV },
		{ "fd:", FD },
		{ "cred:", CRED },
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i].name);

		if (strncmp(source, schemes[i].name, len) == 0) {
			*rest = source + len;
			return schemes[i].scheme;
		}
	}
	*rest = source;
	return strchr(source, '/') != NULL ? PATH : PASTED;
}

/* A file that others can read is no secret, unless they cannot reach it. */
static enum sst_status
check_mode(int fd, const char *name, const char *path, struct sst_err *err)
{
	struct stat file;

	if (fstat(fd, &file) == -1)
		return sst_fail(err, SST_EIO, "%s: %s", name, strerror(errno));
	if (S_ISREG(file.st_mode) && (file.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return sst_fail(err, SST_ECONFIG,
			"%s: '%s' can be read by others: chmod 600 it", name,
			path);
	return SST_OK;
}

static enum sst_status
read_secret(struct sst_run *run, int fd, const char *name, struct sst_span *out,
	struct sst_err *err)
{
	char *at = sst_arena_take(&run->arena, SECRET_MAX);
	size_t len = 0;

	if (at == NULL)
		return sst_fail_memory(err, name);
	for (;;) {
		ssize_t n = read(fd, at + len, SECRET_MAX - len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return sst_fail(err, SST_ECONFIG, "%s: %s", name,
				strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
		if (len == SECRET_MAX)
			return sst_fail(err, SST_ECONFIG,
				"%s: longer than a secret may be", name);
	}
	*out = sst_span(at, len);
	return SST_OK;
}

static enum sst_status
open_secret(struct sst_run *run, const char *name, const char *path,
	struct sst_span *out, struct sst_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum sst_status status;

	if (fd == -1)
		return sst_fail(err, SST_ECONFIG, "%s: cannot open '%s': %s",
			name, path, strerror(errno));
	status = check_mode(fd, name, path, err);
	if (status == SST_OK)
		status = read_secret(run, fd, name, out, err);
	(void)close(fd);
	return status;
}

static enum sst_status
from_credentials(struct sst_run *run, const char *name, const char *which,
	struct sst_span *out, struct sst_err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];
	int n;

	if (dir == NULL)
		return sst_fail(err, SST_ECONFIG,
			"%s: no CREDENTIALS_DIRECTORY: 'cred:' is for systemd "
			"units with LoadCredential=",
			name);
	n = snprintf(path, sizeof(path), "%s/%s", dir, which);
	if (n < 0 || (size_t)n >= sizeof(path) || strchr(which, '/') != NULL)
		return sst_fail(
			err, SST_EUSAGE, "%s: no name of a credential", name);
	return open_secret(run, name, path, out, err);
}

enum sst_status
sst_run_secret(struct sst_run *run, const char *name, const char *source,
	struct sst_span *out, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	const char *rest, *value;
	uint64_t fd;

	switch (scheme_of(source, &rest)) {
	case PATH:
		status = open_secret(run, name, rest, out, err);
		break;
	case ENV:
		value = getenv(rest);
		if (value == NULL)
			return sst_fail(err, SST_ECONFIG,
				"%s: the environment has no '%s'", name, rest);
		*out = sst_arena_copy(&run->arena, sst_span_of(value));
		break;
	case FD:
		if (!sst_num_u64(sst_span_of(rest), &fd) || fd > INT16_MAX)
			return sst_fail(err, SST_EUSAGE,
				"%s: 'fd:' needs a number", name);
		status = read_secret(run, (int)fd, name, out, err);
		break;
	case CRED:
		status = from_credentials(run, name, rest, out, err);
		break;
	case PASTED:
		return sst_fail(err, SST_EUSAGE,
			"%s: expected file:PATH, env:NAME, fd:N or cred:NAME; "
			"a secret itself is never taken from the command line",
			name);
	}
	if (status != SST_OK)
		return status;
	if (out->at == NULL)
		return sst_fail_memory(err, name);
	if (out->len > 0 && out->at[out->len - 1] == '\n')
		out->len--;
	if (out->len == 0)
		return sst_fail(err, SST_ECONFIG, "%s: is empty", name);
	return SST_OK;
}
