package dev.tenantlake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeConfigTest {

    @Test
    void leavesTheEndpointsToTheSdkUnlessTheyAreSet() {
        LakeConfig config = LakeConfig.from(Map.of());
        assertThat(config.endpoint()).isEmpty();
        assertThat(config.s3Endpoint()).isEmpty();
        assertThat(config.bucket()).isEqualTo("tenantlake");
        assertThat(config.region()).isEqualTo("us-east-1");
    }

    @Test
    void takesOneEndpointForAllServicesAndAnotherForS3() {
        URI all = URI.create("http://127.0.0.1:4870");
        URI s3 = URI.create("http://127.0.0.1:4871");
        assertThat(LakeConfig.from(Map.of("AWS_ENDPOINT_URL", all.toString())).s3Endpoint())
                .contains(all);
        LakeConfig both =
                LakeConfig.from(Map.of("AWS_ENDPOINT_URL", all.toString(), "AWS_ENDPOINT_URL_S3", s3.toString()));
        assertThat(both.endpoint()).contains(all);
        assertThat(both.s3Endpoint()).contains(s3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4870", "ftp://127.0.0.1", "http://", "not an address"})
    void refusesWhatIsNoAddress(String value) {
        assertThatThrownBy(() -> LakeConfig.from(Map.of("AWS_ENDPOINT_URL", value)))
                .isInstanceOf(LakeException.class)
                .hasMessage("AWS_ENDPOINT_URL is '" + value
                        + "': expected an http or https address such as http://127.0.0.1:4870");
    }
}
