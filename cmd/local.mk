# SPDX-License-Identifier: ISC
# One program per tool; only sst-push links the network and SQLite.
bin_PROGRAMS += cmd/sst-parse
cmd_sst_parse_SOURCES = %D%/sst-parse.c
cmd_sst_parse_LDADD = $(BASE_LIBS) $(MAXMINDDB_LIBS) $(YAML_LIBS)
bin_PROGRAMS += cmd/sst-redact
cmd_sst_redact_SOURCES = %D%/sst-redact.c
cmd_sst_redact_LDADD = $(BASE_LIBS) $(PSL_LIBS) $(CRYPTO_LIBS)
bin_PROGRAMS += cmd/sst-session
cmd_sst_session_SOURCES = %D%/sst-session.c
cmd_sst_session_LDADD = $(BASE_LIBS)
bin_PROGRAMS += cmd/sst-push
cmd_sst_push_SOURCES = %D%/sst-push.c
cmd_sst_push_LDADD = $(BASE_LIBS) $(CURL_LIBS) $(SQLITE_LIBS)
