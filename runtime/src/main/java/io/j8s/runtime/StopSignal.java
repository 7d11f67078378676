package io.j8s.runtime;

import java.util.concurrent.CountDownLatch;

/// The wish of the outside (SIGTERM, SIGINT, SIGHUP) that this process ends. The JVM would end as soon as its shutdown hooks return, with the status of one that was killed:
/// ours waits until `main` has closed what it started and calls [#finished], and then ends the process with 0, for it has done what it was asked to. To be made once, by `main`.
public final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            boolean byItself = finished.getCount() == 0;
            asked.countDown();
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!byItself) {
                Runtime.getRuntime().halt(0);
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
