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
	%D%/apis/clickhouse.json \
	%D%/apis/elasticsearch.json \
	%D%/apis/events.json \
	%D%/apis/ga4.json \
	%D%/apis/matomo.json \
	%D%/apis/mixpanel.json \
	%D%/apis/otlp.json \
	%D%/apis/plausible.json \
	%D%/apis/posthog.json \
	%D%/apis/segment.json \
	%D%/apis/splunk.json \
	%D%/apis/umami.json \
	%D%/apis/webhook.json
