package io.j8s.runtime;

import java.util.concurrent.CountDownLatch;

/// The wish of the outside (SIGTERM, SIGINT, SIGHUP) that this process ends. The JVM would end as soon as its shutdown hooks return: ours waits until
/// `main` has closed what it started and calls [#finished]. To be made once, by `main`.
public final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            asked.countDown();
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /// Blocks until the process is asked to end.
    public void await() throws InterruptedException {
        asked.await();
    }

    /// Everything is closed: the process may go.
    public void finished() {
        finished.countDown();
    }
}
