# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/apache.c \
	%D%/conv.c %D%/conv.h \
	%D%/escape.c %D%/escape.h \
	%D%/format.c %D%/format.h \
	%D%/layout.c %D%/layout.h \
	%D%/nginx.c \
	%D%/record.c %D%/record.h
