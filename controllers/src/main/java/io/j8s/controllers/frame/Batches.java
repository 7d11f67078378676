package io.j8s.controllers.frame;

import io.j8s.client.ApiException;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the same to many, several at a time.
public final class Batches {
    private static final int MOST_AT_ONCE = 64;
    private static final int LARGEST_GROUP = 512;

    private Batches() {}

    /// @param done how many succeeded
    /// @param error the first refusal; null when none
    public record Result(int done, @Nullable ApiException error) {}

    /// Calls the action for each item, at most 64 at a time, whatever fails.
    public static <T> Result each(Timeline time, String name, List<T> items, Consumer<T> action) throws InterruptedException {
        return together(time, name, items, action);
    }

    /// Calls the action for one item, then for 2 at a time, 4, 8 and so on, and stops after the first group in which one failed: so a quota or a broken template
    /// costs one refusal and not a thousand.
    public static <T> Result slowStart(Timeline time, String name, List<T> items, Consumer<T> action) throws InterruptedException {
        return slowStart(time, name, items, action, () -> true);
    }

    /// The same, as long as it is still wanted.
    ///
    /// @param wanted looked at before each group, which has 512 items at most
    public static <T> Result slowStart(Timeline time, String name, List<T> items, Consumer<T> action, BooleanSupplier wanted) throws InterruptedException {
        int done = 0;
        int from = 0;
        for (int size = 1; from < items.size() && wanted.getAsBoolean(); size = Math.min(LARGEST_GROUP, size * 2)) {
            List<T> group = items.subList(from, Math.min(items.size(), from + size));
            Result result = together(time, name, group, action);
            done += result.done;
            if (result.error != null) {
                return new Result(done, result.error);
            }
            from += group.size();
        }
        return new Result(done, null);
    }

    private static <T> Result together(Timeline time, String name, List<T> items, Consumer<T> action) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<@Nullable ApiException> error = new AtomicReference<>();
        Timeline.Body body = () -> {
            for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                try {
                    action.accept(items.get(i));
                    done.incrementAndGet();
                } catch (ApiException e) {
                    error.compareAndSet(null, e);
                }
            }
        };
        List<Task> others = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(items.size(), MOST_AT_ONCE); i++) {
                others.add(time.start(name, body));
            }
            body.run();
            for (Task task : others) {
                task.join();
            }
        } catch (InterruptedException | RuntimeException e) {
            others.forEach(Task::close);
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an action on many failed", e);
        }
        return new Result(done.get(), error.get());
    }
}
