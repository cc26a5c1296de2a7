/* SPDX-License-Identifier: ISC */
/* Where do requests go? The first one tells: settings decide the host. */
#include "push/sink_http.h"

enum sst_status
sst_sink_http_place(struct sst_sink *sink, int64_t now_us, bool allows_http,
	bool *is_remote, struct sst_err *err)
{
	struct sst_api *api = sst_sink_http_api(sink);
	struct sst_api_request request;
	struct sst_api_batch batch = { .now_us = now_us };
	bool is_loopback = false;
	enum sst_status status = SST_OK;

	*is_remote = true;
	/* A URL with keys of events in it is known later: as a remote one. */
	if (sst_api_facts(api)->request_has_keys)
		return SST_OK;
	batch.id = sst_span_of("00000000-0000-8000-8000-000000000000");
	sst_api_request_init(&request);
	status = sst_api_request(api, &batch, &request, err);
	if (status == SST_OK)
		status = sst_http_check_url(
			request.url.at, allows_http, &is_loopback, err);
	sst_api_request_release(&request);
	*is_remote = !is_loopback;
	return status;
}
