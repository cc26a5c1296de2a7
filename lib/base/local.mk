# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/buf.c %D%/buf.h \
	%D%/digest.c %D%/digest.h \
	%D%/err.c %D%/err.h \
	%D%/num.c %D%/num.h \
	%D%/span.c %D%/span.h \
	%D%/unit.c %D%/unit.h \
	%D%/wide.h
