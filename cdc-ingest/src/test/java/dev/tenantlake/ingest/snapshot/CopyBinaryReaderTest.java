package dev.tenantlake.ingest.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.copy.CopyOut;

class CopyBinaryReaderTest {

    private static final List<List<String>> ROWS = List.of(
            Arrays.asList("one", null, ""), Arrays.asList("two", "x".repeat(40), null), Arrays.asList(null, null, "3"));

    /** Messages of every size from a byte to all in one. */
    static IntStream sizes() {
        return IntStream.concat(IntStream.rangeClosed(1, 40), IntStream.of(1000));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void readsRowsHoweverTheMessagesAreCut(int size) throws Exception {
        CopyBinaryReader reader = new CopyBinaryReader(new Messages(cut(copy(ROWS, true), size)), 3);
        List<List<String>> rows = new ArrayList<>();
        while (reader.next()) {
            rows.add(IntStream.range(0, 3)
                    .mapToObj(i -> reader.isNull(i)
                            ? null
                            : new String(reader.buffer(), reader.offset(i), reader.length(i), StandardCharsets.UTF_8))
                    .toList());
        }
        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void noticesThatTheEndIsMissing() throws Exception {
        CopyBinaryReader reader = new CopyBinaryReader(new Messages(List.of(copy(ROWS, false))), 3);
        for (int i = 0; i < ROWS.size(); i++) {
            assertThat(reader.next()).isTrue();
        }
        assertThatIllegalStateException().isThrownBy(reader::next).withMessageContaining("ended within a row");
    }

    @Test
    void noticesAnotherNumberOfFields() throws Exception {
        CopyBinaryReader reader = new CopyBinaryReader(new Messages(List.of(copy(ROWS, true))), 4);
        assertThatIllegalStateException().isThrownBy(reader::next).withMessageContaining("3 fields and not 4");
    }

    private static byte[] copy(List<List<String>> rows, boolean complete) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream output = new DataOutputStream(bytes);
        output.writeBytes("PGCOPY\n");
        output.write(new byte[] {(byte) 0xFF, '\r', '\n', 0});
        output.writeInt(0);
        output.writeInt(2);
        output.writeShort(7);
        for (List<String> row : rows) {
            output.writeShort(row.size());
            for (String field : row) {
                if (field == null) {
                    output.writeInt(-1);
                } else {
                    output.writeInt(field.length());
                    output.writeBytes(field);
                }
            }
        }
        if (complete) {
            output.writeShort(-1);
        }
        return bytes.toByteArray();
    }

    private static List<byte[]> cut(byte[] bytes, int size) {
        List<byte[]> messages = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            messages.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }
        return messages;
    }

    /** The driver's side of a COPY, with messages of our making. */
    private static final class Messages implements CopyOut {

        private final Iterator<byte[]> messages;

        Messages(List<byte[]> messages) {
            this.messages = messages.iterator();
        }

        @Override
        public byte[] readFromCopy() {
            return messages.hasNext() ? messages.next() : null;
        }

        @Override
        public byte[] readFromCopy(boolean block) {
            return readFromCopy();
        }

        @Override
        public int getFieldCount() {
            return 3;
        }

        @Override
        public int getFormat() {
            return 1;
        }

        @Override
        public int getFieldFormat(int field) {
            return 1;
        }

        @Override
        public boolean isActive() {
            return messages.hasNext();
        }

        @Override
        public void cancelCopy() throws SQLException {
            throw new SQLException("nothing to cancel");
        }

        @Override
        public long getHandledRowCount() {
            return 0;
        }
    }
}
