package io.j8s.apiserver.resources.batch;

import java.util.ArrayList;
import java.util.List;

/// Indexes of a job's completions in their short form: `1,3-5,7`.
///
/// @param ranges from and to, both included, in increasing order
/// @param problem what is wrong with the text; empty when nothing is
record Indexes(List<Range> ranges, String problem) {

    record Range(int from, int to) {}

    long count() {
        return ranges.stream().mapToLong(range -> range.to() - range.from() + 1L).sum();
    }

    boolean overlaps(Indexes other) {
        return ranges.stream().anyMatch(a -> other.ranges.stream().anyMatch(b -> a.from() <= b.to() && b.from() <= a.to()));
    }

    /// @param completions the first number that is no index
    static Indexes parse(String text, int completions) {
        List<Range> ranges = new ArrayList<>();
        if (text.isEmpty()) {
            return new Indexes(ranges, "");
        }
        int last = Integer.MIN_VALUE;
        for (String interval : text.split(",", -1)) {
            String[] limits = interval.split("-", -1);
            if (limits.length > 2) {
                return bad("the fragment \"" + interval + "\" has more than two parts separated by '-'");
            }
            int[] numbers = new int[limits.length];
            for (int i = 0; i < limits.length; i++) {
                if (!limits[i].matches("[0-9]{1,9}")) {
                    return bad("cannot convert string to integer for index: \"" + limits[i] + "\"");
                }
                numbers[i] = Integer.parseInt(limits[i]);
                if (numbers[i] >= completions) {
                    return bad("too large index: \"" + limits[i] + "\"");
                }
            }
            int to = numbers[numbers.length - 1];
            if (numbers[0] <= last || (numbers.length == 2 && numbers[0] >= to)) {
                return bad("non-increasing order at \"" + interval + "\"");
            }
            ranges.add(new Range(numbers[0], to));
            last = to;
        }
        return new Indexes(List.copyOf(ranges), "");
    }

    private static Indexes bad(String problem) {
        return new Indexes(List.of(), problem);
    }
}
