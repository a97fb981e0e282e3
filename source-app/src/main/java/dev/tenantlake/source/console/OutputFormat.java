package dev.tenantlake.source.console;

import java.util.Locale;
import picocli.CommandLine;

/** In which form a command prints what it has done. */
public enum OutputFormat {
    /** For a person. */
    TEXT,
    /** For a machine. */
    JSON;

    /** {@code --output}, the same in each command. */
    public static final class Option {

        @CommandLine.Option(
                names = "--output",
                paramLabel = "text|json",
                defaultValue = "text",
                converter = Converter.class,
                description = "How the result is printed: text (default) or json.")
        private OutputFormat format;

        /** Whether a machine reads the result. */
        public boolean isJson() {
            return format == JSON;
        }
    }

    static final class Converter implements CommandLine.ITypeConverter<OutputFormat> {

        @Override
        public OutputFormat convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default ->
                    throw new CommandLine.TypeConversionException(
                            "'" + value + "' is not a form of output: expected text or json");
            };
        }
    }
}
