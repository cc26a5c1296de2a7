# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/common.c \
	%D%/control.c \
	%D%/data.c \
	%D%/follow.c \
	%D%/frame.h \
	%D%/help.c \
	%D%/loop.h \
	%D%/opt.c %D%/opt.h \
	%D%/output.c \
	%D%/parallel.c \
	%D%/place.c \
	%D%/run.c \
	%D%/say.c %D%/say.h \
	%D%/secret.c \
	%D%/signals.c \
	%D%/stats.c %D%/stats.h \
	%D%/tool.c %D%/tool.h \
	%D%/value.c
