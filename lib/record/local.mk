# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/apache.c \
	%D%/caddy.c \
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
	%D%/layout.c %D%/layout.h \
	%D%/nginx.c \
	%D%/record.c %D%/record.h
