# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/bind.c \
	%D%/event.c %D%/event.h \
	%D%/field.c %D%/field.h \
	%D%/from_record.c %D%/from_record.h \
	%D%/ident.c %D%/ident.h \
	%D%/recognize.c %D%/recognize.h \
	%D%/values.c %D%/values.h
