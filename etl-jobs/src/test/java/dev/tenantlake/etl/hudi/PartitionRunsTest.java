package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class PartitionRunsTest {

    private static final StructType SCHEMA = StructType.fromDDL("tenant_id bigint, month string, id bigint");

    @Test
    void beginsARunWhereverAPartitionColumnChanges() {
        assertThat(runs(
                        List.of(
                                row(1, "2026-01", 1),
                                row(1, "2026-01", 2),
                                row(1, "2026-02", 3),
                                row(2, "2026-02", 4),
                                row(2, "2026-02", 5)),
                        0,
                        1))
                .containsExactly(List.of(1L, 2L), List.of(3L), List.of(4L, 5L));
    }

    @Test
    void isOneRunWithoutPartitionColumns() {
        assertThat(runs(List.of(row(1, "2026-01", 1), row(2, "2026-02", 2)))).containsExactly(List.of(1L, 2L));
    }

    @Test
    void hasNoRunOfNoRows() {
        PartitionRuns runs = new PartitionRuns(reused(List.of()), SCHEMA, new int[] {0});
        assertThat(runs.hasNext()).isFalse();
        assertThatThrownBy(runs::run).isInstanceOf(NoSuchElementException.class);
    }

    private static List<List<Long>> runs(List<Object[]> rows, int... columns) {
        PartitionRuns runs = new PartitionRuns(reused(rows), SCHEMA, columns);
        List<List<Long>> found = new ArrayList<>();
        while (runs.hasNext()) {
            long first = runs.first().getLong(2);
            List<Long> ids = new ArrayList<>();
            runs.run().forEachRemaining(row -> ids.add(row.getLong(2)));
            assertThat(ids).first().isEqualTo(first);
            found.add(ids);
        }
        return found;
    }

    /** Rows that are one object with other values each time, text among them, as those of Spark's tasks are. */
    private static Iterator<InternalRow> reused(List<Object[]> rows) {
        byte[] text = new byte[7];
        GenericInternalRow row = new GenericInternalRow(3);
        Iterator<Object[]> values = rows.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public InternalRow next() {
                Object[] next = values.next();
                byte[] month = ((String) next[1]).getBytes(UTF_8);
                System.arraycopy(month, 0, text, 0, text.length);
                row.update(0, next[0]);
                row.update(1, UTF8String.fromBytes(text));
                row.update(2, next[2]);
                return row;
            }
        };
    }

    private static Object[] row(long tenant, String month, long id) {
        return new Object[] {tenant, month, id};
    }
}
