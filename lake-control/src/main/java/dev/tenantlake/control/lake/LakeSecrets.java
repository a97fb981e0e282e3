package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** Reads the secrets that local-aws keeps in the data directory. */
public final class LakeSecrets {

    private final DataDirectory directory;

    public LakeSecrets(DataDirectory directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /** The AWS credentials of the lake's administrator. */
    public AwsCredentialsProvider admin() {
        Path file = directory.awsCredentials();
        if (!Files.isReadable(file)) {
            throw unreadable(file);
        }
        return ProfileCredentialsProvider.builder()
                .profileFile(ProfileFile.builder()
                        .content(file)
                        .type(ProfileFile.Type.CREDENTIALS)
                        .build())
                .profileName("admin")
                .build();
    }

    /** The password of Postgres' user: the last field of the password file's first line. */
    public String postgresPassword() {
        Path file = directory.pgpass();
        try {
            for (String line : Files.readAllLines(file)) {
                List<String> fields = fields(line);
                if (fields.size() == 5) {
                    return fields.get(4);
                }
            }
        } catch (IOException e) {
            throw unreadable(file);
        }
        throw new LakeException(
                LakeException.Kind.CORRUPT,
                file + " is not a password file: expected a line host:port:database:user:password");
    }

    /** Colons separate the fields; a backslash takes the next character as it is. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (character == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (character == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(character);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private static LakeException unreadable(Path file) {
        return new LakeException(
                LakeException.Kind.UNFIT,
                file + " cannot be read: expected local-aws to have written it; run this as the user who started the"
                        + " lake");
    }
}
