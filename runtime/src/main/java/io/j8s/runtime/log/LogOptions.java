package io.j8s.runtime.log;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where and how the process logs.
///
/// @param verbosity as `-v`: messages of SLF4J's levels info, warn and error are always written, debug from 4 on, trace from 6 on
/// @param file the file to write to; null: standard error
/// @param maximumBytes a file that would grow beyond this is renamed to `.1` (older ones to `.2` and so on) and begun anew; 0: never
/// @param keep how many renamed files are kept
/// @param modules verbosities of single classes (`--vmodule`); the first that fits counts
public record LogOptions(int verbosity, Format format, @Nullable Path file, long maximumBytes, int keep, List<Module> modules) {

    public enum Format { TEXT, JSON }

    public static final LogOptions DEFAULT = new LogOptions(0, Format.TEXT, null, 100L << 20, 5, List.of());

    /// The verbosity of classes whose simple name fits.
    ///
    /// @param pattern a name, with `*` and `?` for what is left open
    public record Module(String pattern, int verbosity) {

        /// Reads `PATTERN=N`.
        public static Module parse(String text) {
            int equal = text.indexOf('=');
            if (equal <= 0 || !text.substring(equal + 1).matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException("--vmodule: \"" + text + "\" does not have the pattern=N format");
            }
            return new Module(text.substring(0, equal), Integer.parseInt(text.substring(equal + 1)));
        }

        boolean fits(String name) {
            return fits(name, 0, 0);
        }

        private boolean fits(String name, int at, int from) {
            if (from == pattern.length()) {
                return at == name.length();
            }
            return switch (pattern.charAt(from)) {
                case '*' -> fits(name, at, from + 1) || (at < name.length() && fits(name, at + 1, from));
                case '?' -> at < name.length() && fits(name, at + 1, from + 1);
                default -> at < name.length() && name.charAt(at) == pattern.charAt(from) && fits(name, at + 1, from + 1);
            };
        }
    }

    public LogOptions {
        modules = List.copyOf(modules);
        if (verbosity < 0 || maximumBytes < 0 || keep < 0) {
            throw new IllegalArgumentException("log options must not be negative: -v=" + verbosity + ", size " + maximumBytes + ", files " + keep);
        }
    }

    public LogOptions withVerbosity(int value) {
        return new LogOptions(value, format, file, maximumBytes, keep, modules);
    }

    public LogOptions withFormat(Format value) {
        return new LogOptions(verbosity, value, file, maximumBytes, keep, modules);
    }

    public LogOptions withFile(@Nullable Path value) {
        return new LogOptions(verbosity, format, value, maximumBytes, keep, modules);
    }

    public LogOptions withRotation(long bytes, int files) {
        return new LogOptions(verbosity, format, file, bytes, files, modules);
    }

    public LogOptions withModules(List<Module> value) {
        return new LogOptions(verbosity, format, file, maximumBytes, keep, value);
    }
}
