# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/clock.c %D%/clock.h \
	%D%/hit.c %D%/hit.h \
	%D%/inside.h \
	%D%/rotate.c %D%/rotate.h \
	%D%/rules.c %D%/rules.h \
	%D%/session.c %D%/session.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/summary.c %D%/summary.h \
	%D%/table.c %D%/table.h \
	%D%/visit.c %D%/visit.h \
	%D%/visitor.c %D%/visitor.h
