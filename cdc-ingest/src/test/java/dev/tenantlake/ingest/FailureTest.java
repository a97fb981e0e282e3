package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.LakeException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailureTest {

    @ParameterizedTest
    @CsvSource({
        "08006, OUTAGE, UNAVAILABLE",
        "57P01, OUTAGE, UNAVAILABLE",
        "53300, OUTAGE, UNAVAILABLE",
        "28P01, STOP, DENIED",
        "42501, STOP, DENIED",
        "3D000, STOP, UNFIT",
        "55006, HELD, IN_USE",
        "42703, UNFORESEEN, UNFIT"
    })
    void isJudgedByWhatPostgresSaid(String state, Failure.Kind kind, LakeException.Kind reason) {
        Throwable wrapped = new IllegalStateException("wrapped", new SQLException("said\nin detail", state));
        Failure failure = Failure.of(wrapped, "db:5432");
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reason().kind()).isEqualTo(reason);
        assertThat(failure.reason().getMessage()).contains("said").doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"503, OUTAGE, UNAVAILABLE", "429, OUTAGE, UNAVAILABLE", "403, STOP, DENIED", "404, UNFORESEEN, UNFIT"})
    void isJudgedByWhatTheLakeSaid(int status, Failure.Kind kind, LakeException.Kind reason) {
        Failure failure = Failure.of(
                S3Exception.builder()
                        .statusCode(status)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .serviceName("S3")
                                .errorCode("Code")
                                .errorMessage("why")
                                .build())
                        .build(),
                "db:5432");
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reason()).hasMessageContaining("S3 said Code: why");
        assertThat(failure.reason().kind()).isEqualTo(reason);
    }

    @Test
    void ofNoConnectionIsAnOutageAndOfNoCredentialsIsNot() {
        assertThat(Failure.of(SdkClientException.create("Unable to execute HTTP request"), "db")
                        .kind())
                .isEqualTo(Failure.Kind.OUTAGE);
        assertThat(Failure.of(SdkClientException.create("Unable to load credentials from any provider"), "db")
                        .kind())
                .isEqualTo(Failure.Kind.STOP);
    }

    @Test
    void ofOursKeepsItsLine() {
        LakeException ours = new LakeException(LakeException.Kind.UNFIT, "what was wrong");
        Failure failure = Failure.of(new IllegalStateException(new RuntimeException(ours)), "db");
        assertThat(failure.reason()).isSameAs(ours);
        assertThat(failure.kind()).isEqualTo(Failure.Kind.STOP);
        assertThat(failure.isOurs()).isTrue();
    }

    @Test
    void thatNobodyForesawIsToldByItsRoot() {
        Failure failure = Failure.of(new RuntimeException("outer", new IllegalStateException("root\ntrace")), "db");
        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNFORESEEN);
        assertThat(failure.reason()).hasMessage("failed: IllegalStateException: root");
    }
}
