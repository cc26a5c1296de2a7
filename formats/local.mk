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
	%D%/logs/akamai_ds2.json \
	%D%/logs/apache_json.json \
	%D%/logs/aws_cloudfront.json \
	%D%/logs/aws_cloudfront_rtmp.json \
	%D%/logs/azure_appgateway.json \
	%D%/logs/azure_appservice.json \
	%D%/logs/azure_frontdoor.json \
	%D%/logs/caddy_json.json \
	%D%/logs/cloudflare_logpush.json \
	%D%/logs/combined.json \
	%D%/logs/common.json \
	%D%/logs/envoy_json.json \
	%D%/logs/fastly_json.json \
	%D%/logs/gcp_lb.json \
	%D%/logs/heroku.json \
	%D%/logs/iis_w3c.json \
	%D%/logs/istio_json.json \
	%D%/logs/json.json \
	%D%/logs/logfmt.json \
	%D%/logs/lograge.json \
	%D%/logs/netlify.json \
	%D%/logs/nginx_json.json \
	%D%/logs/nginx_main.json \
	%D%/logs/render.json \
	%D%/logs/traefik_json.json \
	%D%/logs/vercel.json \
	%D%/logs/w3c.json

rulesdir = $(formatsdir)/rules
dist_rules_DATA = \
	%D%/rules/default.json

apisdir = $(formatsdir)/apis
dist_apis_DATA = \
	%D%/apis/events.json \
	%D%/apis/webhook.json
