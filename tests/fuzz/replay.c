/* SPDX-License-Identifier: ISC */
/*
 * replay -- main() of a target where there is no fuzzer.
 *
 * Runs the target over each file of its corpus, then, for some two seconds in
 * all, over heads of these files and over variants with a few bytes changed.
 * The seed is fixed, so that a failure comes again. The input that failed is
 * left in fuzz_X.failed, and can be named as an argument.
 *
 * Without arguments the corpus is $SRC/tests/fuzz/corpus/X, X being the
 * target's name behind "fuzz_". No file at all is a failure.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)1024 * 1024)
#define FILES_MAX ((size_t)4096)
#define HEADS ((size_t)512)

/* As long as make check may take for one target, and of it for heads. */
#define ALL_MS 2000
#define HEADS_MS 1000

struct input {
	uint8_t *at;
	size_t len;
};

struct corpus {
	struct input files[FILES_MAX];
	size_t n;
};

/* What the target is looking at, for a handler that may do very little. */
static struct input current;
static char failed_name[256];

/* Make a finding of the sanitizers an abort too, so that it is caught here. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "abort_on_error=1:handle_abort=0";
}

static void
keep_input(int number)
{
	int fd = open(failed_name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd != -1 && write(fd, current.at, current.len) >= 0) {
		(void)!write(STDERR_FILENO, "the input is in ", 16);
		(void)!write(STDERR_FILENO, failed_name, strlen(failed_name));
		(void)!write(STDERR_FILENO, "\n", 1);
	}
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void
die(const char *what, const char *path)
{
	(void)fprintf(stderr, "replay: cannot %s '%s': %s\n", what, path,
		strerror(errno));
	exit(1);
}

/* From a copy of exactly its size: one byte further is seen. */
static void
run(const uint8_t *at, size_t len)
{
	current.len = len;
	current.at = malloc(len == 0 ? 1 : len);
	if (current.at == NULL)
		die("copy", "input");
	if (len != 0)
		memcpy(current.at, at, len);
	(void)LLVMFuzzerTestOneInput(current.at, len);
	free(current.at);
	current.len = 0;
}

static void
add_file(struct corpus *corpus, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *at = malloc(INPUT_MAX);

	if (file == NULL || at == NULL || corpus->n == FILES_MAX)
		die("open", path);
	corpus->files[corpus->n].at = at;
	corpus->files[corpus->n].len = fread(at, 1, INPUT_MAX, file);
	if (ferror(file) || fclose(file) != 0)
		die("read", path);
	corpus->n++;
}

static int
not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A file, or all files of a folder in the order of their names. */
static void
add(struct corpus *corpus, const char *path)
{
	struct dirent **names;
	struct stat st;
	int n;

	if (stat(path, &st) == -1)
		die("find", path);
	if (!S_ISDIR(st.st_mode)) {
		add_file(corpus, path);
		return;
	}
	n = scandir(path, &names, not_hidden, alphasort);
	if (n == -1)
		die("list", path);
	for (int i = 0; i < n; i++) {
		struct sst_buf name;

		sst_buf_init(&name, 4096);
		sst_buf_printf(&name, "%s/%s", path, names[i]->d_name);
		if (name.is_short)
			die("name", path);
		add_file(corpus, name.at);
		sst_buf_release(&name);
		free(names[i]);
	}
	free(names);
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Change, take out, double or insert a byte, or join the tail of another. */
static size_t
mutate(struct input *to, const struct corpus *corpus, uint64_t *seed)
{
	static const uint8_t telling[] = { 0, 0xff, '"', '\\', '\n', '{', '[',
		'%', '0', '9', ' ', '-', 0x80, 0xed, 0x7f, ':' };
	size_t at = to->len == 0 ? 0 : next_random(seed) % to->len;
	const struct input *other;
	size_t n;

	switch (next_random(seed) % 5) {
	case 0:
		if (to->len != 0)
			to->at[at] ^= (uint8_t)(1 << next_random(seed) % 8);
		break;
	case 1:
		if (to->len != 0)
			to->at[at] =
				telling[next_random(seed) % sizeof(telling)];
		break;
	case 2:
		if (to->len != 0)
			memmove(to->at + at, to->at + at + 1, --to->len - at);
		break;
	case 3:
		if (to->len < INPUT_MAX) {
			memmove(to->at + at + 1, to->at + at, to->len++ - at);
			to->at[at] =
				telling[next_random(seed) % sizeof(telling)];
		}
		break;
	default:
		other = &corpus->files[next_random(seed) % corpus->n];
		n = other->len == 0 ? 0 : next_random(seed) % other->len;
		if (at + n <= INPUT_MAX) {
			memcpy(to->at + at, other->at + other->len - n, n);
			to->len = at + n;
		}
	}
	return to->len;
}

static bool
is_over(const struct timespec *start, long limit_ms)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 +
		       (now.tv_nsec - start->tv_nsec) / 1000000 >=
	       limit_ms;
}

/* All heads of a short file, and as many of a long one, evenly; a head of each
 * file in turn, so that a slow one leaves time for the others. */
static size_t
run_heads(const struct corpus *corpus, const struct timespec *start)
{
	size_t runs = 0;

	for (size_t k = 0; k < HEADS; k++)
		for (size_t i = 0; i < corpus->n; i++) {
			const struct input *file = &corpus->files[i];
			size_t n = k * (file->len / HEADS + 1);

			if (n >= file->len)
				continue;
			if (is_over(start, HEADS_MS))
				return runs;
			run(file->at, n);
			runs++;
		}
	return runs;
}

static size_t
run_variants(const struct corpus *corpus, const struct timespec *start)
{
	struct input variant = { malloc(INPUT_MAX), 0 };
	uint64_t seed = 0x9e3779b97f4a7c15; /* any but 0 */
	size_t runs = 0;

	if (variant.at == NULL)
		die("copy", "input");
	for (; !is_over(start, ALL_MS); runs++) {
		const struct input *file = &corpus->files[runs % corpus->n];

		memcpy(variant.at, file->at, file->len);
		variant.len = file->len;
		for (size_t n = next_random(&seed) % 4; n > 0; n--)
			mutate(&variant, corpus, &seed);
		run(variant.at, mutate(&variant, corpus, &seed));
	}
	free(variant.at);
	return runs;
}

static void
add_default(struct corpus *corpus, const char *name)
{
	const char *src = getenv("SRC");
	struct sst_buf path;

	sst_buf_init(&path, 4096);
	sst_buf_printf(&path, "%s/tests/fuzz/corpus/%s",
		src != NULL ? src : ".", name);
	if (path.is_short)
		die("name", name);
	add(corpus, path.at);
	sst_buf_release(&path);
}

int
main(int argc, char **argv)
{
	static struct corpus corpus;
	const char *name = strstr(argv[0], "fuzz_");
	struct timespec start;
	size_t heads, variants;

	/* The last one: the folder is called fuzz. */
	while (name != NULL && strstr(name + 1, "fuzz_") != NULL)
		name = strstr(name + 1, "fuzz_");
	if (name == NULL) {
		(void)fprintf(stderr, "replay: I am no fuzz_X\n");
		return 1;
	}
	(void)snprintf(failed_name, sizeof(failed_name), "%s.failed", argv[0]);
	(void)signal(SIGABRT, keep_input);
	for (int i = 1; i < argc; i++)
		add(&corpus, argv[i]);
	if (argc == 1)
		add_default(&corpus, name + strlen("fuzz_"));
	if (corpus.n == 0) {
		(void)fprintf(stderr, "replay: no inputs\n");
		return 1;
	}
	for (size_t i = 0; i < corpus.n; i++)
		run(corpus.files[i].at, corpus.files[i].len);
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	heads = run_heads(&corpus, &start);
	variants = run_variants(&corpus, &start);
	(void)printf("%s: %zu files, %zu heads, %zu variants\n", name, corpus.n,
		heads, variants);
	for (size_t i = 0; i < corpus.n; i++)
		free(corpus.files[i].at);
	return 0;
}
