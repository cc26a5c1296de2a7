# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/bind.c \
	%D%/event.c %D%/event.h \
	%D%/field.c %D%/field.h \
	%D%/from_record.c %D%/from_record.h \
	%D%/values.c %D%/values.h
