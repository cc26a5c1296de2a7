/* SPDX-License-Identifier: ISC */
/* Documents from memory and from files, and how their faults are told. */
#include "text/doc.h"

#include "base/buf.h"
#include "text/doc_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum sst_status
sst_doc_read(struct sst_doc_node **out, struct sst_arena *arena,
	struct sst_span text, bool allow_comments, struct sst_err *err)
{
	struct sst_doc_fault fault;
	struct sst_doc_node *root;
	enum sst_status status =
		sst_doc_parse(&root, arena, text, allow_comments, &fault);

	*out = NULL;
	if (status == SST_ENOMEM)
		return sst_fail_memory(err, "a document");
	if (status != SST_OK)
		return sst_fail(err, status, "line %u, column %u: %s",
			(unsigned)fault.line, (unsigned)fault.column,
			fault.text);
	*out = root;
	return SST_OK;
}

/* How much to ask for at first: all of a file and one byte, which its end is
 * seen by. */
static size_t
first_room(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size < 0)
		return 65536;
	return (uint64_t)st.st_size < SST_DOC_MAX ? (size_t)st.st_size + 1
						  : SST_DOC_MAX + 1;
}

/* All of a file, pipes included, up to one byte more than is allowed. */
static enum sst_status
read_whole(struct sst_buf *to, const char *path, struct sst_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum sst_status status = SST_OK;
	size_t room = fd == -1 ? 0 : first_room(fd);
	ssize_t got = 1;

	if (fd == -1)
		return sst_fail(err, SST_ECONFIG, "cannot open '%s': %s", path,
			strerror(errno));
	while (got != 0 && to->len <= SST_DOC_MAX) {
		if (!sst_buf_room(to, room)) {
			status = sst_fail_memory(err, path);
			break;
		}
		got = read(fd, to->at + to->len, to->cap - to->len);
		if (got > 0)
			to->len += (size_t)got;
		if (got == -1 && errno != EINTR) {
			status = errno == EISDIR ? SST_ECONFIG : SST_EIO;
			(void)sst_fail(err, status, "cannot read '%s': %s",
				path, strerror(errno));
			break;
		}
		room = 1; /* doubled as long as there is more */
	}
	(void)close(fd);
	return status;
}

enum sst_status
sst_doc_read_file(struct sst_doc_node **out, struct sst_arena *arena,
	const char *path, struct sst_err *err)
{
	struct sst_doc_fault fault;
	struct sst_doc_node *root;
	enum sst_status status;
	struct sst_span text;
	struct sst_buf buf;

	*out = NULL;
	sst_buf_init(&buf, SST_DOC_MAX + 1);
	status = read_whole(&buf, path, err);
	if (status != SST_OK)
		goto out;
	text = sst_arena_copy(arena, sst_buf_span(&buf));
	status = text.at == NULL
			 ? SST_ENOMEM
			 : sst_doc_parse(&root, arena, text, true, &fault);
	if (status == SST_OK)
		*out = root;
	else if (status == SST_ENOMEM)
		(void)sst_fail_memory(err, path);
	else
		(void)sst_fail(err, status, "%s:%u:%u: %s", path,
			(unsigned)fault.line, (unsigned)fault.column,
			fault.text);
out:
	sst_buf_release(&buf);
	return status;
}
