package dev.tenantlake.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    record Item(String name, int size) {}

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("state.journal");
    }

    @Test
    void keepsWhatWasPutAndForgetsWhatWasRemoved() {
        try (Journal journal = Journal.open(file)) {
            JournaledMap<Item> items = journal.map("items", Item.class);
            JournaledMap<String> others = journal.map("others", String.class);
            journal.change(change -> {
                change.put(items, "a", new Item("a", 1));
                change.put(items, "b", new Item("b", 2));
                change.put(others, "a", "ä\n\"");
            });
            journal.change(change -> {
                change.put(items, "a", new Item("a", 3));
                change.remove(items, "b");
            });
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("items", Item.class).values()).containsExactly(new Item("a", 3));
            assertThat(journal.map("others", String.class).get("a")).contains("ä\n\"");
        }
    }

    @Test
    void makesAChangeAsAWholeOrNotAtAll() {
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            assertThatThrownBy(() -> journal.change(change -> {
                        change.put(map, "a", "1");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(map.values()).isEmpty();
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("map", String.class).values()).isEmpty();
        }
    }

    @Test
    void dropsALineThatWasCutOff() throws Exception {
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            journal.change(change -> change.put(map, "a", "1"));
            journal.change(change -> change.put(map, "b", "2"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = whole.length - 1; whole[length - 1] != '\n'; length--) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (Journal journal = Journal.open(file)) {
                JournaledMap<String> map = journal.map("map", String.class);
                assertThat(map.values()).containsExactly("1");
                journal.change(change -> change.put(map, "c", "3"));
            }
            try (Journal journal = Journal.open(file)) {
                assertThat(journal.map("map", String.class).values()).containsExactly("1", "3");
            }
        }
    }

    @Test
    void refusesAFileThatIsNotItsOwn() throws Exception {
        Files.writeString(file, "[{\"m\":\"map\",\"k\":\"a\",\"v\":\"1\"}]\nsomething else\n");

        assertThatThrownBy(() -> Journal.open(file))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.CORRUPT))
                .hasMessageContaining("line 2");
    }

    @Test
    void growsNoLargerThanItsContentForLong() throws Exception {
        String large = "x".repeat(100_000);
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            journal.change(change -> change.put(map, "kept", "1"));
            for (int i = 0; i < 100; i++) {
                journal.changeLazily(change -> change.put(map, "changing", large));
            }
            assertThat(Files.size(file)).isLessThan(5_000_000);
            journal.change(change -> change.put(map, "last", "2"));
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("map", String.class).values()).containsExactly(large, "1", "2");
        }
    }

    @Test
    void keepsMapsThatNobodyAsksFor() throws Exception {
        Files.writeString(file, "[{\"m\":\"unknown\",\"k\":\"a\",\"v\":\"1\"}]\n");
        String large = "x".repeat(5_000_000);
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            journal.change(change -> change.put(map, "a", large));
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("unknown", String.class).values()).containsExactly("1");
        }
    }

    @Test
    void isNotHurtByTheInterruptionOfAThread() {
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            Thread.currentThread().interrupt();
            journal.change(change -> change.put(map, "a", "1"));
            assertThat(Thread.interrupted()).isTrue();
            journal.change(change -> change.put(map, "b", "2"));
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("map", String.class).values()).containsExactly("1", "2");
        }
    }

    @Test
    void isReadByNobodyButItsOwner() throws Exception {
        Journal.open(file).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void findsWhatIsUnderAKey() {
        try (Journal journal = Journal.open(file)) {
            JournaledMap<String> map = journal.map("map", String.class);
            journal.change(change -> {
                change.put(map, Keys.of("silver", "orders", "1"), "1");
                change.put(map, Keys.of("silver", "orders/2"), "no part of orders");
                change.put(map, Keys.of("silver", "order_items", "1"), "another");
            });
            assertThat(map.valuesUnder(Keys.under("silver", "orders"))).containsExactly("1");
        }
    }

    @Test
    void beginsAnewWhereThereIsNothing() throws Exception {
        Files.write(file, new byte[0], StandardOpenOption.CREATE);
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.map("map", String.class).size()).isZero();
        }
    }
}
