/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "report/tables/overview.h"
#include "tests/unit/samples/directory_tree.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { FILE_MAXIMUM = 1024 * 1024, KERNEL_COUNT = 4 };

/* Which layout of the four a struct has in each kernel; -1 for none. */
struct row {
    const char *name;
    int layouts[KERNEL_COUNT];
};

enum { PLAIN, LONGER, MOVED, RETYPED, LAYOUT_COUNT };

static const struct row rows[] = {
    {"<script>", {PLAIN, PLAIN, PLAIN, PLAIN}},
    {"Same", {PLAIN, -1, PLAIN, PLAIN}},
    {"__x__", {PLAIN, PLAIN, PLAIN, PLAIN}},
    {"`", {PLAIN, LONGER, -1, PLAIN}},
    {"a|b", {PLAIN, LONGER, MOVED, PLAIN}},
    {"changed", {PLAIN, LONGER, RETYPED, -1}},
    {"gone", {PLAIN, -1, -1, PLAIN}},
    {"moved", {PLAIN, MOVED, PLAIN, PLAIN}},
    {"new", {-1, PLAIN, PLAIN, -1}},
    {"same", {PLAIN, PLAIN, PLAIN, PLAIN}},
    {"{{ x }}", {PLAIN, PLAIN, PLAIN, PLAIN}},
    {"\xfe", {PLAIN, PLAIN, PLAIN, PLAIN}},
    {"\xff", {PLAIN, PLAIN, PLAIN, -1}},
};

enum { STRUCT_COUNT = sizeof(rows) / sizeof(rows[0]) };

static const char *const names[KERNEL_COUNT] = {
    "5.4.0-26-generic-amd64",
    "5.8.0-25-generic-amd64",
    "5.4.0-26-generic-arm64",
    "5.4.0+x~1-aws-amd64",
};
static char regular_name[] = "Regular";
static char arch_name[] = "Arch";
static char own_name[] = "|own|";
static size_t regular[] = {0, 1};
static size_t arch[] = {2};
static size_t own[] = {3};
static struct kernel_pair regular_pairs[] = {{0, 1}};
static struct kernel_pair arch_pairs[] = {{0, 2}};
static struct kernel_pair own_pairs[] = {{0, 3}, {0, 1}};
static struct kernel_group group_list[] = {
    {regular_name, 2, regular, 1, regular_pairs},
    {arch_name, 1, arch, 1, arch_pairs},
    {own_name, 1, own, 2, own_pairs},
};
static const struct kernel_groups groups = {3, group_list};
static struct coverage_kernel covered[] = {
    TEST_COVERED_KERNEL("5.4.0", "26", "generic", "amd64", 0),
    TEST_COVERED_KERNEL("5.8.0", "25", "generic", "amd64", 1),
    TEST_COVERED_KERNEL("5.4.0", "26", "generic", "arm64", 2),
    TEST_COVERED_KERNEL("5.4.0+x~1", "", "aws", "amd64", 3),
    {.name = "6.8.0-31-generic-amd64",
     .report_index = COVERAGE_NOT_IN_REPORT,
     .version = "6.8.0",
     .abi = "31",
     .flavor = "generic",
     .architecture = "amd64",
     .state = COVERAGE_FAILED,
     .reason = "broken",
     .package = "",
     .package_version = "",
     .url = "",
     .sha256 = "",
     .build_id = "",
     .release = "",
     .compiler = "",
     .dwarf_versions = "",
     .read_on = "",
     .passed_over = "",
     .digest = ""},
};
static const struct coverage coverage = {5, covered};

struct sample {
    char directory[64];
    struct history history;
    struct layout_member members[LAYOUT_COUNT][2];
    struct layout layouts[STRUCT_COUNT][LAYOUT_COUNT];
    const struct layout *in_kernels[STRUCT_COUNT][KERNEL_COUNT];
    struct history_definition structs[STRUCT_COUNT];
    const char *kernel_names[KERNEL_COUNT];
    struct report_result result;
    unsigned formats;
    char *text; /* of the file that was read last */
};

static void make_struct(struct sample *sample, size_t index)
{
    for (size_t i = 0; i < LAYOUT_COUNT; i++)
        sample->layouts[index][i] = (struct layout){
            .name = rows[index].name,
            .byte_size = i == LONGER ? 12 : 8,
            .member_count = i == LONGER ? 2 : 1,
            .members = sample->members[i],
        };
    for (size_t i = 0; i < KERNEL_COUNT; i++) {
        int layout = rows[index].layouts[i];
        sample->in_kernels[index][i] = layout < 0 ? NULL : &sample->layouts[index][layout];
    }
    sample->structs[index] =
        (struct history_definition){.name = rows[index].name, .layouts = sample->in_kernels[index]};
}

static int set_up(void **state)
{
    struct sample *sample = calloc(1, sizeof(*sample));

    strcpy(sample->directory, "/tmp/kstruct-report-XXXXXX");
    assert_non_null(mkdtemp(sample->directory));
    history_init(&sample->history);
    const struct type *number = int_type(&sample->history.types);
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        sample->members[i][0] = (struct layout_member){
            .name = "a", .type = number, .byte_size = 4, .bit_offset = i == MOVED ? 32 : 0};
        sample->members[i][1] =
            (struct layout_member){.name = "b", .type = number, .byte_size = 4, .bit_offset = 64};
    }
    sample->members[RETYPED][0].type = named(&sample->history.types, TYPE_TYPEDEF, "u32");
    for (size_t i = 0; i < STRUCT_COUNT; i++)
        make_struct(sample, i);
    memcpy(sample->kernel_names, names, sizeof(names));
    sample->history.kernel_count = KERNEL_COUNT;
    sample->history.kernel_names = sample->kernel_names;
    sample->history.definition_count = STRUCT_COUNT;
    sample->history.definitions = sample->structs;
    sample->formats = REPORT_MARKDOWN;
    covered[0].is_baseline = true;
    *state = sample;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *sample = *state;

    remove_tree(sample->directory);
    history_deinit(&sample->history);
    free(sample->text);
    free(sample);
    return 0;
}

static struct error *try_report(struct sample *sample)
{
    const struct report_options options = {
        .directory = sample->directory, .formats = sample->formats, .jobs = 2};
    const struct report_input input = {&sample->history, &groups, &coverage};

    return report_write(&input, &options, &sample->result);
}

/* The text of a file of the report, until the next call. */
static const char *text_of(struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_join(sample->directory, name);
    size_t length = 0;

    free(sample->text);
    sample->text = NULL;
    assert_success(file_read(path, FILE_MAXIMUM, &sample->text, &length));
    return sample->text;
}

static void assert_has(struct sample *sample, const char *name, const char *part)
{
    const char *text = text_of(sample, name);

    if (!strstr(text, part))
        fail_msg("%s has no \"%s\":\n%s", name, part, text);
}

static void assert_lacks(struct sample *sample, const char *name, const char *part)
{
    if (strstr(text_of(sample, name), part))
        fail_msg("%s has \"%s\"", name, part);
}

static void put(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *path = path_join(sample->directory, name);

    assert_success(file_replace(path, text, strlen(text)));
}

static void a_row_says_what_became_of_a_struct(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "Status/s.md", "# Status: s\n");
    assert_has(sample, "Status/s.md", "|name|5.4|5.8|arm64|5.4 aws|\n|-|:-:|:-:|:-:|:-:|\n");
    assert_has(sample, "Status/s.md",
               "|[`Same`](../Struct/s/Same.md)|✅|·|✅|✅|\n"
               "|[`same`](../Struct/s/same.md)|✅|✅|✅|✅|\n");
    assert_has(sample, "Status/c.md", "|[`changed`](../Struct/c/changed.md)|✅|❓|❓|·|\n");
    assert_has(sample, "Status/m.md", "|[`moved`](../Struct/m/moved.md)|✅|↔|✅|✅|\n");
    assert_has(sample, "Status/n.md", "|[`new`](../Struct/n/new.md)|·|➕|➕|·|\n");
    assert_has(sample, "Status/g.md", "|[`gone`](../Struct/g/gone.md)|✅|·|·|✅|\n");
}

static void a_table_says_what_its_columns_are(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "Status/s.md",
               "- **Regular**, each compared with the one before: 5.4 = `5.4.0-26-generic-amd64`; "
               "5.8 = `5.8.0-25-generic-amd64`\n");
    assert_has(sample, "Status/s.md",
               "- **Arch**, compared with `5.4.0-26-generic-amd64`: arm64 = ");
    assert_has(sample, "Status/s.md", "- **&#124;own&#124;**, ");
    assert_has(sample, "Status/s.md",
               "not read: `6.8.0-31-generic-amd64` (failed); [Coverage](../Coverage.md)");
    assert_lacks(sample, "Status/s.md", "|6.8|");
    assert_lacks(sample, "Status/s.md", "No sizes");
}

static void the_index_has_every_name(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "Status/README.md", "# Status\n");
    assert_has(sample, "Status/README.md", "[c](c.md) [g](g.md)");
    assert_has(sample, "Status/README.md",
               "## s\n\n[The table of 2 definitions](s.md)\n\n"
               "[`Same`](../Struct/s/Same.md) (3),\n[`same`](../Struct/s/same.md)\n");
    assert_has(sample, "Status/README.md", "[`__x__`](../Struct/x/__x__.md)\n");
    assert_lacks(sample, "Status/README.md", "GitHub shows");
}

static void no_name_is_taken_for_markup(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "Status/a.md",
               "|[<code>a&#124;b</code>](../Struct/a/a%257Cb.md)|✅|❓|↔|✅|\n");
    assert_has(sample, "Status/_.md", "|[<code>&#60;script&#62;</code>](../Struct/_/%253Cscript");
    assert_has(sample, "Status/_.md", "|[<code>&#96;</code>](../Struct/_/%2560.md)|");
    assert_has(sample, "Status/_.md", "|[<code>\xef\xbf\xbd</code>](../Struct/_/%25FE.md)|");
    assert_has(sample, "Status/_.md", "|[<code>&#123;&#123; x &#125;&#125;</code>](");
    assert_lacks(sample, "Status/_.md", "<script>");
    assert_lacks(sample, "Status/README.md", "{{");
    assert_lacks(sample, "Differences/5.4.0-26-generic-amd64..5.8.0-25-generic-amd64.md", "a|b");
    assert_has(sample, "Struct/x/__x__.md", "# Struct: <code>&#95;&#95;x__</code>\n");
    assert_lacks(sample, "Struct/_/%7B%7B%20x%20%7D%7D.md", "{{");
}

static void status_is_told_to_programs(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "tables/status.csv",
               "struct,5.4.0-26-generic-amd64,5.8.0-25-generic-amd64,5.4.0-26-generic-arm64,"
               "5.4.0+x~1-aws-amd64\n<script>,present,present,present,present\n");
    assert_has(sample, "tables/status.csv", "\nchanged,present,changed,changed,absent\n");
    assert_has(sample, "tables/status.csv", "\nnew,absent,added,added,absent\n");
    assert_has(sample, "tables/status.csv", "\na|b,present,changed,moved,present\n");
    assert_has(sample, "tables/status.json",
               "{\n \"format\": \"kstruct-status\",\n \"version\": 1,");
    assert_has(sample, "tables/status.json", "\n  \"changed\": \"PCC-\",\n");
    assert_has(sample, "tables/status.json", "\n  \"a|b\": \"PCMP\",\n");
    /* Two names that look alike are two entries. */
    assert_has(sample, "tables/status.json",
               "\"\xef\xbf\xbd\": \"PPPP\",\n  \"\xef\xbf\xbd\xef\xbf\xbd\": \"PPP-\"\n");
}

static void pairs_are_counted(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "tables/differences.csv",
               "group,before,after,structs_before,structs_after,added,removed,changed,field_added,"
               "field_removed,type_changed,size_changed,only_moved\n"
               "Regular,5.4.0-26-generic-amd64,5.8.0-25-generic-amd64,12,11,1,2,4,3,0,0,3,1\n"
               "Arch,5.4.0-26-generic-amd64,5.4.0-26-generic-arm64,12,11,1,2,2,0,0,1,0,1\n"
               "|own|,5.4.0-26-generic-amd64,5.4.0+x~1-aws-amd64,12,10,0,2,0,0,0,0,0,0\n");
    assert_has(sample, "Differences/README.md", "## Regular\n\nKernels, each compared with");
    assert_has(sample, "Differences/README.md",
               "| [5.4](5.4.0-26-generic-amd64..5.4.0-26-generic-arm64.md) | "
               "[arm64](5.4.0-26-generic-amd64..5.4.0-26-generic-arm64.md) | "
               "12 | 11 | 1 | 2 | 2 | 0 | 0 | 1 | 0 | 1 |\n");
    assert_has(sample, "Differences/README.md", "## &#124;own&#124;\n");
    assert_has(sample, "Differences/README.md",
               "](5.4.0-26-generic-amd64..5.4.0%2Bx~1-aws-amd64.md)");
    assert_has(sample, "tables/differences.json", "\"only_moved\": [\n       \"moved\"\n      ]");
    assert_has(sample, "tables/differences.json",
               "\"type_changed\": [\n       \"changed\"\n      ]");
    assert_has(sample, "tables/differences.json",
               "\"size_changed\": [\n       \"`\",\n       \"a|b\",\n       \"changed\"\n");
}

static void a_pairs_page_lists_its_structs(void **state)
{
    struct sample *sample = *state;
    const char *page = "Differences/5.4.0-26-generic-amd64..5.8.0-25-generic-amd64.md";

    assert_success(try_report(sample));
    assert_has(sample, page,
               "# Differences: `5.4.0-26-generic-amd64` to `5.8.0-25-generic-amd64`\n");
    assert_has(sample, page, "\n| 12 | 11 | 1 | 2 | 4 | 3 | 0 | 0 | 3 | 1 |\n");
    assert_has(sample, page, "\n## Added: 1\n\n[`new`](../Struct/n/new.md)\n");
    assert_has(sample, page,
               "\n## Removed: 2\n\n[`gone`](../Struct/g/gone.md)\n\n[`Same`](../Struct/s/Same.md)");
    assert_has(sample, page,
               "\n## Changed: 3\n\n"
               "- [<code>&#96;</code>](../Struct/_/%2560.md): added at the end, size changed\n"
               "- [<code>a&#124;b</code>](../Struct/a/a%257Cb.md): added at the end, size changed\n"
               "- [`changed`](../Struct/c/changed.md): added at the end, size changed\n"
               "\n## Only moved: 1\n\n[`moved`](../Struct/m/moved.md)\n");
    assert_has(sample, "Differences/5.4.0-26-generic-amd64..5.4.0+x~1-aws-amd64.md",
               "\n## Removed: 2\n");
}

static void tables_are_written_once(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_int_equal(sample->result.table_written_count, sample->result.table_count);
    assert_success(try_report(sample));
    assert_int_equal(sample->result.table_written_count, 0);
}

static void pages_of_what_is_no_more_go(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    put(sample, "Status/y.md", "# Status: y\n");
    put(sample, "Status/mine.md", "# Mine\n");
    put(sample, "Differences/a..b.md", "# Differences: a to b\n");
    assert_success(try_report(sample));
    CLEANUP(free_pointer) char *letter = path_join(sample->directory, "Status/y.md");
    CLEANUP(free_pointer) char *mine = path_join(sample->directory, "Status/mine.md");
    CLEANUP(free_pointer) char *pair = path_join(sample->directory, "Differences/a..b.md");
    assert_int_not_equal(access(letter, F_OK), 0);
    assert_int_equal(access(mine, F_OK), 0);
    assert_int_not_equal(access(pair, F_OK), 0);
}

static void links_lead_to_the_fullest_page(void **state)
{
    struct sample *sample = *state;

    sample->formats = REPORT_JSON;
    assert_success(try_report(sample));
    assert_has(sample, "Status/s.md", "(../Json/s/same.json)");
    assert_has(sample, "README.md", "`Json/LETTER/NAME.json`");
    assert_lacks(sample, "README.md", "`Struct/");
    sample->formats = REPORT_JSON | REPORT_MARKDOWN;
    assert_success(try_report(sample));
    assert_has(sample, "Status/s.md", "(../Struct/s/same.md)");
    assert_has(sample, "README.md", "The files in `Json/` have them.");
    sample->formats = REPORT_JSON | REPORT_MARKDOWN | REPORT_MARKDOWN_FULL;
    assert_success(try_report(sample));
    assert_has(sample, "Status/s.md", "(../Full/s/same.md)");
    assert_has(sample, "README.md", "`Struct/LETTER/NAME.md`");
}

static void the_front_page_leads_everywhere(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample));
    assert_has(sample, "README.md", OVERVIEW_BEGINNING "\n");
    assert_has(sample, "README.md", "13 structs of 4 kernels");
    assert_has(sample, "README.md", "(Status/README.md)");
    assert_has(sample, "README.md", "(Differences/README.md)");
    assert_has(sample, "README.md", "(Coverage.md)");
    assert_has(sample, "README.md", "- `5.4.0-26-generic-amd64`, the baseline\n");
    assert_has(sample, "README.md", "`Struct/LETTER/NAME.md`");
    assert_lacks(sample, "README.md", "`Full/");
}

static void someone_elses_front_page_stays(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *pages = path_join(sample->directory, "Struct");
    CLEANUP(free_pointer) char *page = path_join(sample->directory, "README.md");

    put(sample, "README.md", "# Mine\n");
    assert_failure(try_report(sample), ERROR_USAGE, "/README.md: it is not a report's");
    put(sample, "README.md", "");
    assert_failure(try_report(sample), ERROR_USAGE, "choose another directory");
    assert_int_equal(unlink(page), 0);
    assert_int_equal(mkfifo(page, 0600), 0);
    assert_failure(try_report(sample), ERROR_USAGE, "choose another directory");
    assert_int_not_equal(access(pages, F_OK), 0);
    assert_int_equal(unlink(page), 0);
    put(sample, "README.md", OVERVIEW_BEGINNING "\n\nof yore\n");
    assert_success(try_report(sample));
    assert_lacks(sample, "README.md", "of yore");
}

/* How a directory of Markdown becomes a site is its owner's choice. */
static void settings_of_the_site_are_the_users(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *settings = path_join(sample->directory, "_config.yml");

    assert_success(try_report(sample));
    assert_int_not_equal(access(settings, F_OK), 0);
    put(sample, "_config.yml", "theme: mine\n");
    assert_success(try_report(sample));
    assert_string_equal(text_of(sample, "_config.yml"), "theme: mine\n");
}

static void a_report_without_structs_has_its_pages(void **state)
{
    struct sample *sample = *state;

    sample->history.definition_count = 0;
    assert_success(try_report(sample));
    assert_has(sample, "README.md", "0 structs of 4 kernels");
    assert_has(sample, "Status/README.md", "Below: 0 definitions, each");
    assert_has(sample, "tables/status.json", "\"structs\": {}");
}

static void unknown_places_are_told(void **state)
{
    struct sample *sample = *state;

    for (size_t i = 0; i < STRUCT_COUNT; i++) {
        for (size_t j = 0; j < LAYOUT_COUNT; j++)
            sample->layouts[i][j].byte_size = 0;
    }
    assert_success(try_report(sample));
    assert_has(sample, "README.md", "**No sizes and offsets** were recorded of these kernels");
    assert_has(sample, "Status/s.md", "**No sizes and offsets** were recorded of these kernels");
    assert_has(sample, "Differences/README.md", "**No sizes and offsets** were recorded of these");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_row_says_what_became_of_a_struct),
        TEST(a_table_says_what_its_columns_are),
        TEST(the_index_has_every_name),
        TEST(no_name_is_taken_for_markup),
        TEST(status_is_told_to_programs),
        TEST(pairs_are_counted),
        TEST(a_pairs_page_lists_its_structs),
        TEST(tables_are_written_once),
        TEST(pages_of_what_is_no_more_go),
        TEST(links_lead_to_the_fullest_page),
        TEST(the_front_page_leads_everywhere),
        TEST(someone_elses_front_page_stays),
        TEST(settings_of_the_site_are_the_users),
        TEST(a_report_without_structs_has_its_pages),
        TEST(unknown_places_are_told),
    };
#undef TEST
    return cmocka_run_group_tests_name("report tables", tests, NULL, NULL);
}
