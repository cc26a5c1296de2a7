/* SPDX-License-Identifier: ISC */
#include "push/http.h"

#include "text/ip.h"
#include "text/url.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>

/* Slower than this for so long is as good as nothing. */
#define LOW_SPEED_BYTES 1L
#define LOW_SPEED_SECONDS 30L

#define IN_FLIGHT_MAX 256

struct slot {
	CURL *easy;
	struct curl_slist *list;
	bool is_busy, is_done, is_too_long;
	bool has_headers; /* to the empty line that ends them */
	CURLcode code;
	void *tag;
	struct sst_api_request request;
	struct sst_buf body, headers;
};

struct sst_http {
	CURLM *multi;
	struct sst_http_asked asked;
	unsigned busy;
	struct slot slots[]; /* asked.in_flight of them */
};

/* ---- URLs ---- */

static bool
is_loopback_host(struct sst_span host)
{
	static const struct sst_net networks[] = {
		{ { { 127 }, 4 }, 8 },
		{ { { [15] = 1 }, 16 }, 128 },
	};
	struct sst_ip ip;

	/* libcurl resolves this name itself, to ::1 and 127.0.0.1. */
	if (sst_span_eq_nocase(host, sst_span_of("localhost")))
		return true;
	if (!sst_ip_read(host, &ip))
		return false;
	return sst_net_has(&networks[0], &ip) || sst_net_has(&networks[1], &ip);
}

enum sst_status
sst_http_check_url(const char *text, bool allow_http, bool *is_loopback,
	struct sst_err *err)
{
	struct sst_url url;
	bool is_plain;

	sst_url_split(&url, sst_span_of(text));
	is_plain = sst_span_eq_nocase(url.scheme, sst_span_of("http"));
	if (!is_plain && !sst_span_eq_nocase(url.scheme, sst_span_of("https")))
		return sst_fail(err, SST_ECONFIG,
			"a destination's URL begins with https:// or http://");
	if (url.userinfo.len > 0)
		return sst_fail(err, SST_ECONFIG,
			"a URL with a password in it: use --secret");
	if (url.host.len == 0)
		return sst_fail(err, SST_ECONFIG, "a URL without a host");
	*is_loopback = is_loopback_host(url.host);
	if (is_plain && !*is_loopback && !allow_http)
		return sst_fail(err, SST_ECONFIG,
			"http://%.*s is not encrypted: use https, or "
			"--allow-http",
			(int)url.host.len, url.host.at);
	return SST_OK;
}

/* ---- callbacks ---- */

static size_t
take_body(char *at, size_t size, size_t n, void *self)
{
	struct slot *slot = self;

	sst_buf_put(&slot->body, at, size * n);
	slot->is_too_long |= slot->body.is_short;
	return slot->is_too_long ? 0 : size * n;
}

static size_t
take_header(char *at, size_t size, size_t n, void *self)
{
	struct slot *slot = self;

	/* Headers of interim answers do not count. */
	if (n >= 5 && memcmp(at, "HTTP/", 5) == 0) {
		sst_buf_reset(&slot->headers);
		slot->has_headers = false;
	}
	slot->has_headers |= n > 0 && (at[0] == '\r' || at[0] == '\n');
	sst_buf_put(&slot->headers, at, size * n);
	slot->is_too_long |= slot->headers.is_short;
	return slot->is_too_long ? 0 : size * n;
}

/* ---- sending ---- */

/* One header line for libcurl, which sends whatever it is given. */
static enum sst_status
add_header(struct slot *slot, const char *line, struct sst_err *err)
{
	struct curl_slist *list;
	const char *colon = strchr(line, ':');

	if (colon == NULL || strpbrk(line, "\r\n") != NULL)
		return sst_fail(
			err, SST_ECONFIG, "a header that is no 'Name: value'");
	/* "Name:" alone would remove a header; ";" sends it empty. */
	list = curl_slist_append(slot->list, line);
	if (list == NULL)
		return sst_fail_memory(err, "a request");
	slot->list = list;
	return SST_OK;
}

static enum sst_status
add_headers(struct slot *slot, struct sst_span lines, bool *has_type,
	struct sst_err *err)
{
	static const struct sst_span type = SST_SPAN("content-type:");
	enum sst_status status = SST_OK;

	while (lines.len > 0 && status == SST_OK) {
		size_t len = strlen(lines.at);

		if (len >= type.len &&
			sst_span_eq_nocase(
				sst_span_head(lines, type.len), type))
			*has_type = true;
		status = add_header(slot, lines.at, err);
		lines = sst_span_from(lines, len + 1);
	}
	return status;
}

static enum sst_status
set_headers(struct sst_http *http, struct slot *slot, struct sst_err *err)
{
	bool has_type = false;
	enum sst_status status = add_headers(
		slot, sst_buf_span(&slot->request.headers), &has_type, err);

	if (status == SST_OK)
		status = add_headers(slot, http->asked.headers, &has_type, err);
	/* Else libcurl waits a second for "100 Continue". */
	if (status == SST_OK)
		status = add_header(slot, "Expect:", err);
	if (status == SST_OK && !has_type)
		status = add_header(slot, "Content-Type:", err);
	return status;
}

static long
to_ms(int64_t us)
{
	int64_t ms = us / 1000;

	return ms < 1 ? 1 : ms > INT32_MAX ? INT32_MAX : (long)ms;
}

#define SET(option, value) \
	is_set = is_set && curl_easy_setopt(easy, option, value) == CURLE_OK

static bool
set_tls(CURL *easy, const struct sst_http_asked *asked)
{
	bool is_set = true;

	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (asked->ca_file != NULL) {
		SET(CURLOPT_CAINFO, asked->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	if (asked->tls_cert != NULL)
		SET(CURLOPT_SSLCERT, asked->tls_cert);
	if (asked->tls_key != NULL)
		SET(CURLOPT_SSLKEY, asked->tls_key);
	return is_set;
}

static bool
set_request(struct sst_http *http, struct slot *slot, int64_t timeout_us)
{
	CURL *easy = slot->easy;
	const struct sst_http_asked *asked = &http->asked;
	bool is_set = set_tls(easy, asked);

	SET(CURLOPT_URL, slot->request.url.at);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_PROXY, ""); /* whatever the environment says */
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, to_ms(asked->connect_timeout_us));
	SET(CURLOPT_TIMEOUT_MS, to_ms(timeout_us));
	SET(CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
	SET(CURLOPT_LOW_SPEED_TIME, LOW_SPEED_SECONDS);
	SET(CURLOPT_USERAGENT, asked->user_agent);
	SET(CURLOPT_HTTPHEADER, slot->list);
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDS,
		slot->request.body.at == NULL ? "" : slot->request.body.at);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)slot->request.body.len);
	SET(CURLOPT_CUSTOMREQUEST, slot->request.method.at);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, slot);
	SET(CURLOPT_HEADERFUNCTION, take_header);
	SET(CURLOPT_HEADERDATA, slot);
	SET(CURLOPT_PRIVATE, slot);
	return is_set;
}

static struct slot *
free_slot(struct sst_http *http)
{
	for (unsigned i = 0; i < http->asked.in_flight; i++)
		if (!http->slots[i].is_busy)
			return &http->slots[i];
	return NULL;
}

static void
swap(struct sst_buf *a, struct sst_buf *b)
{
	struct sst_buf kept = *a;

	*a = *b;
	*b = kept;
	sst_buf_reset(b);
}

static void
take_request(struct slot *slot, struct sst_api_request *request)
{
	swap(&slot->request.method, &request->method);
	swap(&slot->request.url, &request->url);
	swap(&slot->request.headers, &request->headers);
	swap(&slot->request.body, &request->body);
}

static void
empty(struct slot *slot)
{
	curl_slist_free_all(slot->list);
	slot->list = NULL;
	slot->is_busy = slot->is_done = false;
}

enum sst_status
sst_http_send(struct sst_http *http, struct sst_api_request *request, void *tag,
	int64_t timeout_us, struct sst_err *err)
{
	struct slot *slot = free_slot(http);
	bool is_loopback;
	enum sst_status status;
	int running;

	if (slot == NULL)
		return SST_AGAIN;
	status = sst_http_check_url(
		request->url.at, http->asked.allow_http, &is_loopback, err);
	if (status != SST_OK)
		return status;
	take_request(slot, request);
	sst_buf_reset(&slot->body);
	sst_buf_reset(&slot->headers);
	slot->is_too_long = slot->has_headers = false;
	slot->tag = tag;
	curl_easy_reset(slot->easy);
	status = set_headers(http, slot, err);
	if (status == SST_OK && !set_request(http, slot, timeout_us))
		status = sst_fail(err, SST_ECONFIG,
			"libcurl refuses the request: is it built with TLS?");
	if (status == SST_OK &&
		curl_multi_add_handle(http->multi, slot->easy) != CURLM_OK)
		status = sst_fail_memory(err, "a request");
	if (status != SST_OK) {
		empty(slot);
		return status;
	}
	slot->is_busy = true;
	http->busy++;
	(void)curl_multi_perform(http->multi, &running);
	return SST_OK;
}

/* ---- answers ---- */

/* The names that API files know. */
static const char *
error_name(const struct slot *slot)
{
	if (slot->is_too_long)
		return "too_long";
	switch (slot->code) {
	case CURLE_OPERATION_TIMEDOUT:
		return "timeout";
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR: /* may be a server that just died */
		return "connect";
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return "tls";
	case CURLE_PARTIAL_FILE:
		return "cut";
	default:
		return "reset";
	}
}

static void
read_answer(struct slot *slot, struct sst_answer *out)
{
	long status = 0;
	curl_off_t sent = 0, after = 0;

	*out = (struct sst_answer){ .retry_after_s = -1 };
	if (slot->code != CURLE_OK || slot->is_too_long) {
		out->error = error_name(slot);
		return;
	}
	(void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(slot->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	(void)curl_easy_getinfo(slot->easy, CURLINFO_RETRY_AFTER, &after);
	/* Thanks for something that was not sent yet are none; and libcurl is
	 * content with headers that end in the middle. */
	if (status < 200 || !slot->has_headers ||
		(status <= 299 && (uint64_t)sent < slot->request.body.len)) {
		out->error = "cut";
		return;
	}
	out->status = (unsigned)status;
	out->headers = sst_buf_span(&slot->headers);
	out->body = sst_buf_span(&slot->body);
	if (after > 0)
		out->retry_after_s = (int64_t)after;
}

static void
collect(struct sst_http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		struct slot *slot = NULL;
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(
			easy, CURLINFO_PRIVATE, (char **)(void *)&slot);
		assert(slot != NULL);
		slot->code = code;
		slot->is_done = true;
		(void)curl_multi_remove_handle(http->multi, easy);
	}
}

bool
sst_http_next(struct sst_http *http, struct sst_answer *out, void **tag)
{
	int running;

	if (http->busy == 0)
		return false;
	(void)curl_multi_perform(http->multi, &running);
	collect(http);
	for (unsigned i = 0; i < http->asked.in_flight; i++) {
		struct slot *slot = &http->slots[i];

		if (!slot->is_done)
			continue;
		read_answer(slot, out);
		*tag = slot->tag;
		empty(slot); /* its buffers stay until it is used again */
		http->busy--;
		return true;
	}
	return false;
}

int
sst_http_wait(
	struct sst_http *http, struct pollfd *fds, nfds_t n, int timeout_ms)
{
	struct curl_waitfd more[4];
	int ready;

	assert(n <= sizeof(more) / sizeof(more[0]));
	for (nfds_t i = 0; i < n; i++) {
		more[i].fd = fds[i].fd;
		more[i].events = fds[i].events & POLLIN ? CURL_WAIT_POLLIN : 0;
		more[i].revents = 0;
	}
	/* An hour is as good as ever: callers come again. */
	if (curl_multi_poll(http->multi, more, (unsigned)n,
		    timeout_ms < 0 ? 3600000 : timeout_ms, &ready) != CURLM_OK)
		return poll(fds, n, timeout_ms < 0 ? 1000 : timeout_ms);
	/* libcurl tells less of them than poll does. */
	return n == 0 ? 0 : poll(fds, n, 0);
}

unsigned
sst_http_in_flight(const struct sst_http *http)
{
	return http->busy;
}

/* ---- life ---- */

static bool
open_slot(struct slot *slot)
{
	sst_api_request_init(&slot->request);
	sst_buf_init(&slot->body, SST_HTTP_ANSWER_MAX);
	sst_buf_init(&slot->headers, SST_HTTP_HEADERS_MAX);
	slot->easy = curl_easy_init();
	return slot->easy != NULL;
}

enum sst_status
sst_http_open(struct sst_http **out, const struct sst_http_asked *asked,
	struct sst_err *err)
{
	struct sst_http *http;
	bool is_made;

	*out = NULL;
	assert(asked->in_flight >= 1 && asked->in_flight <= IN_FLIGHT_MAX);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return sst_fail(err, SST_EIO, "libcurl cannot be used");
	http = calloc(
		1, sizeof(*http) + asked->in_flight * sizeof(http->slots[0]));
	if (http == NULL)
		return sst_fail_memory(err, "connections");
	http->asked = *asked;
	http->multi = curl_multi_init();
	is_made = http->multi != NULL;
	for (unsigned i = 0; i < asked->in_flight; i++)
		is_made = open_slot(&http->slots[i]) && is_made;
	if (!is_made) {
		sst_http_close(http);
		return sst_fail_memory(err, "connections");
	}
	*out = http;
	return SST_OK;
}

void
sst_http_close(struct sst_http *http)
{
	if (http == NULL)
		return;
	for (unsigned i = 0; i < http->asked.in_flight; i++) {
		struct slot *slot = &http->slots[i];

		if (slot->is_busy && !slot->is_done)
			(void)curl_multi_remove_handle(http->multi, slot->easy);
		empty(slot);
		curl_easy_cleanup(slot->easy);
		sst_api_request_release(&slot->request);
		sst_buf_release(&slot->body);
		sst_buf_release(&slot->headers);
	}
	(void)curl_multi_cleanup(http->multi);
	free(http);
	curl_global_cleanup();
}

const char *
sst_http_library_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
