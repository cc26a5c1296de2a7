# SPDX-License-Identifier: ISC
dist_man_MANS = \
	%D%/sst-api.5 \
	%D%/sst-event.5 \
	%D%/sst-format.5 \
	%D%/sst-parse.1 \
	%D%/sst-policy.5 \
	%D%/sst-push.1 \
	%D%/sst-redact.1 \
	%D%/sst-rules.5 \
	%D%/sst-session.1 \
	%D%/sst.7
