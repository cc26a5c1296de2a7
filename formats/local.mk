# SPDX-License-Identifier: ISC
EXTRA_DIST += %D%/README

reportsdir = $(formatsdir)/reports
dist_reports_DATA = \
	%D%/reports/hours.sql \
	%D%/reports/overview.sql \
	%D%/reports/top.sql

policiesdir = $(formatsdir)/policies
dist_policies_DATA = \
	%D%/policies/none.json \
	%D%/policies/strict.json
