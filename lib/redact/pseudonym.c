/* SPDX-License-Identifier: ISC */
#include "redact/pseudonym.h"

#include "redact/find.h"

#include <stdio.h>

/* Byte 6 of the ids made here: version 8, re-keyed. */
#define REKEYED 0x81

void
sst_pseudonyms_init(struct sst_pseudonyms *out, const uint8_t *secret,
	struct sst_span name_space)
{
	*out = (struct sst_pseudonyms){ .name_space = name_space };
	memcpy(out->secret, secret, SST_KEY_LEN);
	out->hash_key =
		sst_digest_derive(secret, "sst redact hash", name_space);
	out->id_key = sst_digest_derive(secret, "sst redact id", name_space);
}

void
sst_pseudonyms_wipe(struct sst_pseudonyms *pseudonyms)
{
	sst_wipe(pseudonyms, sizeof(*pseudonyms));
}

void
sst_pseudonym_put_hash(struct sst_buf *to,
	const struct sst_pseudonyms *pseudonyms, struct sst_span text)
{
	struct sst_digest digest;

	if (sst_is_redacted_value(text)) {
		sst_buf_put_span(to, text);
		return;
	}
	digest = sst_siphash24(&pseudonyms->hash_key, text);
	SST_BUF_PUT(to, "h1_");
	sst_hex_put(to, digest.at, sizeof(digest.at));
}

/* The label has the day, so that the namespace can be any bytes. */
static const struct sst_digest *
key_of_day(struct sst_pseudonyms *p, uint32_t day)
{
	size_t slot = day % SST_PSEUDONYM_DAYS;
	char label[32];

	if (day == 0)
		return &p->id_key;
	if (p->days[slot].day != day) {
		snprintf(label, sizeof(label), "sst redact id %08u",
			(unsigned)day);
		p->days[slot].day = day;
		p->days[slot].key =
			sst_digest_derive(p->secret, label, p->name_space);
	}
	return &p->days[slot].key;
}

bool
sst_pseudonym_of_id(char to[SST_UUID_LEN], struct sst_pseudonyms *pseudonyms,
	struct sst_span id, uint32_t day)
{
	const struct sst_digest *key = key_of_day(pseudonyms, day);
	struct sst_digest digest;
	uint8_t raw[16];

	if (sst_uuid_read(id, raw)) {
		if (raw[6] == REKEYED)
			return false;
		digest = sst_siphash13(
			key, sst_span((const char *)raw, sizeof(raw)));
	} else {
		/* With its length before it, no text is like 16 bytes. */
		digest = sst_siphash_parts(key, &id, 1);
	}
	sst_uuid_write(to, &digest, REKEYED);
	return true;
}

void
sst_pseudonym_put_id(struct sst_buf *to, struct sst_pseudonyms *pseudonyms,
	struct sst_span id, uint32_t day)
{
	if (!sst_buf_room(to, SST_UUID_LEN))
		return;
	if (sst_pseudonym_of_id(to->at + to->len, pseudonyms, id, day))
		to->len += SST_UUID_LEN;
	else
		sst_buf_put_span(to, id);
}
