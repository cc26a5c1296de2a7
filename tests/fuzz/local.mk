# SPDX-License-Identifier: ISC
# Targets with an oracle. Without a fuzzer make check replays their corpora, and
# variants of them, for two seconds each; after configure CC=clang
# --enable-fuzzing, make fuzz runs each for FUZZ_SECONDS, and keeps inputs that
# reach further in tests/fuzz/found/ of the build.
FUZZ_TARGETS = \
	%D%/fuzz_inflate %D%/fuzz_line %D%/fuzz_scan %D%/fuzz_shape \
	%D%/fuzz_stamp %D%/fuzz_url %D%/fuzz_utf8
FUZZ_SECONDS = 60

if FUZZING
noinst_PROGRAMS += $(FUZZ_TARGETS)
FUZZ_MAIN =
else
check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)
FUZZ_MAIN = %D%/replay.c
endif

# With a fuzzer main() comes from -fsanitize=fuzzer.
%C%_fuzz_inflate_SOURCES = %D%/fuzz_inflate.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_inflate_LDADD = $(BASE_LIBS)
%C%_fuzz_inflate_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_line_SOURCES = %D%/fuzz_line.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_line_LDADD = $(BASE_LIBS)
%C%_fuzz_line_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_scan_SOURCES = %D%/fuzz_scan.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_scan_LDADD = $(BASE_LIBS)
%C%_fuzz_scan_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_shape_SOURCES = %D%/fuzz_shape.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_shape_LDADD = $(BASE_LIBS)
%C%_fuzz_shape_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_stamp_SOURCES = %D%/fuzz_stamp.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_stamp_LDADD = $(BASE_LIBS)
%C%_fuzz_stamp_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_url_SOURCES = %D%/fuzz_url.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_url_LDADD = $(BASE_LIBS)
%C%_fuzz_url_LDFLAGS = $(FUZZ_LDFLAGS)
%C%_fuzz_utf8_SOURCES = %D%/fuzz_utf8.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_utf8_LDADD = $(BASE_LIBS)
%C%_fuzz_utf8_LDFLAGS = $(FUZZ_LDFLAGS)

EXTRA_DIST += %D%/corpus %D%/replay.c
CLEANFILES += %D%/fuzz_*.failed %D%/fuzz_*.crash-*

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS)
	@for target in $(FUZZ_TARGETS); do \
		name=$${target##*/fuzz_}; \
		found=%D%/found/$$name; \
		mkdir -p $$found; \
		echo "$$target: $(FUZZ_SECONDS) s"; \
		./$$target -max_total_time=$(FUZZ_SECONDS) -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$$target. \
			$$found $(srcdir)/%D%/corpus/$$name || exit 1; \
	done
