package io.j8s.store;

import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest {

    @Nested
    class InMemory extends StoreConformance {
        @Override
        protected Store open() {
            return LocalStore.inMemory(Timeline.system());
        }
    }

    @Nested
    class InADirectory extends StoreConformance {
        @TempDir
        Path directory = Path.of("");

        @Override
        protected Store open() {
            return LocalStore.open(directory, Timeline.system());
        }
    }
}
