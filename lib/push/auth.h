/* SPDX-License-Identifier: ISC */
/*
 * auth -- credentials of a request as header values.
 */
#ifndef SST_PUSH_AUTH_H
#define SST_PUSH_AUTH_H

#include "base/buf.h"

/* "Basic dXNlcjpwYXNz" (RFC 7617), "Bearer TOKEN" (RFC 6750). */
void sst_auth_put_basic(
	struct sst_buf *to, struct sst_span user, struct sst_span password);
void sst_auth_put_bearer(struct sst_buf *to, struct sst_span token);

/* Base64 with padding (RFC 4648 section 4). */
void sst_base64_put(struct sst_buf *to, struct sst_span bytes);

/* Append what base64 or hex text stands for, padding or not; false: it is none,
 * and some of it may be there. */
bool sst_base64_get(struct sst_buf *to, struct sst_span text);
bool sst_hex_get(struct sst_buf *to, struct sst_span text);

#endif
