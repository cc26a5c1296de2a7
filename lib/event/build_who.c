/* SPDX-License-Identifier: ISC */
/* Clients, peers and those they forwarded for. */
#include "event/builder.h"

#include "base/num.h"

void
sst_build_port(
	struct sst_builder *b, enum sst_field field, struct sst_span port)
{
	uint64_t number;

	if (port.len != 0 && !sst_event_has(b->event, field) &&
		sst_num_u64(port, &number) && number <= 65535)
		sst_build_int(b, field, port);
}

/* One address, endpoint or host name. */
void
sst_build_endpoint(struct sst_builder *b, enum sst_field field,
	enum sst_field port_field, struct sst_span value)
{
	struct sst_span port = { "", 0 };
	struct sst_ip ip;

	if (sst_ip_read(value, &ip)) {
		sst_build_ip(b, field, value, &ip);
	} else if (sst_ip_read_endpoint(value, &ip, &port)) {
		struct sst_span address =
			ip.len == 4 ? sst_span_head(
					      value, sst_span_find(value, ':'))
				    : value;

		sst_build_ip(b, field, address, &ip);
		sst_build_port(b, port_field, port);
	} else if (field == SST_F_CLIENT_IP) {
		sst_build_put(b, SST_F_CLIENT_HOST, SST_KIND_STRING, value);
	}
}

/* The right-most address of a list that no trusted network covers; the
 * left-most one when all are covered. */
static struct sst_span
client_of_list(const struct sst_builder *b, struct sst_span list)
{
	struct sst_span item = sst_span("", 0);
	size_t end = list.len;

	for (;;) {
		struct sst_span port;
		struct sst_ip ip;
		size_t start = end;

		while (start > 0 && list.at[start - 1] != ',')
			start--;
		item = sst_span(list.at + start, end - start);
		while (item.len > 0 && item.at[0] == ' ')
			item = sst_span_from(item, 1);
		while (item.len > 0 && item.at[item.len - 1] == ' ')
			item.len--;
		if (start == 0 || !sst_ip_read_endpoint(item, &ip, &port) ||
			!sst_nets_have(&b->options.trusted, &ip))
			return item;
		end = start - 1;
	}
}

void
sst_build_client(struct sst_builder *b, struct sst_span value)
{
	if (SST_LIKELY(sst_span_find(value, ',') == value.len)) {
		sst_build_endpoint(
			b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT, value);
		return;
	}
	if (!sst_event_has(b->event, SST_F_FORWARDED_FOR))
		sst_build_put(b, SST_F_FORWARDED_FOR, SST_KIND_STRING, value);
	sst_build_endpoint(b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT,
		client_of_list(b, value));
}

/* A peer that is trusted: the client is who it forwarded for. */
void
sst_build_trust_proxy(struct sst_builder *b)
{
	struct sst_span peer = sst_event_text(b->event, SST_F_CLIENT_IP);
	struct sst_span list = sst_event_text(b->event, SST_F_FORWARDED_FOR);
	struct sst_span client, port;
	struct sst_ip ip;

	if (peer.at == NULL || list.at == NULL || !sst_ip_read(peer, &ip) ||
		!sst_nets_have(&b->options.trusted, &ip))
		return;
	client = client_of_list(b, list);
	if (!sst_ip_read_endpoint(client, &ip, &port))
		return;
	if (!sst_event_has(b->event, SST_F_PEER_IP))
		sst_build_put(b, SST_F_PEER_IP, SST_KIND_STRING, peer);
	sst_buf_reset(&b->event->work);
	sst_ip_put(&b->event->work, &ip);
	sst_build_work(b, SST_F_CLIENT_IP, SST_KIND_STRING);
}

/* A client and its port, which the last colon parts. */
void
sst_build_last_port(struct sst_builder *b, struct sst_span value)
{
	size_t at = value.len;

	while (at > 0 && value.at[at - 1] != ':')
		at--;
	if (at == 0) {
		sst_build_client(b, value);
		return;
	}
	sst_build_endpoint(b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT,
		sst_span_head(value, at - 1));
	sst_build_port(b, SST_F_CLIENT_PORT, sst_span_from(value, at));
}

/* A peer is worth a word only where it is not the client. */
void
sst_build_drop_same_peer(struct sst_builder *b)
{
	if (sst_span_eq(sst_event_peek(b->event, SST_F_PEER_IP),
		    sst_event_peek(b->event, SST_F_CLIENT_IP)))
		sst_event_drop(
			b->event, sst_event_get(b->event, SST_F_PEER_IP));
}
