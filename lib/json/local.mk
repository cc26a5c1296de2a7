# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/read.c %D%/read.h \
	%D%/sample.c %D%/sample.h \
	%D%/write.c %D%/write.h
