# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/bot.c %D%/bot.h \
	%D%/channel.c %D%/channel.h \
	%D%/geo.c %D%/geo.h \
	%D%/geo_guard.c %D%/geo_guard.h \
	%D%/memo.c %D%/memo.h \
	%D%/referrer.c %D%/referrer.h \
	%D%/referrer_list.c %D%/referrer_list.h \
	%D%/rule.c %D%/rule.h %D%/rule_plan.h \
	%D%/rule_read.c %D%/rule_sample.c \
	%D%/sample.c %D%/sample.h \
	%D%/words.c %D%/words.h
