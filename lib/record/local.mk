# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/apache.c \
	%D%/caddy.c \
	%D%/columns.c %D%/columns.h \
	%D%/conv.c %D%/conv.h \
	%D%/dialect.c %D%/dialect.h \
	%D%/envoy.c \
	%D%/escape.c %D%/escape.h \
	%D%/fields.c \
	%D%/format.c %D%/format.h \
	%D%/frame.c %D%/frame.h \
	%D%/frame_json.c \
	%D%/gate.c %D%/gate.h \
	%D%/gunicorn.c \
	%D%/haproxy.c \
	%D%/format_layout.c %D%/format_parts.h \
	%D%/json.c \
	%D%/layout.c %D%/layout.h \
	%D%/logfmt.c \
	%D%/members.c %D%/members.h \
	%D%/members_parts.h %D%/members_take.c \
	%D%/nginx.c \
	%D%/pieces.c %D%/pieces.h \
	%D%/record.c %D%/record.h \
	%D%/repair.c \
	%D%/shape.c %D%/shape.h \
	%D%/w3c.c
