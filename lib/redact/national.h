/* SPDX-License-Identifier: ISC */
/*
 * national -- the check digits of numbers that states and makers give out.
 *
 * Each check takes the characters of one number without the separators between
 * its groups, as many as its shape in redact/detect_national.c has, and says
 * whether they can be one. Letters are upper case.
 *
 * Sources: the issuers' published rules. Germany, steuerliche
 * Identifikationsnummer: ISO 7064 mod 11,10; France, NIR: 97 - n mod 97, 2A and
 * 2B are 19 and 18; Spain, DNI and NIE: n mod 23; Italy, codice fiscale: DM
 * 23/12/1976; UK, NHS number: modulo 11; NINO: prefixes of HMRC's NIM39110;
 * Belgium: 97 - n mod 97, with a 2 before it for who was born after 1999;
 * Netherlands, BSN: 11-test; Poland, PESEL; Sweden: Luhn; Norway: two times
 * modulo 11; Finland: n mod 31; Portugal, NIF: modulo 11; Switzerland, AHV:
 * EAN-13 with 756; Brazil, CPF: two times modulo 11; India, Aadhaar: Verhoeff,
 * PAN: P is a person; Canada, SIN: Luhn; Australia, TFN: modulo 11; vehicles:
 * ISO 3779 with 49 CFR 565; devices: 3GPP TS 23.003, Luhn.
 */
#ifndef SST_REDACT_NATIONAL_H
#define SST_REDACT_NATIONAL_H

#include <stdbool.h>

bool sst_valid_de_tax(const char *id);      /* 11 digits */
bool sst_valid_de_tax_old(const char *id);  /* of before 2016: rarer */
bool sst_valid_fr_nir(const char *id);      /* 15, the 7th may be A or B */
bool sst_valid_es_dni(const char *id);      /* 8 digits, a letter */
bool sst_valid_es_nie(const char *id);      /* X, Y or Z, 7 digits, a letter */
bool sst_valid_it_cf(const char *id);       /* 16 */
bool sst_valid_uk_nhs(const char *id);      /* 10 digits */
bool sst_valid_uk_nino(const char *id);     /* 2 letters, 6 digits, a letter */
bool sst_valid_be_rrn(const char *id);      /* 11 digits */
bool sst_valid_nl_bsn(const char *id);      /* 9 digits */
bool sst_valid_pl_pesel(const char *id);    /* 11 digits */
bool sst_valid_se_number(const char *id);   /* 10 digits */
bool sst_valid_dk_cpr(const char *id);      /* 10 digits */
bool sst_valid_no_number(const char *id);   /* 11 digits */
bool sst_valid_fi_hetu(const char *id);     /* 6 digits, a mark, 3, a mark */
bool sst_valid_pt_nif(const char *id);      /* 9 digits */
bool sst_valid_ch_ahv(const char *id);      /* 13 digits */
bool sst_valid_br_cpf(const char *id);      /* 11 digits */
bool sst_valid_in_aadhaar(const char *id);  /* 12 digits */
bool sst_valid_in_pan(const char *id);      /* 5 letters, 4 digits, a letter */
bool sst_valid_ca_sin(const char *id);      /* 9 digits */
bool sst_valid_au_tfn(const char *id);      /* 9 digits */
bool sst_valid_us_passport(const char *id); /* a letter or digit, 8 digits */
bool sst_valid_vin(const char *id);         /* 17 */
bool sst_valid_imei(const char *id);        /* 15 digits */

#endif
