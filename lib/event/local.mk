# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/event.c %D%/event.h \
	%D%/field.c %D%/field.h
