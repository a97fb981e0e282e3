/**
 * Bronze to silver: one Hudi table per source table, with the row of every key as it stood at the end of an epoch.
 *
 * <p><b>Which change counts.</b> Of the changes of a key the last in commit order, by {@code _epoch} and then {@code
 * _ordinal}, says what becomes of it. A key lives in one partition only: the newest change says in which, and in every
 * other partition that an older change names, its row is deleted in the same commit. A truncate deletes all rows that
 * came before it.
 *
 * <p><b>Exactly once.</b> A table's commit carries the last epoch that it holds. A job that starts reads that back from
 * the tables' timelines, and gives each table only the epochs after it, whatever the position object says; so a death
 * between two tables' commits loses nothing and applies nothing twice. The position is written when all tables hold an
 * epoch.
 *
 * <p><b>Quarantine.</b> A row that breaks one of the {@link dev.tenantlake.etl.rules.RuleBook rules} is in {@code
 * silver.quarantine} with the rule's name and all that bronze holds of it, and in no other table. If an older version of
 * it was in silver, that one is deleted: silver never shows a row as current that the source has replaced, and silver
 * and quarantine together have just the source's rows. The next version that breaks no rule, or the row's deletion,
 * takes it out of quarantine. The quarantine's commit comes before those of the tables, so that a death in between
 * leaves a row in both for a moment rather than in neither.
 */
package dev.tenantlake.etl.silver;
