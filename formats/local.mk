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
	%D%/logs/aws_alb.json \
	%D%/logs/aws_apigateway.json \
	%D%/logs/aws_cloudfront.json \
	%D%/logs/aws_cloudfront_rtmp.json \
	%D%/logs/aws_elb.json \
	%D%/logs/aws_nlb.json \
	%D%/logs/aws_s3.json \
	%D%/logs/azure_appgateway.json \
	%D%/logs/azure_appservice.json \
	%D%/logs/azure_frontdoor.json \
	%D%/logs/bunkerweb.json \
	%D%/logs/caddy_json.json \
	%D%/logs/cloudflare_logpush.json \
	%D%/logs/combined.json \
	%D%/logs/common.json \
	%D%/logs/envoy.json \
	%D%/logs/envoy_json.json \
	%D%/logs/fastly_clf.json \
	%D%/logs/fastly_json.json \
	%D%/logs/gandi.json \
	%D%/logs/gcp_lb.json \
	%D%/logs/haproxy.json \
	%D%/logs/harbor.json \
	%D%/logs/heroku.json \
	%D%/logs/icecast2.json \
	%D%/logs/iis_w3c.json \
	%D%/logs/istio_json.json \
	%D%/logs/json.json \
	%D%/logs/kong.json \
	%D%/logs/lighttpd.json \
	%D%/logs/litespeed.json \
	%D%/logs/logfmt.json \
	%D%/logs/lograge.json \
	%D%/logs/morgan.json \
	%D%/logs/netlify.json \
	%D%/logs/nginx_ingress.json \
	%D%/logs/nginx_json.json \
	%D%/logs/nginx_main.json \
	%D%/logs/nginx_proxy.json \
	%D%/logs/nginx_proxy_manager.json \
	%D%/logs/npmplus.json \
	%D%/logs/puma.json \
	%D%/logs/python.json \
	%D%/logs/render.json \
	%D%/logs/squid.json \
	%D%/logs/tomcat.json \
	%D%/logs/traefik_clf.json \
	%D%/logs/traefik_json.json \
	%D%/logs/uvicorn.json \
	%D%/logs/uwsgi.json \
	%D%/logs/vercel.json \
	%D%/logs/w3c.json \
	%D%/logs/zoraxy.json

rulesdir = $(formatsdir)/rules
dist_rules_DATA = \
	%D%/rules/default.json

apisdir = $(formatsdir)/apis
dist_apis_DATA = \
	%D%/apis/amplitude.json \
	%D%/apis/clickhouse.json \
	%D%/apis/datadog.json \
	%D%/apis/elasticsearch.json \
	%D%/apis/events.json \
	%D%/apis/ga4.json \
	%D%/apis/loki.json \
	%D%/apis/matomo.json \
	%D%/apis/mixpanel.json \
	%D%/apis/otlp.json \
	%D%/apis/plausible.json \
	%D%/apis/posthog.json \
	%D%/apis/rudderstack.json \
	%D%/apis/segment.json \
	%D%/apis/simpleanalytics.json \
	%D%/apis/splunk.json \
	%D%/apis/umami.json \
	%D%/apis/victorialogs.json \
	%D%/apis/webhook.json
