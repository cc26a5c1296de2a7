/* SPDX-License-Identifier: ISC */
/*
 * http -- send a body, get a status. The door to curl/.
 *
 * Several requests at a time over connections that are kept. An answer counts
 * only when it is whole: a final status line, headers, and the body to its end,
 * after all of our body was taken. Anything less is an error with a name, and
 * its status is not told. Redirects are never followed, certificates always
 * checked, answers capped, proxies and .netrc of the environment not looked at.
 */
#ifndef SST_PUSH_HTTP_H
#define SST_PUSH_HTTP_H

#include "push/api.h"

#include <poll.h>

/* Of an answer's body, and of its headers. */
#define SST_HTTP_ANSWER_MAX ((size_t)1024 * 1024)
#define SST_HTTP_HEADERS_MAX ((size_t)64 * 1024)

struct sst_http;

struct sst_http_asked {
	unsigned in_flight; /* at most */
	int64_t connect_timeout_us;
	const char *user_agent;
	bool allow_http;                /* without TLS to other than loopback */
	const char *ca_file;            /* instead of the system's; or NULL */
	const char *tls_cert, *tls_key; /* of ours; or NULL */
	struct sst_span headers; /* "Name: value" and a NUL, each; sent too */
};

enum sst_status sst_http_open(struct sst_http **out,
	const struct sst_http_asked *asked, struct sst_err *err) SST_MUST_USE;
void sst_http_close(struct sst_http *http);

/* May we send there? SST_ECONFIG: no such URL, a password in it, or no TLS.
 * *is_loopback: it never leaves this machine. */
enum sst_status sst_http_check_url(const char *url, bool allow_http,
	bool *is_loopback, struct sst_err *err) SST_MUST_USE;

/*
 * Begin. On SST_OK the request's buffers are taken (the caller's are empty) and
 * `tag` comes back with the answer. SST_AGAIN: as many as may be are under way.
 * SST_ECONFIG: its URL or a header may not be sent.
 */
enum sst_status sst_http_send(struct sst_http *http,
	struct sst_api_request *request, void *tag, int64_t timeout_us,
	struct sst_err *err) SST_MUST_USE;

/* The next answer that is complete; false: none now. `out` is good until the
 * next call of this or of sst_http_send(). */
bool sst_http_next(struct sst_http *http, struct sst_answer *out, void **tag);

/* As poll(2), our connections included: also returns when there is work. */
int sst_http_wait(
	struct sst_http *http, struct pollfd *fds, nfds_t n, int timeout_ms);

unsigned sst_http_in_flight(const struct sst_http *http);

/* "7.88.1", for --version. */
const char *sst_http_library_version(void);

#endif
