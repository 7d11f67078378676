package io.j8s.controllers.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// A set of completion indexes as ordered intervals, written as `1,3-5,7`.
record Indexes(List<Interval> intervals) {
    static final Indexes NONE = new Indexes(List.of());

    record Interval(int first, int last) {}

    Indexes {
        intervals = List.copyOf(intervals);
    }

    /// Reads what status says; numbers from `completions` on are left out, and so is what is no interval.
    static Indexes parse(String text, int completions) {
        List<Interval> intervals = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",")) {
            try {
                int dash = part.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                int last = dash < 0 ? first : Math.min(Integer.parseInt(part.substring(dash + 1)), completions - 1);
                if (first < completions && first <= last) {
                    intervals.add(new Interval(first, last));
                }
            } catch (NumberFormatException e) {
                continue;
            }
        }
        return new Indexes(merged(intervals));
    }

    Indexes with(Collection<Integer> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<Interval> all = new ArrayList<>(intervals);
        new TreeSet<>(more).forEach(index -> all.add(new Interval(index, index)));
        return new Indexes(merged(all));
    }

    Indexes with(Indexes other) {
        List<Interval> all = new ArrayList<>(intervals);
        all.addAll(other.intervals);
        return new Indexes(merged(all));
    }

    private static List<Interval> merged(List<Interval> intervals) {
        List<Interval> sorted = new ArrayList<>(intervals);
        sorted.sort(java.util.Comparator.comparingInt(Interval::first));
        List<Interval> result = new ArrayList<>();
        for (Interval each : sorted) {
            Interval before = result.isEmpty() ? null : result.getLast();
            if (before == null || each.first > before.last + 1) {
                result.add(each);
            } else if (each.last > before.last) {
                result.set(result.size() - 1, new Interval(before.first, each.last));
            }
        }
        return result;
    }

    int count() {
        return intervals.stream().mapToInt(i -> i.last - i.first + 1).sum();
    }

    boolean has(int index) {
        int low = 0;
        int high = intervals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (intervals.get(middle).last >= index) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < intervals.size() && intervals.get(low).first <= index;
    }

    /// How many indexes are in both.
    int common(Indexes other) {
        int count = 0;
        for (Interval a : intervals) {
            for (Interval b : other.intervals) {
                count += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
            }
        }
        return count;
    }

    /// The first indexes below `completions` that are not in this set.
    List<Integer> absent(int most, int completions) {
        List<Integer> result = new ArrayList<>();
        int candidate = 0;
        for (Interval interval : intervals) {
            while (candidate < interval.first && candidate < completions && result.size() < most) {
                result.add(candidate++);
            }
            candidate = Math.max(candidate, interval.last + 1);
        }
        while (candidate < completions && result.size() < most) {
            result.add(candidate++);
        }
        return result;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Interval interval : intervals) {
            text.append(text.isEmpty() ? "" : ",").append(interval.first);
            if (interval.last > interval.first) {
                text.append(interval.last == interval.first + 1 ? ',' : '-').append(interval.last);
            }
        }
        return text.toString();
    }
}
