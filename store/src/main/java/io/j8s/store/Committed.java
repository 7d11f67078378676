package io.j8s.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a transaction went.
///
/// @param succeeded whether its conditions held
/// @param revision the store's revision after it: its own, when it changed anything (of a nested one: that of the whole)
/// @param results one for each operation of the branch that was taken
public record Committed(boolean succeeded, long revision, List<Result> results) {

    public sealed interface Result {
        record Put(@Nullable Entry previous) implements Result {}

        record Delete(List<Entry> previous) implements Result {}

        record Read(List<Entry> entries) implements Result {}

        record Nested(Committed committed) implements Result {}
    }
}
