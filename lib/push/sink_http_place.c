/* SPDX-License-Identifier: ISC */
/* Where do requests go? The first one tells: settings decide the host. */
#include "push/sink_http.h"

enum sst_status
sst_sink_http_place(struct sst_sink *sink, int64_t now_us, bool allows_http,
	bool *is_remote, struct sst_err *err)
{
	struct sst_api *api = sst_sink_http_api(sink);
	struct sst_buf url;
	bool is_loopback = false;
	enum sst_status status;

	*is_remote = true;
	/* A URL with keys of events in it is known later: as a remote one. */
	if (sst_api_facts(api)->url_has_keys)
		return SST_OK;
	sst_buf_init(&url, 65536);
	status = sst_api_url(api, now_us, &url, err);
	if (status == SST_OK)
		status = sst_http_check_url(
			url.at, allows_http, &is_loopback, err);
	sst_buf_release(&url);
	*is_remote = !is_loopback;
	return status;
}
