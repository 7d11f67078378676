package io.j8s.runtime;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wish of the outside (SIGTERM, SIGINT, SIGHUP) that this process ends. The JVM would end as soon as its shutdown hooks return, with the status of one that was killed:
/// ours waits until `main` has closed what it started and calls [#finished], and then ends the process with 0, for it has done what it was asked to.
/// Whoever asks once more while that lasts, ends it at once, with 1. To be made once, by `main`.
public final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            boolean byItself = finished.getCount() == 0;
            asked.countDown();
            if (!byItself) {
                endAtOnceWhenAskedAgain();
            }
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

    /// A second SIGTERM or SIGINT means: now. Looked up by name, as the compiler warns of this part of the JDK whatever one does; where it is missing, the JVM ignores the second one.
    private static void endAtOnceWhenAskedAgain() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                Runtime.getRuntime().halt(1);
                return null;
            });
            for (String name : List.of("TERM", "INT")) {
                signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("A second signal will be ignored", e);
        }
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
