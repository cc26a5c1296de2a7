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

formatdatadir = $(formatsdir)
dist_formatdata_DATA = \
	%D%/agents.json \
	%D%/beacon.js \
	%D%/bots.json \
	%D%/referrers.json

logsdir = $(formatsdir)/logs
dist_logs_DATA = \
	%D%/logs/combined.json \
	%D%/logs/common.json \
	%D%/logs/nginx_main.json

rulesdir = $(formatsdir)/rules
dist_rules_DATA = \
	%D%/rules/default.json

apisdir = $(formatsdir)/apis
dist_apis_DATA = \
	%D%/apis/events.json \
	%D%/apis/webhook.json
