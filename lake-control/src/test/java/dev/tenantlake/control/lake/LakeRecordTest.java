package dev.tenantlake.control.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to files is read back as it was. */
class LakeRecordTest {

    @TempDir
    private Path folder;

    @Test
    void isReadBackAsItWasWritten() {
        DataDirectory directory = new DataDirectory(folder);
        directory.create();
        assertThat(LakeRecord.read(directory)).isEmpty();
        LakeRecord record = new LakeRecord(
                ProcessIdentity.current(),
                LakeRecord.Phase.FAILED,
                Optional.of("local-aws: port 4870 is in use"),
                4870,
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                List.of(new ServiceStatus(
                        "etl-jobs",
                        ServiceState.BACKING_OFF,
                        Optional.of(new ProcessIdentity(7, "ticks")),
                        List.of(new ProcessIdentity(8, "ticks")),
                        3,
                        Optional.of("no memory"),
                        Optional.empty(),
                        Instant.parse("2026-01-02T03:04:06Z"),
                        Optional.of(Instant.parse("2026-01-02T03:04:07Z")))));
        record.write(directory);
        assertThat(LakeRecord.read(directory)).contains(record);
        LakeRecord.remove(directory);
        assertThat(LakeRecord.read(directory)).isEmpty();
    }

    @Test
    void readsWhatLocalAwsSaysOfItself() throws IOException {
        DataDirectory directory = new DataDirectory(folder);
        assertThat(LocalServices.read(directory)).isEmpty();
        Files.writeString(directory.localAwsFile(), """
                {"pid":1,"awsEndpoint":"http://127.0.0.1:4870","s3Endpoint":"http://127.0.0.1:4871",
                 "postgres":{"host":"127.0.0.1","port":4872,"database":"shop","user":"postgres"},
                 "region":"us-east-1","accountId":"000000000000","bucket":"tenantlake",
                 "queryEngine":"STARTING","queryEngineFailure":null}
                """);
        assertThat(LocalServices.read(directory))
                .contains(new LocalServices(
                        1,
                        URI.create("http://127.0.0.1:4870"),
                        URI.create("http://127.0.0.1:4871"),
                        new LocalServices.Postgres("127.0.0.1", 4872, "shop", "postgres"),
                        "us-east-1",
                        "tenantlake",
                        LocalServices.QueryEngine.STARTING,
                        Optional.empty()));
    }

    @Test
    void readsThePasswordThatLibpqWouldUse() throws IOException {
        DataDirectory directory = new DataDirectory(folder);
        Files.createDirectories(directory.pgpass().getParent());
        Files.writeString(directory.pgpass(), "# shop\n127.0.0.1:4872:shop:postgres:a\\:b\\\\c d\n");
        assertThat(new LakeSecrets(directory).postgresPassword()).isEqualTo("a:b\\c d");
    }
}
