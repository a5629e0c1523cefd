/* SPDX-License-Identifier: MIT */
/* The tables of a data set. The text documents itself: `sqlite3 kstruct.db .schema` shows it. */
#ifndef KSTRUCT_DATASET_SCHEMA_H
#define KSTRUCT_DATASET_SCHEMA_H

/* In the file's header (PRAGMA application_id): "kstr". */
#define DATASET_APPLICATION_ID 0x6b737472

/* PRAGMA user_version. Raised with every change that an older program could misread. */
#define DATASET_SCHEMA_VERSION 6

/* The statements that make an empty data set. */
extern const char dataset_schema[];

/* The statements that make a data set of one version one of the next, by the old version. */
extern const char *const dataset_upgrades[DATASET_SCHEMA_VERSION];

#endif
