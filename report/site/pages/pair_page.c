/* SPDX-License-Identifier: MIT */
#include "report/site/html/html.h"
#include "report/site/pages/site_pages.h"

/* A longer list is folded up at first. */
enum { OPEN_MAXIMUM = 2000 };

/* A definition that differs is in one of these. */
enum pair_section {
    SECTION_ADDED,
    SECTION_REMOVED,
    SECTION_ITSELF, /* its own members, or what it stands for */
    SECTION_EMBEDS, /* only the size, mostly since something that it embeds has another one */
    SECTION_MOVED,  /* members are elsewhere, and nothing else */
    SECTION_COUNT,
    SECTION_NONE = SECTION_COUNT,
};

static const struct {
    const char *id;
    const char *heading;
    const char *explanation;
    bool has_words; /* says what kinds of changes there are */
} sections[SECTION_COUNT] = {
    [SECTION_ADDED] = {"added", "Added", "The first kernel lacks them.", false},
    [SECTION_REMOVED] = {"removed", "Removed", "The second kernel lacks them.", false},
    [SECTION_ITSELF] = {"changed", "Changed", "Members, enumerators or types of their own differ.",
                        true},
    [SECTION_EMBEDS] = {"embeds", "Changed in size only",
                        "They have the same members of the same types: what they embed, their "
                        "packing or alignment, or the size of pointers differs.",
                        false},
    [SECTION_MOVED] = {"moved", "Only moved",
                       "Members have another place, and nothing else differs.", false},
};

static enum pair_section section_of(unsigned word)
{
    const unsigned own = CHANGE_ADDED | CHANGE_REMOVED | CHANGE_TYPE | CHANGE_WIDTH | CHANGE_VALUE;

    if (!difference_kind_any(word))
        return SECTION_NONE;
    if (word == SURVEY_ADDED)
        return SECTION_ADDED;
    if (word == SURVEY_REMOVED)
        return SECTION_REMOVED;
    if (word & own)
        return SECTION_ITSELF;
    return word & ~(unsigned)CHANGE_PLACES ? SECTION_EMBEDS : SECTION_MOVED;
}

struct pair_page {
    const struct report_context *context;
    const struct name_index *index;
    size_t pair;
    size_t counts[SECTION_COUNT];
    size_t kind_counts[DEFINITION_KIND_COUNT];
    struct buffer *out;
};

static unsigned word_of(const struct pair_page *page, size_t entry_index)
{
    return survey_word_of(&page->context->survey, entry_index, page->pair);
}

static void count(struct pair_page *page)
{
    const struct history *history = page->context->input.history;

    for (size_t i = 0; i < page->index->entry_count; i++) {
        size_t entry_index = page->index->entries[i];
        enum pair_section section = section_of(word_of(page, entry_index));
        if (section == SECTION_NONE)
            continue;
        page->counts[section]++;
        page->kind_counts[history->definitions[entry_index].kind]++;
    }
}

static void append_choice(const struct pair_page *page, const char *id, const char *text,
                          size_t count)
{
    buffer_append_format(page->out,
                         "<label><input type=\"checkbox\" id=\"show-%s\" checked>%s: %zu</label> ",
                         id, text, count);
}

/* What of it is shown: the style sheet looks at the boxes. */
static void append_choices(const struct pair_page *page)
{
    buffer_append_text(page->out, "<fieldset class=\"toc\"><legend>Show</legend>");
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (page->counts[i] > 0)
            append_choice(page, sections[i].id, sections[i].heading, page->counts[i]);
    }
    buffer_append_text(page->out, "<br>");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (page->kind_counts[kind] > 0)
            append_choice(page, definition_kind_texts[kind].word,
                          definition_kind_texts[kind].plural, page->kind_counts[kind]);
    }
    buffer_append_text(page->out, "</fieldset>\n");
}

static void append_item(const struct pair_page *page, enum pair_section section, size_t entry_index)
{
    const struct history_definition *entry =
        &page->context->input.history->definitions[entry_index];

    if (entry->kind == DEFINITION_STRUCT)
        buffer_append_text(page->out, "<li>");
    else
        buffer_append_format(page->out, "<li class=\"%s\">",
                             definition_kind_texts[entry->kind].word);
    html_append_definition_link(page->out, HTML_TO_TOP, entry->kind, entry->name);
    if (sections[section].has_words) {
        buffer_append_text(page->out, ": ");
        change_kinds_append(page->out, word_of(page, entry_index));
    }
    buffer_append_char(page->out, '\n');
}

static void append_section(const struct pair_page *page, enum pair_section section)
{
    if (page->counts[section] == 0)
        return;
    buffer_append_format(page->out,
                         "<details class=\"%s\"%s><summary><h2 id=\"%s\">%s: %zu</h2></summary>\n"
                         "<p>%s\n<ul%s>\n",
                         sections[section].id, page->counts[section] > OPEN_MAXIMUM ? "" : " open",
                         sections[section].id, sections[section].heading, page->counts[section],
                         sections[section].explanation,
                         sections[section].has_words ? "" : " class=\"names\"");
    for (size_t i = 0; i < page->index->entry_count; i++) {
        size_t entry_index = page->index->entries[i];
        if (section_of(word_of(page, entry_index)) == section)
            append_item(page, section, entry_index);
    }
    buffer_append_text(page->out, "</ul></details>\n");
}

static void append_title(const struct pair_page *page)
{
    const struct kernel_pair *pair = &page->context->survey.pairs[page->pair].kernels;
    const char *before = report_kernel_name(page->context, pair->before);
    const char *after = report_kernel_name(page->context, pair->after);
    CLEANUP(buffer_deinit) struct buffer title;

    buffer_init(&title, page->out->maximum);
    buffer_append_format(&title, "%s to %s", before, after);
    html_append_beginning(page->out, buffer_text(&title), HTML_TO_TOP);
    buffer_take_failure(page->out, &title);
    buffer_append_text(page->out, "<h1><small>from</small> ");
    html_append_kernel_link(page->out, HTML_TO_TOP, before);
    buffer_append_text(page->out, " <small>to</small> ");
    html_append_kernel_link(page->out, HTML_TO_TOP, after);
    buffer_append_text(page->out, "</h1>\n");
}

void pair_page_append(const struct report_context *context, const struct name_index *index,
                      size_t pair, struct buffer *out)
{
    struct pair_page page = {.context = context, .index = index, .pair = pair, .out = out};

    count(&page);
    append_title(&page);
    append_choices(&page);
    for (enum pair_section section = 0; section < SECTION_COUNT; section++)
        append_section(&page, section);
    html_append_end(out);
}
