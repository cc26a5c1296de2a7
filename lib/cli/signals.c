/* SPDX-License-Identifier: ISC */
/*
 * Handlers only note what came. They are installed without SA_RESTART, so that
 * a signal ends a blocking read, write or poll with EINTR. One that comes just
 * before such a call would be seen only after it: so each handler also starts
 * an alarm, which interrupts again a second later, until the note was read.
 */
#include "cli/frame.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t stops, report, reopen;
static volatile sig_atomic_t stops_seen;
static bool hangup_stops;

static void
note(int number)
{
	if (number == SIGTERM || number == SIGINT ||
		(number == SIGHUP && hangup_stops)) {
		if (stops < 2)
			stops++;
	} else if (number == SIGHUP) {
		reopen = 1;
	} else if (number == SIGUSR1) {
		report = 1;
	}
	if (stops != stops_seen || stops > 0 || report || reopen)
		(void)alarm(1);
}

void
sst_signals_install(void)
{
	static const int noted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1,
		SIGALRM };
	struct sigaction action = { .sa_handler = note };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

	hangup_stops = terminal != -1;
	if (terminal != -1)
		(void)close(terminal);
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(noted) / sizeof(noted[0]); i++) {
		/* nohup, and a shell's background jobs, say so this way. */
		if (noted[i] != SIGALRM &&
			sigaction(noted[i], NULL, &old) == 0 &&
			old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(noted[i], &action, NULL);
	}
	/* Errors of write(2) tell the same, where they can be handled. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigaction(SIGXFSZ, &ignore, NULL);
}

struct sst_asked
sst_signals_asked(void)
{
	struct sst_asked asked = { .stops = (int)stops };

	stops_seen = stops;
	asked.report = report != 0;
	report = 0;
	asked.reopen = reopen != 0;
	reopen = 0;
	return asked;
}

int
sst_signals_stops(void)
{
	return (int)stops;
}
