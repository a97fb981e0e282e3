package dev.tenantlake.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.junit.jupiter.api.Test;

class GuardedBlobStoreTest {

    /** What a later version of S3Proxy forwards besides would go past the guard. */
    @Test
    void leavesNothingToBeForwardedUnguarded() {
        Set<String> forwarded = signatures(ForwardingBlobStore.class);

        assertThat(forwarded).contains("getBlob[class software.amazon.awssdk.services.s3.model.GetObjectRequest]");
        assertThat(signatures(GuardedBlobStore.class)).containsAll(forwarded);
    }

    private static Set<String> signatures(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.getName().equals("delegate") && !method.isSynthetic())
                .map(GuardedBlobStoreTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
