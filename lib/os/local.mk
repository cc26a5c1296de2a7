# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/crew.c %D%/crew.h \
	%D%/fds.c %D%/fds.h \
	%D%/file_id.c %D%/file_id.h \
	%D%/memfd.c %D%/memfd.h \
	%D%/pipe.c %D%/pipe.h \
	%D%/process.c %D%/process.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_crew
TESTS += tests/unit/test_crew
tests_unit_test_crew_SOURCES = tests/unit/test_crew.c
tests_unit_test_crew_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_os
TESTS += tests/unit/test_os
tests_unit_test_os_SOURCES = tests/unit/test_os.c
tests_unit_test_os_LDADD = $(UNIT_LIBS)
endif
