/* SPDX-License-Identifier: MIT */
#include "report/write/table/table.h"
#include "tests/unit/unit.h"

#define REPLACEMENT "\xef\xbf\xbd"

enum { TEXT_MAXIMUM = 1024 * 1024 };

struct sample_row {
    const char *name;
    bool is_known;
    uint64_t number;
    bool flag;
};

static const struct sample_row samples[] = {
    {"task_struct", true, 9, true},
    {"a|b`<script>", false, 0, false},
    {"", true, UINT64_MAX, true},
};

static void fill_sample(const struct table *table, size_t row, struct table_cell *cells)
{
    static const struct enumerator enumerators[] = {
        {.value = -1}, {.value = -1, .is_unsigned = true}, {.value = 0}};
    const struct sample_row *sample = &((const struct sample_row *)table->rows)[row];

    table_cell_set_text(&cells[0], sample->name);
    table_cell_set_known_number(&cells[1], sample->is_known, sample->number);
    table_cell_set_flag(&cells[2], sample->flag);
    table_cell_set_enumerator(&cells[3], &enumerators[row]);
    table_cell_set_code(&cells[4], sample->name);
}

static const struct table_column sample_columns[] = {
    {"name", "name", ALIGN_LEFT},    {"size", "bytes", ALIGN_RIGHT},
    {"is_new", "new", ALIGN_CENTER}, {"value", "value", ALIGN_RIGHT},
    {"code", "code", ALIGN_LEFT},
};

static struct table sample_table(void)
{
    return (struct table){
        .rows = samples,
        .row_count = ARRAY_LENGTH(samples),
        .fill = fill_sample,
        .column_count = ARRAY_LENGTH(sample_columns),
        .columns = sample_columns,
    };
}

typedef void append_function(const struct table *table, struct buffer *out);

static void assert_written(append_function *append, const struct table *table, const char *expected)
{
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    append(table, &out);
    assert_success(buffer_check(&out, "a table"));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void append_json(const struct table *table, struct buffer *out)
{
    struct json_document document;

    json_document_init(&document, "test", 1);
    table_set_json_row(table, 1, &document, document.root);
    assert_success(json_document_append(&document, 0, out));
    json_document_deinit(&document);
}

static void cells_are_written_in_markdown(void **state UNUSED)
{
    struct table table = sample_table();

    assert_written(table_append_markdown, &table,
                   "| name | bytes | new | value | code |\n"
                   "|---|--:|:-:|--:|---|\n"
                   "| task&#95;struct | 9 | yes | -1 | `task_struct` |\n"
                   "| a&#124;b&#96;&#60;script&#62; | ? | no | 18446744073709551615 | "
                   "<code>a&#124;b&#96;&#60;script&#62;</code> |\n"
                   "| | 18446744073709551615 | yes | 0 |  |\n");
    table.is_dense = true;
    table.selected = (const unsigned char[]){0, 1};
    table.selected_count = 2;
    table.row_count = 1;
    assert_written(table_append_markdown, &table, "|name|bytes|\n|-|-:|\n|task&#95;struct|9|\n");
}

/* What the second cell of an odd row says is all that is left of the row. */
static void fill_line(const struct table *table, size_t row, struct table_cell *cells)
{
    table_cell_set_text(&cells[0], ((const struct sample_row *)table->rows)[row].name);
    table_cell_set_number(&cells[1], row + 1000000);
    table_cell_set_known_number(&cells[2], row > 0, row + 16);
    if (row % 2 == 1) {
        buffer_append_text(table_cell_show(&cells[1]), "absent (no such member)");
        cells[1].takes_rest = true;
    }
}

static void columns_of_text_are_as_wide_as_their_widest_cell(void **state UNUSED)
{
    static const struct table_column columns[] = {
        {NULL, "name", ALIGN_LEFT}, {NULL, "offset", ALIGN_RIGHT}, {NULL, "hex", ALIGN_RIGHT}};
    struct table table = sample_table();

    table.fill = fill_line;
    table.columns = columns;
    table.column_count = ARRAY_LENGTH(columns);
    assert_written(table_append_text, &table,
                   "  name           offset  hex\n"
                   "  task_struct   1000000    ?\n"
                   "  a|b`<script>  absent (no such member)\n"
                   "                1000002   18\n");
    table.selected = (const unsigned char[]){2, 0};
    table.selected_count = 2;
    table.row_count = 1;
    assert_written(table_append_text, &table, "  hex  name\n    ?  task_struct\n");
}

static void cells_are_written_as_csv(void **state UNUSED)
{
    struct table table = sample_table();

    assert_written(table_append_csv, &table,
                   "name,size,is_new,value,code\n"
                   "task_struct,9,yes,-1,task_struct\n"
                   "a|b`<script>,\"\",no,18446744073709551615,a|b`<script>\n"
                   "\"\",18446744073709551615,yes,0,\"\"\n");
    table.first_column = 3;
    table.row_count = 1;
    assert_written(table_append_csv, &table, "value,code\n-1,task_struct\n");
}

static void cells_are_written_as_json(void **state UNUSED)
{
    struct table table = sample_table();

    assert_written(append_json, &table,
                   "{\"format\": \"test\", \"version\": 1, \"name\": \"a|b`<script>\", "
                   "\"size\": null, \"is_new\": false, \"value\": \"18446744073709551615\", "
                   "\"code\": \"a|b`<script>\"}\n");
}

static bool has_even_row(const struct table *table UNUSED, size_t row)
{
    return row % 2 == 0;
}

static size_t end_of_two(const struct table *table UNUSED, size_t row)
{
    return row + 2;
}

static void rows_may_be_left_out_or_be_one(void **state UNUSED)
{
    const char *expected = "task_struct\n\"\"\n";
    struct table table = sample_table();

    table.selected = (const unsigned char[]){0};
    table.selected_count = 1;
    table.has_row = has_even_row;
    assert_written(table_append_csv_rows, &table, expected);
    table.has_row = NULL;
    table.row_end = end_of_two;
    assert_written(table_append_csv_rows, &table, expected);
}

static void assert_field(const char *text, const char *expected)
{
    const struct sample_row row = {.name = text};
    struct table table = sample_table();
    char line[64];

    table.rows = &row;
    table.row_count = 1;
    table.selected = (const unsigned char[]){0};
    table.selected_count = 1;
    snprintf(line, sizeof(line), "%s\n", expected);
    assert_written(table_append_csv_rows, &table, line);
}

static void fields_of_csv_are_quoted_where_they_must_be(void **state UNUSED)
{
    assert_field("__x__", "__x__");
    assert_field("a,b", "\"a,b\"");
    assert_field("a\"b", "\"a\"\"b\"");
    assert_field("{{ x }}", "{{ x }}");
    assert_field("a\nb\x7f", "\"a b \"");
    assert_field("\xc3\xa4\xff\xc3|\x7f\xc2\x85|\xe2\x82",
                 "\xc3\xa4" REPLACEMENT REPLACEMENT "|  |" REPLACEMENT REPLACEMENT);
}

static void fields_of_csv_are_no_formulas(void **state UNUSED)
{
    assert_field("=1+1", "\"'=1+1\"");
    assert_field("@x", "\"'@x\"");
    assert_field("-1", "\"'-1\"");
    assert_field("+1", "\"'+1\"");
}

static void fill_too_much(const struct table *table UNUSED, size_t row UNUSED,
                          struct table_cell *cells)
{
    buffer_fail(table_cell_show(&cells[0]), ERROR_LIMIT);
}

static void a_cell_that_fails_is_no_empty_one(void **state UNUSED)
{
    static append_function *const emitters[] = {table_append_markdown, table_append_text,
                                                table_append_csv_rows};
    const struct table table = {
        .row_count = 1, .fill = fill_too_much, .column_count = 1, .columns = sample_columns};

    for (size_t i = 0; i < ARRAY_LENGTH(emitters); i++) {
        struct buffer out;
        buffer_init(&out, TEXT_MAXIMUM);
        emitters[i](&table, &out);
        assert_failure(buffer_check(&out, "a table"), ERROR_LIMIT, "a table");
        buffer_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_written_in_markdown),
        cmocka_unit_test(columns_of_text_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(cells_are_written_as_csv),
        cmocka_unit_test(cells_are_written_as_json),
        cmocka_unit_test(rows_may_be_left_out_or_be_one),
        cmocka_unit_test(fields_of_csv_are_quoted_where_they_must_be),
        cmocka_unit_test(fields_of_csv_are_no_formulas),
        cmocka_unit_test(a_cell_that_fails_is_no_empty_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
