package dev.tenantlake.ingest.source;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A libpq password file: lines {@code host:port:database:user:password}, a field {@code *} for any, a backslash before a
 * colon or a backslash that is meant. The first line that fits counts.
 */
final class PasswordFile {

    private PasswordFile() {}

    /**
     * The password for a connection, or empty if no line fits.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if the file cannot be read
     */
    static Optional<String> find(Path file, String host, int port, String database, String user) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "PGPASSFILE is '" + file + "', which cannot be read: expected a libpq password file",
                    e);
        }
        List<String> wanted = List.of(host, String.valueOf(port), database, user);
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(PasswordFile::fields)
                .filter(fields -> fields.size() == wanted.size() + 1 && fits(fields, wanted))
                .map(fields -> fields.get(wanted.size()))
                .findFirst();
    }

    private static boolean fits(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char next = line.charAt(i);
            if (next == '\\' && i + 1 < line.length()) {
                i++;
                field.append(line.charAt(i));
            } else if (next == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(next);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
