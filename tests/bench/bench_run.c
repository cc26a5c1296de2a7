/* SPDX-License-Identifier: ISC */
/*
 * bench_run -- run a command and write down what it took.
 *
 *	bench_run RESULT COMMAND [ARGUMENT...]
 *
 * One line is added to the file RESULT: seconds, seconds of CPU (user and
 * system), peak of resident memory in KiB. Exits as the command does.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
write_down(const char *path, double wall)
{
	struct rusage used;
	FILE *file = fopen(path, "a");

	if (file == NULL)
		return false;
	getrusage(RUSAGE_CHILDREN, &used);
	fprintf(file, "%.4f %.4f %ld\n", wall,
		seconds(used.ru_utime) + seconds(used.ru_stime),
		used.ru_maxrss);
	return fclose(file) == 0;
}

int
main(int argc, char **argv)
{
	double start = now();
	int status = 0;
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: bench_run RESULT COMMAND...\n");
		return 2;
	}
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child == -1 || waitpid(child, &status, 0) == -1) {
		perror("bench_run");
		return 1;
	}
	if (!write_down(argv[1], now() - start)) {
		perror(argv[1]);
		return 1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
