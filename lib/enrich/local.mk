# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/agent.c %D%/agent.h \
	%D%/agent_list.c %D%/agent_list.h \
	%D%/agent_own.c %D%/agent_own.h \
	%D%/bot.c %D%/bot.h \
	%D%/channel.c %D%/channel.h \
	%D%/enricher.c %D%/enricher.h \
	%D%/geo.c %D%/geo.h \
	%D%/geo_copy.c %D%/geo_copy.h \
	%D%/geo_guard.c %D%/geo_guard.h \
	%D%/literal.c %D%/literal.h \
	%D%/params.c %D%/params.h \
	%D%/referrer.c %D%/referrer.h \
	%D%/referrer_event.c \
	%D%/referrer_host.c \
	%D%/referrer_list.c %D%/referrer_list.h \
	%D%/referrer_sample.c \
	%D%/rule.c %D%/rule.h %D%/rule_plan.h \
	%D%/rule_action.c %D%/rule_beacon.c %D%/rule_condition.c \
	%D%/rule_index.c %D%/rule_keys.c %D%/rule_pattern.c \
	%D%/rule_props.c %D%/rule_read.c %D%/rule_reading.h \
	%D%/rule_test.c %D%/rule_words.c \
	%D%/rule_sample.c \
	%D%/sample.c %D%/sample.h \
	%D%/uap.c %D%/uap.h \
	%D%/words.c %D%/words.h \
	%D%/yaml.h

if HAVE_YAML
lib_libsst_a_SOURCES += %D%/yaml.c
else
lib_libsst_a_SOURCES += %D%/yaml_none.c
endif

if HAVE_CMOCKA
ENRICH_TESTS = tests/unit/test_agent tests/unit/test_bot tests/unit/test_channel \
	tests/unit/test_geo tests/unit/test_literal tests/unit/test_params \
	tests/unit/test_referrer tests/unit/test_rule \
	tests/unit/test_rule_action \
	tests/unit/test_uap tests/unit/test_words
check_PROGRAMS += $(ENRICH_TESTS)
TESTS += $(ENRICH_TESTS)
tests_unit_test_agent_SOURCES = tests/unit/test_agent.c tests/unit/place.c tests/unit/place.h
tests_unit_test_agent_LDADD = $(UNIT_LIBS) $(YAML_LIBS)
tests_unit_test_bot_SOURCES = tests/unit/test_bot.c tests/unit/place.c tests/unit/place.h
tests_unit_test_bot_LDADD = $(UNIT_LIBS)
tests_unit_test_channel_SOURCES = tests/unit/test_channel.c
tests_unit_test_channel_LDADD = $(UNIT_LIBS)
tests_unit_test_geo_SOURCES = tests/unit/test_geo.c tests/unit/place.c tests/unit/place.h
tests_unit_test_geo_LDADD = $(UNIT_LIBS) $(MAXMINDDB_LIBS)
tests_unit_test_literal_SOURCES = tests/unit/test_literal.c
tests_unit_test_literal_LDADD = $(UNIT_LIBS)
tests_unit_test_params_SOURCES = tests/unit/test_params.c
tests_unit_test_params_LDADD = $(UNIT_LIBS)
tests_unit_test_referrer_SOURCES = tests/unit/test_referrer.c tests/unit/place.c tests/unit/place.h
tests_unit_test_referrer_LDADD = $(UNIT_LIBS)
tests_unit_test_rule_SOURCES = tests/unit/test_rule.c tests/unit/rule_kit.h tests/unit/place.c tests/unit/place.h
tests_unit_test_rule_LDADD = $(UNIT_LIBS)
tests_unit_test_rule_action_SOURCES = tests/unit/test_rule_action.c tests/unit/rule_kit.h tests/unit/place.c tests/unit/place.h
tests_unit_test_rule_action_LDADD = $(UNIT_LIBS) -lm
tests_unit_test_uap_SOURCES = tests/unit/test_uap.c
tests_unit_test_uap_LDADD = $(UNIT_LIBS) $(YAML_LIBS)
tests_unit_test_words_SOURCES = tests/unit/test_words.c
tests_unit_test_words_LDADD = $(UNIT_LIBS)
endif
