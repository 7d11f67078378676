package io.j8s.runtime.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where and how the process logs.
///
/// @param verbosity as `-v`: messages of SLF4J's levels info, warn and error are always written, debug from 4 on, trace from 6 on
/// @param file the file to write to; null: standard error
/// @param maximumBytes a file that would grow beyond this is renamed to `.1` (older ones to `.2` and so on) and begun anew; 0: never
/// @param keep how many renamed files are kept
public record LogOptions(int verbosity, Format format, @Nullable Path file, long maximumBytes, int keep) {

    public enum Format { TEXT, JSON }

    public static final LogOptions DEFAULT = new LogOptions(0, Format.TEXT, null, 100L << 20, 5);

    public LogOptions {
        if (verbosity < 0 || maximumBytes < 0 || keep < 0) {
            throw new IllegalArgumentException("log options must not be negative: -v=" + verbosity + ", size " + maximumBytes + ", files " + keep);
        }
    }

    public LogOptions withVerbosity(int value) {
        return new LogOptions(value, format, file, maximumBytes, keep);
    }

    public LogOptions withFormat(Format value) {
        return new LogOptions(verbosity, value, file, maximumBytes, keep);
    }

    public LogOptions withFile(@Nullable Path value) {
        return new LogOptions(verbosity, format, value, maximumBytes, keep);
    }

    public LogOptions withRotation(long bytes, int files) {
        return new LogOptions(verbosity, format, file, bytes, files);
    }
}
