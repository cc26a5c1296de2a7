# SPDX-License-Identifier: ISC
# make bench: not part of make check, since a busy machine must not fail it.

bench_peers = tests/bench/bench_gen tests/bench/bench_run \
	tests/bench/bench_yajl
EXTRA_PROGRAMS = $(bench_peers)
CLEANFILES += $(bench_peers)
tests_bench_bench_gen_SOURCES = %D%/bench_gen.c
tests_bench_bench_run_SOURCES = %D%/bench_run.c
tests_bench_bench_yajl_SOURCES = %D%/bench_yajl.c
tests_bench_bench_yajl_LDADD = $(YAJL_LIBS)
EXTRA_DIST += %D%/run %D%/report.awk %D%/eight_keys.awk

.PHONY: bench
bench: all $(bench_peers)
	@$(SST_ENVIRONMENT) $(SHELL) '$(srcdir)/tests/bench/run'
