/* SPDX-License-Identifier: ISC */
#include "redact/cryptopan.h"

#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#define BLOCK 16

struct sst_cryptopan {
	EVP_CIPHER_CTX *aes;
	uint8_t pad[BLOCK];
};

static bool
encrypt(struct sst_cryptopan *pan, const uint8_t in[BLOCK], uint8_t out[BLOCK])
{
	int n = 0;

	return EVP_EncryptUpdate(pan->aes, out, &n, in, BLOCK) == 1 &&
	       n == BLOCK;
}

enum sst_status
sst_cryptopan_open(
	struct sst_cryptopan **out, const uint8_t key[32], struct sst_err *err)
{
	struct sst_cryptopan *pan = calloc(1, sizeof(*pan));

	*out = NULL;
	if (pan == NULL)
		return sst_fail_memory(err, "the crypto-pan key");
	pan->aes = EVP_CIPHER_CTX_new();
	if (pan->aes == NULL ||
		EVP_EncryptInit_ex(
			pan->aes, EVP_aes_128_ecb(), NULL, key, NULL) != 1 ||
		EVP_CIPHER_CTX_set_padding(pan->aes, 0) != 1 ||
		!encrypt(pan, key + BLOCK, pan->pad)) {
		sst_cryptopan_close(pan);
		return sst_fail(err, SST_EIO, "libcrypto has no AES-128");
	}
	*out = pan;
	return SST_OK;
}

void
sst_cryptopan_close(struct sst_cryptopan *pan)
{
	if (pan == NULL)
		return;
	EVP_CIPHER_CTX_free(pan->aes);
	sst_wipe(pan, sizeof(*pan));
	free(pan);
}

bool
sst_cryptopan_map(struct sst_cryptopan *pan, struct sst_ip *ip)
{
	uint8_t block[BLOCK], cipher[BLOCK], flips[BLOCK] = { 0 };

	memcpy(block, pan->pad, BLOCK);
	for (unsigned bit = 0; bit < 8U * ip->len; bit++) {
		unsigned byte = bit / 8;
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		/* The first `bit` bits of the address, then the pad. */
		if (!encrypt(pan, block, cipher))
			return false;
		if (cipher[0] & 0x80)
			flips[byte] |= mask;
		block[byte] = (uint8_t)((block[byte] & ~mask) |
					(ip->at[byte] & mask));
	}
	for (unsigned i = 0; i < ip->len; i++)
		ip->at[i] ^= flips[i];
	return true;
}
